package incentive

import "satchel/domain"

// Collected is what confirmed receipts brought of an order, and what of it is open still.
// What came back, or was deducted, is neither.
type Collected struct{ Fen, OpenFen int }

// of is the part of an amount that its order's receipts let pay.
func (c Collected) of(amount int) int {
	if c.Fen <= 0 {
		return 0
	}
	if c.OpenFen <= 0 {
		return amount
	}
	return halfUp(Part(fen(amount), c.Fen, c.Fen+c.OpenFen))
}

// BP is the ratio, for show.
func (c Collected) BP() int { return c.of(whole) }

// Position is all commission on an order of a period in a tier: first booked, and what
// returns and corrections made of it.
type Position struct {
	Fen  int    // of all its lines
	Paid int    // so far
	Till string // the last day on which receipts count
}

// Settled is what a position comes to on a day.
type Settled struct{ Payable, Held, Lapsed int }

// Due is what is to be paid now; below 0 it is owed.
func (s Settled) Due(paid int) int { return s.Payable - paid }

// Settle is what receipts let pay of a position as of a day; till is what they were on its
// last day. What is not collected by then lapses, unless it is paid late.
func (p Position) Settle(asOf string, now, till Collected, payLate bool) Settled {
	over := p.Till != "" && asOf > p.Till
	by := now
	if over && !payLate {
		by = till
	}
	s := Settled{Payable: by.of(p.Fen)}
	if over {
		s.Lapsed = p.Fen - s.Payable
	} else {
		s.Held = p.Fen - s.Payable
	}
	return s
}

// HeldTill is the last day on which receipts count for what was sold in a period.
func HeldTill(p domain.Period, days int) string { return domain.AddDays(p.To, days) }

// Balance is what a statement pays, and what it leaves: below 0 it is carried over to the
// next, or owed by who has left.
func Balance(carried, due int, left bool) (pay, carry, owed int) {
	sum := carried + due
	switch {
	case sum >= 0:
		return sum, 0, 0
	case left:
		return 0, 0, -sum
	}
	return 0, sum, 0
}

// Share is a manager's part of what his team has earned, whose target was reached.
func Share(team, bp int, reached bool) int {
	if !reached || team <= 0 {
		return 0
	}
	return halfUp(byBP(fen(team), bp))
}
