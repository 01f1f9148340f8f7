package incentive

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Sale is what was delivered of an order in a period, less what came back of it.
type Sale struct {
	Order  string `json:"order"`
	Fen    int    `json:"fen"`
	LowFen int    `json:"low_fen"` // of that, lines whose margin is below the floor
}

// Line is the commission on an order in a tier.
type Line struct {
	Order  string
	FromBP int // the tier
	RateBP int
	Fen    int
}

// Why there is no commission.
const (
	NoTarget   = "no_target"
	NotReached = "not_reached"
	GradeBelow = "grade_below"
)

// Commission is what a period earns. Its lines are its tiers' totals.
type Commission struct {
	Reason  string          // why there is none
	Fen     int             // delivered, in full
	Counted decimal.Decimal // delivered, guarded lines in part
	Target  decimal.Decimal
	Tiers   []TierTotal
	Lines   []Line
}

// TierTotal is what lies in a tier, and what it earns.
type TierTotal struct {
	Tier

	Part decimal.Decimal
	Fen  int
}

// Total is all of it.
func (c Commission) Total() (sum int) {
	for _, t := range c.Tiers {
		sum += t.Fen
	}
	return sum
}

// Reckon is the commission of a period. The gate looks at all that was delivered, the part
// above the target at what the margin lets count.
func (p Plan) Reckon(target decimal.Decimal, grade string, sales []Sale) Commission {
	sales = slices.Clone(sales)
	slices.SortFunc(sales, func(a, b Sale) int { return strings.Compare(a.Order, b.Order) })
	c := Commission{Target: target}
	counted := make([]decimal.Decimal, len(sales))
	for i, s := range sales {
		c.Fen += s.Fen
		counted[i] = fen(s.Fen - s.LowFen).Add(byBP(fen(s.LowFen), p.LowBP))
		c.Counted = c.Counted.Add(counted[i])
	}
	switch {
	case !target.IsPositive():
		c.Reason = NoTarget
	case !Attained(c.Fen, target, p.GateBP):
		c.Reason = NotReached
	case !AtLeast(grade, p.GateGrade):
		c.Reason = GradeBelow
	}
	if c.Reason != "" {
		return c
	}
	for i, t := range p.Tiers {
		part := c.Counted.Sub(byBP(target, t.FromBP))
		if i+1 < len(p.Tiers) {
			part = decimal.Min(part, byBP(target, p.Tiers[i+1].FromBP-t.FromBP))
		}
		if !part.IsPositive() {
			break
		}
		earned := byBP(part, t.RateBP)
		c.Tiers = append(c.Tiers, TierTotal{t, part, halfUp(earned)})
		c.Lines = append(c.Lines, divide(t, earned, sales, counted, c.Counted)...)
	}
	return c
}

// divide gives each order its part of what a tier earns, rounded half up; the greatest
// take the rest, so that all are the tier's, and none is below 0.
func divide(t Tier, earned decimal.Decimal, sales []Sale, counted []decimal.Decimal, all decimal.Decimal) []Line {
	lines, rest := make([]Line, len(sales)), halfUp(earned)
	for i, s := range sales {
		lines[i] = Line{Order: s.Order, FromBP: t.FromBP, RateBP: t.RateBP, Fen: halfUp(earned.Mul(counted[i]).DivRound(all, places))}
		rest -= lines[i].Fen
	}
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return counted[b].Cmp(counted[a]) })
	for _, i := range order {
		take := max(rest, -lines[i].Fen)
		lines[i].Fen += take
		if rest -= take; rest == 0 {
			break
		}
	}
	return slices.DeleteFunc(lines, func(l Line) bool { return l.Fen == 0 })
}

// Differences are the lines that make of what was booked what it is to be.
func Differences(booked, wanted []Line) (out []Line) {
	type key struct {
		order  string
		fromBP int
	}
	sums := map[key]*Line{}
	add := func(l Line, sign int) {
		k := key{l.Order, l.FromBP}
		if sums[k] == nil {
			sums[k] = &Line{Order: l.Order, FromBP: l.FromBP, RateBP: l.RateBP}
		}
		sums[k].Fen += sign * l.Fen
	}
	for _, l := range booked {
		add(l, -1)
	}
	for _, l := range wanted {
		add(l, 1)
	}
	for _, l := range sums {
		if l.Fen != 0 {
			out = append(out, *l)
		}
	}
	slices.SortFunc(out, func(a, b Line) int { return cmp.Or(strings.Compare(a.Order, b.Order), a.FromBP-b.FromBP) })
	return out
}
