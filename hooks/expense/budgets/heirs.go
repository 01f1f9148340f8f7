package budgets

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// heir says whose nodes of a budget go to whom.
type heir struct {
	From records.UserID `json:"from"`
	To   records.UserID `json:"to"`
}

// handOver gives the nodes that are somebody's to another of the department, and the
// budget itself to who heads it now. What they have, hold and spent stays. A manager's
// nodes go to a manager; a rep's to one of the same team, for other teams have money of
// their own, and that moves by adjustments.
//
// Refusals: budget.heir_invalid, budget.heir_team (name), budget.heir_nothing.
func (b *Book) handOver(ctx context.Context, tx core.App, budget records.Budget, args heir) error {
	to, found, err := records.Users.Find(tx, args.To)
	if err != nil {
		return err
	}
	if !found || !to.Active() || to.Department() != budget.Dept() || args.From == args.To {
		return gate.RefuseField("to", "budget.heir_invalid")
	}
	nodes, err := records.BudgetNodes.All(tx, "budget = {:b} AND (rep = {:u} OR manager = {:u})", dbx.Params{"b": budget.ID(), "u": args.From}, "depth, id")
	if err != nil {
		return err
	}
	owns := budget.Owner() == args.From && gate.Heads(to.Raw(), string(budget.Dept()))
	if len(nodes) == 0 && !owns {
		return gate.RefuseField("from", "budget.heir_nothing")
	}
	link := "" // what he may read
	for _, node := range nodes {
		if err := inherit(node, args.From, to); err != nil {
			return err
		}
		if err := tx.SaveWithContext(gate.AsServer(ctx), node.Raw()); err != nil {
			return fmt.Errorf("hand over a node: %w", err)
		}
		if link == "" && slices.Contains(node.Viewers(), to.ID()) {
			link = records.BudgetNodeTable + "/" + string(node.ID())
		}
	}
	if owns {
		budget.SetOwner(to.ID())
		link = records.BudgetTable + "/" + string(budget.ID())
	}
	if link == "" { // it is no budget yet
		return nil
	}
	return gate.Notify(ctx, tx, b.Now(), gate.Notice{
		User: string(to.ID()), Kind: "budget.handed_over", Link: link,
		Params: map[string]any{"title": budget.Title(), "nodes": len(nodes)},
	})
}

// inherit puts one person into another's place on a node.
func inherit(node records.BudgetNode, from records.UserID, to records.User) error {
	if node.Manager() == from {
		if role := to.Role(); role != people.RoleKAManager && role != people.RoleDeptManager {
			return gate.RefuseField("to", "budget.heir_invalid")
		}
		node.SetManager(to.ID())
	}
	if node.Rep() == from {
		if m := node.Manager(); m != "" && m != to.ID() && m != to.Manager() {
			return gate.RefuseField("to", "budget.heir_team", "name", node.Name())
		}
		node.SetRep(to.ID())
	}
	if viewers := node.Viewers(); len(viewers) > 0 {
		node.SetViewers(viewersOf(node.Manager(), node.Rep(), node.IsLeaf()))
	}
	return nil
}

// viewersOf are who sees a node of a budget in force: its manager, and of a leaf its rep.
func viewersOf(manager, rep records.UserID, leaf bool) []records.UserID {
	out := []records.UserID{}
	if manager != "" {
		out = append(out, manager)
	}
	if leaf && rep != "" && !slices.Contains(out, rep) {
		out = append(out, rep)
	}
	return out
}

// FollowAccounts gives leaves that are for one account to the rep who holds it now, where
// his manager's money it is; others wait for who heads the department.
func (b *Book) FollowAccounts(ctx context.Context, tx core.App, accounts []records.AccountID) error {
	nodes, err := records.BudgetNodes.All(tx, `account IN (SELECT value FROM json_each({:ids})) AND rep <> ''
		AND budget IN (SELECT id FROM budgets WHERE state IN ('approved', 'active', 'frozen'))
		AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = budget_nodes.account AND a.dept = budget_nodes.dept AND a.owner <> budget_nodes.rep
			AND a.owner <> '' AND budget_nodes.manager IN ('', a.manager, a.owner))`, dbx.Params{"ids": jsonOf(accounts)}, "id")
	if err != nil {
		return err
	}
	for _, node := range nodes {
		account, err := records.Accounts.Require(tx, node.Account())
		if err != nil {
			return err
		}
		node.SetRep(account.Owner())
		node.SetViewers(viewersOf(node.Manager(), node.Rep(), node.IsLeaf()))
		if err := tx.SaveWithContext(gate.AsServer(ctx), node.Raw()); err != nil {
			return fmt.Errorf("let a node follow its account: %w", err)
		}
	}
	return nil
}

// besideAccounts lets leaves follow an account that somebody gives to another at once.
func (b *Book) besideAccounts() kit.Collection {
	return kit.Collection{Name: records.AccountTable, Rules: []kit.Rule{
		kit.On(kit.UpdateExecute, records.Accounts, "accountBudgets", func(e *kit.Change[records.Account]) error {
			moved := e.Row.Owner() != e.Before().Owner()
			if err := e.Next(); err != nil || !moved {
				return err
			}
			return b.FollowAccounts(e.Context, e.App, []records.AccountID{e.Row.ID()})
		}),
	}}
}
