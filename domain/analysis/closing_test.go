package analysis

import (
	"slices"
	"testing"

	"satchel/domain"
)

// TestWhichMonthsAreClosed: each once, when it is over, and none is left open before one.
//
// policy: R2.5 metric_snapshots
func TestWhichMonthsAreClosed(t *testing.T) {
	for _, c := range []struct {
		what, month, last, today, want string
	}{
		{"last month", "2026-02", "2026-01", "2026-03-01", ""},
		{"the first of all", "2026-02", "", "2026-03-16", ""},
		{"an open one", "2026-03", "2026-02", "2026-03-31", "analysis.month_open"},
		{"a later one", "2026-04", "2026-02", "2026-03-31", "analysis.month_open"},
		{"a frozen one", "2026-02", "2026-02", "2026-03-05", "analysis.month_frozen"},
		{"an earlier one", "2026-01", "2026-02", "2026-03-05", "analysis.month_frozen"},
		{"the first, of two years ago", "2024-03", "", "2026-03-05", ""},
		{"the first, of long ago", "2024-02", "", "2026-03-05", "analysis.month_invalid"},
		{"the first, of a slip of the pen", "0026-02", "", "2026-03-05", "analysis.month_invalid"},
		{"no month", "2026-2", "", "2026-03-05", "analysis.month_invalid"},
		{"a thirteenth", "2025-13", "", "2026-03-05", "analysis.month_invalid"},
	} {
		if got := domain.CodeOf(CheckClosing(c.month, c.last, c.today)); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	for _, c := range []struct {
		what, month, last, first string
		want                     []string
	}{
		{"the next", "2026-02", "2026-01", "2025-01", []string{"2026-02"}},
		{"what was left open goes along", "2026-02", "2025-11", "2025-01", []string{"2025-12", "2026-01", "2026-02"}},
		{"a young company", "2026-02", "", "2025-12", []string{"2025-12", "2026-01", "2026-02"}},
		{"one without accounts", "2026-02", "", "9999-12", []string{"2026-02"}},
	} {
		if got := Closing(c.month, c.last, c.first); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
	if got := Closing("2026-02", "", "1999-01"); len(got) != ClosingMonths || got[0] != "2024-03" {
		t.Errorf("an old company closes %v", got)
	}
}

func TestMonths(t *testing.T) {
	if got := MonthEnd("2028-02"); got != "2028-02-29" {
		t.Error(got)
	}
	if got := AddMonths("2026-01", -1) + " " + AddMonths("2025-11", 3); got != "2025-12 2026-02" {
		t.Error(got)
	}
	if got := YearToDate("2026-02"); got != (domain.Period{From: "2026-01-01", To: "2026-02-28"}) {
		t.Error(got)
	}
}
