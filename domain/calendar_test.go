package domain

import (
	"testing"
	"time"
)

// spring is the calendar around the Spring Festival of 2026.
func spring() Calendar {
	c := Calendar{Special: map[string]string{"2026-02-14": DayWork, "2026-02-28": DayWork}}
	for day := "2026-02-15"; day <= "2026-02-23"; day = AddDays(day, 1) {
		c.Special[day] = DayOff
	}
	return c
}

func TestWorkingDays(t *testing.T) {
	c := spring()
	for day, want := range map[string]bool{
		"2026-02-13": true, "2026-02-14": true, "2026-02-16": false, "2026-02-23": false, "2026-02-24": true,
		"2026-02-28": true, "2026-03-01": false, "nonsense": false,
	} {
		if c.WorkingDay(day) != want {
			t.Errorf("%s: %v", day, !want)
		}
	}
	for _, x := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-02-13", 1, "2026-02-14"},
		{"2026-02-13", 2, "2026-02-24"},
		{"2026-02-16", 0, "2026-02-24"},
		{"2026-02-24", -1, "2026-02-14"},
		{"2026-02-27", 1, "2026-02-28"},
		{"2026-02-28", 1, "2026-03-02"},
		{"2026-03-02", 0, "2026-03-02"},
	} {
		if got := c.AddWorkingDays(x.from, x.n); got != x.want {
			t.Errorf("%s + %d: %s, want %s", x.from, x.n, got, x.want)
		}
	}
	if n := c.WorkingDays("2026-02-13", "2026-03-01"); n != 6 { // 14, 24 to 28
		t.Errorf("%d working days", n)
	}
}

func TestWorkingTime(t *testing.T) {
	c := spring()
	at := func(text string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", text, BusinessZone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, x := range []struct {
		from  string
		hours int
		want  string
	}{
		{"2026-03-02 09:00", 3, "2026-03-02 12:00"},
		{"2026-03-02 09:00", 4, "2026-03-02 14:00"},
		{"2026-03-02 11:00", 2, "2026-03-02 14:00"},
		{"2026-03-02 07:00", 8, "2026-03-02 18:00"},
		{"2026-03-02 17:30", 1, "2026-03-03 09:30"},
		{"2026-02-14 17:00", 2, "2026-02-24 10:00"},
		{"2026-02-16 03:00", 16, "2026-02-25 18:00"},
		{"2026-02-27 18:00", 8, "2026-02-28 18:00"},
	} {
		got := c.AddWorkingTime(at(x.from), time.Duration(x.hours)*time.Hour)
		if !got.Equal(at(x.want)) {
			t.Errorf("%s + %d h: %s, want %s", x.from, x.hours, BusinessTime(got), x.want)
		}
		if d := c.WorkingTime(at(x.from), got); d != time.Duration(x.hours)*time.Hour {
			t.Errorf("%s to %s: %v, not %d h", x.from, BusinessTime(got), d, x.hours)
		}
	}
	if h := NewOfficeHours("18:00", "09:00", "12:00", "13:00"); h != UsualHours {
		t.Errorf("an office that closes before it opens: %v", h)
	}
	late := Calendar{Office: NewOfficeHours("10:00", "19:00", "12:30", "13:30")}
	if d := c.WorkingTime(time.Time{}, at("2026-03-02 09:00")); d < 70_000*time.Hour || d > 90_000*time.Hour { // ends soon
		t.Errorf("forty years have %s", d)
	}
	if got := late.AddWorkingTime(at("2026-03-02 09:00"), time.Hour); !got.Equal(at("2026-03-02 11:00")) {
		t.Errorf("an office that opens at ten: %s", BusinessTime(got))
	}
	if NextMonth("2026-12") != "2027-01" || NextMonth("2026-01") != "2026-02" || Month("2026-03-16") != "2026-03" {
		t.Error("months")
	}
}
