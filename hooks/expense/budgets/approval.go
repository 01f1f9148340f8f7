package budgets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// approval is of a department's budget: finance reviews it, the management approves it.
func (b *Book) approval() kit.Approval {
	return kit.Approval{
		Collection: records.BudgetTable,
		Content: []string{
			records.BudgetColYear, records.BudgetColTitle, records.BudgetColPlan, records.BudgetColControl, records.BudgetColOverBp, records.BudgetColWindow,
			records.BudgetColAlerts,
		},
		Title:     func(subject *core.Record) string { return records.Budgets.Of(subject).Title() },
		Oversight: "finance",
		Snapshot:  signed,
		Route: func(core.App, *core.Record) ([]people.ApprovalStep, error) {
			return []people.ApprovalStep{
				{Key: "finance", By: people.ByRole, Role: "finance", Any: true},
				{Key: "management", By: people.ByRole, Role: "executive", Any: true},
			}, nil
		},
		OnSubmit:   submitted,
		OnApproved: b.approved,
	}
}

// signedLevels of a tree are signed by themselves; all below them by their digest.
const signedLevels = 2

// signedNode is a node as it is signed.
type signedNode struct {
	ID     string `json:"id"`
	Parent string `json:"parent"`
	Name   string `json:"name"`
	Fen    int    `json:"amount_fen"`
	Months []int  `json:"months,omitzero"`
}

// signed is what is signed of a tree: its upper levels in words, and the digest of all.
func signed(tx core.App, subject *core.Record) (map[string]any, error) {
	nodes, err := tree(tx, records.Budgets.Of(subject))
	if err != nil {
		return nil, err
	}
	top := []signedNode{}
	digest := sha256.New()
	for _, n := range nodes {
		_, _ = fmt.Fprintln(digest, jsonOf([]any{
			n.ID, n.Parent, n.Name, n.Dims.Category, n.Dims.Manager, n.Dims.Rep, n.Dims.Account, n.Dims.Activity, n.From, n.To, n.Fen, n.Months,
			n.Control.Control, n.Control.OverBP, n.Control.Window, n.Alerts,
		}))
		if len(n.Path) <= signedLevels {
			top = append(top, signedNode{n.ID, n.Parent, n.Name, n.Fen, n.Months})
		}
	}
	return map[string]any{"nodes": len(nodes), "top": top, "sha256": hex.EncodeToString(digest.Sum(nil))}, nil
}

// submitted judges the tree, and says what it comes to.
func submitted(_ context.Context, tx core.App, subject *core.Record) error {
	budget := records.Budgets.Of(subject)
	if budget.OverBp() < 1 || budget.OverBp() > expense.BudgetOverMost {
		return gate.RefuseField(records.BudgetColOverBp, "budget.over_invalid", "least", 1, "most", expense.BudgetOverMost)
	}
	nodes, err := tree(tx, budget)
	if err != nil {
		return err
	}
	if err := checkCategories(tx, nodes); err != nil {
		return err
	}
	if err := checkPeople(tx, nodes); err != nil {
		return err
	}
	total := 0
	for _, n := range nodes {
		if n.Parent == "" {
			total += n.Fen
		}
	}
	budget.SetTotalFen(total)
	return nil
}

// checkPeople wants whose nodes they are to be in office: budget.person_left.
func checkPeople(tx core.App, nodes []expense.PlacedNode) error {
	active := map[string]bool{"": true}
	for _, n := range nodes {
		for _, id := range []string{n.Dims.Manager, n.Dims.Rep} {
			if _, read := active[id]; !read {
				user, found, err := records.Users.Find(tx, records.UserID(id))
				if err != nil {
					return err
				}
				active[id] = found && user.Active()
			}
			if !active[id] {
				return gate.Refuse("budget.person_left", "name", n.Name)
			}
		}
	}
	return nil
}

// placedRow is a node as it is written when its budget is approved.
type placedRow struct {
	ID       string `json:"id"`
	Category string `json:"category"`
	Manager  string `json:"manager"`
	Rep      string `json:"rep"`
	Account  string `json:"account"`
	Activity string `json:"activity"`
	Period   string `json:"period"`
	From     string `json:"from"`
	To       string `json:"to"`
	Months   []int  `json:"months"`
	Leaf     bool   `json:"leaf"`
	Depth    int    `json:"depth"`
	Path     string `json:"path"`
	Viewers  string `json:"viewers"`
}

// place gives each node what it takes from those above, and shows it to its manager and,
// if it is a leaf, to its rep: thousands at once, past the rules, which judge each by itself.
func place(tx core.App, nodes []expense.PlacedNode) error {
	for part := range slices.Chunk(nodes, 500) {
		rows := make([]placedRow, len(part))
		for i, n := range part {
			viewers := viewersOf(records.UserID(n.Dims.Manager), records.UserID(n.Dims.Rep), n.Leaf)
			rows[i] = placedRow{
				n.ID, n.Dims.Category, n.Dims.Manager, n.Dims.Rep, n.Dims.Account, n.Dims.Activity, n.Period, n.From, n.To, n.Months,
				n.Leaf, len(n.Path), jsonOf(n.Path), jsonOf(viewers),
			}
		}
		_, err := tx.DB().NewQuery(`UPDATE budget_nodes SET category = p.value ->> 'category', manager = p.value ->> 'manager', rep = p.value ->> 'rep',
				account = p.value ->> 'account', activity = p.value ->> 'activity', period = p.value ->> 'period', from_date = p.value ->> 'from', to_date = p.value ->> 'to',
				months = p.value -> 'months', is_leaf = p.value ->> 'leaf', depth = p.value ->> 'depth', path = p.value ->> 'path',
				viewers = p.value ->> 'viewers', updated = {:now}
			FROM json_each({:rows}) p WHERE budget_nodes.id = p.value ->> 'id'`).Bind(dbx.Params{"rows": jsonOf(rows), "now": types.NowDateTime().String()}).Execute()
		if err != nil {
			return fmt.Errorf("place the nodes of a budget: %w", err)
		}
	}
	return nil
}

// approved allocates what was approved, and shows each node to whom it is for. A budget
// whose year has begun is in force at once.
func (b *Book) approved(ctx context.Context, tx core.App, subject *core.Record) error {
	budget := records.Budgets.Of(subject)
	budget.SetApprovedAt(b.Now())
	nodes, err := tree(tx, budget)
	if err != nil {
		return err
	}
	doc := expense.BudgetDoc{Collection: records.BudgetTable, ID: string(budget.ID())}
	var entries []expense.BudgetEntry
	for _, n := range nodes {
		if n.Leaf {
			entries = append(entries, n.Allocated(doc)...)
		}
	}
	if err := place(tx, nodes); err != nil {
		return err
	}
	if err := b.book(ctx, tx, entries, b.Now(), ""); err != nil {
		return err
	}
	return b.moveOn(ctx, tx, budget, domain.BusinessDay(b.Now()))
}
