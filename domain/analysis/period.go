package analysis

import (
	"strconv"
	"time"

	"satchel/domain"
)

// shift is by how much a period lies before another: whole months, or days.
type shift struct{ months, days int }

// Before is the period before one, of the same length: as many whole months, or days.
func Before(p domain.Period) domain.Period { return before(p).back(p) }

func before(p domain.Period) shift {
	if months := wholeMonths(p); months > 0 {
		return shift{months: months}
	}
	from, _ := time.Parse(time.DateOnly, p.From)
	to, _ := time.Parse(time.DateOnly, p.To)
	return shift{days: int(to.Sub(from).Hours()/24) + 1}
}

// wholeMonths is of how many whole months a period is; 0 if it is not.
func wholeMonths(p domain.Period) int {
	if p.From[8:] != "01" || domain.AddDays(p.To, 1)[8:] != "01" {
		return 0
	}
	return monthNumber(p.To) - monthNumber(p.From) + 1
}

// monthNumber counts months.
func monthNumber(day string) int {
	year, _ := strconv.Atoi(day[:4])
	month, _ := strconv.Atoi(day[5:7])
	return 12*year + month - 1
}

// monthOf is the month of a number, YYYY-MM.
func monthOf(n int) string {
	return time.Date(n/12, time.Month(n%12+1), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// back is the period that lies before one by the shift. Whole months stay whole; a
// day that its month does not have is the month's last.
func (s shift) back(p domain.Period) domain.Period {
	if s.days > 0 {
		return domain.Period{From: domain.AddDays(p.From, -s.days), To: domain.AddDays(p.To, -s.days)}
	}
	if wholeMonths(p) > 0 {
		after := monthOf(monthNumber(p.To) - s.months + 1)
		return domain.Period{From: monthOf(monthNumber(p.From)-s.months) + "-01", To: domain.AddDays(after+"-01", -1)}
	}
	return domain.Period{From: s.day(p.From), To: s.day(p.To)}
}

func (s shift) day(day string) string {
	month := monthOf(monthNumber(day) - s.months)
	if moved := month + day[7:]; domain.IsDay(moved) {
		return moved
	}
	return domain.AddDays(domain.NextMonth(month)+"-01", -1)
}

// forth is where a key of the period before stands in this one; none if there is no
// such day, or the shift is none of whole keys.
func (s shift) forth(d Dimension, key string) (moved string, ok bool) {
	switch d {
	case Day:
		if s.days > 0 {
			return domain.AddDays(key, s.days), true
		}
		moved = monthOf(monthNumber(key)+s.months) + key[7:]
		return moved, domain.IsDay(moved)
	case Month:
		return monthOf(monthNumber(key+"-01") + s.months), s.days == 0
	case Quarter:
		first := key[:5] + []string{"01", "04", "07", "10"}[key[6]-'1'] + "-01"
		return Calendric(Quarter, monthOf(monthNumber(first)+s.months)+"-01"), s.days == 0 && s.months%3 == 0
	case Year:
		return monthOf(monthNumber(key+"-01-01") + s.months)[:4], s.days == 0 && s.months%12 == 0
	default:
		return key, true
	}
}
