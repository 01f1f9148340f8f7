package customers

import (
	"fmt"
	"time"

	"github.com/6tail/lunar-go/calendar"

	"satchel/domain"
)

// Calendars of care dates.
const (
	solar = "solar"
	lunar = "lunar"
)

// NextCareDate is the first day from today on, YYYY-MM-DD, on which a yearly date
// comes. A day that the month lacks in a year falls on its last; a lunar date
// comes in the month itself and not again in the leap month after it.
func NextCareDate(kind string, month, day int, today string) string {
	t, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return ""
	}
	for year := t.Year() - 1; year <= t.Year()+2; year++ {
		at := solarDate(year, month, day)
		if kind == lunar {
			at = lunarDate(year, month, day)
		}
		if at >= today {
			return at
		}
	}
	return ""
}

func solarDate(year, month, day int) string {
	last := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return fmt.Sprintf("%04d-%02d-%02d", year, month, min(day, last))
}

// lunarDate is the solar day of a day of the lunar year that begins in a year.
func lunarDate(year, month, day int) string {
	days := calendar.NewLunarYear(year).GetMonth(month).GetDayCount()
	return calendar.NewLunarFromYmd(year, month, min(day, days)).GetSolar().ToYmd()
}

// ValidCareDate reports whether month and day are of a calendar's year.
func ValidCareDate(kind string, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	if kind == lunar {
		return day <= 30
	}
	return domain.IsDay(fmt.Sprintf("2024-%02d-%02d", month, day)) // a leap year
}
