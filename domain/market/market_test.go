package market_test

import (
	"math"
	"testing"

	"satchel/domain"
	"satchel/domain/market"
)

func TestCheckDays(t *testing.T) {
	for _, c := range []struct {
		from, to string
		fits     bool
	}{
		{"2026-03-16", "2026-03-16", true},
		{"2026-03-16", "2026-04-01", true},
		{"2026-03-16", "2026-03-15", false},
		{"", "2026-03-15", false},
		{"2026-03-16", "", false},
		{"2026-02-30", "2026-03-01", false},
		{"2026-03-16", "2999-01-01", false},
	} {
		if err := market.CheckDays(c.from, c.to); (err == nil) != c.fits || err != nil && domain.CodeOf(err) != "activity.days_invalid" {
			t.Errorf("%s to %s: %v", c.from, c.to, err)
		}
	}
}

// TestTheDayMovesAnActivity: it begins on its first day, ends after its last one,
// and nothing else of it is the calendar's.
func TestTheDayMovesAnActivity(t *testing.T) {
	const from, to = "2026-03-16", "2026-03-18"
	for _, c := range []struct{ state, today, want string }{
		{market.ActivityApproved, "2026-03-15", ""},
		{market.ActivityApproved, "2026-03-16", market.ActivityStart},
		{market.ActivityApproved, "2026-04-16", market.ActivityStart},
		{market.ActivityRunning, "2026-03-18", ""},
		{market.ActivityRunning, "2026-03-19", market.ActivityEnd},
		{market.ActivityDraft, "2026-03-19", ""},
		{market.ActivitySubmitted, "2026-03-19", ""},
		{market.ActivityEnded, "2026-03-19", ""},
		{market.ActivityCancelled, "2026-03-19", ""},
	} {
		if step, due := market.ActivityOn(c.state, from, to, c.today); step != c.want || due != (c.want != "") {
			t.Errorf("%s on %s: %q", c.state, c.today, step)
		}
	}
}

// TestEffectIsHeldAgainstAsManyDaysBefore, right before it, over the end of a month and a leap day.
func TestEffectIsHeldAgainstAsManyDaysBefore(t *testing.T) {
	for _, c := range []struct {
		from, to string
		after    int
		want     market.Effect
	}{
		{"2026-03-16", "2026-03-16", 0, market.Effect{BeforeFrom: "2026-03-15", BeforeUntil: "2026-03-15", From: "2026-03-16", Until: "2026-03-16"}},
		{"2026-03-10", "2026-03-12", 30, market.Effect{BeforeFrom: "2026-02-05", BeforeUntil: "2026-03-09", From: "2026-03-10", Until: "2026-04-11"}},
		{"2028-03-01", "2028-03-01", 1, market.Effect{BeforeFrom: "2028-02-28", BeforeUntil: "2028-02-29", From: "2028-03-01", Until: "2028-03-02"}},
	} {
		got := market.EffectOf(c.from, c.to, c.after)
		if got != c.want {
			t.Errorf("%s to %s: %+v", c.from, c.to, got)
		}
		if got.Over(got.Until) || !got.Over(domain.AddDays(got.Until, 1)) {
			t.Errorf("%+v is over on the wrong day", got)
		}
	}
}

func TestReturnBP(t *testing.T) {
	for _, c := range []struct {
		gain, cost, want int
		known            bool
	}{
		{0, 100, 0, true},
		{150, 100, 15_000, true},
		{-50, 100, -5000, true},
		{1, 3, 3333, true},
		{-1, 3, -3333, true},
		{100, 0, 0, false},
		{100, -5, 0, false},
		{math.MaxInt64 / 10_000, 10_000, math.MaxInt64 / 10_000, true}, // ten thousand times the gain is no int
	} {
		if got, known := market.ReturnBP(c.gain, c.cost); got != c.want || known != c.known {
			t.Errorf("%d of %d: %d %t, want %d", c.gain, c.cost, got, known, c.want)
		}
	}
}

// TestPartsAreWrittenWhileTheyMayChange: what it is to cost until it is agreed, what
// it cost until it is closed, its result once it takes place.
func TestPartsAreWrittenWhileTheyMayChange(t *testing.T) {
	has := func(states []string, state string) bool {
		for _, s := range states {
			if s == state {
				return true
			}
		}
		return false
	}
	for _, c := range []struct {
		state                       string
		planned, cost, task, result bool
	}{
		{market.ActivityDraft, true, true, true, false},
		{market.ActivitySubmitted, false, false, true, false},
		{market.ActivityApproved, false, true, true, false},
		{market.ActivityReturned, true, true, true, false},
		{market.ActivityRejected, true, true, true, false},
		{market.ActivityRunning, false, true, true, true},
		{market.ActivityEnded, false, true, true, true},
		{market.ActivityReported, false, true, true, false},
		{market.ActivityClosed, false, false, false, false},
		{market.ActivityCancelled, false, false, false, false},
	} {
		if has(market.ActivityPlannedStates, c.state) != c.planned || has(market.ActivityCostStates, c.state) != c.cost ||
			has(market.ActivityTaskStates, c.state) != c.task || has(market.ActivityResultStates, c.state) != c.result {
			t.Errorf("%s: planned %v, costs %v, tasks %v, results %v", c.state,
				market.ActivityPlannedStates, market.ActivityCostStates, market.ActivityTaskStates, market.ActivityResultStates)
		}
		if over := has(market.ActivityOver, c.state); over && (c.cost || c.task) {
			t.Errorf("%s is over", c.state)
		}
	}
}
