package sales

import (
	"fmt"

	"satchel/domain"
)

// What somebody is told of how far a target is reached.
const (
	ToldAll     = "all"
	ToldPercent = "percent" // the whole year's attainment in whole percent
	ToldNone    = "none"    // nothing: it is not measured, or not in force
)

// TargetTold is what is told of a target's progress to somebody, who may know what
// goods earn or not.
func TargetTold(metric string, profit bool) string {
	switch {
	case metric == "csat":
		return ToldNone
	case metric == "profit" && !profit:
		return ToldPercent
	}
	return ToldAll
}

// TargetDays are the working days that are left of a target's year, and of the month
// that it is, with today.
type TargetDays struct {
	Left, OfMonth int
	Month         int // from 0; -1 if it is another year
}

// TargetDaysLeft counts them by the company's calendar.
func TargetDaysLeft(c domain.Calendar, year, today string) TargetDays {
	before := domain.AddDays(today, -1)
	out := TargetDays{Left: c.WorkingDays(max(before, domain.AddDays(year+"-01-01", -1)), year+"-12-31"), Month: -1}
	for m := range 12 {
		if month := fmt.Sprintf("%s-%02d", year, m+1); month == domain.Month(today) {
			out.Month, out.OfMonth = m, c.WorkingDays(before, domain.AddDays(domain.NextMonth(month)+"-01", -1))
		}
	}
	return out
}

// TargetProgress is how far a target is reached.
type TargetProgress struct {
	Actual        int
	Months        []int // what of it in each month
	AttainmentBP  int
	DaysLeft      int // of the year
	NeededPerDay  int // on each working day that is left of the year; 0 if there is none
	NeededOfMonth int // of this month, on each that is left of it
	MonthDaysLeft int
}

// TargetReached says how far a target is reached by what was reached in each month,
// and what is needed on each working day that is left, rounded up.
func TargetReached(value int, months, reached []int, days TargetDays) TargetProgress {
	p := TargetProgress{Actual: total(reached), Months: reached, DaysLeft: days.Left}
	if value > 0 {
		p.AttainmentBP = basisPoints(p.Actual, value)
	}
	p.NeededPerDay = perDay(value-p.Actual, days.Left)
	if days.Month >= 0 && len(months) == 12 {
		p.NeededOfMonth, p.MonthDaysLeft = perDay(months[days.Month]-reached[days.Month], days.OfMonth), days.OfMonth
	}
	return p
}

// Told is what of a progress is told.
func (p TargetProgress) Told(told string) TargetProgress {
	switch told {
	case ToldPercent:
		return TargetProgress{AttainmentBP: p.AttainmentBP / 100 * 100}
	case ToldNone:
		return TargetProgress{}
	}
	return p
}

func perDay(left, days int) int {
	if left <= 0 || days <= 0 {
		return 0
	}
	return (left + days - 1) / days
}

// basisPoints is part of whole, rounded half away from zero.
func basisPoints(part, whole int) int {
	if part < 0 {
		return -basisPoints(-part, whole)
	}
	return part/whole*10_000 + (part%whole*10_000+whole/2)/whole
}
