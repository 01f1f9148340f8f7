package budgets_test

import (
	"context"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
)

// adjusts is a step that changes what leaves have.
func (d *desk) adjusts(id string, costs ...expense.BudgetCost) func(context.Context, core.App) error {
	return func(ctx context.Context, tx core.App) error {
		return d.Bound.Budgets.Adjust(ctx, tx, expense.BudgetDoc{Collection: "tests", ID: id}, costs, "test")
	}
}

// TestWhatAClaimDrewStaysDrawn: an activity that keeps less than it held keeps what is
// still owed of it, beside what claims drew.
func TestWhatAClaimDrewStaysDrawn(t *testing.T) {
	d := agreed(t)
	activity := expense.BudgetDoc{Collection: "tests", ID: "a"}
	d.Must(d.reserve("", activity, d.cost("1", "陈", 1000)))
	drawn := d.cost("1", "陈", 300)
	drawn.From = activity
	d.Must(d.spend(claim("c"), drawn))
	d.has("drawn", map[string]string{"陈": "40000 700 300 39000"})
	d.Must(d.reserve("", activity, d.cost("1", "陈", 800))) // of which 300 are gone
	d.has("less", map[string]string{"陈": "40000 500 300 39200"})
}

// TestAmountsHaveAMost: no step brings a node beyond what money may be.
func TestAmountsHaveAMost(t *testing.T) {
	d := open(t)
	d.draft("2026")
	d.node("部门", "", expense.BudgetMost, map[string]any{"control": "ignore"})
	d.agree()
	d.Expect("more is allocated", d.inTx(director, d.adjusts("more", d.cost("to", "部门", expense.BudgetMost))), "budget.amount_invalid")
	d.Must(d.reserve("", claim("1"), d.cost("1", "部门", expense.BudgetMost)))
	d.Expect("more is reserved", d.reserve("", claim("2"), d.cost("1", "部门", 1)), "budget.amount_invalid")
}

// TestANodeIsForNothingElseThanTheOneAbove: of its category, or of one below that.
func TestANodeIsForNothingElseThanTheOneAbove(t *testing.T) {
	d := open(t)
	gifts := d.Make("", "expense_categories", map[string]any{"code": "t_gift", "name_zh": "礼品", "active": true})
	tea := d.Make("", "expense_categories", map[string]any{"code": "t_tea", "name_zh": "茶礼", "active": true, "parent": gifts.Id})
	other := d.Make("", "expense_categories", map[string]any{"code": "t_trip", "name_zh": "差旅", "active": true})
	d.draft("2026")
	d.node("部门", "", 10)
	d.node("礼品", "部门", 10, map[string]any{"category": gifts.Id})
	leaf := d.node("末级", "礼品", 10, map[string]any{"category": other.Id})
	d.Expect("of another category", d.Act(director, d.budget, "submit", ""), "budget.dimension")
	d.Must(d.Set(director, leaf, "category", tea.Id))
	d.Must(d.Act(director, d.budget, "submit", ""))
}

// TestCategoriesStandInNoCircle.
func TestCategoriesStandInNoCircle(t *testing.T) {
	d := open(t)
	a := d.Make(finance, "expense_categories", map[string]any{"code": "t_a", "name_zh": "甲", "active": true})
	b := d.Make(finance, "expense_categories", map[string]any{"code": "t_b", "name_zh": "乙", "active": true, "parent": a.Id})
	d.Expect("below itself", d.Set(finance, a, "parent", a.Id), "category.circle parent")
	d.Expect("below what is below it", d.Set(finance, a, "parent", b.Id), "category.circle parent")
	d.Expect("deleted", d.DeleteBy(finance, a), "403")
}

// TestWhatANodeNamesStays: the draft of an activity that a budget in force pays for is
// not deleted from under it.
func TestWhatANodeNamesStays(t *testing.T) {
	d := open(t)
	activity := d.Make("market.tang", "activities", map[string]any{"name": "品鉴会", "kind": "launch", "from_date": "2026-03-16", "to_date": "2026-03-17", "place": "会展中心"})
	d.draft("2026")
	d.node("部门", "", 10)
	node := d.node("品鉴会", "部门", 10, map[string]any{"activity": activity.Id})
	d.agree()
	refused := d.DeleteBy("market.tang", activity)
	if got := d.Fresh(node).GetString("activity"); got != activity.Id {
		t.Errorf("the node is for %q after %q", got, refused)
	}
	d.Expect("deleted", refused, "budget.locked")
}
