package budgets

import (
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/syncer"
)

// kept is what a step reads: the entries of all documents that it touches, and the
// nodes of their leaves with all above them.
type kept struct {
	doc     expense.BudgetDoc
	entries map[expense.BudgetDoc][]expense.BudgetEntry
	nodes   map[string]*keptNode
	open    map[expense.BudgetDoc]bool
}

// keptNode is a node with its budget, as it stands.
type keptNode struct {
	ID          string `db:"id"`
	Budget      string `db:"budget"`
	Dept        string `db:"dept"`
	Name        string `db:"name"`
	PathText    string `db:"path"`
	ViewersText string `db:"viewers"`
	From        string `db:"from_date"`
	To          string `db:"to_date"`
	Control     string `db:"control"`
	OverBP      int    `db:"over_bp"`
	Window      string `db:"window"`
	Leaf        bool   `db:"is_leaf"`
	Year        string `db:"year"`
	State       string `db:"state"`
	FreezeUntil string `db:"freeze_until"`
	Gross       bool   `db:"gross"`

	path, viewers []string
	gross         bool
	months        expense.BudgetMonths
}

// step begins to plan.
func (k *kept) step(lapse bool) *expense.BudgetStep {
	return &expense.BudgetStep{Doc: k.doc, Entries: k.entries, Open: func(d expense.BudgetDoc) bool { return k.open[d] }, Lapse: lapse}
}

// node is a node as controls ask for it.
func (k *kept) node(id string) expense.KeptNode {
	n := k.nodes[id]
	return expense.KeptNode{Path: n.path, Control: expense.BudgetControl{Control: n.Control, OverBP: n.OverBP, Window: n.Window}, Months: n.months}
}

// read reads what a step of a document touches.
func (b *Book) read(tx core.App, doc expense.BudgetDoc, costs []expense.BudgetCost) (*kept, error) {
	k := &kept{doc: doc, entries: map[expense.BudgetDoc][]expense.BudgetEntry{}, open: map[expense.BudgetDoc]bool{}}
	others := map[expense.BudgetDoc]bool{}
	if b.Planted != syncer.PlantReservedTwice {
		if err := k.entriesOf(tx, doc); err != nil {
			return nil, err
		}
	}
	for _, e := range k.entries[doc] {
		others[e.Other] = e.Other.ID != ""
	}
	var leaves []string
	for _, c := range costs {
		others[c.From] = c.From.ID != ""
		leaves = append(leaves, c.Node)
	}
	for other, named := range others {
		if !named || other == doc {
			continue
		}
		if err := k.entriesOf(tx, other); err != nil {
			return nil, err
		}
		open := true
		if b.Open != nil {
			var err error
			if open, err = b.Open(tx, other); err != nil {
				return nil, err
			}
		}
		k.open[other] = open
	}
	for _, e := range k.entries[doc] {
		leaves = append(leaves, e.Node)
	}
	return k, k.readNodes(tx, leaves)
}

// entriesOf reads what a document wrote, in the order in which it did.
func (k *kept) entriesOf(tx core.App, doc expense.BudgetDoc) error {
	var rows []struct {
		Node      string `db:"node"`
		Kind      string `db:"kind"`
		Fen       int    `db:"amount_fen"`
		Day       string `db:"day"`
		Line      string `db:"ref_line"`
		Other     string `db:"drawn_collection"`
		OtherID   string `db:"drawn_id"`
		OtherLine string `db:"drawn_line"`
	}
	err := tx.DB().NewQuery(`SELECT node, kind, amount_fen, day, ref_line, drawn_collection, drawn_id, drawn_line FROM budget_entries
		WHERE ref_collection = {:c} AND ref_id = {:i} ORDER BY rowid`).Bind(dbx.Params{"c": doc.Collection, "i": doc.ID}).All(&rows)
	if err != nil {
		return fmt.Errorf("read what a document holds of budgets: %w", err)
	}
	out := make([]expense.BudgetEntry, len(rows))
	for i, r := range rows {
		out[i] = expense.BudgetEntry{
			Node: r.Node, Kind: r.Kind, Fen: r.Fen, Day: r.Day, Doc: doc, Line: r.Line,
			Other: expense.BudgetDoc{Collection: r.Other, ID: r.OtherID}, OtherLine: r.OtherLine,
		}
	}
	k.entries[doc] = out
	return nil
}

// keptNodes are leaves as they stand, for whom no document matters.
func keptNodes(tx core.App, leaves []string) (*kept, error) {
	k := &kept{}
	return k, k.readNodes(tx, leaves)
}

// readNodes reads leaves with all above them, and what of each month stands on them.
func (k *kept) readNodes(tx core.App, leaves []string) error {
	k.nodes = map[string]*keptNode{}
	if len(leaves) == 0 {
		return nil
	}
	var rows []*keptNode
	err := tx.DB().NewQuery(`SELECT n.id, n.budget, n.dept, n.name, n.path, n.viewers, n.from_date, n.to_date, n.control, n.over_bp, n."window", n.is_leaf,
			b.year, b.state, b.freeze_until, b.gross
		FROM budget_nodes n JOIN budgets b ON b.id = n.budget
		WHERE n.id IN (
			SELECT value FROM json_each({:ids})
			UNION SELECT up.value FROM json_each({:ids}) j JOIN budget_nodes l ON l.id = j.value, json_each(CASE l.path WHEN '' THEN '[]' ELSE l.path END) up)`).
		Bind(dbx.Params{"ids": jsonOf(leaves)}).All(&rows)
	if err != nil {
		return fmt.Errorf("read nodes of budgets: %w", err)
	}
	for _, n := range rows {
		n.gross = n.Gross
		for text, into := range map[string]*[]string{n.PathText: &n.path, n.ViewersText: &n.viewers} {
			if text == "" || text == "null" {
				continue
			}
			if err := json.Unmarshal([]byte(text), into); err != nil {
				return fmt.Errorf("read the path of a budget's node %s: %w", n.ID, err)
			}
		}
		if len(n.path) == 0 {
			n.path = []string{n.ID} // of a budget that is not approved
		}
		k.nodes[n.ID] = n
	}
	return k.readMonths(tx)
}

// readMonths reads the sums of the nodes.
func (k *kept) readMonths(tx core.App) error {
	ids := make([]string, 0, len(k.nodes))
	for id := range k.nodes {
		ids = append(ids, id)
	}
	var rows []struct {
		Node      string `db:"node"`
		Month     string `db:"month"`
		Allocated int    `db:"allocated_fen"`
		Reserved  int    `db:"reserved_fen"`
		Spent     int    `db:"spent_fen"`
	}
	err := tx.DB().NewQuery("SELECT node, month, allocated_fen, reserved_fen, spent_fen FROM budget_balances WHERE node IN (SELECT value FROM json_each({:ids}))").
		Bind(dbx.Params{"ids": jsonOf(ids)}).All(&rows)
	if err != nil {
		return fmt.Errorf("read balances of budgets: %w", err)
	}
	for _, r := range rows {
		k.nodes[r.Node].months[expense.MonthOf(r.Month)] = expense.BudgetSums{Allocated: r.Allocated, Reserved: r.Reserved, Spent: r.Spent}
	}
	return nil
}
