package expense

import "satchel/domain"

// Kinds of entries. Amounts are above zero, but those of adjustments, which are signed.
const (
	EntryAllocate = "allocate" // what a node has by its approval
	EntryReserve  = "reserve"
	EntryRelease  = "release"
	EntrySpend    = "spend"
	EntryReverse  = "reverse" // of what was spent
	EntryAdjust   = "adjust"  // of what a node has
)

// BudgetDoc is a document that holds money.
type BudgetDoc struct{ Collection, ID string }

// BudgetEntry is what one line of a document did to a leaf.
type BudgetEntry struct {
	Node, Kind string
	Fen        int
	Day        string // of the expense; its month is the one in which windows count it
	Doc        BudgetDoc
	Line       string
	// Other is the document to which, or from which, a reservation went over.
	Other     BudgetDoc
	OtherLine string
}

// Sums are what an entry adds.
func (e BudgetEntry) Sums() BudgetSums {
	switch e.Kind {
	case EntryReserve:
		return BudgetSums{Reserved: e.Fen}
	case EntryRelease:
		return BudgetSums{Reserved: -e.Fen}
	case EntrySpend:
		return BudgetSums{Spent: e.Fen}
	case EntryReverse:
		return BudgetSums{Spent: -e.Fen}
	}
	return BudgetSums{Allocated: e.Fen}
}

// FoldBudget adds entries up by node: path gives a leaf and all above it.
func FoldBudget(entries []BudgetEntry, path func(leaf string) []string) map[string]BudgetMonths {
	out := map[string]BudgetMonths{}
	for _, e := range entries {
		for _, node := range path(e.Node) {
			months := out[node]
			months[MonthOf(e.Day)] = months[MonthOf(e.Day)].Add(e.Sums())
			out[node] = months
		}
	}
	return out
}

// BookedIn is the month in which an entry counts for reports: its day's, or today's if
// that one is frozen; it corrects the frozen one then.
func BookedIn(day, today string, frozen bool) (month, corrects string) {
	if frozen {
		return domain.Month(today), domain.Month(day)
	}
	return domain.Month(day), ""
}

// hold is what a line of a document has of a leaf.
type hold struct {
	Line, Node, Day string
	Reserved, Spent int
	drawn           []drawn // what came from elsewhere; below zero what went there
}

type drawn struct {
	doc  BudgetDoc
	line string
	fen  int
}

// holds adds up the entries of one document, in the order in which its lines came.
func holds(entries []BudgetEntry) (out []*hold) {
	type key struct{ line, node, day string }
	at := map[key]*hold{}
	for _, e := range entries {
		k := key{e.Line, e.Node, e.Day}
		h := at[k]
		if h == nil {
			h = &hold{Line: e.Line, Node: e.Node, Day: e.Day}
			at[k] = h
			out = append(out, h)
		}
		sums := e.Sums()
		h.Reserved += sums.Reserved
		h.Spent += sums.Spent
		if e.Other.ID != "" && sums.Reserved != 0 {
			h.draw(e.Other, e.OtherLine, sums.Reserved)
		}
	}
	return out
}

func (h *hold) draw(doc BudgetDoc, line string, fen int) {
	for i, d := range h.drawn {
		if d.doc == doc && d.line == line {
			h.drawn[i].fen += fen
			return
		}
	}
	h.drawn = append(h.drawn, drawn{doc, line, fen})
}

// lent is what others drew from a line and did not give back.
func (h *hold) lent() (fen int) {
	for _, d := range h.drawn {
		fen -= min(d.fen, 0)
	}
	return fen
}
