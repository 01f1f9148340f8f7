package expense

import (
	"satchel/domain"
)

// BudgetCost is what a line of a document is to cost, or did.
type BudgetCost struct {
	Line string // the line's own name in its document
	Node string // a leaf
	Day  string // of the expense
	Net  int
	Tax  int
	From BudgetDoc // whose reservation of the leaf is drawn down first; none if empty
}

// BudgetWarning is a node that a step leaves short and that only warns. Node and amounts
// are told to who sees the node; Level, counted from the top, to everybody.
type BudgetWarning struct {
	Level int    `json:"level"`
	Node  string `json:"node,omitzero"`
	Free  int    `json:"free_fen,omitzero"`
	Asked int    `json:"asked_fen,omitzero"`
}

// BudgetAsk is one line that wants money of a leaf, net or with its tax.
type BudgetAsk struct {
	Line, Node, Day string
	Fen             int
	// From is a document whose reservation of the same leaf is drawn down first.
	From BudgetDoc
}

// BudgetStep plans the entries of one step of a document, out of what all documents
// that it touches wrote so far.
type BudgetStep struct {
	Doc     BudgetDoc
	Entries map[BudgetDoc][]BudgetEntry
	// Open reports whether a document may hold money still.
	Open func(BudgetDoc) bool
	// Lapse keeps what was drawn from going back: others took its room meanwhile.
	Lapse bool

	out  []BudgetEntry
	held map[BudgetDoc][]*hold
}

// CheckBudgetAsks judges what lines want: budget.amount_invalid.
func CheckBudgetAsks(asks []BudgetAsk) error {
	sum := 0
	for _, a := range asks {
		if a.Fen < 0 || a.Fen > BudgetMost || !domain.IsDay(a.Day) {
			return domain.Problem{Code: "budget.amount_invalid"}
		}
		if sum += a.Fen; sum > BudgetMost {
			return domain.Problem{Code: "budget.amount_invalid"}
		}
	}
	return nil
}

// Reserve makes the document hold what its lines ask for, in place of what it held;
// nothing if it holds that already. What others drew from it counts as held. Problem
// budget.already_spent.
func (s *BudgetStep) Reserve(asks []BudgetAsk) ([]BudgetEntry, error) {
	mine := holds(s.Entries[s.Doc])
	if spent(mine) {
		return nil, domain.Problem{Code: "budget.already_spent"}
	}
	if equal(mine, asks, func(h *hold) int { return h.Reserved + h.lent() }) {
		return nil, nil
	}
	lent := map[[2]string]int{}
	for _, h := range mine {
		lent[[2]string{h.Line, h.Node}] += h.lent()
	}
	s.release(mine, nil)
	for _, a := range asks {
		gone := min(a.Fen, lent[[2]string{a.Line, a.Node}])
		lent[[2]string{a.Line, a.Node}] -= gone
		a.Fen -= gone
		drew := s.draw(a, a.Fen, func(line string, fen int) { s.write(a, EntryReserve, fen, a.From, line) })
		s.write(a, EntryReserve, a.Fen-drew, BudgetDoc{}, "")
	}
	return s.out, nil
}

// Release gives up what the document holds. What it drew goes back to whose it was, if
// that is open.
func (s *BudgetStep) Release() []BudgetEntry {
	s.release(holds(s.Entries[s.Doc]), nil)
	return s.out
}

// Spend turns what the document holds into what its lines cost; the rest is released.
// Nothing if that is spent already. Problem budget.already_spent.
func (s *BudgetStep) Spend(asks []BudgetAsk) ([]BudgetEntry, error) {
	mine := holds(s.Entries[s.Doc])
	if spent(mine) {
		if equal(mine, asks, func(h *hold) int { return h.Spent }) {
			return nil, nil
		}
		return nil, domain.Problem{Code: "budget.already_spent"}
	}
	cost, held := map[[2]string]int{}, map[[2]string]int{}
	for _, a := range asks {
		cost[[2]string{a.Line, a.Node}] += a.Fen
	}
	for _, h := range mine {
		held[[2]string{h.Line, h.Node}] += h.Reserved
	}
	s.release(mine, cost)
	for _, a := range asks {
		k := [2]string{a.Line, a.Node}
		covered := min(a.Fen, held[k])
		held[k] -= covered
		s.draw(a, a.Fen-covered, func(string, int) {})
		s.write(a, EntrySpend, a.Fen, BudgetDoc{}, "")
	}
	return s.out, nil
}

// Reverse takes back what the document spent.
func (s *BudgetStep) Reverse() []BudgetEntry {
	for _, h := range holds(s.Entries[s.Doc]) {
		s.write(BudgetAsk{Line: h.Line, Node: h.Node, Day: h.Day}, EntryReverse, h.Spent, BudgetDoc{}, "")
	}
	return s.out
}

// release gives up holds. Of what was drawn, what is not spent goes back.
func (s *BudgetStep) release(mine []*hold, cost map[[2]string]int) {
	for _, h := range mine {
		of, k := BudgetAsk{Line: h.Line, Node: h.Node, Day: h.Day}, [2]string{h.Line, h.Node}
		left := h.Reserved
		for _, d := range h.drawn {
			fen := min(d.fen, left)
			if fen <= 0 { // lent, or gone on
				continue
			}
			s.write(of, EntryRelease, fen, d.doc, d.line)
			left -= fen
			if used := min(fen, cost[k]); used > 0 {
				cost[k] -= used
				fen -= used
			}
			s.giveBack(h, d, fen)
		}
		s.write(of, EntryRelease, left, BudgetDoc{}, "")
		h.Reserved, h.drawn = 0, nil
	}
}

// giveBack lets a document hold again what was drawn from it, unless it is over.
func (s *BudgetStep) giveBack(h *hold, d drawn, fen int) {
	if fen == 0 || s.Lapse || !s.Open(d.doc) {
		return
	}
	for _, theirs := range s.of(d.doc) {
		if theirs.Line == d.line && theirs.Node == h.Node {
			theirs.Reserved += fen
			s.out = append(s.out, BudgetEntry{
				Node: h.Node, Kind: EntryReserve, Fen: fen, Day: theirs.Day, Doc: d.doc, Line: d.line, Other: s.Doc, OtherLine: h.Line,
			})
			return
		}
	}
}

// draw takes up to so much of what the line's other document holds of the leaf; took is
// told of each part. It returns how much that came to.
func (s *BudgetStep) draw(a BudgetAsk, want int, took func(line string, fen int)) (all int) {
	if a.From.ID == "" {
		return 0
	}
	for _, h := range s.of(a.From) {
		fen := min(h.Reserved, want-all)
		if h.Node != a.Node || fen <= 0 {
			continue
		}
		h.Reserved -= fen
		all += fen
		s.out = append(s.out, BudgetEntry{
			Node: h.Node, Kind: EntryRelease, Fen: fen, Day: h.Day, Doc: a.From, Line: h.Line, Other: s.Doc, OtherLine: a.Line,
		})
		took(h.Line, fen)
	}
	return all
}

// of are the holds of another document, as the step leaves them so far.
func (s *BudgetStep) of(doc BudgetDoc) []*hold {
	if s.held == nil {
		s.held = map[BudgetDoc][]*hold{}
	}
	if _, read := s.held[doc]; !read {
		s.held[doc] = holds(s.Entries[doc])
	}
	return s.held[doc]
}

// write adds an entry of a line of the step's own document; none of nothing.
func (s *BudgetStep) write(a BudgetAsk, kind string, fen int, other BudgetDoc, line string) {
	if fen == 0 {
		return
	}
	s.out = append(s.out, BudgetEntry{Node: a.Node, Kind: kind, Fen: fen, Day: a.Day, Doc: s.Doc, Line: a.Line, Other: other, OtherLine: line})
}

// spent reports whether anything stays spent.
func spent(mine []*hold) bool {
	for _, h := range mine {
		if h.Spent != 0 {
			return true
		}
	}
	return false
}

// equal reports whether holds have what lines ask for, each to the fen.
func equal(mine []*hold, asks []BudgetAsk, has func(*hold) int) bool {
	type key struct{ line, node, day string }
	left := map[key]int{}
	for _, a := range asks {
		left[key{a.Line, a.Node, a.Day}] += a.Fen
	}
	for _, h := range mine {
		left[key{h.Line, h.Node, h.Day}] -= has(h)
	}
	for _, fen := range left {
		if fen != 0 {
			return false
		}
	}
	return true
}
