package customers

import (
	"time"

	"satchel/domain"
)

// ServiceClock counts an issue's time: round the clock, or in office hours only.
type ServiceClock struct {
	Calendar domain.Calendar
	Always   bool
}

// Add returns the moment by which so much time has passed on the clock.
func (c ServiceClock) Add(from time.Time, d time.Duration) time.Time {
	if c.Always {
		return from.Add(d)
	}
	return c.Calendar.AddWorkingTime(from, d)
}

// Between is how much time passes on the clock from one moment to another.
func (c ServiceClock) Between(from, to time.Time) time.Duration {
	if c.Always {
		return max(0, to.Sub(from))
	}
	return c.Calendar.WorkingTime(from, to)
}

// Days is how long n days are on the clock: 24 hours each, or an office day.
func (c ServiceClock) Days(n int) time.Duration {
	if c.Always {
		return time.Duration(n) * 24 * time.Hour
	}
	h := c.Calendar.Hours()
	return time.Duration(n) * time.Duration(h.End-h.Start-(h.BreakEnd-h.BreakStart)) * time.Minute
}

// Resume is the new due time of what stood still from paused to now: as much is
// left as was then. What was overdue already stays so.
func (c ServiceClock) Resume(due, paused, now time.Time) time.Time {
	if !due.After(paused) {
		return due
	}
	return c.Add(now, c.Between(paused, due))
}

// CaseClock is how long an issue may take: hours to the first response, and
// Hours or working days to its solution.
type CaseClock struct {
	RespondHours int `json:"respond_hours"`
	SolveHours   int `json:"solve_hours,omitempty"`
	SolveDays    int `json:"solve_days,omitempty"` // working days
}

// Promise is what the clock gives an issue, on a calendar's office hours or round
// the clock.
func (l CaseClock) Promise(calendar domain.Calendar, always bool) CasePromise {
	clock := ServiceClock{calendar, always}
	p := CasePromise{First: time.Duration(l.RespondHours) * time.Hour, Solve: time.Duration(l.SolveHours) * time.Hour, FirstClock: clock, SolveClock: clock}
	if l.SolveDays > 0 {
		p.Solve = clock.Days(l.SolveDays)
	}
	return p
}

// CasePromise is how long an issue may take to the first response and to its
// solution, each on a clock of its own: a channel is answered at other hours than
// problems are solved.
type CasePromise struct {
	First, Solve           time.Duration
	FirstClock, SolveClock ServiceClock
}

// Due returns when an issue that came at a moment is to be answered first, and
// solved (R3.3e).
func (p CasePromise) Due(at time.Time) (first, solve time.Time) {
	return p.FirstClock.Add(at, p.First), p.SolveClock.Add(at, p.Solve)
}

// Escalation is the rung, from 0, that something overdue has reached: steps are
// the hours on the clock after the due time, rising.
func (c ServiceClock) Escalation(due, now time.Time, steps []int) (rung int) {
	if !now.After(due) {
		return 0
	}
	late := c.Between(due, now)
	for _, hours := range steps {
		if late >= time.Duration(hours)*time.Hour {
			rung++
		}
	}
	return rung
}
