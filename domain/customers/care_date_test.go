package customers

import "testing"

// TestLunarNewYears holds the library to ten known New Years, and to the days
// around the leap sixth month of 2025.
//
// policy: R3.3d care_dates
func TestLunarNewYears(t *testing.T) {
	for year, day := range map[int]string{
		2020: "2020-01-25", 2021: "2021-02-12", 2022: "2022-02-01", 2023: "2023-01-22", 2024: "2024-02-10",
		2025: "2025-01-29", 2026: "2026-02-17", 2027: "2027-02-06", 2028: "2028-01-26", 2029: "2029-02-13",
	} {
		if got := lunarDate(year, 1, 1); got != day {
			t.Errorf("the year %d begins on %s, not on %s", year, day, got)
		}
	}
	for _, c := range []struct {
		month, day int
		want       string
	}{
		{6, 1, "2025-06-25"}, {6, 30, "2025-07-24"}, {7, 1, "2025-08-23"}, // the leap month runs from 07-25 to 08-22
		{8, 15, "2025-10-06"}, {5, 5, "2025-05-31"},
	} {
		if got := lunarDate(2025, c.month, c.day); got != c.want {
			t.Errorf("%d-%d of 2025 is %s, not %s", c.month, c.day, c.want, got)
		}
	}
}

func TestNextDateOfAYearlyDate(t *testing.T) {
	for _, c := range []struct {
		kind        string
		month, day  int
		today, want string
	}{
		{solar, 3, 8, "2026-03-01", "2026-03-08"},
		{solar, 3, 8, "2026-03-08", "2026-03-08"},
		{solar, 3, 8, "2026-03-09", "2027-03-08"},
		{solar, 2, 29, "2026-01-01", "2026-02-28"},
		{solar, 2, 29, "2028-01-01", "2028-02-29"},
		{lunar, 12, 30, "2026-01-01", "2026-02-16"}, // the twelfth month of 2025 has 29 days
		{lunar, 8, 15, "2026-09-25", "2026-09-25"},
		{lunar, 8, 15, "2026-09-26", "2027-09-15"},
		{lunar, 12, 8, "2026-01-20", "2026-01-26"},
	} {
		if got := NextCareDate(c.kind, c.month, c.day, c.today); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestDatesOfNoCalendar(t *testing.T) {
	for _, c := range []struct {
		kind       string
		month, day int
		ok         bool
	}{{solar, 2, 29, true}, {solar, 2, 30, false}, {solar, 13, 1, false}, {lunar, 2, 30, true}, {lunar, 2, 31, false}, {lunar, 0, 1, false}, {solar, 1, 0, false}} {
		if ValidCareDate(c.kind, c.month, c.day) != c.ok {
			t.Errorf("%+v", c)
		}
	}
}
