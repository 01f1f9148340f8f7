package expense

// BudgetHeld is what a line of a document holds of a leaf, and what others drew of it.
type BudgetHeld struct {
	Line, Node, Day string
	Reserved, Drawn int
}

// Owed is how much of what is held a line still needs that did cost so much.
func (h BudgetHeld) Owed(cost int) int { return max(0, min(h.Reserved, cost-h.Drawn)) }

// BudgetLent is what others drew of a document's lines on their leaves, by line and leaf,
// and did not give back.
func BudgetLent(entries []BudgetEntry) map[[2]string]int {
	out := map[[2]string]int{}
	for _, h := range holds(entries) {
		out[[2]string{h.Line, h.Node}] += h.lent()
	}
	return out
}

// BudgetHolds adds up what a document holds by its entries, those lines alone of which
// something is held.
func BudgetHolds(entries []BudgetEntry) (out []BudgetHeld) {
	for _, h := range holds(entries) {
		if h.Reserved <= 0 {
			continue
		}
		held := BudgetHeld{Line: h.Line, Node: h.Node, Day: h.Day, Reserved: h.Reserved}
		for _, d := range h.drawn {
			held.Drawn -= d.fen // what was drawn from it went away
		}
		out = append(out, held)
	}
	return out
}
