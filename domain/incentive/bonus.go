package incentive

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"satchel/domain"
)

// Base is what somebody's bonus of a cycle is reckoned from as of a day, until the next
// one or until he left.
type Base struct {
	From string `json:"from"`
	Left string `json:"left,omitzero"` // his last day
	Fen  int    `json:"fen"`
}

// Stretch is the days of a cycle on which one base was in force, both ends counted.
type Stretch struct {
	From string `json:"from"`
	To   string `json:"to"`
	Days int    `json:"days"`
	Fen  int    `json:"fen"` // the base, for a whole cycle
}

// Days counts the days of a period, both ends; 0 if it ends before it begins.
func Days(p domain.Period) int {
	from, err := time.Parse(time.DateOnly, p.From)
	if err != nil {
		return 0
	}
	to, err := time.Parse(time.DateOnly, p.To)
	if err != nil || to.Before(from) {
		return 0
	}
	return int(to.Sub(from).Hours()/24) + 1
}

// Stretches cuts a cycle by the bases that were in force in it.
func Stretches(cycle domain.Period, bases []Base) (out []Stretch) {
	bases = slices.Clone(bases)
	slices.SortFunc(bases, func(a, b Base) int { return strings.Compare(a.From, b.From) })
	for i, b := range bases {
		last := cycle.To
		if i+1 < len(bases) {
			last = min(last, domain.AddDays(bases[i+1].From, -1))
		}
		if b.Left != "" {
			last = min(last, b.Left)
		}
		s := Stretch{From: max(cycle.From, b.From), To: last, Fen: b.Fen}
		if s.Days = Days(domain.Period{From: s.From, To: s.To}); s.Days > 0 {
			out = append(out, s)
		}
	}
	return out
}

// Bonus is what a bonus is made of.
type Bonus struct {
	Stretches []Stretch `json:"stretches"`
	CycleDays int       `json:"cycle_days"`
	CoefBP    int       `json:"coef_bp"`   // of the grade
	FactorBP  int       `json:"factor_bp"` // of the company
	HoldBP    int       `json:"hold_bp"`   // of what waits for the year's result
}

// Days are those on which he was employed.
func (b Bonus) Days() (n int) {
	for _, s := range b.Stretches {
		n += s.Days
	}
	return n
}

// whole is the bonus before it is rounded, by a coefficient.
func (b Bonus) whole(coefBP int) decimal.Decimal {
	sum := decimal.Zero
	for _, s := range b.Stretches {
		sum = sum.Add(fen(s.Fen).Mul(fen(s.Days)))
	}
	if b.CycleDays <= 0 {
		return decimal.Zero
	}
	return byBP(byBP(sum, coefBP), b.FactorBP).DivRound(fen(b.CycleDays), places)
}

// Reckon is the bonus, what of it is paid, and what is held: both together are all of it.
func (b Bonus) Reckon() (amount, paid, held int) {
	all := b.whole(b.CoefBP)
	amount = halfUp(all)
	paid = halfUp(byBP(all, whole-b.HoldBP))
	return amount, paid, amount - paid
}

// SettleHold is what is paid of what the quarters held, with the year's coefficient in
// place of theirs. It is rounded once.
func SettleHold(quarters []Bonus, annualBP int) int {
	sum := decimal.Zero
	for _, q := range quarters {
		sum = sum.Add(byBP(q.whole(annualBP), q.HoldBP))
	}
	return halfUp(sum)
}

// SettleLeaver is what is paid of it to who left before the year had a result: what was
// held, as the quarters had it.
func SettleLeaver(quarters []Bonus) (sum int) {
	for _, q := range quarters {
		_, _, held := q.Reckon()
		sum += held
	}
	return sum
}
