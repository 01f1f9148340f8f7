package market

import (
	"time"

	"satchel/domain"
)

// Effect are the days over which sales are counted: those of an activity with some
// after it, and as many right before it.
type Effect struct{ BeforeFrom, BeforeUntil, From, Until string }

// EffectOf takes the days of an activity, and how many after it still count.
func EffectOf(from, to string, after int) Effect {
	until := domain.AddDays(to, after)
	return Effect{BeforeFrom: domain.AddDays(from, -span(from, until)), BeforeUntil: domain.AddDays(from, -1), From: from, Until: until}
}

// Over reports whether all days of the effect have passed.
func (e Effect) Over(today string) bool { return e.Until < today }

// span counts the days from one to another, both of them too.
func span(from, to string) int {
	first, err := time.Parse(time.DateOnly, from)
	last, fault := time.Parse(time.DateOnly, to)
	if err != nil || fault != nil {
		return 0
	}
	return int(last.Sub(first)/(24*time.Hour)) + 1
}

// ReturnBP is what was gained by what it cost, in basis points, cut towards zero.
// What cost nothing has no return.
func ReturnBP(gainFen, costFen int) (bp int, known bool) {
	if costFen <= 0 {
		return 0, false
	}
	whole, rest := gainFen/costFen, gainFen%costFen // a gain times 10,000 may leave what an int holds
	return whole*10_000 + rest*10_000/costFen, true
}

// ResultDue is the last day on which an activity's result is told in time.
func ResultDue(to string, days int) string { return domain.AddDays(to, days) }
