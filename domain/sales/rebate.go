package sales

import (
	"fmt"
	"strconv"

	"satchel/domain"
)

// Periods of rebates.
const (
	RebateMonth   = "month"
	RebateQuarter = "quarter"
	RebateYear    = "year"
)

// Ways by which a rebate is settled.
const (
	RebateByDeduction = "deduction"
	RebateByPayment   = "payment"
)

// rebateTiersMost is the most tiers of a term.
const rebateTiersMost = 20

// RebateTier is the rate from an amount of net deliveries on.
type RebateTier struct {
	FromFen int `json:"from_fen"`
	BP      int `json:"bp"`
}

// CheckRebateTiers wants rising amounts, each with a rate. Problem rebate.tiers_invalid.
func CheckRebateTiers(tiers []RebateTier) error {
	fits := len(tiers) > 0 && len(tiers) <= rebateTiersMost
	for i, t := range tiers {
		fits = fits && t.FromFen >= 0 && t.FromFen <= LedgerMost && t.BP > 0 && t.BP <= 10_000 && (i == 0 || t.FromFen > tiers[i-1].FromFen)
	}
	if !fits {
		return domain.Problem{Code: "rebate.tiers_invalid", Params: map[string]any{"most": rebateTiersMost}}
	}
	return nil
}

// RebateAccrued is the rate of the tier that the base reaches, which holds for
// all of it, and the rebate of that, rounded half up to the fen. A base that
// returns have taken below zero has none.
func RebateAccrued(tiers []RebateTier, base int) (bp, fen int) {
	for _, t := range tiers {
		if base >= t.FromFen {
			bp = t.BP
		}
	}
	if base <= 0 {
		return bp, 0
	}
	return bp, base/10_000*bp + (base%10_000*bp+5_000)/10_000
}

// RebatePeriod names the period of a day: 2026-03, 2026-Q1 or 2026.
func RebatePeriod(period, day string) string {
	if !domain.IsDay(day) {
		return ""
	}
	switch period {
	case RebateQuarter:
		month, _ := strconv.Atoi(day[5:7])
		return fmt.Sprintf("%s-Q%d", day[:4], (month+2)/3)
	case RebateYear:
		return day[:4]
	}
	return domain.Month(day)
}

// RebateDays are the days of a named period.
func RebateDays(name string) domain.Period {
	switch {
	case len(name) == len("2026"):
		return domain.Period{From: name + "-01-01", To: name + "-12-31"}
	case len(name) == len("2026-Q1") && name[5] == 'Q':
		last := 3 * int(name[6]-'0')
		return domain.Period{From: fmt.Sprintf("%s-%02d-01", name[:4], last-2), To: MonthEnd(fmt.Sprintf("%s-%02d", name[:4], last))}
	}
	return domain.Period{From: name + "-01", To: MonthEnd(name)}
}

// RebateWithin are the days of a named period on which a term holds.
func RebateWithin(name, from, to string) domain.Period {
	p := RebateDays(name)
	p.From = max(p.From, from)
	if to != "" {
		p.To = min(p.To, to)
	}
	return p
}

// CheckRebateDays wants a term to begin, and to end after that and within ten
// years. Problem rebate.days_invalid.
func CheckRebateDays(from, to string) error {
	if !domain.IsDay(from) || !domain.IsDay(to) || to < from || to > domain.AddDays(from, 3660) {
		return domain.Problem{Code: "rebate.days_invalid"}
	}
	return nil
}
