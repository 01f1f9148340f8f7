package control_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/internal/demo"
)

func docOf(id string) expense.BudgetDoc {
	return expense.BudgetDoc{Collection: "tests", ID: id}
}

func costOf(node, day string, fen int) []expense.BudgetCost {
	return []expense.BudgetCost{{Line: "1", Node: node, Day: day, Net: fen}}
}

// policy: R7.2 budget_adjustments
//
// TestHBud3: what was approved changes by an adjustment alone, which passes the chain
// of a budget.
func TestHBud3(t *testing.T) {
	d := open(t)
	d.allocated("as approved", 1500, 1000, 600, 400, 500)
	d.Expect("an amount", d.Set("director.lin", d.chen, "amount_fen", 700_00), "budget.locked")
	d.Expect("what it has", d.Set("director.lin", d.chen, "allocated_fen", 700_00), "field.locked allocated_fen")
	d.Expect("a node more", d.SaveBy("director.lin", d.Blank("budget_nodes", map[string]any{"budget": d.budget.Id, "name": "新", "amount_fen": 1})), "budget.locked")
	d.Expect("a node less", d.DeleteBy("director.lin", d.x), "budget.locked")

	raise := d.submitted("manager.wu", "raise", nil, d.chen, 100_00)
	d.allocated("while it waits", 1500, 1000, 600, 400, 500)
	for _, who := range []string{"director.lin", "finance.zhao", "executive.sun"} {
		if d.Asked(who, raise) == nil {
			t.Fatalf("%s is not asked", who)
		}
		d.Must(d.Decide(who, raise, "approve", ""))
	}
	d.allocated("raised", 1600, 1100, 700, 400, 500)
	if row := d.Fresh(raise); row.GetString("state") != "approved" || row.GetString("applied_at") == "" {
		t.Errorf("%v", row.PublicExport())
	}
	d.Expect("an edit of it", d.Set("manager.wu", raise, "amount_fen", 1), "approval.locked")
	d.Expect("deleted", d.DeleteBy("manager.wu", raise), "approval.kept")

	lower := d.submitted("director.lin", "lower", d.x, nil, 500_00) // who heads the department does not approve his own
	d.Must(d.Decide("finance.zhao", lower, "approve", ""))
	d.Must(d.Decide("executive.sun", lower, "approve", ""))
	d.allocated("lowered", 1100, 1100, 700, 400, 0)

	refused := d.submitted("manager.wu", "raise", nil, d.chen, 100_00)
	d.Must(d.Decide("director.lin", refused, "reject", `{"comment":"不必"}`))
	d.allocated("rejected", 1100, 1100, 700, 400, 0)
}

// policy: R7.2 budget_adjustments
//
// TestSmallTransfersNeedFinanceAlone: up to the setting's amount, below one manager.
func TestSmallTransfersNeedFinanceAlone(t *testing.T) {
	d := open(t)
	small := d.submitted("manager.wu", "transfer", d.chen, d.he, 200_00)
	if d.Asked("director.lin", small) != nil || !d.Fresh(small).GetBool("small") {
		t.Error("the department is asked")
	}
	d.Must(d.Decide("finance.zhao", small, "approve", ""))
	d.allocated("moved", 1500, 1000, 400, 600, 500)
	if n := d.Told("director.lin", "budget.adjusted"); n != 1 {
		t.Errorf("who heads the department is told %d times", n)
	}
	wide := d.submitted("director.lin", "transfer", d.he, d.x, 1_00)
	if d.Asked("finance.zhao", wide) == nil || d.Fresh(wide).GetBool("small") {
		t.Error("from below one manager to another it is small")
	}
	if _, err := d.DB().NewQuery("UPDATE budgets SET small_transfer_fen = 10000").Execute(); err != nil {
		t.Fatal(err)
	}
	large := d.submitted("manager.wu", "transfer", d.chen, d.he, 100_01)
	if d.Asked("director.lin", large) == nil {
		t.Error("what is more than the setting's amount is small")
	}
}

// TestManySmallTransfersAreALargeOne: what finance alone lets move below a manager in a
// month counts together.
func TestManySmallTransfersAreALargeOne(t *testing.T) {
	d := open(t)
	if _, err := d.DB().NewQuery("UPDATE budgets SET small_transfer_fen = 10000").Execute(); err != nil {
		t.Fatal(err)
	}
	first := d.submitted("manager.wu", "transfer", d.chen, d.he, 60_00)
	second := d.submitted("manager.wu", "transfer", d.chen, d.he, 40_01)
	if !d.Fresh(first).GetBool("small") || d.Fresh(second).GetBool("small") {
		t.Error("a large one in two parts is small")
	}
	d.Must(d.Decide("finance.zhao", first, "approve", ""))
	if third := d.submitted("manager.wu", "transfer", d.chen, d.he, 40_00); !d.Fresh(third).GetBool("small") {
		t.Error("up to the amount it is small")
	}
	d.Clock.Set(d.Clock.Now().AddDate(0, 1, 0))
	if next := d.submitted("manager.wu", "transfer", d.chen, d.he, 60_00); !d.Fresh(next).GetBool("small") {
		t.Error("the month before counts")
	}
}

// TestAdjustmentsThatCannotBe: each is refused by its code, when it is written or when
// it is handed in.
func TestAdjustmentsThatCannotBe(t *testing.T) {
	d := open(t)
	other := d.Make("", "budget_nodes", map[string]any{"budget": d.draftOf("2027").Id, "name": "明年"})
	for what, c := range map[string]struct {
		who, kind string
		from, to  *core.Record
		fen       int
		want      string
	}{
		"to itself":                  {"manager.wu", "transfer", d.chen, d.chen, 1, "adjustment.same_node"},
		"a transfer to nowhere":      {"manager.wu", "transfer", d.chen, nil, 1, "adjustment.nodes_invalid"},
		"of nothing":                 {"manager.wu", "transfer", d.chen, d.he, 0, "budget.amount_invalid"},
		"below nothing":              {"manager.wu", "transfer", d.chen, d.he, -1, "budget.amount_invalid"},
		"more than money may be":     {"manager.wu", "raise", nil, d.he, expense.BudgetMost + 1, "budget.amount_invalid"},
		"a node that is not his":     {"manager.wu", "transfer", d.chen, d.x, 1, "adjustment.not_yours to_node"},
		"of another year":            {"director.lin", "transfer", d.chen, other, 1, "adjustment.other_budget to_node"},
		"by another department's":    {"manager.xu", "raise", nil, d.chen, 1, "adjustment.not_yours to_node"},
		"by a rep, whose node it is": {"rep.chen", "raise", nil, d.chen, 1, ""},
	} {
		_, got := d.adjustment(c.who, c.kind, c.from, c.to, c.fen)
		if what == "by a rep, whose node it is" {
			continue // the collection's rule refuses him over REST
		}
		d.Expect(what, got, c.want)
	}
	draft := func(kind string, from, to *core.Record, fen int) *core.Record {
		record, refused := d.adjustment("director.lin", kind, from, to, fen)
		d.Must(refused)
		return record
	}
	d.Expect("more than it has", d.Act("director.lin", draft("transfer", d.chen, d.he, 600_01), "submit", ""), "adjustment.not_free")
	d.Expect("of a node that is no leaf", d.Act("director.lin", draft("transfer", d.wu, d.x, 1), "submit", ""), "budget.not_leaf")
	d.Expect("for a month of a node that has none", d.Act("director.lin", func() *core.Record {
		record, refused := d.adjustment("director.lin", "raise", nil, d.x, 1, map[string]any{"month": "2027-01"})
		d.Must(refused)
		return record
	}(), "submit", ""), "adjustment.month_invalid month")

	d.submitted("director.lin", "transfer", d.x, d.he, 1)
	d.submitted("director.lin", "transfer", d.he, d.chen, 1)
	circle := draft("transfer", d.chen, d.x, 1)
	d.Expect("in a circle", d.Act("director.lin", circle, "submit", ""), "adjustment.circle")
	if got := d.Fresh(circle); got.GetString("state") != "draft" || got.GetInt("amount_fen") != 1 {
		t.Errorf("what was typed is lost: %v", got.PublicExport())
	}
	d.Must(d.Act("director.lin", circle, "cancel", ""))
	if got := d.Fresh(circle).GetString("state"); got != "withdrawn" {
		t.Errorf("given up, it is %s", got)
	}
	d.Expect("handed in after it was given up", d.Act("director.lin", circle, "submit", ""), "approval.state")

	for _, state := range []string{"frozen", "closed"} {
		late := draft("raise", nil, d.x, 1)
		d.Force(d.budget, state)
		d.Expect("of a budget that is "+state, d.Act("director.lin", late, "submit", ""), "adjustment.budget_state")
		d.Force(d.budget, "active")
	}
}

// draftOf is a budget of another year that is being written.
func (d *desk) draftOf(year string) *core.Record {
	d.t.Helper()
	return d.Make("director.lin", "budgets", map[string]any{"owner": d.As("director.lin").Id, "year": year, "title": year})
}

// TestWhatChangedMeanwhile: an adjustment is judged again when it is approved, and one
// that is refused then keeps waiting.
func TestWhatChangedMeanwhile(t *testing.T) {
	d := open(t)
	gone := d.submitted("manager.wu", "transfer", d.chen, d.he, 600_00)
	d.spend(d.chen, "2026-03-10", 1)
	d.Expect("what was spent meanwhile", d.Decide("finance.zhao", gone, "approve", ""), "adjustment.not_free")
	if got := d.Fresh(gone).GetString("state"); got != "submitted" {
		t.Errorf("it is %s", got)
	}
	d.allocated("nothing has moved", 1500, 1000, 600, 400, 500)
	d.Must(d.Decide("finance.zhao", gone, "return", `{"comment":"余额不足"}`))
	d.Must(d.Set("manager.wu", gone, "amount_fen", 599_99))
	d.Must(d.Act("manager.wu", gone, "submit", ""))
	d.Must(d.Decide("finance.zhao", gone, "approve", ""))
	if got := d.Fresh(d.chen).GetInt("allocated_fen"); got != 1 {
		t.Errorf("it has %d", got)
	}

	closed := d.submitted("manager.wu", "transfer", d.he, d.chen, 1)
	d.Force(d.budget, "frozen")
	d.Expect("a budget that was frozen meanwhile", d.Decide("finance.zhao", closed, "approve", ""), "adjustment.budget_state")
	d.Force(d.budget, "active")

	lost := d.submitted("manager.wu", "transfer", d.he, d.chen, 1)
	if _, err := d.DB().NewQuery("DELETE FROM budget_nodes WHERE id = {:id}").Bind(map[string]any{"id": d.chen.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Expect("a node that was removed meanwhile", d.Decide("finance.zhao", lost, "approve", ""), "budget.node_gone")
}

// TestAnApproverWhoLeft: his successor decides what waited for him.
func TestAnApproverWhoLeft(t *testing.T) {
	d := open(t)
	raise := d.submitted("manager.wu", "raise", nil, d.chen, 100_00)
	lin := d.As("director.lin")
	next := d.Make("", "users", map[string]any{
		"email": demo.Email("director.next"), "password": "a-password-of-tests", "name": "新任", "role": "ka_manager", "department": lin.GetString("department"),
		"manager": lin.Id, "active": true, "verified": true,
	})
	d.Must(d.Act("admin.fang", d.Row("departments", lin.GetString("department")), "appoint", `{"user":"`+next.Id+`"}`))
	d.Expect("with work of his left", d.Set("admin.fang", lin, "active", false), "org.open_work")
	if _, err := d.DB().NewQuery("UPDATE users SET active = FALSE WHERE id = {:id}").Bind(map[string]any{"id": lin.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Job("approvals")
	if d.Asked("director.next", raise) == nil {
		t.Fatal("nobody follows who left")
	}
	d.Must(d.Decide("director.next", raise, "approve", ""))
	d.Must(d.Decide("finance.zhao", raise, "approve", ""))
	d.Must(d.Decide("executive.sun", raise, "approve", ""))
	d.allocated("raised", 1600, 1100, 700, 400, 500)
}
