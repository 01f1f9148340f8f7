package budgets

import (
	"context"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// Reserve makes a document hold what its lines are to cost, all of it or nothing, in
// place of what it held; done again it changes nothing. What a line names another
// document for is drawn from that one's reservation first. It answers what only warns.
//
// Refusals: budget.insufficient (node, free_fen, asked_fen) at a node that the actor
// sees, budget.insufficient_above (level) at any other, budget.not_active,
// budget.closed, budget.year, budget.day, budget.node_gone, budget.not_leaf,
// budget.amount_invalid, budget.already_spent.
func (b *Book) Reserve(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost) ([]expense.BudgetWarning, error) {
	return b.ask(ctx, tx, doc, costs, asked{what: expense.BudgetReserves, at: b.Now()})
}

// ReserveOver holds what was approved beyond what is free, and after its budget closed:
// nodes that forbid it warn.
func (b *Book) ReserveOver(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost) ([]expense.BudgetWarning, error) {
	return b.ask(ctx, tx, doc, costs, asked{what: expense.BudgetReserves, at: b.Now(), over: true, late: true})
}

// Spend turns what a document holds into what its lines did cost, paid at a moment; the
// rest of what it held is released. What it costs beyond that is asked for as by Reserve.
func (b *Book) Spend(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost, at time.Time) ([]expense.BudgetWarning, error) {
	return b.ask(ctx, tx, doc, costs, asked{what: expense.BudgetSpends, at: at})
}

// SpendHeld is Spend for money that has moved already: a budget that closed meanwhile bears
// what was held of it.
func (b *Book) SpendHeld(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost, at time.Time) ([]expense.BudgetWarning, error) {
	return b.ask(ctx, tx, doc, costs, asked{what: expense.BudgetSpends, at: at, late: true})
}

// Release gives up what a document still holds. What it drew goes back to whose it was,
// if that may hold money and its months have room.
func (b *Book) Release(ctx context.Context, tx core.App, doc expense.BudgetDoc) error {
	if b.Planted == syncer.PlantReleaseLost {
		return nil
	}
	k, err := b.read(tx, doc, nil)
	if err != nil {
		return err
	}
	entries := k.step(false).Release()
	if forbid, _ := expense.BudgetShort(entries, k.node); len(forbid) > 0 {
		entries = k.step(true).Release()
	}
	return b.write(ctx, tx, k, entries, b.Now(), "")
}

// Reverse takes back what a document spent, and says why.
func (b *Book) Reverse(ctx context.Context, tx core.App, doc expense.BudgetDoc, why string) error {
	k, err := b.read(tx, doc, nil)
	if err != nil {
		return err
	}
	return b.write(ctx, tx, k, k.step(false).Reverse(), b.Now(), why)
}

// Adjust books signed amounts of leaves, for a document that changes what they have; a
// leaf, or a node above it, that would be left short forbids it.
func (b *Book) Adjust(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost, why string) error {
	entries := make([]expense.BudgetEntry, len(costs))
	for i, c := range costs {
		entries[i] = expense.BudgetEntry{Node: c.Node, Kind: expense.EntryAdjust, Fen: c.Net, Day: c.Day, Doc: doc, Line: c.Line}
	}
	k, err := b.read(tx, doc, costs)
	if err != nil {
		return err
	}
	for _, c := range costs {
		if err := k.takes(c, expense.BudgetReserves, domain.BusinessDay(b.Now())); err != nil {
			return err
		}
	}
	if done := len(k.entries[doc]) > 0; done {
		return nil
	}
	if err := expense.CheckBudgetBounds(entries, k.node); err != nil {
		return gate.WrapError(err)
	}
	if forbid, _ := expense.BudgetShort(entries, k.node); len(forbid) > 0 {
		return k.refuse(ctx, forbid[0])
	}
	return b.write(ctx, tx, k, entries, b.Now(), why)
}

// asked is how money is wanted: over what is free, late of a budget that closed.
type asked struct {
	what       string
	at         time.Time
	over, late bool
}

// ask plans a step that wants money, checks it, and books it.
func (b *Book) ask(ctx context.Context, tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost, as asked) ([]expense.BudgetWarning, error) {
	k, err := b.read(tx, doc, costs)
	if err != nil {
		return nil, err
	}
	asks := make([]expense.BudgetAsk, len(costs))
	for i, c := range costs {
		asks[i] = expense.BudgetAsk{Line: c.Line, Node: c.Node, Day: c.Day, Fen: c.Net, From: c.From}
		if n, found := k.nodes[c.Node]; found && n.gross {
			asks[i].Fen += c.Tax
		}
		if c.Net < 0 || c.Tax < 0 {
			return nil, gate.Refuse("budget.amount_invalid")
		}
	}
	if err := expense.CheckBudgetAsks(asks); err != nil {
		return nil, gate.WrapError(err)
	}
	plan := func(lapse bool) ([]expense.BudgetEntry, error) {
		step := k.step(lapse)
		if as.what == expense.BudgetSpends {
			return step.Spend(asks)
		}
		return step.Reserve(asks)
	}
	entries, err := plan(false)
	if err != nil || len(entries) == 0 {
		return nil, gate.WrapError(err)
	}
	for _, c := range costs {
		err := k.takes(c, as.what, domain.BusinessDay(as.at))
		spared := as.late && domain.CodeOf(err) == "budget.closed" && (as.over || takesNoMore(entries, c.Node))
		if err != nil && !spared {
			return nil, err
		}
	}
	if err := expense.CheckBudgetBounds(entries, k.node); err != nil {
		return nil, gate.WrapError(err)
	}
	forbid, warn := b.short(entries, k)
	if len(forbid) > 0 {
		if lapsed, err := plan(true); err == nil {
			if still, _ := b.short(lapsed, k); len(still) == 0 {
				entries, forbid = lapsed, nil
			}
		}
	}
	if len(forbid) > 0 && !as.over {
		return nil, k.refuse(ctx, forbid[0])
	}
	var out []expense.BudgetWarning
	for _, w := range append(forbid, warn...) {
		out = append(out, k.warning(ctx, w))
	}
	return out, b.write(ctx, tx, k, entries, as.at, "")
}

// takesNoMore reports whether entries leave a leaf with no more used than before.
func takesNoMore(entries []expense.BudgetEntry, leaf string) bool {
	used := 0
	for _, e := range entries {
		if e.Node == leaf {
			used += e.Sums().Used()
		}
	}
	return used <= 0
}

// short finds the nodes that entries leave short, as a planted fault would.
func (b *Book) short(entries []expense.BudgetEntry, k *kept) (forbid, warn []expense.Shortage) {
	node := k.node
	parts := [][]expense.BudgetEntry{entries}
	if b.Planted == syncer.PlantAncestorSkipped {
		node = func(id string) expense.KeptNode {
			n := k.node(id)
			n.Path = n.Path[:1]
			return n
		}
	}
	if b.Planted == syncer.PlantBudgetByLine {
		parts = slices.Collect(slices.Chunk(entries, 1))
	}
	for _, part := range parts {
		f, w := expense.BudgetShort(part, node)
		forbid, warn = append(forbid, f...), append(warn, w...)
	}
	return forbid, warn
}

// takes judges whether a node takes an expense of a day.
func (k *kept) takes(c expense.BudgetCost, what, today string) error {
	n, found := k.nodes[c.Node]
	if !found {
		return gate.Refuse("budget.node_gone")
	}
	if err := expense.CheckBudgetOpen(n.State, n.Year, n.FreezeUntil, what, c.Day, today); err != nil {
		return gate.WrapError(err)
	}
	switch {
	case !n.Leaf:
		return gate.Refuse("budget.not_leaf")
	case c.Day < n.From || c.Day > n.To:
		return gate.Refuse("budget.day", "from", n.From, "to", n.To)
	}
	return nil
}

// sees reports whether the actor may see the numbers of a node; our own code may.
func (n *keptNode) sees(ctx context.Context) bool {
	user := gate.Of(ctx).User
	if user == nil {
		return true
	}
	switch records.Users.Of(user).Role() {
	case "finance", "executive", "auditor", "admin":
		return true
	}
	return gate.Heads(user, n.Dept) || slices.Contains(n.viewers, user.Id)
}

// refuse says which node is short, to who sees it; to others at which level.
func (k *kept) refuse(ctx context.Context, s expense.Shortage) error {
	n := k.nodes[s.Node]
	if !n.sees(ctx) {
		return gate.Refuse("budget.insufficient_above", "level", len(n.path))
	}
	return gate.Refuse("budget.insufficient", "node", n.Name, "free_fen", max(s.Free, 0), "asked_fen", s.Asked)
}

func (k *kept) warning(ctx context.Context, s expense.Shortage) expense.BudgetWarning {
	n := k.nodes[s.Node]
	w := expense.BudgetWarning{Level: len(n.path)}
	if n.sees(ctx) {
		w.Node, w.Free, w.Asked = n.Name, max(s.Free, 0), s.Asked
	}
	return w
}
