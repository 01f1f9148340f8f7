package budgets_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// TestADocumentHoldsAndGivesUp what it asked for, in place of what it held; what was
// paid is taken back once.
func TestADocumentHoldsAndGivesUp(t *testing.T) {
	d := agreed(t)
	doc := claim("1")
	d.Must(d.reserve("rep.chen", doc, d.cost("1", "陈", 300), d.cost("2", "徐", 500)))
	d.Must(d.reserve("rep.chen", doc, d.cost("1", "陈", 400)))
	d.has("asked anew", map[string]string{"陈": "40000 400 0 39600", "徐": "40000 0 0 40000", "部门": "100000 400 0 99600"})
	d.Must(d.spend(doc, d.cost("1", "陈", 250)))
	d.Must(d.spend(doc, d.cost("1", "陈", 250)))
	d.Expect("paid otherwise", d.spend(doc, d.cost("1", "陈", 251)), "budget.already_spent")
	d.Expect("handed in again", d.reserve("rep.chen", doc, d.cost("1", "陈", 1)), "budget.already_spent")
	d.has("paid, less than was held", map[string]string{"陈": "40000 0 250 39750", "吴": "60000 0 250 59750"})
	d.Must(d.reverse(doc))
	d.Must(d.reverse(doc))
	d.has("taken back", map[string]string{"陈": "40000 0 0 40000", "部门": "100000 0 0 100000"})
	want := []string{
		"reserve 300 2026-03-15 2026-03 ", "reserve 500 2026-03-15 2026-03 ", "release 300 2026-03-15 2026-03 ", "release 500 2026-03-15 2026-03 ",
		"reserve 400 2026-03-15 2026-03 ", "release 400 2026-03-15 2026-03 ", "spend 250 2026-03-15 2026-03 ", "reverse 250 2026-03-15 2026-03 ",
	}
	if got := d.entries(doc); !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	d.Must(d.reserve("rep.chen", claim("2"), d.cost("1", "陈", 700)))
	d.Must(d.release(claim("2")))
	d.Must(d.release(claim("2")))
	d.has("given up", map[string]string{"陈": "40000 0 0 40000"})
}

// TestAReservationIsDrawnDown by claims that name its document, never beside it: there
// is room for it, though the leaf has none; and it goes back while that is open.
func TestAReservationIsDrawnDown(t *testing.T) {
	d := agreed(t)
	activity := expense.BudgetDoc{Collection: "activities", ID: "a"}
	over := map[expense.BudgetDoc]bool{}
	d.Bound.Budgets.Open = func(_ core.App, doc expense.BudgetDoc) (bool, error) { return !over[doc], nil }
	from := func(line string, net int) expense.BudgetCost {
		c := d.cost(line, "陈", net)
		c.From = activity
		return c
	}
	d.Must(d.reserve("market.tang", activity, d.cost("1", "陈", 40_000)))
	d.Must(d.reserve("rep.chen", claim("1"), from("1", 30_000)))
	d.has("drawn", map[string]string{"陈": "40000 40000 0 0"})
	d.Expect("more than is left of both", d.reserve("rep.chen", claim("2"), from("1", 10_001)), "budget.insufficient")
	d.Must(d.reserve("rep.chen", claim("2"), from("1", 10_000)))
	d.Must(d.reserve("market.tang", activity, d.cost("1", "陈", 40_000))) // pushed again
	d.Must(d.release(claim("2")))
	d.has("back with the activity", map[string]string{"陈": "40000 40000 0 0"})
	d.Must(d.spend(claim("1"), from("1", 25_000)))
	d.has("paid, the rest back", map[string]string{"陈": "40000 15000 25000 0"})
	d.Must(d.reserve("rep.chen", claim("3"), from("1", 5_000)))
	d.Must(d.release(activity))
	over[activity] = true
	d.has("the activity is over", map[string]string{"陈": "40000 5000 25000 10000"})
	d.Must(d.release(claim("3")))
	d.has("what it drew is free", map[string]string{"陈": "40000 0 25000 15000"})
}

// TestNetOrGross of tax, as the setting was when the budget was begun.
func TestNetOrGross(t *testing.T) {
	d := agreed(t)
	cost := d.cost("1", "陈", 100)
	cost.Tax = 13
	d.Must(d.reserve("rep.chen", claim("1"), cost))
	d.has("gross", map[string]string{"陈": "40000 113 0 39887"})
	n := open(t)
	n.Setting("budget.gross", false)
	n.written().agree()
	cost.Node = n.nodes["陈"].Id
	n.Must(n.reserve("rep.chen", claim("1"), cost))
	n.has("net", map[string]string{"陈": "40000 100 0 39900"})
}

// TestBadAmountsAreRefused: what no money is, what is gone and what is no leaf.
func TestBadAmountsAreRefused(t *testing.T) {
	d := agreed(t)
	cost := func(change func(*expense.BudgetCost)) expense.BudgetCost {
		c := d.cost("1", "陈", 100)
		change(&c)
		return c
	}
	for what, c := range map[string]struct {
		cost expense.BudgetCost
		want string
	}{
		"below nothing":       {cost(func(c *expense.BudgetCost) { c.Net = -1 }), "budget.amount_invalid"},
		"a tax below":         {cost(func(c *expense.BudgetCost) { c.Tax = -1 }), "budget.amount_invalid"},
		"too much":            {cost(func(c *expense.BudgetCost) { c.Net = expense.BudgetMost + 1 }), "budget.amount_invalid"},
		"overflowing":         {cost(func(c *expense.BudgetCost) { c.Net, c.Tax = 1<<62, 1<<62 }), "budget.amount_invalid"},
		"on no day":           {cost(func(c *expense.BudgetCost) { c.Day = "2026-02-30" }), "budget.amount_invalid"},
		"a node that is gone": {cost(func(c *expense.BudgetCost) { c.Node = "gone00000000000" }), "budget.node_gone"},
		"above the leaves":    {cost(func(c *expense.BudgetCost) { c.Node = d.nodes["吴"].Id }), "budget.not_leaf"},
		"of another year":     {cost(func(c *expense.BudgetCost) { c.Day = "2025-12-31" }), "budget.year"},
	} {
		d.Expect(what, d.reserve("rep.chen", claim("1"), c.cost), c.want)
	}
	most := d.cost("1", "陈", expense.BudgetMost)
	other := d.cost("2", "陈", expense.BudgetMost)
	d.Expect("together too much", d.reserve("rep.chen", claim("1"), most, other), "budget.amount_invalid")
}

// TestMonthsHoldSpending: each by itself, or those so far; what is taken of a month that
// is past is taken of those that follow.
func TestMonthsHoldSpending(t *testing.T) {
	d := open(t)
	d.draft("2026")
	even := []int{100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100}
	d.node("按月", "", 1200, map[string]any{"months": even, "window": "month"})
	d.node("累计", "", 1200, map[string]any{"months": even, "window": "cumulative"})
	quarter := map[string]any{"period": "quarter", "from_date": "2026-04-01", "to_date": "2026-06-30"}
	d.node("二季度", "", 300, quarter)
	d.agree()
	on := func(node, day string, net int) expense.BudgetCost {
		c := d.cost("1", node, net)
		c.Day = day
		return c
	}
	d.has("in March", map[string]string{"按月": "1200 0 0 100", "累计": "1200 0 0 300", "二季度": "300 0 0 300"})
	d.Expect("more than the month", d.reserve("rep.chen", claim("1"), on("按月", "2026-03-15", 101)), "budget.insufficient_above")
	d.Must(d.reserve("rep.chen", claim("1"), on("按月", "2026-03-15", 100)))
	d.Must(d.reserve("rep.chen", claim("2"), on("按月", "2026-02-01", 100)))
	d.Must(d.reserve("rep.chen", claim("3"), on("累计", "2026-03-15", 300)))
	d.Expect("of January, that March took", d.reserve("rep.chen", claim("4"), on("累计", "2026-01-15", 1)), "budget.insufficient_above")
	d.Must(d.reserve("rep.chen", claim("4"), on("累计", "2026-04-15", 100)))
	d.Expect("before the quarter", d.reserve("rep.chen", claim("5"), on("二季度", "2026-03-31", 1)), "budget.day")
	d.Must(d.reserve("rep.chen", claim("5"), on("二季度", "2026-05-31", 300)))
	d.Clock.Set(time.Date(2026, 4, 1, 1, 0, 0, 0, time.UTC))
	d.Job("budgetYear")
	d.has("in April", map[string]string{"按月": "1200 200 0 100", "累计": "1200 400 0 0"})
}

// TestAClosedMonthTakesNoEntry: what comes late is booked in today's month, says which
// month it corrects, and still counts in the window of its day.
func TestAClosedMonthTakesNoEntry(t *testing.T) {
	d := agreed(t)
	if _, err := d.DB().NewQuery("INSERT INTO analysis_months (month, frozen_at, frozen_by) VALUES ('2026-02', '', '')").Execute(); err != nil {
		t.Fatal(err)
	}
	cost := d.cost("1", "陈", 100)
	cost.Day = "2026-02-10"
	d.Must(d.reserve("rep.chen", claim("1"), cost))
	if got := d.entries(claim("1")); !slices.Equal(got, []string{"reserve 100 2026-02-10 2026-03 2026-02"}) {
		t.Error(got)
	}
	var month string
	if err := d.DB().NewQuery("SELECT month FROM budget_balances WHERE node = {:n} AND reserved_fen = 100").Bind(dbx.Params{"n": d.nodes["陈"].Id}).Row(&month); err != nil || month != "2026-02" {
		t.Errorf("it counts in %s (%v)", month, err)
	}
}

// TestTheYearEnds: a frozen budget takes what is dated in its year, until its day; a
// closed one gives back and takes nothing.
func TestTheYearEnds(t *testing.T) {
	d := agreed(t)
	d.Must(d.reserve("rep.chen", claim("1"), d.cost("1", "陈", 100)))
	d.Clock.Set(time.Date(2027, 1, 1, 1, 0, 0, 0, time.UTC))
	d.Job("budgetYear")
	if d.state() != "frozen" || d.Told(director, "budget.frozen") != 1 {
		t.Fatalf("after its year it is %s", d.state())
	}
	late := d.cost("1", "陈", 10)
	late.Day = "2026-12-31"
	d.Must(d.reserve("rep.chen", claim("2"), late))
	late.Day = "2027-01-01"
	d.Expect("of the new year", d.reserve("rep.chen", claim("3"), late), "budget.year")
	d.Expect("closed by the department", d.Act(director, d.budget, "close", ""), "budget.not_finance")
	d.Expect("closed while money is held", d.Act(finance, d.budget, "close", ""), "budget.still_reserved")
	d.Must(d.spend(claim("1"), d.cost("1", "陈", 100)))
	d.Clock.Set(time.Date(2027, 1, 31, 20, 0, 0, 0, time.UTC)) // 1 February in Shanghai; nobody ran the job
	late.Day = "2026-12-31"
	d.Expect("after the last day", d.reserve("rep.chen", claim("3"), late), "budget.closed")
	d.Job("budgetYear")
	if d.state() != "closed" {
		t.Errorf("after the last day it is %s", d.state())
	}
	d.Expect("a payment", d.spend(claim("2"), late), "budget.closed")
	d.Must(d.release(claim("2")))
	d.Must(d.reverse(claim("1")))
	d.has("at the end", map[string]string{"陈": "40000 0 0 40000"})
	e := agreed(t)
	e.Clock.Set(time.Date(2027, 1, 2, 1, 0, 0, 0, time.UTC))
	e.Job("budgetYear")
	e.Must(e.Act(finance, e.budget, "close", ""))
	if row := e.Fresh(e.budget); row.GetString("closed_by") != e.As(finance).Id {
		t.Error("nobody closed it")
	}
}

// TestWhoSeesWhichNumbers: a refusal names a node only to who sees it.
func TestWhoSeesWhichNumbers(t *testing.T) {
	d := agreed(t)
	d.Must(d.reserve("", claim("0"), d.cost("1", "徐", 39_990), d.cost("2", "陈", 39_990), d.cost("3", "何", 19_990)))
	for who, want := range map[string]string{"rep.chen": "budget.insufficient", "rep.he": "budget.insufficient_above", "manager.wu": "budget.insufficient", "manager.xu": "budget.insufficient_above", finance: "budget.insufficient"} {
		d.Expect(who, d.reserve(who, claim("1"), d.cost("1", "陈", 11)), want)
	}
	for who, want := range map[string]string{director: "5", finance: "5", executive: "5", "manager.wu": "3", "manager.xu": "1", "rep.chen": "1", "rep.he": "1", "rep.ma": "0", "market.tang": "0"} {
		answer := d.Do(who, "GET", "/api/collections/budget_nodes/records?fields=id", "")
		if got := fmt.Sprint(strings.Count(answer.Body.String(), `"id":`)); got != want {
			t.Errorf("%s sees %s nodes, not %s: %s", who, got, want, answer.Body)
		}
	}
}

// TestTheTreeIsRead whole by who sees the budget, the nodes above first.
func TestTheTreeIsRead(t *testing.T) {
	d := agreed(t)
	answer := d.Do(finance, "GET", "/api/ka/budgets/"+d.budget.Id+"/tree", "")
	if n := strings.Count(answer.Body.String(), `"free_fen":`); n != 5 || !strings.Contains(answer.Body.String(), `"nodes":[{"id":"`+d.nodes["部门"].Id) {
		t.Errorf("%d nodes: %s", n, answer.Body)
	}
	for _, who := range []string{"manager.wu", "rep.chen"} {
		if answer := d.Do(who, "GET", "/api/ka/budgets/"+d.budget.Id+"/tree", ""); answer.Code != 404 {
			t.Errorf("%s: %d", who, answer.Code)
		}
	}
}

// TestTheBestLeafIsFound: what names the most of an expense, and the nearest category.
func TestTheBestLeafIsFound(t *testing.T) {
	d := open(t)
	category := func(code, parent string) string {
		return d.Make("admin.fang", "expense_categories", map[string]any{"code": code, "name_zh": code, "parent": parent, "active": true}).Id
	}
	travel := category("x-travel", "")
	train := category("x-train", travel)
	d.draft("2026")
	d.node("其他", "", 10)
	d.node("差旅", "", 10, map[string]any{"category": travel})
	d.node("吴", "", 30, map[string]any{"manager": d.As("manager.wu").Id})
	d.node("吴差旅", "吴", 10, map[string]any{"category": travel})
	d.node("吴火车", "吴", 10, map[string]any{"category": train})
	d.node("吴三月", "吴", 10, map[string]any{"period": "month", "from_date": "2026-03-01", "to_date": "2026-03-31"})
	dept := records.DepartmentID(d.As(director).GetString("department"))
	find := func(day string, dims expense.BudgetDims) string {
		t.Helper()
		leaf, found, err := d.Bound.Budgets.Find(d.App, dept, day, dims)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			return "none"
		}
		return leaf.Name()
	}
	wu := d.As("manager.wu").Id
	if got := find("2026-03-15", expense.BudgetDims{}); got != "none" {
		t.Errorf("a draft has %s", got)
	}
	d.agree()
	for _, c := range []struct {
		day  string
		dims expense.BudgetDims
		want string
	}{
		{"2026-03-15", expense.BudgetDims{}, "其他"},
		{"2026-03-15", expense.BudgetDims{Category: train}, "差旅"},
		{"2026-03-15", expense.BudgetDims{Category: train, Manager: wu}, "吴火车"},
		{"2026-03-15", expense.BudgetDims{Category: travel, Manager: wu}, "吴差旅"},
		{"2026-03-15", expense.BudgetDims{Manager: wu}, "吴三月"},
		{"2026-04-15", expense.BudgetDims{Manager: wu}, "其他"},
		{"2025-04-15", expense.BudgetDims{Manager: wu}, "none"},
	} {
		if got := find(c.day, c.dims); got != c.want {
			t.Errorf("%s %v: %s, not %s", c.day, c.dims, got, c.want)
		}
	}
}

// TestWhatDriftsIsSaid loudly: in a notice, in the log and in a figure.
func TestWhatDriftsIsSaid(t *testing.T) {
	d := agreed(t)
	d.Must(d.reserve("rep.chen", claim("1"), d.cost("1", "陈", 100)))
	d.Job("budgetBalances")
	if n := d.Bound.Budgets.Drift(); n != 0 || d.Told("admin.fang", "budget.drift") != 0 {
		t.Errorf("%d nodes drift", n)
	}
	for _, stmt := range []string{
		"UPDATE budget_nodes SET reserved_fen = reserved_fen + 1 WHERE id = {:n}",
		"UPDATE budget_balances SET reserved_fen = reserved_fen + 1 WHERE node = {:n} AND month = '2026-03'",
	} {
		if _, err := d.DB().NewQuery(stmt).Bind(dbx.Params{"n": d.nodes["吴"].Id}).Execute(); err != nil {
			t.Fatal(err)
		}
		d.Job("budgetBalances")
		if n := d.Bound.Budgets.Drift(); n != 1 {
			t.Errorf("%s: %d nodes drift", stmt, n)
		}
	}
	if d.Told("admin.fang", "budget.drift") != 2 || d.Told(finance, "budget.drift") != 2 {
		t.Error("nobody is told")
	}
}

// TestAdjustmentsMoveAmounts between leaves, once, and leave none short.
func TestAdjustmentsMoveAmounts(t *testing.T) {
	d := agreed(t)
	d.Must(d.reserve("rep.chen", claim("1"), d.cost("1", "陈", 39_000)))
	move := func(id string, fen int) string {
		return d.inTx(finance, func(ctx context.Context, tx core.App) error {
			doc := expense.BudgetDoc{Collection: "budget_adjustments", ID: id}
			return d.Bound.Budgets.Adjust(ctx, tx, doc, []expense.BudgetCost{d.cost("from", "陈", -fen), d.cost("to", "徐", fen)}, "调剂")
		})
	}
	d.Expect("more than is free", move("1", 1_001), "budget.insufficient")
	d.Must(move("2", 1_000))
	d.Must(move("2", 1_000))
	d.has("moved", map[string]string{"陈": "39000 39000 0 0", "吴": "59000 39000 0 20000", "徐": "41000 0 0 41000", "部门": "100000 39000 0 61000"})
	d.Job("budgetBalances")
	if n := d.Bound.Budgets.Drift(); n != 0 {
		t.Errorf("%d nodes drift", n)
	}
}

// TestEntriesAreStoredAsRowsAre: the statement leaves what a save of the row does.
func TestEntriesAreStoredAsRowsAre(t *testing.T) {
	d := agreed(t)
	d.Must(d.reserve("rep.chen", claim("1"), d.cost("1", "陈", 100)))
	row, err := d.FindFirstRecordByData("budget_entries", "ref_id", "1")
	if err != nil {
		t.Fatal(err)
	}
	again := d.Blank("budget_entries")
	for _, f := range row.Collection().Fields {
		if name := f.GetName(); name != "id" && name != "created" && name != "updated" {
			again.Set(name, row.Get(name))
		}
	}
	if err := d.SaveWithContext(gate.AsServer(t.Context()), again); err != nil {
		t.Fatal(err)
	}
	stored := func(id string) string {
		var all []dbx.NullStringMap
		if err := d.DB().NewQuery("SELECT *, typeof(amount_fen) AS ty, typeof(by) AS tb FROM budget_entries WHERE id = {:id}").Bind(dbx.Params{"id": id}).All(&all); err != nil {
			t.Fatal(err)
		}
		for _, col := range []string{"id", "created", "updated"} {
			delete(all[0], col)
		}
		return fmt.Sprint(all)
	}
	if got, want := stored(row.Id), stored(again.Id); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}
