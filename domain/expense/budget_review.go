package expense

import (
	"strings"

	"satchel/domain"
)

// States of a review.
const (
	ReviewOpen = "open"
	ReviewDone = "done" // cause and action are given
)

// ReviewState is the state of a review that says so much.
func ReviewState(cause, action string) string {
	if strings.TrimSpace(cause) == "" || strings.TrimSpace(action) == "" {
		return ReviewOpen
	}
	return ReviewDone
}

// PlannedMonths are what a node has for each month of its year: what is allocated by
// months as it is, else even over its days' months, exact to the fen.
func PlannedMonths(from, to string, byMonth bool, m BudgetMonths) (out [12]int) {
	if byMonth {
		for i, sums := range m {
			out[i] = sums.Allocated
		}
		return out
	}
	all, first, last := m.Total().Allocated, MonthOf(from), MonthOf(to)
	n := last - first + 1
	for i := range n {
		out[first+i] = all*(i+1)/n - all*i/n
	}
	return out
}

// Variance is how far a month went from its plan, above zero where more was spent: in
// fen, and in basis points of the plan; of a plan of nothing, the greatest there is.
func Variance(planned, spent int) (fen, bp int) {
	fen = spent - planned
	switch {
	case fen == 0:
		return 0, 0
	case planned == 0:
		return fen, BudgetOverMost
	case fen > planned*(BudgetOverMost/wholeBP):
		return fen, BudgetOverMost
	}
	return fen, fen * wholeBP / planned
}

// Forecast is what a node will have spent by the end of its days: what it spent up to a
// month, the mean of those months for each that is left, and no less than what is
// spent and reserved by then. Months are counted from 0.
func Forecast(from, to string, m BudgetMonths, month int) int {
	first, last := MonthOf(from), MonthOf(to)
	spent := 0
	for i := range min(month, 11) + 1 {
		spent += m[i].Spent
	}
	at, ahead := spent, 0
	if elapsed := min(month, last) - first + 1; elapsed > 0 {
		left := last - min(month, last)
		at += spent / elapsed * left
	}
	for _, sums := range m {
		ahead += sums.Used()
	}
	return max(at, ahead)
}

// AlertDue is the highest share, in basis points of its amount, that a node has come
// to and nobody was told of yet.
func AlertDue(alerts []int, s BudgetSums, told int) (bp int, due bool) {
	for _, share := range alerts {
		if share > told && s.Used() > 0 && s.Used()*wholeBP >= s.Allocated*share {
			bp, due = share, true
		}
	}
	return bp, due
}

// ReviewDue is the day by which a month is to be explained.
func ReviewDue(month string, days int) string {
	return domain.AddDays(domain.NextMonth(month)+"-01", days)
}

// Ratio is a budget over the sales that it is to bring, in basis points; 0 without any.
func Ratio(fen, sales int) int {
	if sales <= 0 || fen <= 0 {
		return 0
	}
	return min(fen, BudgetMost) * wholeBP / sales
}
