package analysis

import "math/bits"

// MaxCostFen bounds what one base unit costs.
const MaxCostFen = 1_000_000_000

// Cost is what a product costs by the base unit, from a day on.
type Cost struct {
	From string `db:"from_date"`
	Fen  int64  `db:"cost_fen"`
}

// Moved is what a delivery, or a return, moved of a line of an order, and what the
// facts say by now of its cost.
type Moved struct {
	Seq      int64  `db:"seq"`
	Line     string `db:"line"`
	Back     bool   `db:"back"`     // it came back: Base is below zero
	Happened string `db:"happened"` // on which day
	Base     int64  `db:"base_milli"`
	Fen      int64  `db:"cost_fen"`
	Uncosted int64  `db:"uncosted"`
}

// Recosted is by how much what the facts say of a cost differs from what it is.
type Recosted struct{ Seq, Fen, Uncosted int64 }

// Recost counts anew what was moved of one line of an order cost, in the order in
// which the facts have it; costs are in order of their days. What was delivered costs
// what was in force on its day. What came back costs what of the line was delivered
// before: returns in any number of parts take it all back.
func Recost(moved []Moved, costs []Cost) (out []Recosted) {
	var base, fen, unknown, back int64
	for _, m := range moved {
		was := Recosted{m.Seq, m.Fen, m.Uncosted}
		is := Recosted{Seq: m.Seq}
		if m.Back {
			is.Fen = reached(fen, back, base) - reached(fen, back-m.Base, base)
			back -= m.Base
			is.Uncosted = min(unknown, 1)
		} else {
			unit, known := costOn(costs, m.Happened)
			is.Fen = costOf(m.Base, unit)
			if !known {
				is.Uncosted = 1
			}
			base += m.Base
			fen += is.Fen
			unknown += is.Uncosted
		}
		if is != was {
			out = append(out, Recosted{m.Seq, is.Fen - was.Fen, is.Uncosted - was.Uncosted})
		}
	}
	return out
}

// costOn is what is in force on a day.
func costOn(costs []Cost, day string) (fen int64, known bool) {
	for _, c := range costs {
		if c.From <= day {
			fen, known = c.Fen, true
		}
	}
	return fen, known
}

// costOf is what a quantity costs, to the fen.
func costOf(baseMilli, unit int64) int64 { return divide(baseMilli, 1000, unit) }

// reached is how much of a total a part of the whole has, half up.
func reached(total, part, whole int64) int64 {
	if part >= whole {
		return total
	}
	hi, lo := bits.Mul64(uint64(total), uint64(part))
	lo, carry := bits.Add64(lo, uint64(whole/2), 0)
	quo, _ := bits.Div64(hi+carry, lo, uint64(whole))
	return int64(quo)
}
