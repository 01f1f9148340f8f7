package pricing

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// MaxFen bounds amounts: every client counts them exactly.
const MaxFen = 999_999_999_999_999

// MaxQtyMilli bounds a line's quantity.
const MaxQtyMilli = 1_000_000_000

// maxBaseMilli bounds it in the product's own unit.
const maxBaseMilli = 1_000_000_000_000

// mulDiv returns a × b ÷ c, half up; MaxInt64 if that is more than MaxFen. None is
// negative, c is not zero.
func mulDiv(a, b, c int64) int64 {
	quo, rest := floorDiv(a, b, c)
	if quo <= MaxFen && rest >= c-rest {
		quo++
	}
	return quo
}

// floorDiv returns a × b ÷ c and what is left over; MaxInt64 if it is more than MaxFen.
func floorDiv(a, b, c int64) (quo, rest int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c) {
		return math.MaxInt64, 0
	}
	q, r := bits.Div64(hi, lo, uint64(c))
	if q > MaxFen {
		return math.MaxInt64, 0
	}
	return int64(q), int64(r)
}

// spread splits a total in proportion to weights, to whole fen: the largest
// remainders first, the earlier of equal ones. No part is above its weight if the
// total is not above their sum.
func spread(total int64, weights []int64) []int64 {
	var sum int64
	for _, w := range weights {
		sum += w
	}
	parts, rests := make([]int64, len(weights)), make([]int64, len(weights))
	if sum == 0 {
		return parts
	}
	for i, w := range weights {
		parts[i], rests[i] = floorDiv(total, w, sum)
	}
	fill(parts, rests, total)
	return parts
}

// fill adds a fen to parts with the largest remainders until they make the total.
func fill(parts, rests []int64, total int64) {
	for _, part := range parts {
		total -= part
	}
	if total == 0 {
		return
	}
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rests[b], rests[a]) })
	for _, i := range order[:total] {
		parts[i]++
	}
}
