package field

import (
	"testing"
	"time"

	"satchel/domain"
)

func TestItemState(t *testing.T) {
	for _, c := range []struct {
		state     string
		qty, done int
		over      bool
		want      string
	}{
		{ItemOpen, 2, 1, false, ItemOpen},
		{ItemOpen, 2, 2, false, ItemDone},
		{ItemOpen, 2, 3, true, ItemDone},
		{ItemOpen, 2, 1, true, ItemMissed},
		{ItemMissed, 2, 2, true, ItemDone}, // what was done without a network arrives late
		{ItemDone, 2, 1, false, ItemOpen},  // a visit of it was voided
		{ItemDropped, 2, 2, true, ItemDropped},
		{ItemOpen, 0, 0, true, ItemMissed},
		{ItemOpen, 0, 1, true, ItemDone},
	} {
		if got := ItemState(c.state, c.qty, c.done, c.over); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestMonths(t *testing.T) {
	if PlanDue("2026-01", 25) != "2025-12-25" || PlanDue("2026-03", 31) != "2026-02-28" || PlanDue("2026-03", 0) != "2026-02-01" {
		t.Error("due days")
	}
	if AddMonths("2026-01", -1) != "2025-12" || AddMonths("soon", 1) != "soon" || IsMonth("2026-13") {
		t.Error("months")
	}
}

func TestPeriods(t *testing.T) {
	for _, c := range []struct{ kind, text, from, to string }{
		{ReportDay, "2026-03-16", "2026-03-16", "2026-03-16"},
		{ReportDay, "2026-02-30", "", ""},
		{ReportWeek, "2026-W12", "2026-03-16", "2026-03-22"},
		{ReportWeek, "2026-W01", "2025-12-29", "2026-01-04"},
		{ReportWeek, "2026-W53", "2026-12-28", "2027-01-03"},
		{ReportWeek, "2025-W53", "", ""},
		{ReportWeek, "2026-W1", "", ""},
		{ReportWeek, "2026-W00", "", ""},
		{ReportMonth, "2026-02", "2026-02-01", "2026-02-28"},
		{ReportMonth, "2026-2", "", ""},
		{"year", "2026", "", ""},
	} {
		p, err := PeriodOf(c.kind, c.text)
		if p != (domain.Period{c.from, c.to}) || (err != nil) != (c.from == "") || err != nil && domain.CodeOf(err) != "report.period_invalid" {
			t.Errorf("%s %s: %+v, %v", c.kind, c.text, p, err)
		}
	}
	due := ReportDue(domain.Period{"2026-03-16", "2026-03-16"}, -2)
	if want := time.Date(2026, 3, 16, 14, 0, 0, 0, time.UTC); !due.Equal(want) {
		t.Errorf("ten in the evening is %v", due)
	}
}

// TestTracksAreKeptAtWorkOnly: inside the session, within the hours, with consent.
func TestTracksAreKeptAtWorkOnly(t *testing.T) {
	start := time.Date(2026, 3, 16, 1, 0, 0, 0, time.UTC) // nine in the morning
	open, given := Session{Owner: "me", Start: start}, start.AddDate(0, -1, 0)
	closed := Session{Owner: "me", Start: start, End: start.Add(8 * time.Hour)}
	for name, c := range map[string]struct {
		owner            string
		at               time.Time
		s                Session
		given, withdrawn time.Time
		want             string
	}{
		"at work":            {"me", start.Add(time.Hour), open, given, time.Time{}, ""},
		"no session":         {"me", start, Session{}, given, time.Time{}, "track.no_session"},
		"another's session":  {"you", start.Add(time.Hour), open, given, time.Time{}, "track.no_session"},
		"before it":          {"me", start.Add(-time.Second), open, given, time.Time{}, "track.outside_session"},
		"after it":           {"me", closed.End.Add(time.Second), closed, given, time.Time{}, "track.outside_session"},
		"in the evening":     {"me", start.Add(11 * time.Hour), open, given, time.Time{}, "track.outside_hours"},
		"the next day":       {"me", start.Add(25 * time.Hour), open, given, time.Time{}, "track.outside_hours"},
		"never asked":        {"me", start.Add(time.Hour), open, time.Time{}, time.Time{}, "track.no_consent"},
		"agreed later":       {"me", start.Add(time.Hour), open, start.Add(2 * time.Hour), time.Time{}, "track.no_consent"},
		"taken back":         {"me", start.Add(time.Hour), open, given, start, "track.no_consent"},
		"taken back later":   {"me", start.Add(time.Hour), open, given, start.Add(2 * time.Hour), ""},
		"the end is outside": {"me", time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC), open, given, time.Time{}, "track.outside_hours"},
	} {
		err := CheckTrackPoint(c.owner, c.at, c.s, WorkHours{"08:00", "20:00"}, c.given, c.withdrawn)
		if domain.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRouting(t *testing.T) {
	for _, theme := range append(FeedbackThemes, "something new") {
		if d := RouteFeedback(theme); d.Kind == "" || d.Department == "" {
			t.Errorf("%s goes nowhere", theme)
		}
	}
	if len(FeedbackThemes) != len(feedbackRoutes) {
		t.Error("a theme without a route, or the reverse")
	}
	for _, kind := range []string{"market", "competitor", "price", "policy"} {
		if IntelDepartments(kind)[0] != "market" {
			t.Errorf("%s passes the market department by", kind)
		}
	}
}
