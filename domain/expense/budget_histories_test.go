package expense

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"satchel/internal/effort"
)

// Faults of a book, for tests of the tests.
const (
	faultLost     = "release lost"
	faultTwice    = "reservation twice on replay"
	faultAncestor = "ancestor not checked"
	faultLine     = "per line in place of the sum"
)

// book is a ledger in memory: nodes, entries and balances.
type book struct {
	fault   string
	nodes   map[string]KeptNode
	entries map[BudgetDoc][]BudgetEntry
	over    map[BudgetDoc]bool
}

func (b *book) step(doc BudgetDoc) *BudgetStep {
	s := &BudgetStep{Doc: doc, Entries: b.entries, Open: func(d BudgetDoc) bool { return !b.over[d] }}
	if b.fault == faultTwice {
		s.Entries = map[BudgetDoc][]BudgetEntry{}
	}
	return s
}

// take books entries if the controls let them: whether they did.
func (b *book) take(entries []BudgetEntry) bool {
	checked := [][]BudgetEntry{entries}
	if b.fault == faultLine {
		checked = nil
		for _, e := range entries {
			checked = append(checked, []BudgetEntry{e})
		}
	}
	for _, part := range checked {
		forbid, _ := BudgetShort(part, func(id string) KeptNode {
			n := b.nodes[id]
			if b.fault == faultAncestor {
				n.Path = n.Path[:1]
			}
			return n
		})
		if len(forbid) > 0 {
			return false
		}
	}
	for _, e := range entries {
		if b.fault == faultLost && e.Kind == EntryRelease {
			continue
		}
		b.entries[e.Doc] = append(b.entries[e.Doc], e)
		for _, id := range b.nodes[e.Node].Path {
			n := b.nodes[id]
			n.Months[MonthOf(e.Day)] = n.Months[MonthOf(e.Day)].Add(e.Sums())
			b.nodes[id] = n
		}
	}
	return true
}

// paper are the documents as somebody keeps them who knows nothing of entries.
type paper struct {
	doc   BudgetDoc
	lines []*paperLine
	state string // draft, holds, paid, reversed, over
}

type paperLine struct {
	id, leaf, day string
	fen           int // asked for; of an activity, planned
	from          *paper
	drawn         []part // of from's lines
	lent          int    // to others
}

type part struct {
	of  *paperLine
	fen int
}

// history throws dice.
type history struct {
	dice      *rand.Rand
	book      *book
	allocated map[string]*BudgetMonths // by leaf, with what was moved
	papers    []*paper
}

var historyTree = map[string][]string{
	"r": {"r"}, "a": {"a", "r"}, "b": {"b", "r"},
	"a1": {"a1", "a", "r"}, "a2": {"a2", "a", "r"}, "b1": {"b1", "b", "r"}, "b2": {"b2", "b", "r"},
}

var historyLeaves = []string{"a1", "a2", "b1", "b2"}

func newHistory(seed uint64, fault string) *history {
	h := &history{
		dice: rand.New(rand.NewPCG(seed, 25)), allocated: map[string]*BudgetMonths{},
		book: &book{fault: fault, nodes: map[string]KeptNode{}, entries: map[BudgetDoc][]BudgetEntry{}, over: map[BudgetDoc]bool{}},
	}
	for id, path := range historyTree {
		n := KeptNode{Path: path, Control: BudgetControl{
			Control: []string{ControlForbid, ControlForbid, ControlWarn, ControlIgnore}[h.dice.IntN(4)],
			OverBP:  []int{10_000, 11_000, 9_000}[h.dice.IntN(3)], Window: []string{WindowYear, WindowCumulative, WindowMonth}[h.dice.IntN(3)],
		}}
		h.book.nodes[id] = n
	}
	for _, leaf := range historyLeaves {
		h.allocated[leaf] = &BudgetMonths{}
		for m := range 12 {
			fen := h.dice.IntN(60)
			h.allocated[leaf][m].Allocated = fen
			h.book.take([]BudgetEntry{{Node: leaf, Kind: EntryAllocate, Fen: fen, Day: dayOf(m)}})
		}
	}
	return h
}

func dayOf(month int) string { return fmt.Sprintf("2026-%02d-15", month+1) }

// counted is what a node has by month, from the papers alone.
func (h *history) counted(id string) (out BudgetMonths) {
	under := func(leaf string) bool { return slices.Contains(historyTree[leaf], id) }
	for leaf, months := range h.allocated {
		if under(leaf) {
			out = out.Add(*months)
		}
	}
	for _, p := range h.papers {
		for _, l := range p.lines {
			if !under(l.leaf) {
				continue
			}
			switch m := MonthOf(l.day); p.state {
			case "holds":
				out[m].Reserved += l.fen - l.lent
			case "paid":
				out[m].Spent += l.fen
			}
		}
	}
	return out
}

// left are what each window of a node has, by a naive hand.
func left(c BudgetControl, m BudgetMonths) (out []int) {
	for last := range 12 {
		first := 0
		switch c.Window {
		case WindowMonth:
			first = last
		case WindowYear:
			last = 11
		}
		have, used := 0, 0
		for i := first; i <= last; i++ {
			have += m[i].Allocated
			used += m[i].Reserved + m[i].Spent
		}
		out = append(out, have*c.OverBP/10_000-used)
	}
	return out
}

// would reports whether every control lets a change of the papers through; the change
// stands if so.
func (h *history) would(change func() (undo func())) bool {
	before := map[string]BudgetMonths{}
	for id := range historyTree {
		before[id] = h.counted(id)
	}
	undo := change()
	for id := range historyTree {
		c := h.book.nodes[id].Control
		was, now := left(c, before[id]), left(c, h.counted(id))
		for i := range now {
			if c.Control == ControlForbid && now[i] < 0 && now[i] < was[i] {
				undo()
				return false
			}
		}
	}
	return true
}

// hold lets a paper hold its lines: activities' reservations are drawn first.
func (p *paper) hold() (undo func()) {
	p.state = "holds"
	for _, l := range p.lines {
		if l.from == nil || l.from.state != "holds" {
			continue
		}
		want := l.fen
		for _, theirs := range l.from.lines {
			if fen := min(theirs.fen-theirs.lent, want); theirs.leaf == l.leaf && fen > 0 {
				theirs.lent += fen
				want -= fen
				l.drawn = append(l.drawn, part{theirs, fen})
			}
		}
	}
	return func() { p.giveUp("draft") }
}

// giveUp returns what was drawn, beyond what a line did cost.
func (p *paper) giveUp(state string) {
	p.state = state
	for _, l := range p.lines {
		used := 0
		if state == "paid" {
			used = l.fen
		}
		for _, d := range l.drawn {
			kept := min(used, d.fen)
			used -= kept
			d.of.lent -= d.fen - kept
		}
		l.drawn = nil
	}
}

func (p *paper) asks() (out []BudgetAsk) {
	for _, l := range p.lines {
		a := BudgetAsk{Line: l.id, Node: l.leaf, Day: l.day, Fen: l.fen}
		if l.from != nil {
			a.From = l.from.doc
		}
		out = append(out, a)
	}
	return out
}

// write makes a draft of some lines; of those of a claim some name an activity.
func (h *history) write() {
	p := &paper{doc: BudgetDoc{[]string{"claims", "activities"}[h.dice.IntN(2)], fmt.Sprint(len(h.papers))}, state: "draft"}
	month := h.dice.IntN(12)
	for n := range 1 + h.dice.IntN(3) {
		l := &paperLine{id: fmt.Sprint(n), leaf: historyLeaves[h.dice.IntN(4)], fen: h.dice.IntN(90), day: dayOf(month)}
		if h.dice.IntN(3) == 0 {
			l.day = dayOf(h.dice.IntN(12))
		}
		if p.doc.Collection == "claims" && len(h.papers) > 0 {
			if of := h.papers[h.dice.IntN(len(h.papers))]; of.doc.Collection == "activities" && of.state == "holds" {
				l.from, l.leaf = of, of.lines[h.dice.IntN(len(of.lines))].leaf
			}
		}
		p.lines = append(p.lines, l)
	}
	h.papers = append(h.papers, p)
}

// happen lets one thing happen, and says what went wrong.
func (h *history) happen() string {
	if len(h.papers) == 0 || h.dice.IntN(4) == 0 {
		h.write()
	}
	p := h.papers[h.dice.IntN(len(h.papers))]
	step := h.book.step(p.doc)
	switch what := h.dice.IntN(10); {
	case p.state == "draft" && what < 7, p.state == "holds" && what == 0: // handed in, or pushed again
		entries, err := step.Reserve(p.asks())
		if err != nil {
			return err.Error()
		}
		if again := p.state == "holds"; again {
			if len(entries) > 0 {
				return fmt.Sprintf("a replay writes %v", entries)
			}
			return ""
		}
		if may, did := h.would(p.hold), h.book.take(entries); may != did {
			return fmt.Sprintf("a reservation of %v: %t, not %t", p.asks(), did, may)
		}
	case p.state == "holds" && what < 4:
		entries := step.Release()
		h.book.over[p.doc] = p.doc.Collection == "activities"
		if !h.book.take(entries) { // its months were taken meanwhile
			return h.lapse(p)
		}
		p.giveUp("over")
	case p.state == "holds" && what < 7 && p.doc.Collection == "claims":
		for _, l := range p.lines { // cut by finance
			l.fen -= h.dice.IntN(l.fen/2 + 1)
		}
		entries, err := step.Spend(p.asks())
		if err != nil {
			return err.Error()
		}
		if !h.book.take(entries) {
			return h.lapse(p)
		}
		p.giveUp("paid")
	case p.state == "paid" && what < 3:
		if !h.book.take(step.Reverse()) {
			return "what was reversed does not fit"
		}
		p.state = "reversed"
	case what == 9:
		return h.move()
	}
	return ""
}

// lapse ends a paper whose drawn part finds no room where it came from.
func (h *history) lapse(p *paper) string {
	step := h.book.step(p.doc)
	step.Lapse = true
	h.book.take(step.Release())
	p.state = "over"
	for _, l := range p.lines {
		l.drawn = nil
	}
	return ""
}

// move moves an amount from leaf to leaf, as an adjustment does.
func (h *history) move() string {
	from, to, m, fen := historyLeaves[h.dice.IntN(4)], historyLeaves[h.dice.IntN(4)], h.dice.IntN(12), 1+h.dice.IntN(40)
	if from == to {
		return ""
	}
	entries := []BudgetEntry{{Node: from, Kind: EntryAdjust, Fen: -fen, Day: dayOf(m)}, {Node: to, Kind: EntryAdjust, Fen: fen, Day: dayOf(m)}}
	may := h.would(func() func() {
		h.allocated[from][m].Allocated -= fen
		h.allocated[to][m].Allocated += fen
		return func() {
			h.allocated[from][m].Allocated += fen
			h.allocated[to][m].Allocated -= fen
		}
	})
	if did := h.book.take(entries); may != did {
		return fmt.Sprintf("a transfer of %d from %s to %s: %t, not %t", fen, from, to, did, may)
	}
	return ""
}

// recount compares the papers with balances, and those with the entries.
func (h *history) recount() string {
	var all []BudgetEntry
	for _, entries := range h.book.entries {
		all = append(all, entries...)
	}
	fold := FoldBudget(all, func(leaf string) []string { return historyTree[leaf] })
	for id, n := range h.book.nodes {
		if want := h.counted(id); n.Months != want {
			return fmt.Sprintf("%s has %v, not %v", id, n.Months, want)
		}
		if fold[id] != n.Months {
			return fmt.Sprintf("%s has %v, its entries say %v", id, n.Months, fold[id])
		}
		if n.Control.Control == ControlForbid {
			for _, free := range left(n.Control, n.Months) {
				if free < 0 {
					return fmt.Sprintf("%s is below its allowance by %d", id, -free)
				}
			}
		}
	}
	return ""
}

func lived(seed uint64, fault string) string {
	h := newHistory(seed, fault)
	for n := range 24 {
		if wrong := h.happen(); wrong != "" {
			return fmt.Sprintf("seed %d, after %d: %s", seed, n+1, wrong)
		}
	}
	if wrong := h.recount(); wrong != "" {
		return fmt.Sprintf("seed %d: %s", seed, wrong)
	}
	return ""
}

// policy: R7.2 budget-ledger
//
// TestMoneyNeverDrifts over random histories of activities, claims that draw them down,
// and transfers: what is reserved and spent is what the documents say, to the fen, and
// no node goes below what its control allows.
func TestMoneyNeverDrifts(t *testing.T) {
	for seed := range uint64(effort.Times(400, 100_000)) {
		if wrong := lived(seed, ""); wrong != "" {
			t.Fatal(wrong)
		}
	}
}

// TestPlantedBudgetFaultsAreNoticed by the same histories.
func TestPlantedBudgetFaultsAreNoticed(t *testing.T) {
	for _, fault := range []string{faultLost, faultTwice, faultAncestor, faultLine} {
		noticed := false
		for seed := range uint64(300) {
			noticed = noticed || lived(seed, fault) != ""
		}
		if !noticed {
			t.Errorf("nobody noticed: %s", fault)
		}
	}
}
