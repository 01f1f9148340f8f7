package analysis

import (
	"testing"

	"satchel/domain"
)

func TestPeriodsBefore(t *testing.T) {
	for _, c := range []struct {
		from, to, before, beforeTo, year, yearTo string
	}{
		{"2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28", "2025-03-01", "2025-03-31"},
		{"2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31", "2025-01-01", "2025-03-31"},
		{"2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31", "2025-01-01", "2025-12-31"},
		{"2025-02-01", "2025-02-28", "2025-01-01", "2025-01-31", "2024-02-01", "2024-02-29"},
		{"2024-02-29", "2024-02-29", "2024-02-28", "2024-02-28", "2023-02-28", "2023-02-28"},
		{"2026-03-16", "2026-03-22", "2026-03-09", "2026-03-15", "2025-03-16", "2025-03-22"},
		{"2026-03-01", "2026-03-30", "2026-01-30", "2026-02-28", "2025-03-01", "2025-03-30"},
	} {
		p := domain.Period{From: c.from, To: c.to}
		if got := (Query{Period: p, Compare: Prior}).Compared().Period; got != (domain.Period{From: c.before, To: c.beforeTo}) || got != Before(p) {
			t.Errorf("before %v: %v", p, got)
		}
		if got := (Query{Period: p, Compare: YearAgo}).Compared().Period; got != (domain.Period{From: c.year, To: c.yearTo}) {
			t.Errorf("a year before %v: %v", p, got)
		}
	}
}

func TestKeysOfThePeriodBefore(t *testing.T) {
	for _, c := range []struct {
		by         shift
		d          Dimension
		key, moved string // empty: nowhere
	}{
		{shift{months: 1}, Day, "2026-02-14", "2026-03-14"},
		{shift{months: 1}, Day, "2026-01-31", ""},
		{shift{months: 12}, Day, "2024-02-29", ""},
		{shift{days: 7}, Day, "2026-02-27", "2026-03-06"},
		{shift{months: 3}, Month, "2025-11", "2026-02"},
		{shift{days: 30}, Month, "2025-11", ""},
		{shift{months: 12}, Quarter, "2025-Q4", "2026-Q4"},
		{shift{months: 3}, Quarter, "2025-Q4", "2026-Q1"},
		{shift{months: 1}, Quarter, "2025-Q4", ""},
		{shift{months: 12}, Year, "2025", "2026"},
		{shift{months: 3}, Year, "2025", ""},
		{shift{days: 30}, Account, "a", "a"},
	} {
		moved, ok := c.by.forth(c.d, c.key)
		if ok != (c.moved != "") || ok && moved != c.moved {
			t.Errorf("%v %s by %+v: %s %v", c.d, c.key, c.by, moved, ok)
		}
	}
}

func TestCalendric(t *testing.T) {
	for day, want := range map[string]string{"2026-01-31": "2026-Q1", "2026-03-01": "2026-Q1", "2026-04-01": "2026-Q2", "2026-09-30": "2026-Q3", "2026-10-01": "2026-Q4", "2026-12-31": "2026-Q4"} {
		if got := Calendric(Quarter, day); got != want {
			t.Errorf("%s: %s", day, got)
		}
		if Calendric(Month, day) != day[:7] || Calendric(Year, day) != day[:4] || Calendric(Day, day) != day {
			t.Errorf("%s", day)
		}
	}
}
