package budgets_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
)

// policy: R7.1 budgets
//
// TestTheTreeAddsUp: a budget is handed in when what stands below each node comes to it.
func TestTheTreeAddsUp(t *testing.T) {
	d := open(t)
	d.Expect("by a KA manager", d.SaveBy("manager.wu", d.Blank("budgets", map[string]any{"owner": d.As("manager.wu").Id, "year": "2026", "title": "x"})), "budget.not_head")
	d.draft("2026")
	d.Expect("a second one", d.SaveBy(director, d.Blank("budgets", map[string]any{"owner": d.As(director).Id, "year": "2026", "title": "x"})), "budget.twice")
	d.Expect("of nothing", d.Act(director, d.budget, "submit", ""), "budget.empty")
	d.node("部门", "", 100)
	wu := d.node("吴", "部门", 60, map[string]any{"manager": d.As("manager.wu").Id})
	d.Expect("children below the sum", d.Act(director, d.budget, "submit", ""), "budget.children_sum")
	xu := d.node("徐", "部门", 40)
	other := d.node("徐下", "徐", 40, map[string]any{"from_date": "2026-01-01", "to_date": "2026-02-28", "period": "quarter"})
	for _, c := range []struct {
		what   string
		values map[string]any
		want   string
	}{
		{"two months for a quarter", map[string]any{}, "budget.period_invalid"},
		{"by months without months", map[string]any{"from_date": "", "to_date": "", "period": "", "window": "month"}, "budget.months_required"},
		{"months that do not come to it", map[string]any{"months": []int{41, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}, "budget.months_sum"},
	} {
		d.Must(d.Update(director, other, c.values))
		d.Expect(c.what, d.Act(director, d.budget, "submit", ""), c.want)
	}
	d.Must(d.Update(director, other, map[string]any{"months": []int{10, 10, 10, 10, 0, 0, 0, 0, 0, 0, 0, 0}}))
	d.Must(d.Update(director, xu, map[string]any{"manager": d.As("manager.xu").Id}))
	d.Must(d.Update(director, other, map[string]any{"manager": d.As("manager.wu").Id}))
	d.Expect("for another manager", d.Act(director, d.budget, "submit", ""), "budget.dimension")
	d.Must(d.Update(director, other, map[string]any{"manager": ""}))
	d.Expect("a node of itself", d.Update(director, wu, map[string]any{"parent": wu.Id}), "budget.parent_invalid parent")
	d.Must(d.Update(director, xu, map[string]any{"parent": other.Id}))
	d.Expect("in a circle", d.Act(director, d.budget, "submit", ""), "budget.children_sum")
	d.Must(d.Update(director, d.nodes["部门"], map[string]any{"amount_fen": 60}))
	d.Expect("in a circle", d.Act(director, d.budget, "submit", ""), "budget.circle")
	d.Must(d.Update(director, d.nodes["部门"], map[string]any{"amount_fen": 100}))
	d.Must(d.Update(director, xu, map[string]any{"parent": d.nodes["部门"].Id}))
	d.Must(d.Act(director, d.budget, "submit", ""))
	if got := d.Fresh(d.budget).GetInt("total_fen"); got != 100 {
		t.Errorf("it comes to %d", got)
	}
	d.Expect("an edit of what is being decided", d.Update(director, wu, map[string]any{"amount_fen": 1}), "budget.locked")
}

// policy: R7.2 budget-chain
//
// TestFinanceThenTheManagement approve a budget, of nodes that they have seen.
func TestFinanceThenTheManagement(t *testing.T) {
	d := open(t).written()
	d.Must(d.Act(director, d.budget, "submit", ""))
	if d.Asked(executive, d.budget) != nil {
		t.Error("the management is asked before finance")
	}
	d.Expect("by the department itself", d.Decide(director, d.budget, "approve", ""), "approval.own")
	d.Must(d.Decide(finance, d.budget, "approve", ""))
	asked := d.Asked(executive, d.budget)
	if _, err := d.DB().NewQuery("UPDATE budget_nodes SET name = '改' WHERE id = {:id}").Bind(dbx.Params{"id": d.nodes["何"].Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Expect("a node changed past the rules", d.Act(executive, asked, "approve", ""), "approval.stale")
	if _, err := d.DB().NewQuery("UPDATE budget_nodes SET name = '何' WHERE id = {:id}").Bind(dbx.Params{"id": d.nodes["何"].Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Must(d.Act(executive, asked, "return", `{"comment":"再减"}`))
	d.Must(d.Update(director, d.nodes["何"], map[string]any{"name": "何利"}))
	d.agree()
	if d.state() != "active" {
		t.Errorf("its year has begun, and it is %s", d.state())
	}
	d.has("approved", map[string]string{"部门": "100000 0 0 100000", "吴": "60000 0 0 60000", "陈": "40000 0 0 40000", "何": "20000 0 0 20000"})
	if got := d.entries(expense.BudgetDoc{Collection: "budgets", ID: d.budget.Id}); len(got) != 3 {
		t.Errorf("leaves alone have entries: %v", got)
	}
	leaf := d.Fresh(d.nodes["陈"])
	want := []string{d.As("manager.wu").Id, d.As("rep.chen").Id}
	if got := leaf.GetStringSlice("viewers"); !slices.Equal(got, want) || !leaf.GetBool("is_leaf") || leaf.GetString("manager") != want[0] || leaf.GetString("from_date") != "2026-01-01" {
		t.Errorf("%v", leaf.PublicExport())
	}
}

// policy: R7.2 H-BUD-1
//
// TestHBud1NothingIsSpentBeforeApproval: a budget that is not approved takes nothing, and
// one of next year holds money but spends none.
func TestHBud1NothingIsSpentBeforeApproval(t *testing.T) {
	d := open(t).written()
	d.Expect("a draft", d.reserve("rep.chen", claim("1"), d.cost("1", "陈", 100)), "budget.not_active")
	d.Must(d.Act(director, d.budget, "submit", ""))
	d.Expect("submitted", d.reserve("rep.chen", claim("1"), d.cost("1", "陈", 100)), "budget.not_active")
	d.Must(d.Decide(finance, d.budget, "approve", ""))
	d.Expect("reviewed", d.spend(claim("1"), d.cost("1", "陈", 100)), "budget.not_active")
	next := &desk{Desk: d.Desk, t: t, nodes: map[string]*core.Record{}}
	next.draft("2027")
	next.node("明年", "", 500)
	next.agree()
	if next.state() != "approved" {
		t.Fatalf("next year's is %s", next.state())
	}
	cost := expense.BudgetCost{Line: "1", Node: next.nodes["明年"].Id, Day: "2027-01-05", Net: 300}
	d.Must(d.reserve("rep.chen", claim("2"), cost))
	d.Expect("spent before its year", d.spend(claim("2"), cost), "budget.not_active")
	next.has("held", map[string]string{"明年": "500 300 0 200"})
	d.Clock.Set(time.Date(2027, 1, 1, 0, 10, 0, 0, time.FixedZone("", 8*3600)))
	d.Job("budgetYear")
	if next.state() != "active" || d.Told(director, "budget.active") != 1 {
		t.Errorf("on its first day it is %s", next.state())
	}
	d.Must(d.spend(claim("2"), cost))
	next.has("spent", map[string]string{"明年": "500 0 300 200"})
}

// policy: R7.2 H-BUD-2
//
// TestHBud2Over100PercentIsForbidden by default: on the leaf and on each node above it,
// over the sum of all lines; settings of the day are copied, and not read later.
func TestHBud2Over100PercentIsForbidden(t *testing.T) {
	d := agreed(t)
	d.Setting("budget.control", "ignore")
	d.Expect("a line too much", d.reserve("rep.chen", claim("1"), d.cost("1", "陈", 40_001)), "budget.insufficient")
	d.Expect("two lines of a leaf", d.reserve("rep.chen", claim("1"), d.cost("1", "陈", 20_000), d.cost("2", "陈", 20_001)), "budget.insufficient")
	d.has("nothing is held", map[string]string{"陈": "40000 0 0 40000", "部门": "100000 0 0 100000"})
	d.Must(d.reserve("rep.chen", claim("1"), d.cost("1", "陈", 40_000)))
	d.Must(d.reserve("rep.chen", claim("1"), d.cost("1", "陈", 40_000))) // pushed again
	d.has("held once", map[string]string{"陈": "40000 40000 0 0", "吴": "60000 40000 0 20000", "部门": "100000 40000 0 60000"})
	d.override(d.nodes["何"], map[string]any{"control": "ignore"})
	d.Expect("the node above", d.reserve("rep.he", claim("2"), d.cost("1", "何", 20_001)), "budget.insufficient_above")
	d.override(d.nodes["吴"], map[string]any{"control": "warn"})
	warnings, refused := d.warned("rep.he", claim("2"), d.cost("1", "何", 20_001))
	d.Must(refused)
	if !slices.Equal(warnings, []expense.BudgetWarning{{Level: 2}}) {
		t.Errorf("of a node that he does not see he is told %v", warnings)
	}
	d.override(d.nodes["徐"], map[string]any{"over_bp": 11_000, "control": "forbid"})
	d.Must(d.reserve("rep.chen", claim("3"), d.cost("1", "徐", 39_999)))
	d.Expect("the whole", d.reserve("rep.chen", claim("4"), d.cost("1", "徐", 1)), "budget.insufficient_above")
}

// policy: R7.2 H-BUD-3
//
// TestHBud3AmountsChangeByAdjustmentsAlone: nobody writes what was approved, by no way.
func TestHBud3AmountsChangeByAdjustmentsAlone(t *testing.T) {
	d := agreed(t)
	leaf := d.nodes["陈"]
	for _, who := range []string{director, "admin.fang", finance} {
		for _, col := range []string{"amount_fen", "allocated_fen", "free_fen", "control"} {
			values := map[string]any{col: 1}
			if col == "control" {
				values[col] = "ignore"
			}
			if got := d.Update(who, leaf, values); got == "" {
				t.Errorf("%s changes %s", who, col)
			}
		}
	}
	d.Expect("by a push", d.Set(director, leaf, "amount_fen", 50_000), "budget.locked")
	d.Expect("a node more", d.SaveBy(director, d.Blank("budget_nodes", map[string]any{"budget": d.budget.Id, "name": "新", "amount_fen": 1})), "budget.locked")
	if got := d.DeleteBy(director, leaf); got == "" {
		t.Error("a node of it is deleted")
	}
	entry, err := d.FindFirstRecordByData("budget_entries", "node", leaf.Id)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"", director, "admin.fang"} {
		d.Expect("an entry changed by "+who, d.Set(who, entry, "amount_fen", 1), "record.unchanging")
	}
	if err := d.Delete(d.Fresh(entry)); err == nil {
		t.Error("an entry is deleted")
	}
	d.Expect("an entry made", d.SaveBy("admin.fang", d.Blank("budget_entries", map[string]any{
		"budget": d.budget.Id, "node": leaf.Id, "kind": "spend", "amount_fen": 1, "day": "2026-03-15", "month": "2026-03",
	})), "field.locked state")
}
