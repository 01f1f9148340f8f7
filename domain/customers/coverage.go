package customers

import (
	"fmt"
	"time"

	"satchel/domain"
)

// States of an account's coverage in a period.
const (
	CoverageOpen     = "open"
	CoverageWarned   = "warned" // the day of the warning has come and visits are missing
	CoverageMet      = "met"
	CoverageBreach   = "breach" // the period is over and visits were missing
	CoverageExcepted = "excepted"
)

// MonthsPeriod is the period of so many calendar months that a day lies in, with
// its key: 2026-07, 2026Q3, 2026H2 or 2026. Periods begin with the year.
func MonthsPeriod(day string, months int) (key string, p domain.Period) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil || months < 1 || 12%months != 0 {
		return "", domain.Period{}
	}
	n := (int(t.Month()) - 1) / months
	first := time.Date(t.Year(), time.Month(n*months+1), 1, 0, 0, 0, 0, time.UTC)
	p = domain.Period{From: first.Format(time.DateOnly), To: first.AddDate(0, months, -1).Format(time.DateOnly)}
	switch months {
	case 1:
		key = day[:7]
	case 3:
		key = fmt.Sprintf("%dQ%d", t.Year(), n+1)
	case 6:
		key = fmt.Sprintf("%dH%d", t.Year(), n+1)
	case 12:
		key = fmt.Sprint(t.Year())
	default:
		key = fmt.Sprintf("%dP%d.%d", t.Year(), months, n+1)
	}
	return key, p
}

// CoverageOn judges an account's coverage (H-VIS-FREQ) on a day: warned from the
// given day of the period's last month, a breach once the period is over.
func CoverageOn(p domain.Period, required, done int, excepted bool, today string, warnDay int) string {
	warn := p.To[:8] + fmt.Sprintf("%02d", min(max(warnDay, 1), 31))
	switch {
	case done >= required:
		return CoverageMet
	case excepted:
		return CoverageExcepted
	case today > p.To:
		return CoverageBreach
	case today >= warn:
		return CoverageWarned
	}
	return CoverageOpen
}
