package demo

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/expense"
)

// categories are what money is spent on, and their share of a manager's budget in percent.
var expenseCategories = []struct {
	code, zh, en string
	share        int
}{
	{"PROMO", "市场推广费", "Promotion", 50}, {"VISIT", "客户拜访费", "Visits", 25}, {"GIFT", "客户礼品费", "Gifts", 10}, {"TRAINING", "培训费", "Training", 15},
}

// budgetNode is a node on its way into the table.
type budgetNode struct {
	expense.BudgetNode
	path []string
	kept expense.BudgetMonths
}

// budget writes what the department may spend this year, in force: a node for each
// manager, leaves by category, what was spent before the system, and one leaf that only
// warns and is over.
func (b *builder) budget() error {
	for i, c := range expenseCategories {
		err := b.w.insert("expense_categories", dbx.Params{
			"id": b.id("expense_categories", i), "code": c.code, "name_zh": c.zh, "name_en": c.en, "active": true, "created": stamp(b.at(b.opt.Days+60, 9)), "updated": stamp(b.at(b.opt.Days+60, 9)),
		})
		if err != nil {
			return err
		}
	}
	const total = 3_600_000_00
	lin, year := b.people["director.lin"], b.today.Format("2006")
	approved := time.Date(b.today.Year(), time.January, 1, 1, 0, 0, 0, time.UTC)
	made := approved.AddDate(0, 0, -20)
	id := b.id("budgets", 0)
	held := expense.BudgetControl{Control: expense.ControlForbid, OverBP: 10_000, Window: expense.WindowYear}
	alerts := toJSON([]int{8_000, 9_500})
	err := b.w.insert("budgets", dbx.Params{
		"id": id, "owner": lin.id, "dept": lin.deptID, "year": year, "version": 1, "title": year + " 年度费用预算", "plan": b.id("annual_plans", 0),
		"control": held.Control, "over_bp": held.OverBP, "window": held.Window, "alerts": alerts, "gross": true, "freeze_until": expense.FreezeUntil(year, 31),
		"carry": "none", "small_transfer_fen": 5_000_00, "review_over_bp": 1_000, "total_fen": total, "state": expense.BudgetActive,
		"approved_at": stamp(approved), "active_at": stamp(approved), "submitted_at": stamp(made), "approval_round": 1,
		"reviewers": toJSON([]string{b.people["finance.zhao"].id, b.people["executive.sun"].id}), "created": stamp(made), "updated": stamp(approved),
	})
	if err != nil {
		return err
	}
	root := &budgetNode{BudgetNode: expense.BudgetNode{ID: b.id("budget_nodes", 0), Name: "大客户部", Fen: total, Control: held}}
	root.path = []string{root.ID}
	nodes := map[string]*budgetNode{root.ID: root}
	order := []*budgetNode{root}
	add := func(above *budgetNode, name string, fen int, control expense.BudgetControl, dims expense.BudgetDims) *budgetNode {
		n := &budgetNode{BudgetNode: expense.BudgetNode{
			ID: b.id("budget_nodes", len(order)), Parent: above.ID, Name: name, Fen: fen, Control: control, Dims: dims,
		}}
		n.path = append([]string{n.ID}, above.path...)
		nodes[n.ID] = n
		order = append(order, n)
		return n
	}
	doc := expense.BudgetDoc{Collection: "budgets", ID: id}
	var entries []expense.BudgetEntry
	for m, name := range []string{"manager.wu", "manager.xu", "manager.hu"} {
		manager := b.people[name]
		team := add(root, manager.Chinese, total/3, held, expense.BudgetDims{Manager: manager.id})
		for c, category := range expenseCategories {
			control, used := held, []int{4, 7, 5, 3}[c]
			if m == 0 && category.code == "GIFT" {
				control.Control, used = expense.ControlWarn, 108
			}
			fen := total / 3 / 100 * category.share
			leaf := add(team, manager.Chinese+" · "+category.zh, fen, control, expense.BudgetDims{Manager: manager.id, Category: b.id("expense_categories", c)})
			entries = append(entries,
				expense.BudgetEntry{Node: leaf.ID, Kind: expense.EntryAllocate, Fen: fen, Day: year + "-01-01", Doc: doc},
				expense.BudgetEntry{Node: leaf.ID, Kind: expense.EntrySpend, Fen: fen / 100 * used, Day: year + "-01-15", Doc: doc, Line: fmt.Sprint("opening", len(order))})
		}
	}
	for node, months := range expense.FoldBudget(entries, func(leaf string) []string { return nodes[leaf].path }) {
		nodes[node].kept = months
	}
	for i, n := range order {
		if err := b.budgetNode(n, i, id, lin.deptID, alerts, approved); err != nil {
			return err
		}
	}
	for i, e := range entries {
		note := map[string]string{expense.EntrySpend: "系统上线前已发生"}[e.Kind]
		err := b.w.insert("budget_entries", dbx.Params{
			"id": b.id("budget_entries", i), "budget": id, "node": e.Node, "dept": lin.deptID, "kind": e.Kind, "amount_fen": e.Fen, "day": e.Day, "month": e.Day[:7],
			"ref_collection": e.Doc.Collection, "ref_id": e.Doc.ID, "ref_line": e.Line, "by": b.people["finance.zhao"].id, "at": stamp(approved), "note": note,
			"created": stamp(approved), "updated": stamp(approved),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// budgetNode writes a node and its balances.
func (b *builder) budgetNode(n *budgetNode, position int, budget, dept, alerts string, at time.Time) error {
	viewers := []string{}
	if n.Dims.Manager != "" {
		viewers = append(viewers, n.Dims.Manager)
	}
	year, all := at.Format("2006"), n.kept.Total()
	err := b.w.insert("budget_nodes", dbx.Params{
		"id": n.ID, "budget": budget, "dept": dept, "name": n.Name, "position": position, "parent": n.Parent, "category": n.Dims.Category, "manager": n.Dims.Manager,
		"period": "year", "from_date": year + "-01-01", "to_date": year + "-12-31", "amount_fen": n.Fen, "months": "null",
		"control": n.Control.Control, "over_bp": n.Control.OverBP, "window": n.Control.Window, "alerts": alerts,
		"allocated_fen": all.Allocated, "reserved_fen": all.Reserved, "spent_fen": all.Spent, "free_fen": n.Control.Free(n.kept, 0), "as_of": stamp(at),
		"is_leaf": len(n.path) == 3, "depth": len(n.path), "path": toJSON(n.path), "viewers": toJSON(viewers), "created": stamp(at), "updated": stamp(at),
	})
	if err != nil {
		return err
	}
	for m, s := range n.kept {
		if s == (expense.BudgetSums{}) {
			continue
		}
		err := b.w.insert("budget_balances", dbx.Params{
			"node": n.ID, "month": expense.MonthDay(year, m)[:7], "allocated_fen": s.Allocated, "reserved_fen": s.Reserved, "spent_fen": s.Spent,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
