package expense

import (
	"slices"

	"satchel/domain"
)

// Bounds of a budget.
const (
	BudgetMost     = 10_000_000_000_000 // fen of any amount, and of a whole budget
	BudgetDepth    = 8                  // levels
	BudgetNodes    = 20_000
	BudgetOverMost = 100_000 // the greatest allowance, in basis points
)

// BudgetNode is a node of a budget as people write it.
type BudgetNode struct {
	ID, Parent, Name string
	Dims             BudgetDims
	Period           string // of BudgetPeriods; empty for that of the node above
	From, To         string // days; empty for those of the node above
	Fen              int
	Months           []int // what each month of the year has; none where only the year counts, here and above
	Control          BudgetControl
	Alerts           []int
}

// BudgetDims say what a node is for: ids, empty where any will do.
type BudgetDims struct{ Category, Manager, Rep, Account, Activity string }

// PlacedNode is a node in its tree: with what it takes from those above it.
type PlacedNode struct {
	BudgetNode
	Path []string // ids: its own, then those above it
	Leaf bool
}

// Periods of a node, and their months.
var budgetPeriods = map[string]int{"year": 12, "quarter": 3, "month": 1}

// PlaceBudget puts the nodes of a year's budget into their tree, the ones above
// first, and judges the whole: what stands below a node comes to its amount (R7.1),
// within its days, for what it is for. Problems of code budget.…, with the node's name.
func PlaceBudget(year string, nodes []BudgetNode) ([]PlacedNode, error) {
	switch {
	case len(nodes) == 0:
		return nil, domain.Problem{Code: "budget.empty"}
	case len(nodes) > BudgetNodes:
		return nil, domain.Problem{Code: "budget.too_many", Params: map[string]any{"most": BudgetNodes}}
	}
	byID, below := map[string]bool{}, map[string][]BudgetNode{}
	for _, n := range nodes {
		byID[n.ID] = true
		below[n.Parent] = append(below[n.Parent], n)
	}
	out := make([]PlacedNode, 0, len(nodes))
	total := 0
	whole := PlacedNode{BudgetNode: BudgetNode{Period: "year", From: year + "-01-01", To: year + "-12-31"}}
	for level, depth := []PlacedNode{whole}, 0; len(level) > 0; depth++ {
		if depth > BudgetDepth {
			return nil, domain.Problem{Code: "budget.too_deep", Params: map[string]any{"most": BudgetDepth}}
		}
		var next []PlacedNode
		for _, above := range level {
			var children []PlacedNode
			for _, n := range below[above.ID] {
				placed, err := place(n, above, year)
				if err != nil {
					return nil, err
				}
				placed.Leaf = len(below[n.ID]) == 0
				children = append(children, placed)
			}
			sum, err := addUp(above, children)
			if err != nil {
				return nil, err
			}
			if depth == 0 {
				total = sum
			}
			next = append(next, children...)
		}
		out = append(out, next...)
		level = next
	}
	if len(out) < len(nodes) {
		return nil, lost(nodes, out, byID)
	}
	if total > BudgetMost {
		return nil, domain.Problem{Code: "budget.amount_invalid"}
	}
	return out, nil
}

// addUp holds what stands below a node to its amount, and by months if it has them.
func addUp(above PlacedNode, children []PlacedNode) (sum int, err error) {
	months := make([]int, 12)
	for _, c := range children {
		if len(above.Months) > 0 && len(c.Months) == 0 {
			return 0, budgetProblem("months_required", c.BudgetNode)
		}
		sum += c.Fen
		for m, fen := range c.Months {
			months[m] += fen
		}
	}
	switch {
	case above.ID == "" || len(children) == 0:
		return sum, nil
	case sum != above.Fen:
		return 0, budgetProblem("children_sum", above.BudgetNode, "sum", sum, "amount", above.Fen)
	}
	for m, fen := range above.Months {
		if fen != months[m] {
			return 0, budgetProblem("children_sum", above.BudgetNode, "sum", months[m], "amount", fen)
		}
	}
	return sum, nil
}

// place gives a node what it takes from the one above, and judges it by itself.
func place(n BudgetNode, above PlacedNode, year string) (PlacedNode, error) {
	placed := PlacedNode{BudgetNode: n, Path: []string{n.ID}}
	placed.Path = append(placed.Path, above.Path...)
	for _, d := range []struct {
		name       string
		own, above *string
	}{
		{"manager", &placed.Dims.Manager, &above.Dims.Manager},
		{"rep", &placed.Dims.Rep, &above.Dims.Rep},
		{"account", &placed.Dims.Account, &above.Dims.Account},
		{"activity", &placed.Dims.Activity, &above.Dims.Activity},
	} {
		if *d.own == "" {
			*d.own = *d.above
		} else if *d.above != "" && *d.own != *d.above {
			return placed, budgetProblem("dimension", n, "dimension", d.name)
		}
	}
	if placed.Dims.Category == "" {
		placed.Dims.Category = above.Dims.Category
	}
	if n.Period == "" && n.From == "" && n.To == "" {
		placed.Period, placed.From, placed.To = above.Period, above.From, above.To
	}
	if !wholePeriod(placed.Period, placed.From, placed.To, year) || placed.From < above.From || placed.To > above.To {
		return placed, budgetProblem("period_invalid", n)
	}
	if placed.Period == "month" && len(placed.Months) == 0 {
		placed.Months = make([]int, 12)
		placed.Months[MonthOf(placed.From)] = placed.Fen
	}
	return placed, checkNumbers(placed.BudgetNode)
}

// wholePeriod reports whether days are a year, a quarter or a month of a year.
func wholePeriod(period, from, to, year string) bool {
	months := budgetPeriods[period]
	if months == 0 || !domain.IsDay(from) || from[:4] != year || from[8:] != "01" || MonthOf(from)%months != 0 {
		return false
	}
	last := domain.Month(from)
	for range months {
		last = domain.NextMonth(last)
	}
	return to == domain.AddDays(last+"-01", -1)
}

// MonthOf is the month of a day or of a month (YYYY-MM), counted from 0.
func MonthOf(day string) int { return int(day[5]-'0')*10 + int(day[6]-'0') - 1 }

// checkNumbers judges the numbers of a node.
func checkNumbers(n BudgetNode) error {
	switch {
	case n.Fen < 0 || n.Fen > BudgetMost:
		return domain.Problem{Code: "budget.amount_invalid"}
	case n.Control.OverBP < 1 || n.Control.OverBP > BudgetOverMost:
		return domain.Problem{Code: "budget.over_invalid", Params: map[string]any{"least": 1, "most": BudgetOverMost}}
	case len(n.Months) != 0 && len(n.Months) != 12 || len(n.Months) == 0 && n.Control.Window != WindowYear:
		return budgetProblem("months_required", n)
	}
	last := 0
	for _, bp := range n.Alerts {
		if bp <= last || bp > BudgetOverMost {
			return domain.Problem{Code: "budget.alerts_invalid"}
		}
		last = bp
	}
	sum := 0
	for m, fen := range n.Months {
		if fen < 0 || fen > BudgetMost {
			return domain.Problem{Code: "budget.amount_invalid"}
		}
		if fen > 0 && (m < MonthOf(n.From) || m > MonthOf(n.To)) {
			return budgetProblem("period_invalid", n)
		}
		sum += fen
	}
	if len(n.Months) > 0 && sum != n.Fen {
		return budgetProblem("months_sum", n, "sum", sum, "amount", n.Fen)
	}
	return nil
}

// lost says why nodes hang on no root: above them is nothing, or themselves.
func lost(nodes []BudgetNode, placed []PlacedNode, byID map[string]bool) error {
	found := map[string]bool{}
	for _, n := range placed {
		found[n.ID] = true
	}
	for _, n := range nodes {
		if !found[n.ID] && !byID[n.Parent] {
			return budgetProblem("parent_invalid", n)
		}
	}
	at := slices.IndexFunc(nodes, func(n BudgetNode) bool { return !found[n.ID] })
	return budgetProblem("circle", nodes[at])
}

func budgetProblem(what string, n BudgetNode, params ...any) error {
	all := map[string]any{"name": n.Name, "node": n.ID}
	for i := 0; i < len(params); i += 2 {
		all[params[i].(string)] = params[i+1]
	}
	return domain.Problem{Code: "budget." + what, Params: all}
}

// Fit is how well a leaf fits an expense: the more of what the expense is it names, the
// better; -1 if it is for something else. categories are that of the expense, then
// those above it.
func (d BudgetDims) Fit(asked BudgetDims, categories []string) int {
	fit := 0
	if d.Category != "" {
		at := slices.Index(categories, d.Category)
		if at < 0 {
			return -1
		}
		fit += 16 - min(at, 15) // the nearest category
	}
	for _, part := range [][2]string{{d.Manager, asked.Manager}, {d.Rep, asked.Rep}, {d.Account, asked.Account}, {d.Activity, asked.Activity}} {
		if part[0] == "" {
			continue
		}
		if part[0] != part[1] {
			return -1
		}
		fit += 16
	}
	return fit
}

// Allocated are the entries of a leaf's amount: one for each of its months, or one of
// its first day.
func (n PlacedNode) Allocated(doc BudgetDoc) (out []BudgetEntry) {
	if len(n.Months) == 0 {
		return []BudgetEntry{{Node: n.ID, Kind: EntryAllocate, Fen: n.Fen, Day: n.From, Doc: doc}}
	}
	for m, fen := range n.Months {
		if fen > 0 {
			out = append(out, BudgetEntry{Node: n.ID, Kind: EntryAllocate, Fen: fen, Day: MonthDay(n.From[:4], m), Doc: doc})
		}
	}
	return out
}

// MonthDay is the first day of a month, counted from 0.
func MonthDay(year string, month int) string {
	return year + "-" + string([]byte{byte('0' + (month+1)/10), byte('0' + (month+1)%10)}) + "-01"
}
