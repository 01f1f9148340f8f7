package analysis

import (
	"encoding/json/v2"
	"time"

	"satchel/domain"
)

// ClosingMonths is how many months at most a first closing freezes, and in how many
// frozen ones what is learnt later is looked for.
const (
	ClosingMonths    = 24
	CorrectionMonths = 12
)

// IsMonth reports whether a text is a month (YYYY-MM).
func IsMonth(text string) bool { return len(text) == len("2006-01") && domain.IsDay(text+"-01") }

// AddMonths is the month n months after one, before it if n is negative.
func AddMonths(month string, n int) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return t.AddDate(0, n, 0).Format("2006-01")
}

// MonthPeriod is a month's days.
func MonthPeriod(month string) domain.Period {
	return domain.Period{From: month + "-01", To: MonthEnd(month)}
}

// YearToDate is the year of a month up to its end.
func YearToDate(month string) domain.Period {
	return domain.Period{From: month[:len("2006")] + "-01-01", To: MonthEnd(month)}
}

// CheckClosing judges whether a month can be frozen today, after the last that was
// ("" if none was): analysis.month_invalid, analysis.month_open, analysis.month_frozen.
// The first to be frozen is none of long ago: all months after it go along with the next.
func CheckClosing(month, last, today string) error {
	params := map[string]any{"month": month}
	switch {
	case !IsMonth(month), last == "" && month < AddMonths(domain.Month(today), -ClosingMonths):
		return domain.Problem{Code: "analysis.month_invalid", Params: params}
	case month >= domain.Month(today):
		return domain.Problem{Code: "analysis.month_open", Params: params}
	case month <= last:
		return domain.Problem{Code: "analysis.month_frozen", Params: params}
	}
	return nil
}

// Closing are the months that are frozen with one, the oldest first: none is left
// open before it. first is the month of the company's first records.
func Closing(month, last, first string) (out []string) {
	from := max(AddMonths(month, 1-ClosingMonths), min(first, month))
	if last != "" {
		from = domain.NextMonth(last)
	}
	for m := from; m <= month; m = domain.NextMonth(m) {
		out = append(out, m)
	}
	return out
}

// Frozen is a figure of a month as a snapshot keeps it: the month's, the year's up to
// it, and the month's before; nil where nothing is known.
type Frozen struct {
	Month  *int64 `json:"month"`
	Year   *int64 `json:"year"`
	Before *int64 `json:"before"`
}

// WriteFrozen writes figures by key, always in the same words.
func WriteFrozen(figures map[string]Frozen) ([]byte, error) {
	return json.Marshal(figures, json.Deterministic(true))
}
