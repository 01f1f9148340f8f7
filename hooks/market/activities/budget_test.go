package activities_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// budget gives the department of rep.chen's accounts a budget of 2026 in force, with a
// leaf of so much for each name; a name that is a rep's is for him alone.
func (d *desk) budget(leaves map[string]int) map[string]*core.Record {
	d.t.Helper()
	budget := d.Make("director.lin", "budgets", map[string]any{"owner": d.As("director.lin").Id, "year": "2026", "title": "2026"})
	total := 0
	for _, fen := range leaves {
		total += fen
	}
	node := func(name string, fen int, more map[string]any) *core.Record {
		return d.Make("director.lin", "budget_nodes", map[string]any{
			"budget": budget.Id, "name": name, "amount_fen": fen, "period": "year", "from_date": "2026-01-01", "to_date": "2026-12-31",
		}, more)
	}
	out := map[string]*core.Record{"": budget, "top": node("top", total, nil)}
	for name, fen := range leaves {
		more := map[string]any{"parent": out["top"].Id}
		if strings.HasPrefix(name, "rep.") {
			more["rep"] = d.As(name).Id
		}
		out[name] = node(name, fen, more)
	}
	d.Must(d.Act("director.lin", budget, "submit", ""))
	d.Must(d.Decide("finance.zhao", budget, "approve", ""))
	d.Must(d.Decide("executive.sun", budget, "approve", ""))
	return out
}

// waiting is an activity of one line that director.lin has to agree to.
func (d *desk) waiting(fen int, more ...map[string]any) (activity, line *core.Record) {
	d.t.Helper()
	activity = d.activity(more...)
	line = d.cost(activity, fen)
	d.Must(d.Act("market.lu", activity, "submit", ""))
	d.Must(d.Decide("market.tang", activity, "approve", ""))
	return activity, line
}

func (d *desk) reserved(what string, node *core.Record, want int) {
	d.t.Helper()
	if got := d.Fresh(node).GetInt("reserved_fen"); got != want {
		d.t.Errorf("%s: %d are reserved, want %d", what, got, want)
	}
}

// policy: R5.2 activity_costs
// policy: R7.2 activity_costs
//
// TestApprovalReservesWhatItCosts: of the budget of the department whose accounts take
// part, on the leaf that fits; who is refused hears which line and which node.
func TestApprovalReservesWhatItCosts(t *testing.T) {
	d := open(t)
	nodes := d.budget(map[string]int{"活动": 1000, "rep.he": 500})
	first, line := d.waiting(900)
	d.reserved("before the last word", nodes["活动"], 0)
	d.Must(d.Decide("director.lin", first, "approve", ""))
	d.reserved("approved", nodes["活动"], 900)
	d.reserved("above", nodes["top"], 900)
	if got := d.Fresh(line).GetString("node"); got != nodes["活动"].Id {
		t.Errorf("the line names %q", got)
	}
	second, _ := d.waiting(101)
	answer := d.Do("director.lin", "POST", "/api/ka/approvals/"+d.Asked("director.lin", second).Id+"/approve", "")
	for _, part := range []string{`"budget.insufficient"`, `"line":"场地"`, `"node":"活动"`, `"free_fen":100`, `"asked_fen":101`} {
		if !strings.Contains(answer.Body.String(), part) {
			t.Errorf("a refusal without %s: %s", part, answer.Body)
		}
	}
	if got := d.state(second); got != "submitted" {
		t.Errorf("what was refused is %s", got)
	}
	d.reserved("refused", nodes["活动"], 900)
	d.Must(d.Act("market.lu", first, "cancel", `{"reason":"改期"}`))
	d.reserved("cancelled", nodes["活动"], 0)
	d.Must(d.Decide("director.lin", second, "approve", ""))
	d.reserved("what was given back", nodes["活动"], 101)
	third, _ := d.waiting(1)
	d.Must(d.Decide("director.lin", third, "return", `{"comment":"再议"}`))
	d.Must(d.Act("market.lu", third, "submit", ""))
	d.Must(d.Act("market.lu", third, "withdraw", ""))
	d.reserved("what was not approved", nodes["活动"], 101)
}

// TestANodeThatWarnsIsNoted: at which levels the budget is short, and no numbers, since
// many see the activity.
func TestANodeThatWarnsIsNoted(t *testing.T) {
	d := open(t)
	nodes := d.budget(map[string]int{"活动": 1000})
	if _, err := d.DB().NewQuery("UPDATE budget_nodes SET control = 'warn' WHERE is_leaf").Execute(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.DB().NewQuery("UPDATE budget_nodes SET control = 'ignore' WHERE NOT is_leaf").Execute(); err != nil {
		t.Fatal(err)
	}
	activity, _ := d.waiting(1001)
	d.Must(d.Decide("director.lin", activity, "approve", ""))
	d.reserved("what only warns", nodes["活动"], 1001)
	if got := d.Fresh(activity).GetString("budget_levels"); got != "[2]" {
		t.Errorf("noted is %s", got)
	}
}

// TestALineNamesItsNode: of a department that pays, and a leaf; it is signed.
func TestALineNamesItsNode(t *testing.T) {
	d := open(t)
	nodes := d.budget(map[string]int{"活动": 1000, "陈列": 1000})
	ops := d.As("ops.luo")
	elsewhere := d.Blank("budget_nodes", map[string]any{"name": "x", "dept": ops.GetString("department")})
	other := d.Blank("budgets", map[string]any{"owner": ops.Id, "dept": ops.GetString("department"), "year": "2026", "title": "x", "state": "active"})
	for _, record := range []*core.Record{other, elsewhere} {
		elsewhere.Set("budget", other.Id)
		if err := d.SaveWithContext(gate.AsServer(t.Context()), record); err != nil {
			t.Fatal(err)
		}
	}
	activity := d.activity()
	line := d.cost(activity, 5)
	d.Expect("of a department that does not pay", d.Set("market.lu", line, "node", elsewhere.Id), "activity.node_invalid node")
	d.Must(d.Set("market.lu", line, "node", nodes["top"].Id))
	d.Must(d.Act("market.lu", activity, "submit", ""))
	d.Expect("after it was handed in", d.Set("market.lu", line, "node", nodes["陈列"].Id), "activity.planned_locked planned_fen")
	if content := d.Asked("market.tang", activity).GetString("content"); !strings.Contains(content, nodes["top"].Id) {
		t.Errorf("the node is not signed: %s", content)
	}
	d.Must(d.Decide("market.tang", activity, "approve", ""))
	d.Expect("a node that is no leaf", d.Decide("director.lin", activity, "approve", ""), "budget.not_leaf")
	d.Must(d.Decide("director.lin", activity, "return", `{"comment":"选末级"}`))
	d.Must(d.Set("market.lu", line, "node", nodes["陈列"].Id))
	d.Must(d.Act("market.lu", activity, "submit", ""))
	d.Must(d.Decide("market.tang", activity, "approve", ""))
	d.Must(d.Decide("director.lin", activity, "approve", ""))
	d.reserved("as it says", nodes["陈列"], 5)
	d.Expect("once it is agreed", d.Set("market.lu", line, "node", nodes["活动"].Id), "activity.planned_locked planned_fen")
}

// TestADepartmentWithABudgetPaysFromIt: a line that no node is for is refused, and
// of a year without a budget nothing is asked.
func TestADepartmentWithABudgetPaysFromIt(t *testing.T) {
	d := open(t)
	nodes := d.budget(map[string]int{"rep.he": 500})
	activity, _ := d.waiting(1)
	d.Expect("for another rep", d.Decide("director.lin", activity, "approve", ""), "activity.no_node")
	later, _ := d.waiting(1, map[string]any{"from_date": "2027-03-16", "to_date": "2027-03-17"})
	d.Must(d.Decide("director.lin", later, "approve", ""))
	d.reserved("of another year", nodes["top"], 0)
	late, _ := d.waiting(1)
	d.Force(nodes[""], "closed")
	d.Expect("of a year that is closed", d.Decide("director.lin", late, "approve", ""), "activity.no_node")
}

// TestCloseKeepsWhatWasSpent reserved, line by line, for those who claim it; the rest
// is free again, and a second step changes nothing.
func TestCloseKeepsWhatWasSpent(t *testing.T) {
	d := open(t)
	nodes := d.budget(map[string]int{"活动": 10_000})
	activity := d.activity()
	lines := []*core.Record{d.cost(activity, 1000), d.cost(activity, 2000), d.cost(activity, 500)}
	d.Must(d.Act("market.lu", activity, "submit", ""))
	d.Must(d.Decide("market.tang", activity, "approve", ""))
	d.Must(d.Decide("director.lin", activity, "approve", ""))
	d.reserved("approved", nodes["活动"], 3500)
	d.Must(d.Set("market.lu", lines[0], "actual_fen", 400))
	d.Must(d.Set("market.lu", lines[1], "actual_fen", 2500))
	d.Force(activity, "reported")
	d.Must(d.Act("market.lu", activity, "close", ""))
	d.reserved("what it cost, as far as it was planned", nodes["活动"], 400+2000)
	if got := d.Fresh(nodes["活动"]).GetInt("free_fen"); got != 10_000-2400 {
		t.Errorf("%d are free", got)
	}
	unspent := d.activity()
	d.cost(unspent, 700)
	d.Must(d.Act("market.lu", unspent, "submit", ""))
	d.Must(d.Decide("market.tang", unspent, "approve", ""))
	d.Must(d.Decide("director.lin", unspent, "approve", ""))
	d.Force(unspent, "reported")
	d.Must(d.Act("market.lu", unspent, "close", ""))
	d.reserved("what cost nothing", nodes["活动"], 2400)
}
