package appraisal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"satchel/domain"
)

// RolesIn are the roles that a kind of cycle appraises: who manages a department is
// appraised by the year alone (R6.2).
func RolesIn(kind string) []string {
	if kind == CycleAnnual {
		return Roles
	}
	return slices.DeleteFunc(slices.Clone(Roles), func(role string) bool { return role == "dept_manager" })
}

// Snapshot is a version of a scheme as a cycle keeps it.
type Snapshot struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Scheme  Scheme `json:"scheme"`
}

// SnapshotOf finds the scheme of a role.
func SnapshotOf(all []Snapshot, role string) (Snapshot, bool) {
	for _, s := range all {
		if s.Scheme.Role == role {
			return s, true
		}
	}
	return Snapshot{}, false
}

// Deadlines are the last days of a cycle's steps. Those of the person follow publication.
type Deadlines struct {
	Self        string `json:"self"`
	Superior    string `json:"superior"`
	Calibration string `json:"calibration"`
	Confirm     string `json:"confirm,omitzero"`
	Appeal      string `json:"appeal,omitzero"`
}

// CycleRules are the settings that a cycle was opened with, and keeps.
type CycleRules struct {
	CutoffDays      int  `json:"cutoff_days"` // after the period's end
	SelfDays        int  `json:"self_days"`
	SuperiorDays    int  `json:"superior_days"`
	CalibrationDays int  `json:"calibration_days"`
	ConfirmDays     int  `json:"confirm_days"` // after publication
	AppealDays      int  `json:"appeal_days"`
	RemindDays      int  `json:"remind_days"` // before a deadline
	SelfHidden      bool `json:"self_hidden"` // the self-rating until it is handed in
}

// After are the deadlines of a period that ended on a day.
func (r CycleRules) After(end string) Deadlines {
	return Deadlines{Self: domain.AddDays(end, r.SelfDays), Superior: domain.AddDays(end, r.SuperiorDays), Calibration: domain.AddDays(end, r.CalibrationDays)}
}

// Cutoff is the day from whose beginning on the figures of a period stand.
func (r CycleRules) Cutoff(end string) string { return domain.AddDays(end, r.CutoffDays) }

// PeriodSpan are the days of a quarter (2026Q3) or a year (2026); the zero value of what is neither.
func PeriodSpan(period string) Span {
	year, quarter, is := strings.Cut(period, "Q")
	if !domain.IsPlausibleYear(year) {
		return Span{}
	}
	if !is {
		return Span{year + "-01-01", year + "-12-31"}
	}
	n, err := strconv.Atoi(quarter)
	if err != nil || n < 1 || n > 4 || len(quarter) != 1 {
		return Span{}
	}
	from := fmt.Sprintf("%s-%02d-01", year, 3*n-2)
	return Span{from, domain.AddDays(domain.NextMonth(fmt.Sprintf("%s-%02d", year, 3*n))+"-01", -1)}
}

// Over are the periods that ended last before a day: the quarter, and the year if it is
// over for less than a quarter.
func Over(day string) (quarter, year string) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", ""
	}
	y, q := at.Year(), (int(at.Month())+2)/3-1
	if q > 0 {
		return fmt.Sprintf("%dQ%d", y, q), ""
	}
	return fmt.Sprintf("%dQ4", y-1), strconv.Itoa(y - 1)
}

// QuartersOf are the quarters of a year.
func QuartersOf(year string) []string {
	return []string{year + "Q1", year + "Q2", year + "Q3", year + "Q4"}
}

// Share is how many of the people are of a grade, or better, against what the scheme's
// guide says: it only warns.
type Share struct {
	Grade  string `json:"grade"`
	People int    `json:"people"`
	Of     int    `json:"of"`
	MostBP int    `json:"most_bp"`
	Above  bool   `json:"above"`
}

// Spread counts the grades of a cycle's people by the guide of their scheme.
func (s Scheme) Spread(grades []string) (out []Share) {
	place := map[string]int{}
	for i, g := range s.Grades {
		place[g.Code] = i
	}
	for _, guide := range s.Calibration.Guide {
		share := Share{Grade: guide.Grade, MostBP: guide.MostBP, Of: len(grades)}
		for _, g := range grades {
			if at, known := place[g]; known && at <= place[guide.Grade] {
				share.People++
			}
		}
		share.Above = share.People*10_000 > share.Of*guide.MostBP
		out = append(out, share)
	}
	return out
}
