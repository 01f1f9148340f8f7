package budgets_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// paper are the documents as somebody keeps them by hand, who knows nothing of entries.
type paper struct {
	claims []noted
	have   map[string][12]int // by leaf and month, with what was moved
}

type noted struct {
	id, state string // held, paid; others are over
	activity  string // draft, approved or closed, if it is one; else empty
	lines     []expense.BudgetCost
}

func (p paper) clone() paper {
	out := paper{claims: slices.Clone(p.claims), have: map[string][12]int{}}
	for leaf, months := range p.have {
		out.have[leaf] = months
	}
	return out
}

// history throws dice for a budget of its own.
type history struct {
	*desk
	dice   *rand.Rand
	leaves []string
	paper  paper
	kept   *keptCopy
	lost   []func() // what phones handed in since the copy was made
	back   int
	n      int
	wrong  string
}

// keptCopy is a backup, with what was known when it was made.
type keptCopy struct {
	file  string
	paper paper
	sent  map[string]int
}

// histories is how many there are at least; make money asks for thousands.
var histories = flag.Int("n", 0, "random histories of budgets")

var pushers = []string{"rep.chen", "rep.he", finance, director}

// begin writes a random budget over REST, and has it approved.
func begin(d *desk, seed uint64) *history {
	h := &history{desk: d, dice: rand.New(rand.NewPCG(seed, 25)), paper: paper{have: map[string][12]int{}}}
	d.clear()
	d.nodes = map[string]*core.Record{}
	d.draft("2026")
	d.leavesOf(h)
	d.agree()
	d.claims()
	d.planner()
	for _, who := range pushers {
		if d.phones[who] == nil {
			d.phones[who] = d.Phone(d.Token(who), who)
		}
	}
	return h
}

// leavesOf makes two managers' nodes and three leaves below them, under any control.
func (d *desk) leavesOf(h *history) {
	h.leaves = []string{"陈", "何", "徐"}
	above := map[string]string{"陈": "吴", "何": "吴", "徐": "部门"}
	sums := map[string][]int{}
	for _, name := range []string{"部门", "吴", "陈", "何", "徐"} {
		sums[name] = make([]int, 12)
	}
	for _, leaf := range h.leaves {
		var months [12]int
		for m := range 12 {
			months[m] = h.dice.IntN(80)
			for up := leaf; up != ""; up = map[string]string{"陈": "吴", "何": "吴", "徐": "部门", "吴": "部门"}[up] {
				sums[up][m] += months[m]
			}
		}
		h.paper.have[leaf] = months
	}
	for _, name := range []string{"部门", "吴", "徐", "陈", "何"} {
		total := 0
		for _, fen := range sums[name] {
			total += fen
		}
		more := map[string]any{
			"months": sums[name], "control": []string{"forbid", "forbid", "warn", "ignore"}[h.dice.IntN(4)],
			"over_bp": []int{10_000, 11_500}[h.dice.IntN(2)], "window": []string{"year", "cumulative", "month"}[h.dice.IntN(3)],
		}
		if who := map[string]string{"陈": "rep.chen", "何": "rep.he"}[name]; who != "" {
			more["rep"] = d.As(who).Id
		}
		up := above[name]
		if name == "吴" {
			up = "部门"
		}
		d.node(name, up, total, more)
	}
}

// under reports whether a leaf stands below a node, or is it.
func under(leaf, node string) bool {
	return leaf == node || node == "部门" || node == "吴" && (leaf == "陈" || leaf == "何")
}

// counted is what a node has, holds and spent by month, from the paper alone.
func (h *history) counted(node string) (have, held, spent [12]int) {
	for leaf, months := range h.paper.have {
		for m, fen := range months {
			if under(leaf, node) {
				have[m] += fen
			}
		}
	}
	for _, c := range h.paper.claims {
		for _, l := range c.lines {
			m := expense.MonthOf(l.Day)
			switch leaf := h.named(l.Node); {
			case !under(leaf, node):
			case c.state == "held":
				held[m] += l.Net + l.Tax
			case c.state == "paid":
				spent[m] += l.Net + l.Tax
			}
		}
	}
	return have, held, spent
}

func (h *history) named(id string) string {
	for name, row := range h.nodes {
		if row.Id == id {
			return name
		}
	}
	return ""
}

// left are what the windows of a node leave, by a naive hand.
func (h *history) left(node string) []int { return h.leftBy(node, h.nodes[node].GetInt("over_bp")) }

// leftBy are what they leave if so many basis points may be used.
func (h *history) leftBy(node string, over int) (out []int) {
	row := h.nodes[node]
	have, held, spent := h.counted(node)
	for last := range 12 {
		first := 0
		switch row.GetString("window") {
		case "month":
			first = last
		case "year":
			last = 11
		}
		sum, used := 0, 0
		for m := first; m <= last; m++ {
			sum += have[m]
			used += held[m] + spent[m]
		}
		out = append(out, sum*over/10_000-used)
	}
	return out
}

// would reports whether every node that forbids lets the paper become another, and if so
// makes it that.
func (h *history) would(next paper) bool {
	before := map[string][]int{}
	for name := range h.nodes {
		before[name] = h.left(name)
	}
	was := h.paper
	h.paper = next
	for name, row := range h.nodes {
		for i, now := range h.left(name) {
			if row.GetString("control") == "forbid" && now < 0 && now < before[name][i] {
				h.paper = was
				return false
			}
		}
	}
	return true
}

// push lets somebody's phone push a step; it is pushed again if the server goes back.
func (h *history) push(who, leaf string, s step, next func(paper) paper) {
	hand := func() {
		answer := said(h.t, h.phones[who].Push(map[string]any{"op": "action", "c": "budget_nodes", "r": h.nodes[leaf].Id, "action": "test", "args": s}))
		may := h.would(next(h.paper.clone()))
		if did := answer == "applied"; did != may || !did && !strings.HasPrefix(answer, "budget.insufficient") {
			h.wrong = fmt.Sprintf("%s %v: %s, where %t was right", s.What, s.Costs, answer, may)
		}
	}
	if h.kept != nil {
		h.lost = append(h.lost, hand)
	}
	hand()
	if h.dice.IntN(4) == 0 { // the answer is lost, and a copy of the same work comes by another way
		if again := said(h.t, h.phones[finance].Push(map[string]any{"op": "action", "c": "budget_nodes", "r": h.nodes[leaf].Id, "action": "test", "args": s})); again != "applied" && !strings.HasPrefix(again, "budget.") {
			h.wrong = again
		}
	}
}

// happen lets one thing happen.
func (h *history) happen() {
	h.t.Helper()
	switch what := h.dice.IntN(15); {
	case what >= 13:
		h.adjust()
	case what == 12:
		h.activity()
	case what < 5:
		h.n++
		c := noted{id: fmt.Sprint("c", h.n), state: "held"}
		for n := range 1 + h.dice.IntN(3) {
			line := h.cost(fmt.Sprint(n), h.leaves[h.dice.IntN(3)], h.dice.IntN(120))
			line.Tax, line.Day = h.dice.IntN(9), fmt.Sprintf("2026-%02d-10", 1+h.dice.IntN(12))
			c.lines = append(c.lines, line)
		}
		who := pushers[h.dice.IntN(2)]
		leaf := map[string]string{"rep.chen": "陈", "rep.he": "何"}[who]
		h.push(who, leaf, step{"hold", claim(c.id), c.lines}, func(p paper) paper {
			p.claims = append(slices.DeleteFunc(p.claims, func(o noted) bool { return o.id == c.id }), c)
			return p
		})
	case what < 10:
		open := slices.DeleteFunc(slices.Clone(h.paper.claims), func(c noted) bool { return c.state == "over" })
		if len(open) == 0 {
			return
		}
		if c := open[h.dice.IntN(len(open))]; c.activity == "" {
			h.end(c)
		} else {
			h.endActivity(c)
		}
	case what == 10:
		h.move()
	default:
		h.copyOrGoBack()
	}
}

// end gives a claim up, pays it, or takes what was paid back.
func (h *history) end(c noted) {
	become := func(state string, lines []expense.BudgetCost) func(paper) paper {
		return func(p paper) paper {
			for i := range p.claims {
				if p.claims[i].id == c.id {
					p.claims[i] = noted{id: c.id, state: state, lines: lines}
				}
			}
			return p
		}
	}
	switch {
	case c.state == "paid":
		h.push(finance, "徐", step{What: "take_back", Doc: claim(c.id)}, become("over", c.lines))
	case h.dice.IntN(2) == 0:
		h.push(finance, "徐", step{What: "give_up", Doc: claim(c.id)}, become("over", c.lines))
	default:
		lines := slices.Clone(c.lines)
		for i := range lines { // cut by finance
			lines[i].Net -= h.dice.IntN(lines[i].Net/2 + 1)
		}
		h.push(finance, "徐", step{"pay", claim(c.id), lines}, become("paid", lines))
	}
}

// move moves an amount from leaf to leaf.
func (h *history) move() {
	from, to, fen := h.leaves[h.dice.IntN(3)], h.leaves[h.dice.IntN(3)], 1+h.dice.IntN(50)
	m := h.dice.IntN(12)
	if from == to {
		return
	}
	h.n++
	doc := expense.BudgetDoc{Collection: "test_moves", ID: fmt.Sprint("m", h.n)}
	costs := []expense.BudgetCost{h.cost("from", from, -fen), h.cost("to", to, fen)}
	for i := range costs {
		costs[i].Day = expense.MonthDay("2026", m)
	}
	h.push(finance, "徐", step{"move", doc, costs}, func(p paper) paper {
		less, more := p.have[from], p.have[to]
		less[m] -= fen
		more[m] += fen
		p.have[from], p.have[to] = less, more
		return p
	})
}

// copyOrGoBack keeps a copy of the server, or puts the one that it has in its place:
// phones come late with what they had handed in since.
func (h *history) copyOrGoBack() {
	h.t.Helper()
	if h.kept == nil {
		h.kept = &keptCopy{file: h.Backup(), paper: h.paper.clone(), sent: map[string]int{}}
		for who, phone := range h.phones {
			h.kept.sent[who] = int(phone.Take(0)) - 1
		}
		return
	}
	now, kept, lost, opts := h.Clock.Now(), h.kept, h.lost, h.opts
	h.Desk = testapp.Open(h.t, append(slices.Clone(opts), testapp.FromBackup(kept.file))...)
	h.Clock.Set(now)
	h.claims()
	h.paper, h.kept, h.lost = kept.paper, nil, nil
	h.back++
	for who := range h.phones {
		h.phones[who] = h.Phone(h.Token(who), who)
		h.phones[who].Take(kept.sent[who])
	}
	for _, hand := range lost {
		hand()
	}
}

// recount compares the paper with nodes and balances, and those with the entries.
func (h *history) recount() string {
	h.t.Helper()
	if h.wrong != "" {
		return h.wrong
	}
	for name := range h.nodes {
		row := h.Fresh(h.nodes[name])
		have, held, spent := h.counted(name)
		var months []struct {
			Month     string `db:"month"`
			Allocated int    `db:"allocated_fen"`
			Reserved  int    `db:"reserved_fen"`
			Spent     int    `db:"spent_fen"`
		}
		if err := h.DB().NewQuery("SELECT month, allocated_fen, reserved_fen, spent_fen FROM budget_balances WHERE node = {:n}").Bind(dbx.Params{"n": row.Id}).All(&months); err != nil {
			h.t.Fatal(err)
		}
		var has [3][12]int
		for _, m := range months {
			i := expense.MonthOf(m.Month)
			has[0][i], has[1][i], has[2][i] = m.Allocated, m.Reserved, m.Spent
		}
		if has != [3][12]int{have, held, spent} {
			return fmt.Sprintf("%s has by month %v, not %v", name, has, [3][12]int{have, held, spent})
		}
		sum := func(months [12]int) (all int) {
			for _, fen := range months {
				all += fen
			}
			return all
		}
		free := h.left(name)[2] // of March
		if row.GetString("window") == "cumulative" {
			free = slices.Min(h.left(name)[2:])
		}
		want := fmt.Sprint(sum(have), sum(held), sum(spent), free)
		if got := h.sums(name); got != want {
			return fmt.Sprintf("%s has %s, not %s", name, got, want)
		}
	}
	h.Job("budgetBalances")
	if n := h.Bound.Budgets.Drift(); n != 0 {
		return fmt.Sprintf("%d nodes are not what their entries say", n)
	}
	return ""
}

// live lets n things happen to a budget; it says how often the server went back.
func live(d *desk, seed uint64, n int) (wrong string, back int) {
	h := begin(d, seed)
	for i := range n {
		before := h.back
		h.happen()
		if i == n-1 || h.wrong != "" || h.back > before {
			if wrong := h.recount(); wrong != "" {
				return fmt.Sprintf("seed %d, after %d, %d times back: %s", seed, i+1, h.back, wrong), h.back
			}
		}
	}
	return "", h.back
}

// policy: R7.2 budget-recount
//
// TestBudgetsEqualANaiveRecount over random histories through REST and pushes, in which
// the server goes back to copies of itself and phones come late.
func TestBudgetsEqualANaiveRecount(t *testing.T) {
	all, each := 0, effort.Times(4, 8)
	for first := 0; first < max(*histories, effort.Times(each, 300)); first += each {
		t.Run(fmt.Sprint("from ", first), func(t *testing.T) { // on a server of its own: one that went back often holds much
			d := open(t)
			for seed := range uint64(each) {
				wrong, back := live(d, uint64(first)+seed, 24)
				if wrong != "" {
					t.Fatal(wrong)
				}
				all += back
			}
		})
	}
	if all < 3 {
		t.Errorf("the server went back %d times", all)
	}
}

// TestPlantedBudgetFaultsAreNoticed by the same recount.
func TestPlantedBudgetFaultsAreNoticed(t *testing.T) {
	effort.Late(t)
	for _, planted := range []syncer.Planted{syncer.PlantReleaseLost, syncer.PlantReservedTwice, syncer.PlantAncestorSkipped, syncer.PlantBudgetByLine} {
		d := open(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = planted }))
		found := false
		for seed := uint64(0); seed < 30 && !found; seed++ {
			wrong, _ := live(d, seed, 24)
			found = wrong != ""
		}
		if !found {
			t.Errorf("nobody noticed: %s", planted)
		}
	}
}
