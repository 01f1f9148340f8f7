package sales

import (
	"math/bits"
	"slices"

	"satchel/domain"
)

// Ways in which a target is divided over its months, or over those below it.
const (
	ByEven    = "even"
	ByWeights = "weights"
	BySeason  = "season" // as was delivered the year before
	// NoSeason is even, since nothing was delivered the year before.
	NoSeason = "no_season"
)

// TargetWeightMost is the greatest weight.
const TargetWeightMost = TargetMost

// SpreadTarget divides a year's value over its months by their weights, exactly:
// the largest remainders have what is left over, the earlier of equal ones. The
// quarters are their sums. Evenly if all weights are 0. What does not add up is the
// same in all of them.
func SpreadTarget(metric string, value int, weights []int) (quarters, months []int) {
	if !TargetAdds(metric) {
		return slices.Repeat([]int{value}, 4), slices.Repeat([]int{value}, 12)
	}
	months = shareOut(value, weights)
	return TargetQuarters(months), months
}

// TargetQuarters are the sums of twelve months.
func TargetQuarters(months []int) []int {
	out := make([]int, 4)
	for m, n := range months {
		out[m/3] += n
	}
	return out
}

// TargetWeights are the weights of a way of dividing over so many, and the way that
// it came to be. season is what was delivered to each the year before; what came
// back beyond it counts as nothing. Problems target.by_invalid and
// target.weights_invalid.
func TargetWeights(by string, many int, weights, season []int) ([]int, string, error) {
	switch by {
	case ByEven:
		return make([]int, many), ByEven, nil
	case ByWeights:
		sum := 0
		for _, w := range weights {
			if w < 0 || w > TargetWeightMost {
				return nil, "", domain.Problem{Code: "target.weights_invalid", Params: map[string]any{"many": many}}
			}
			sum += w
		}
		if len(weights) != many || sum == 0 {
			return nil, "", domain.Problem{Code: "target.weights_invalid", Params: map[string]any{"many": many}}
		}
		return weights, ByWeights, nil
	case BySeason:
		out, sum := make([]int, many), 0
		for i := range out {
			out[i] = min(max(0, season[i]), TargetWeightMost)
			sum += out[i]
		}
		if sum == 0 {
			return out, NoSeason, nil
		}
		return out, BySeason, nil
	}
	return nil, "", domain.Problem{Code: "target.by_invalid"}
}

// shareOut divides a whole by weights, none of which is below 0, to the last unit.
func shareOut(whole int, weights []int) []int {
	if total(weights) == 0 {
		weights = slices.Repeat([]int{1}, len(weights))
	}
	all, left := total(weights), whole
	out, rest, order := make([]int, len(weights)), make([]int, len(weights)), make([]int, len(weights))
	for i, w := range weights {
		out[i], rest[i] = proportion(whole, w, all)
		left -= out[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rest[b] - rest[a] })
	for _, i := range order[:left] {
		out[i]++
	}
	return out
}

// proportion is whole × part / all and the remainder; part is not above all.
func proportion(whole, part, all int) (quotient, remainder int) {
	hi, lo := bits.Mul64(uint64(whole), uint64(part))
	q, r := bits.Div64(hi, lo, uint64(all))
	return int(q), int(r)
}
