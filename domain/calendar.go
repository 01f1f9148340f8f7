package domain

import "time"

// Kinds of special days.
const (
	DayOff  = "holiday" // a weekday on which nobody works
	DayWork = "workday" // a day of the weekend on which all do, in exchange
)

// Calendar tells working days and hours apart: Monday to Friday, but for special days.
type Calendar struct {
	Special map[string]string // day (YYYY-MM-DD) → DayOff or DayWork
	Office  OfficeHours
}

// OfficeHours are minutes of the day in the company's zone. The break lies within.
type OfficeHours struct{ Start, End, BreakStart, BreakEnd int }

// UsualHours are those of a company that has set none.
var UsualHours = OfficeHours{Start: 9 * 60, End: 18 * 60, BreakStart: 12 * 60, BreakEnd: 13 * 60}

// Minute reads a time of day such as 09:30; -1 if it is none.
func Minute(clock string) int {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return -1
	}
	return t.Hour()*60 + t.Minute()
}

// IsClock reports whether a text is a time of the day, HH:MM.
func IsClock(text string) bool { return Minute(text) >= 0 }

// NewOfficeHours reads four times of day; the usual ones if they are in no order.
func NewOfficeHours(start, end, breakStart, breakEnd string) OfficeHours {
	h := OfficeHours{Minute(start), Minute(end), Minute(breakStart), Minute(breakEnd)}
	if h.Start < 0 || h.End <= h.Start || h.BreakStart < h.Start || h.BreakEnd < h.BreakStart || h.End < h.BreakEnd {
		return UsualHours
	}
	return h
}

// WorkingDay reports whether people work on a day (YYYY-MM-DD).
func (c Calendar) WorkingDay(day string) bool {
	switch c.Special[day] {
	case DayOff:
		return false
	case DayWork:
		return true
	}
	t, err := time.Parse(time.DateOnly, day)
	return err == nil && t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// AddWorkingDays returns the n-th working day after day, before it if n is
// negative. Zero gives the day itself, or the next working day if it is none.
func (c Calendar) AddWorkingDays(day string, n int) string {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for range 366 * 40 { // a calendar without working days ends, too
		if n == 0 && c.WorkingDay(day) {
			return day
		}
		day = AddDays(day, step)
		if n > 0 && c.WorkingDay(day) {
			n--
		}
	}
	return day
}

// WorkingDays counts the working days after one day up to and with another.
func (c Calendar) WorkingDays(after, upTo string) (n int) {
	for day := AddDays(after, 1); day <= upTo && IsDay(day); day = AddDays(day, 1) {
		if c.WorkingDay(day) {
			n++
		}
	}
	return n
}

// spans are the two halves of a working day, as moments.
func (c Calendar) spans(day string) [2][2]time.Time {
	midnight, _ := time.ParseInLocation(time.DateOnly, day, BusinessZone)
	at := func(minute int) time.Time { return midnight.Add(time.Duration(minute) * time.Minute) }
	h := c.Hours()
	return [2][2]time.Time{{at(h.Start), at(h.BreakStart)}, {at(h.BreakEnd), at(h.End)}}
}

// Hours are the office hours, the usual ones if none are set.
func (c Calendar) Hours() OfficeHours {
	if c.Office.End == 0 {
		return UsualHours
	}
	return c.Office
}

// AddWorkingTime returns the moment by which so much of the office hours has
// passed since from.
func (c Calendar) AddWorkingTime(from time.Time, d time.Duration) time.Time {
	day := BusinessDay(from)
	for range 366 * 40 {
		if c.WorkingDay(day) {
			for _, span := range c.spans(day) {
				begin := span[0]
				if from.After(begin) {
					begin = from
				}
				if left := span[1].Sub(begin); left > 0 {
					if d <= left {
						return begin.Add(d)
					}
					d -= left
				}
			}
		}
		day = AddDays(day, 1)
	}
	return from.Add(d)
}

// WorkingTime is how much of the office hours lies between two moments, at most
// of the last forty years.
func (c Calendar) WorkingTime(from, to time.Time) (d time.Duration) {
	if first := to.AddDate(-40, 0, 0); from.Before(first) {
		from = first
	}
	last := BusinessDay(to)
	for day := BusinessDay(from); day <= last; day = AddDays(day, 1) {
		if !c.WorkingDay(day) {
			continue
		}
		for _, span := range c.spans(day) {
			begin, end := span[0], span[1]
			if from.After(begin) {
				begin = from
			}
			if to.Before(end) {
				end = to
			}
			d += max(0, end.Sub(begin))
		}
	}
	return d
}
