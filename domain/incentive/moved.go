package incentive

import (
	"cmp"
	"slices"

	"satchel/domain"
)

// Moved is what was delivered of a line of an order on a day, or what came back.
type Moved struct {
	Day string
	Fen int // below 0 for what came back
}

// SoldIn is what was delivered of a line in a period, less what of that came back up to a
// day. What comes back is of what was delivered last before it.
func SoldIn(moves []Moved, p domain.Period, upTo string) (sum int) {
	moves = slices.Clone(moves)
	slices.SortStableFunc(moves, func(a, b Moved) int { return cmp.Or(cmp.Compare(a.Day, b.Day), b.Fen-a.Fen) })
	var there []Moved
	for _, m := range moves {
		if m.Day > upTo {
			break
		}
		if m.Fen >= 0 {
			there = append(there, m)
			continue
		}
		for back, i := -m.Fen, len(there)-1; i >= 0 && back > 0; i-- {
			take := min(back, there[i].Fen)
			there[i].Fen -= take
			back -= take
		}
	}
	for _, m := range there {
		if m.Day >= p.From && m.Day <= p.To {
			sum += m.Fen
		}
	}
	return sum
}
