package sales

import (
	"cmp"
	"slices"

	"satchel/domain"
)

// TargetYear are a year's numbers.
type TargetYear struct {
	Value            int
	Quarters, Months []int
}

// SplitTarget divides a target, and overBP basis points more, over those below by
// their weights: each has a share of the year, the months of all add up to a month of
// the whole, and nothing is lost or gained. Of what does not add up each has the
// whole. Evenly if all weights are 0. Problem target.over_setting: most, the setting
// for overBP; target.none_below; target.numbers_invalid if a part is too great.
func SplitTarget(metric string, whole TargetYear, weights []int, overBP, most int) ([]TargetYear, error) {
	if overBP < 0 || overBP > most {
		return nil, domain.Problem{Code: "target.over_setting", Params: map[string]any{"most": most}}
	}
	if len(weights) == 0 {
		return nil, domain.Problem{Code: "target.none_below"}
	}
	out := make([]TargetYear, len(weights))
	if !TargetAdds(metric) {
		for i := range out {
			out[i] = whole
		}
		return out, nil
	}
	all := whole.Value + whole.Value*overBP/10_000
	years := shareOut(all, weights)
	for i, months := range deal(years, shareOut(all, whole.Months)) {
		if years[i] > TargetMost {
			return nil, domain.Problem{Code: "target.numbers_invalid"}
		}
		out[i] = TargetYear{years[i], TargetQuarters(months), months}
	}
	return out, nil
}

// deal fills a table whose rows and columns have given sums, which come to the same,
// with whole numbers as near to proportion as whole numbers are: what is below 1 of
// each cell goes, row by row, to the columns that want most.
func deal(rows, columns []int) [][]int {
	all := max(1, total(columns))
	out, wanted := make([][]int, len(rows)), slices.Clone(columns)
	for r, sum := range rows {
		out[r] = make([]int, len(columns))
		for c, column := range columns {
			out[r][c], _ = proportion(sum, column, all)
			wanted[c] -= out[r][c]
		}
	}
	order := make([]int, len(columns))
	for r, sum := range rows {
		for c := range order {
			order[c] = c
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(wanted[b], wanted[a]) })
		for _, c := range order[:sum-total(out[r])] {
			out[r][c]++
			wanted[c]--
		}
	}
	return out
}
