package incentive

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"satchel/domain"
)

// Past is the result of a cycle: a quarter such as 2026Q1, or a year.
type Past struct {
	Period string
	Grade  string
	Gate   bool // something capped it
}

func quarterly(period string) bool { return len(period) == len("2026Q1") }

// PromotionRule says who is a candidate: so many of the last quarters, or years in a row,
// at a grade.
type PromotionRule struct {
	Grade      string `json:"grade"`
	Quarters   int    `json:"quarters"`
	QuartersOf int    `json:"quarters_of"`
	Years      int    `json:"years"`
	YearsOf    int    `json:"years_of"`
	Clean      int    `json:"clean_months"` // without a gate
	InGrade    int    `json:"grade_months"` // at least in his job grade
}

// Why somebody is a candidate, or is not.
const (
	ByQuarters    = "quarters"
	ByYears       = "years"
	NotOftenGood  = "not_often_good"
	GateLately    = "gate_lately"
	TooShortGrade = "too_short_in_grade"
)

// Candidate judges somebody after a cycle that ended on a day.
func (r PromotionRule) Candidate(pasts []Past, latest, gradeSince, end string) (basis string, ok bool) {
	good := func(periods []string) (n int) {
		for _, p := range pasts {
			if slices.Contains(periods, p.Period) && AtLeast(p.Grade, r.Grade) {
				n++
			}
		}
		return n
	}
	of, need := r.QuartersOf, r.Quarters
	basis = ByQuarters
	if !quarterly(latest) {
		of, need, basis = r.YearsOf, r.Years, ByYears
	}
	last := Before(latest, of)
	switch {
	case need < 1 || good(last) < need:
		return NotOftenGood, false
	case slices.ContainsFunc(pasts, func(p Past) bool { return p.Gate && EndOf(p.Period) > months(end, -r.Clean) && EndOf(p.Period) <= end }):
		return GateLately, false
	case gradeSince == "" || months(gradeSince, r.InGrade) > domain.AddDays(end, 1):
		return TooShortGrade, false
	}
	return basis, true
}

// months is the day so many months after one; the last of a month that has fewer days.
func months(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	return first.AddDate(0, 0, min(t.Day(), last.Day())-1).Format(time.DateOnly)
}

// Before are the n periods up to one, which is the first of them.
func Before(period string, n int) (out []string) {
	year, err := strconv.Atoi(period[:min(4, len(period))])
	if err != nil {
		return nil
	}
	quarter := 0
	if quarterly(period) {
		quarter = int(period[5] - '0')
	}
	for range n {
		if quarter == 0 {
			out = append(out, strconv.Itoa(year))
			year--
			continue
		}
		out = append(out, fmt.Sprintf("%dQ%d", year, quarter))
		if quarter--; quarter == 0 {
			year, quarter = year-1, 4
		}
	}
	return out
}

// EndOf is the last day of a quarter or year.
func EndOf(period string) string {
	if !quarterly(period) {
		return period + "-12-31"
	}
	month := 3 * int(period[5]-'0')
	return domain.AddDays(fmt.Sprintf("%s-%02d-28", period[:4], month), map[int]int{3: 3, 6: 2, 9: 2, 12: 3}[month])
}

// Needs reports whether somebody has to improve after a cycle: the lowest grade once, or
// the one above it twice within a year.
func Needs(pasts []Past, latest string) bool {
	grade, poor := "", 0
	window := Before(latest, 4)
	for _, p := range pasts {
		if p.Period == latest {
			grade = p.Grade
		}
		if slices.Contains(window, p.Period) && p.Grade == "C" {
			poor++
		}
	}
	return grade == "D" || grade == "C" && poor >= 2
}

// Ranked is somebody of a department by a measure; a person without one is not ranked.
type Ranked struct {
	Person string
	Grade  string
	Value  *decimal.Decimal
}

// Honoured are the first tenth of a department by a measure whose grade is good enough: at
// least one, and all who are equal to the last of them.
func Honoured(department []Ranked, shareBP int, least string) (out []Ranked) {
	places := max(1, len(department)*shareBP/whole)
	for _, r := range department {
		if r.Value != nil && r.Value.IsPositive() && AtLeast(r.Grade, least) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Ranked) int { return cmp.Or(b.Value.Cmp(*a.Value), cmp.Compare(a.Person, b.Person)) })
	for n := places; n < len(out); n++ {
		if !out[n].Value.Equal(*out[places-1].Value) {
			return out[:n]
		}
	}
	return out
}
