package domain

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Lot may be drawn, the more likely the more it weighs.
type Lot struct {
	ID     string
	Weight int // at least 1
}

// Draw puts lots into the order in which they are drawn without being put back, each as
// likely as its weight (Efraimidis and Spirakis: the least of exponential waits at the rate
// of the weight). The same seed, salt and lots give the same order, in whatever order the
// lots come.
func Draw(lots []Lot, seed int, salt string) (ids []string) {
	type ticket struct {
		id   string
		wait float64
	}
	tickets := make([]ticket, len(lots))
	for i, l := range lots {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d/%s/%s", seed, salt, l.ID))
		even := float64(binary.BigEndian.Uint64(sum[:])>>11) / (1 << 53) // in [0, 1)
		tickets[i] = ticket{l.ID, -math.Log(1-even) / float64(max(l.Weight, 1))}
	}
	slices.SortFunc(tickets, func(a, b ticket) int { return cmp.Or(cmp.Compare(a.wait, b.wait), cmp.Compare(a.id, b.id)) })
	for _, t := range tickets {
		ids = append(ids, t.id)
	}
	return ids
}
