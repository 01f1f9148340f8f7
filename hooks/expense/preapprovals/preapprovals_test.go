package preapprovals_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/expense/preapprovals"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/records"
)

// desk is a company whose KA department has 1,000 yuan for rep.chen in 2026; it is
// 16 March.
type desk struct {
	testapp.Desk
	t    *testing.T
	node *core.Record
}

func open(t *testing.T, opts ...testapp.Option) *desk {
	t.Helper()
	d := &desk{Desk: testapp.Open(t, opts...), t: t}
	d.Clock.Set(time.Date(2026, 3, 16, 2, 0, 0, 0, time.UTC))
	budget := d.Make("director.lin", "budgets", map[string]any{"owner": d.As("director.lin").Id, "year": "2026", "title": "年度预算"})
	d.node = d.Make("director.lin", "budget_nodes", map[string]any{
		"budget": budget.Id, "name": "陈", "amount_fen": 1000_00, "period": "year", "from_date": "2026-01-01", "to_date": "2026-12-31",
		"manager": d.As("manager.wu").Id, "rep": d.As("rep.chen").Id,
	})
	d.Must(d.Act("director.lin", budget, "submit", ""))
	d.Must(d.Decide("finance.zhao", budget, "approve", ""))
	d.Must(d.Decide("executive.sun", budget, "approve", ""))
	return d
}

func (d *desk) draft(more ...map[string]any) *core.Record {
	base := map[string]any{
		"owner": d.As("rep.chen").Id, "kind": "entertainment", "reason": "签约答谢", "day": "2026-03-18", "to_day": "2026-03-18", "planned_fen": 600_00,
		"attendees": `[{"name":"王采购","company":"联华","side":"theirs"},{"name":"陈","side":"ours"}]`,
	}
	return d.Blank("preapprovals", append([]map[string]any{base}, more...)...)
}

func (d *desk) made(more ...map[string]any) *core.Record {
	d.t.Helper()
	row := d.draft(more...)
	d.Must(d.SaveBy("rep.chen", row))
	return row
}

// agreed is one that manager.wu has approved.
func (d *desk) agreed(more ...map[string]any) *core.Record {
	d.t.Helper()
	row := d.made(more...)
	d.Must(d.Act("rep.chen", row, "submit", ""))
	d.Must(d.Decide("manager.wu", row, "approve", ""))
	return d.Fresh(row)
}

// emergency is one to which manager.wu agreed by word on a day.
func (d *desk) emergency(day string) map[string]any {
	return map[string]any{"emergency": true, "consent_by": d.As("manager.wu").Id, "consent_at": day + " 01:00:00.000Z"}
}

// drawn is a claim of rep.chen's that takes so much, of the ledger too.
func (d *desk) drawn(claim string, row *core.Record, fen int) string {
	d.t.Helper()
	return testapp.Code(d.RunInTransaction(func(tx core.App) error {
		id, owner := records.PreapprovalID(row.Id), records.UserID(d.As("rep.chen").Id)
		if err := d.Bound.Agreed.Take(d.t.Context(), tx, claim, owner, preapprovals.Taken{id: fen}); err != nil {
			return err
		}
		_, err := d.Bound.Budgets.Reserve(d.t.Context(), tx, expense.BudgetDoc{Collection: "tests", ID: claim}, []expense.BudgetCost{{
			Line: "1", Node: d.node.Id, Day: "2026-03-18", Net: fen, From: expense.BudgetDoc{Collection: "preapprovals", ID: row.Id},
		}})
		return err
	}))
}

// givenBack is a claim that was withdrawn.
func (d *desk) givenBack(claim string) {
	d.t.Helper()
	d.Must(testapp.Code(d.RunInTransaction(func(tx core.App) error {
		if err := d.Bound.Agreed.Take(d.t.Context(), tx, claim, records.UserID(d.As("rep.chen").Id), nil); err != nil {
			return err
		}
		return d.Bound.Budgets.Release(d.t.Context(), tx, expense.BudgetDoc{Collection: "tests", ID: claim})
	})))
}

// is compares state, what is used and left, and what the node has reserved, in yuan.
func (d *desk) is(what string, row *core.Record, state string, used, left, reserved int) {
	d.t.Helper()
	r := d.Fresh(row)
	if r.GetString("state") != state || r.GetInt("used_fen") != used*100 || r.GetInt("left_fen") != left*100 {
		d.t.Errorf("%s: %s, %d used, %d left; want %s %d %d", what, r.GetString("state"), r.GetInt("used_fen"), r.GetInt("left_fen"), state, used*100, left*100)
	}
	if got := d.Fresh(d.node).GetInt("reserved_fen"); got != reserved*100 {
		d.t.Errorf("%s: %d reserved, want %d", what, got, reserved*100)
	}
}

func (d *desk) on(day string) {
	d.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Clock.Set(at.Add(2 * time.Hour))
	d.Job("preapprovals")
}

// policy: R7.8 preapprovals
//
// TestItIsAppliedForBeforehand: with a reason, people, days and an amount, before it
// takes place; the superior approves, above a setting the management too.
func TestItIsAppliedForBeforehand(t *testing.T) {
	d := open(t)
	for what, c := range map[string]struct {
		more map[string]any
		want string
	}{
		"in the wrong order":       {map[string]any{"to_day": "2026-03-17"}, "preapproval.days_invalid"},
		"for nothing":              {map[string]any{"planned_fen": 0}, "preapproval.amount_invalid"},
		"approved by himself":      {map[string]any{"state": "approved"}, "field.locked state"},
		"used by himself":          {map[string]any{"used_fen": 1}, "field.locked used_fen"},
		"with a node of his own":   {map[string]any{"node": d.node.Id}, "field.locked node"},
		"in another's name":        {map[string]any{"owner": d.As("rep.he").Id}, "preapproval.not_owner"},
		"agreed to by a colleague": {map[string]any{"emergency": true, "consent_by": d.As("rep.he").Id, "consent_at": "2026-03-15 01:00:00.000Z"}, "preapproval.consent_invalid consent_by"},
		"agreed to in the future":  {map[string]any{"emergency": true, "consent_by": d.As("manager.wu").Id, "consent_at": "2026-03-17 01:00:00.000Z"}, "preapproval.consent_invalid consent_by"},
		"agreed to afterwards":     {map[string]any{"day": "2026-03-14", "emergency": true, "consent_by": d.As("manager.wu").Id, "consent_at": "2026-03-15 01:00:00.000Z"}, "preapproval.consent_invalid consent_by"},
	} {
		d.Expect(what, d.SaveBy("rep.chen", d.draft(c.more)), c.want)
	}
	late := d.made(map[string]any{"day": "2026-03-15", "to_day": "2026-03-15"})
	d.Expect("too late", d.Act("rep.chen", late, "submit", ""), "preapproval.too_late")
	alone := d.made(map[string]any{"attendees": "[]"})
	d.Expect("with nobody", d.Act("rep.chen", alone, "submit", ""), "preapproval.attendees_required attendees")

	row := d.made()
	d.Must(d.Act("rep.chen", row, "submit", ""))
	d.Expect("an edit", d.Set("rep.chen", row, "planned_fen", 1), "approval.locked")
	d.Must(d.Decide("manager.wu", row, "return", `{"comment":"太多"}`))
	d.Must(d.Set("rep.chen", row, "planned_fen", 500_00))
	d.Must(d.Act("rep.chen", row, "submit", ""))
	d.is("while it waits", row, "submitted", 0, 0, 0)
	d.Must(d.Decide("manager.wu", row, "approve", ""))
	d.is("approved", row, "approved", 0, 500, 500)
	if r := d.Fresh(row); r.GetString("node") != d.node.Id || r.GetString("expires_on") != "2026-04-17" {
		t.Errorf("%v", r.PublicExport())
	}
	d.Expect("kept", d.DeleteBy("rep.chen", row), "approval.kept")

	dear := d.made(map[string]any{"planned_fen": 5_000_01, "day": "2026-03-20", "to_day": "2026-03-20"})
	d.Must(d.Act("rep.chen", dear, "submit", ""))
	d.Must(d.Decide("manager.wu", dear, "approve", ""))
	d.Expect("more than there is", d.Decide("executive.sun", dear, "approve", ""), "budget.insufficient")
	d.Must(d.Decide("executive.sun", dear, "reject", `{"comment":"预算不足"}`))
	d.is("rejected", dear, "rejected", 0, 0, 500)
}

// policy: R7.8 preapprovals
//
// TestClaimsDrawOnIt, never beside it; what they give back may be drawn again, and what
// nobody claims goes back into the budget.
func TestClaimsDrawOnIt(t *testing.T) {
	d := open(t)
	row := d.agreed()
	d.Must(d.drawn("one", row, 200_00))
	d.is("one", row, "used", 200, 400, 600)
	d.Must(d.drawn("one", row, 200_00))
	d.is("again", row, "used", 200, 400, 600)
	d.Must(d.drawn("two", row, 450_00))
	d.is("beyond what was planned", row, "used", 650, 0, 650)
	d.givenBack("two")
	d.is("given back", row, "used", 200, 400, 600)
	d.Must(d.drawn("one", row, 150_00))
	d.is("cut", row, "used", 150, 450, 600)
	d.givenBack("one")
	d.is("all of it", row, "approved", 0, 600, 600)
	d.Must(d.drawn("three", row, 100_00))
	d.Expect("by a colleague", d.Act("rep.he", row, "close", ""), "record.not_found")
	d.Must(d.Act("rep.chen", row, "close", ""))
	d.is("closed", row, "closed", 100, 0, 100)
	d.Expect("after it was closed", d.drawn("four", row, 1), "preapproval.not_usable")
	d.givenBack("three")
	d.is("given back after it was closed", row, "closed", 0, 0, 0)

	other := d.agreed()
	refused := testapp.Code(d.RunInTransaction(func(tx core.App) error {
		return d.Bound.Agreed.Take(t.Context(), tx, "x", records.UserID(d.As("rep.he").Id), preapprovals.Taken{records.PreapprovalID(other.Id): 1})
	}))
	d.Expect("by another's claim", refused, "preapproval.not_yours")
	line, err := records.ExpenseLines.New(d.App)
	if err != nil {
		t.Fatal(err)
	}
	line.SetOwner(records.UserID(d.As("rep.chen").Id))
	line.SetPreapproval(records.PreapprovalID(other.Id))
	facts, err := d.Bound.Agreed.Facts(d.App, []records.ExpenseLine{line})
	if f := facts[line.ID()]; err != nil || f == nil || f.LeftFen != 600_00 || f.ExpiresOn != "2026-04-17" || f.Node != d.node.Id {
		t.Errorf("%+v %v", facts, err)
	}
	doc, leaf, found, err := d.Bound.Agreed.Of(d.App, line)
	if err != nil || !found || doc.ID != other.Id || string(leaf) != d.node.Id {
		t.Errorf("%v %v %v %v", doc, leaf, found, err)
	}
	line.SetOwner(records.UserID(d.As("rep.he").Id))
	if _, _, found, err := d.Bound.Agreed.Of(d.App, line); err != nil || found {
		t.Errorf("of somebody else's: %v %v", found, err)
	}
}

// policy: R7.8 preapprovals
//
// TestItExpires: what nobody claimed goes back into the budget, and the owner is told.
func TestItExpires(t *testing.T) {
	d := open(t)
	part, whole := d.agreed(), d.agreed(map[string]any{"planned_fen": 100_00})
	d.Must(d.drawn("one", part, 200_00))
	d.Must(d.drawn("two", whole, 100_00))
	d.on("2026-04-17")
	d.is("on its last day", part, "used", 200, 400, 700)
	d.on("2026-04-18")
	d.on("2026-04-19")
	d.is("in part", part, "expired", 200, 0, 300)
	d.is("whole", whole, "closed", 100, 0, 300)
	if n := d.Told("rep.chen", "preapproval.expired"); n != 1 {
		t.Errorf("told %d times", n)
	}
	d.Expect("after it expired", d.drawn("three", part, 1), "preapproval.not_usable")
}

// policy: R7.8 preapprovals
//
// TestAnEmergency is used on a superior's word; the paper follows within days, else
// both are told and nothing more is claimed of it.
func TestAnEmergency(t *testing.T) {
	d := open(t)
	row := d.made(map[string]any{"day": "2026-03-16", "to_day": "2026-03-16"}, d.emergency("2026-03-16"))
	if due, n := d.Fresh(row).GetString("paper_due"), d.Told("manager.wu", "preapproval.consent"); due != "2026-03-19" || n != 1 {
		t.Errorf("due %s, told %d times", due, n)
	}
	d.Must(d.drawn("one", row, 200_00))
	d.is("on his word", row, "draft", 200, 0, 200)
	d.Expect("another plan", d.Set("rep.chen", row, "planned_fen", 900_00), "preapproval.in_use")
	d.Expect("deleted", d.DeleteBy("rep.chen", row), "preapproval.in_use")
	d.on("2026-03-19")
	d.Must(d.drawn("two", row, 100_00))
	d.on("2026-03-20")
	d.on("2026-03-21")
	for _, who := range []string{"rep.chen", "manager.wu"} {
		if n := d.Told(who, "preapproval.paper_overdue"); n != 1 {
			t.Errorf("%s is told %d times", who, n)
		}
	}
	d.Expect("without paper", d.drawn("three", row, 1), "preapproval.paper_overdue")
	d.Must(d.Act("rep.chen", row, "submit", ""))
	d.Must(d.Decide("manager.wu", row, "approve", ""))
	d.is("never beside it", row, "used", 300, 300, 600)
	d.Must(d.drawn("three", row, 300_00))
	d.is("all of it", row, "used", 600, 0, 600)
}

// TestALeaverClosesHis: what he applied for is open work, which his superior may close.
func TestALeaverClosesHis(t *testing.T) {
	d := open(t)
	left := func() (n int64) {
		for _, work := range gate.OpenWorkOf(d.App) {
			if work.Collection != "preapprovals" {
				continue
			}
			var err error
			if n, err = work.Count(d.App, d.As("rep.chen").Id); err != nil {
				t.Fatal(err)
			}
		}
		return n
	}
	before := left()
	row := d.agreed()
	if n := left() - before; n != 1 {
		t.Errorf("%d are open", n)
	}
	d.Must(d.Act("manager.wu", row, "close", ""))
	if n := left() - before; n != 0 {
		t.Errorf("%d are open", n)
	}
}
