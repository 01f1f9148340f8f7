package domain

import "time"

// BusinessZone is where the company's days begin and end.
var BusinessZone = time.FixedZone("Asia/Shanghai", 8*60*60)

// BusinessDay returns the company's day at a moment, as YYYY-MM-DD.
func BusinessDay(at time.Time) string { return at.In(BusinessZone).Format(time.DateOnly) }

// BusinessMinute returns the company's time at a moment, as YYYY-MM-DD hh:mm.
func BusinessMinute(at time.Time) string { return at.In(BusinessZone).Format("2006-01-02 15:04") }

// NextDay is when the company's next day begins after a moment.
func NextDay(at time.Time) time.Time {
	y, m, d := at.In(BusinessZone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, BusinessZone)
}

// AddDays returns the day n days after day (YYYY-MM-DD), before it if n is
// negative. What is no day comes back as it is.
func AddDays(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// IsDay reports whether a text is a day of the calendar.
func IsDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// Days of what a company keeps: people are born after the first, and nothing is
// agreed on beyond the last.
const (
	firstDay = "1900-01-01"
	lastDay  = "2100-12-31"
)

// IsPlausibleDay reports whether a text is a day of the calendar that may be meant.
func IsPlausibleDay(text string) bool { return IsDay(text) && text >= firstDay && text <= lastDay }

// IsPlausibleYear reports whether a text is a year (YYYY) that may be meant.
func IsPlausibleYear(text string) bool { return IsPlausibleDay(text + "-01-01") }

// BusinessTime writes a moment as people of the company read it, to the minute.
func BusinessTime(at time.Time) string { return at.In(BusinessZone).Format("2006-01-02 15:04") }

// Month returns the month of a day, as YYYY-MM.
func Month(day string) string { return day[:min(len(day), len("2006-01"))] }

// NextMonth returns the month after one (YYYY-MM).
func NextMonth(month string) string { return Month(AddDays(month+"-28", 4)) }
