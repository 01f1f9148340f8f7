package sales

import "slices"

// TargetSale is what was sold in a month of a year, with whose it was then.
type TargetSale struct {
	Month                         int // from 1
	Owner, Manager, Dept, Account string
	Amount, Volume, Profit, New   int // fen, thousandths, fen, accounts
}

// TargetOf says of what a target is.
type TargetOf struct{ Level, Metric, Owner, Dept, Account string }

// TargetShare is what a target says of one month.
type TargetShare struct {
	Target  string `json:"target"`
	Version int    `json:"version"`
	Level   string `json:"level"`
	Owner   string `json:"owner"`
	Metric  string `json:"metric"`
	Value   int    `json:"value"`
}

// TargetSales are a year's sales by whose targets they count for: all of a
// department's for its own, of these a rep's and those to one of his accounts, and
// what a manager and his reps sold.
type TargetSales map[TargetOf][]TargetSale

// Add counts a sale for all whose it is.
func (s TargetSales) Add(sold TargetSale) {
	put := func(of TargetOf) {
		if s[of] == nil {
			s[of] = make([]TargetSale, 12)
		}
		sum := &s[of][sold.Month-1]
		sum.Amount += sold.Amount
		sum.Volume += sold.Volume
		sum.Profit += sold.Profit
		sum.New += sold.New
	}
	put(TargetOf{Level: TargetOfDept, Dept: sold.Dept})
	put(TargetOf{Level: TargetOfRep, Dept: sold.Dept, Owner: sold.Owner})
	put(TargetOf{Level: TargetOfAccount, Dept: sold.Dept, Owner: sold.Owner, Account: sold.Account})
	put(TargetOf{Level: TargetOfManager, Dept: sold.Dept, Owner: sold.Manager})
	if sold.Owner != sold.Manager {
		put(TargetOf{Level: TargetOfManager, Dept: sold.Dept, Owner: sold.Owner})
	}
}

// Reached are the months of what counts for a target.
func (s TargetSales) Reached(of TargetOf) []int {
	return s.months(of, func(m TargetSale) int {
		switch of.Metric {
		case "amount":
			return m.Amount
		case "volume":
			return m.Volume
		case "profit":
			return m.Profit
		case "new_ka":
			return m.New
		}
		return 0
	})
}

// Season are the months by which a target of the year after is spread: those of its
// metric, but of profit those of the amount, for a spread tells of its season.
func (s TargetSales) Season(of TargetOf) []int {
	if of.Metric == "profit" {
		of.Metric = "amount"
	}
	return s.Reached(of)
}

func (s TargetSales) months(of TargetOf, what func(TargetSale) int) []int {
	out := slices.Repeat([]int{0}, 12)
	of.Metric = ""
	if of.Level == TargetOfDept {
		of.Owner = ""
	}
	for m, sum := range s[of] {
		out[m] = what(sum)
	}
	return out
}
