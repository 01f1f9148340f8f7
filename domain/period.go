package domain

import "time"

// Period is a stretch of days, both included, YYYY-MM-DD.
type Period struct{ From, To string }

// Bounds returns the moments at which the period begins and at which it is over.
func (p Period) Bounds() (from, to time.Time) {
	from, err := time.ParseInLocation(time.DateOnly, p.From, BusinessZone)
	if err != nil {
		return time.Time{}, time.Time{}
	}
	last, err := time.ParseInLocation(time.DateOnly, p.To, BusinessZone)
	if err != nil {
		return time.Time{}, time.Time{}
	}
	return from, last.AddDate(0, 0, 1)
}
