package incentives_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/appraisal"
	"satchel/domain/incentive"
	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/records"
	"satchel/syncer"
)

// scheme is what the tests' cycles keep of the scheme of a role.
const scheme = `{"scheme":"q","version":1,"cycle":"quarter","role":%q,"bonus":{"hold_bp":2000,"coefficients":[["S","1.5"],["A","1.2"],["B","1"],["C","0.6"],["D","0"]]},"gates":[{"code":"fraud","when":"true","max_grade":"C"}]}`

// desk is a company in which rep.chen sold in the first quarter of 2026 against a target
// of 3,000,000 yuan, and was appraised.
type desk struct {
	testapp.Desk

	t    *testing.T
	chen *core.Record
	line int
}

func open(t *testing.T, opts ...testapp.Option) *desk {
	t.Helper()
	d := &desk{Desk: testapp.Open(t, opts...), t: t}
	d.chen = d.As("rep.chen")
	for _, table := range []string{"sales_facts", "sales_months", "receipt_allocations", "account_entries", "targets"} {
		if _, err := d.DB().NewQuery("DELETE FROM " + table).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	d.Clock.Set(time.Date(2026, 4, 20, 2, 0, 0, 0, time.UTC))
	d.kept("targets", map[string]any{
		"level": "rep", "owner": d.chen.Id, "manager": d.chen.GetString("manager"), "dept": d.chen.GetString("department"), "metric": "amount", "year": "2026",
		"value": 12_000_000_00, "quarters": []int{3_000_000_00, 3_000_000_00, 3_000_000_00, 3_000_000_00}, "months": []int{}, "state": "issued",
	})
	d.Must(d.SaveBy("finance.zhao", d.Blank("employments", map[string]any{"person": d.chen.Id, "from_date": "2024-01-01", "base_fen": 10_000_00, "grade_since": "2024-01-01", "joined": "2024-01-01"})))
	d.kept("commission_plans", map[string]any{"dept": d.chen.GetString("department"), "name": "提成", "from_date": "2026-01-01", "state": "published", "rules": rules})
	return d
}

var rules = incentive.Plan{
	Tiers:  []incentive.Tier{{FromBP: 10_000, RateBP: 100}, {FromBP: 11_000, RateBP: 150}, {FromBP: 13_000, RateBP: 200}},
	GateBP: 10_000, GateGrade: "B", FloorBP: 1000, LowBP: 5000, HoldDays: 180, ManagerBP: 1000,
}

// kept is a row that our own code wrote.
func (d *desk) kept(collection string, values map[string]any) *core.Record {
	d.t.Helper()
	row := d.Blank(collection, values)
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), row); err != nil {
		d.t.Fatal(collection, err)
	}
	return row
}

// cycle is a quarter that is locked, or a year, with somebody's grade in it.
func (d *desk) cycle(period, from, to, grade string, more ...map[string]any) *core.Record {
	d.t.Helper()
	kind := "quarter"
	if len(period) == 4 {
		kind = "annual"
	}
	cycle := d.kept("appraisal_cycles", map[string]any{
		"dept": d.chen.GetString("department"), "kind": kind, "period": period, "from_day": from, "to_day": to, "state": "locked",
		"schemes": fmt.Sprintf(`[{"id":"s","version":1,"scheme":%s},{"id":"m","version":1,"scheme":%s}]`, fmt.Sprintf(scheme, "rep"), fmt.Sprintf(scheme, "ka_manager")),
	})
	d.appraised(cycle, d.chen, "rep", grade, more...)
	return cycle
}

func (d *desk) appraised(cycle, person *core.Record, role, grade string, more ...map[string]any) *core.Record {
	d.t.Helper()
	values := map[string]any{
		"cycle": cycle.Id, "subject": person.Id, "dept": person.GetString("department"), "kind": cycle.GetString("kind"), "period": cycle.GetString("period"),
		"role": role, "grade": grade, "days": 90, "cycle_days": 90, "state": "locked", "locked_at": d.Clock.Now(),
	}
	for _, m := range more {
		for k, v := range m {
			values[k] = v
		}
	}
	return d.kept("appraisals", values)
}

// sold writes the facts of a delivery or, below zero, of a return; cost is that of the
// goods without tax.
func (d *desk) sold(order *core.Record, line, day string, fen, cost int) {
	d.t.Helper()
	kind := "delivery"
	if fen < 0 {
		kind = "return"
	}
	d.line++
	_, err := d.DB().NewQuery(`INSERT INTO sales_facts (day, happened, corrects, kind, ref, line, ord, owner, manager, dept, account, tier, region, product, category, promotion, base_milli, amount_fen, tax_fen, cost_fen, uncosted, rebate_fen, receipt_fen)
		VALUES ({:day}, {:day}, '', {:kind}, {:ref}, {:line}, {:ord}, {:owner}, {:manager}, {:dept}, '', '', '', '', '', '', 0, {:fen}, 0, {:cost}, 0, 0, 0)`).Bind(dbx.Params{
		"day": day, "kind": kind, "ref": fmt.Sprint("ref", d.line), "line": line, "ord": order.Id, "owner": d.chen.Id, "manager": d.chen.GetString("manager"),
		"dept": d.chen.GetString("department"), "fen": fen, "cost": cost,
	}).Execute()
	if err != nil {
		d.t.Fatal(err)
	}
	_, err = d.DB().NewQuery(`INSERT INTO sales_months (month, account, owner, manager, dept, tier, amount_fen, tax_fen, cost_fen, base_milli, rebate_fen, receipt_fen)
		VALUES (substr({:day}, 1, 7), '', {:owner}, {:manager}, {:dept}, '', {:fen}, 0, 0, 0, 0, 0) ON CONFLICT DO UPDATE SET amount_fen = amount_fen + excluded.amount_fen`).Bind(dbx.Params{
		"day": day, "owner": d.chen.Id, "manager": d.chen.GetString("manager"), "dept": d.chen.GetString("department"), "fen": fen,
	}).Execute()
	if err != nil {
		d.t.Fatal(err)
	}
}

// owes writes what an order's delivery is still open for, of which so much was paid on a day.
func (d *desk) owes(order *core.Record, fen, paid int, on string) {
	d.t.Helper()
	debit := d.kept("account_entries", map[string]any{
		"account": order.GetString("account"), "kind": "delivery", "ref_collection": "deliveries", "ref_id": fmt.Sprint("d", d.line, order.Id), "order": order.Id,
		"amount_fen": fen, "open_fen": fen - paid, "on": "2026-01-10",
	})
	if paid > 0 {
		credit := d.kept("account_entries", map[string]any{
			"account": order.GetString("account"), "kind": "receipt", "ref_collection": "receipts", "ref_id": "r" + debit.Id, "amount_fen": -paid, "on": on,
		})
		d.kept("receipt_allocations", map[string]any{"account": order.GetString("account"), "credit": credit.Id, "debit": debit.Id, "amount_fen": paid})
	}
}

// pays pays the rest of an order.
func (d *desk) pays(order *core.Record, fen int, on string) {
	d.t.Helper()
	debit, err := d.FindFirstRecordByFilter("account_entries", "order = {:o} && kind = 'delivery'", dbx.Params{"o": order.Id})
	if err != nil {
		d.t.Fatal(err)
	}
	credit := d.kept("account_entries", map[string]any{
		"account": order.GetString("account"), "kind": "receipt", "ref_collection": "receipts", "ref_id": "p" + debit.Id + on, "amount_fen": -fen, "on": on,
	})
	d.kept("receipt_allocations", map[string]any{"account": order.GetString("account"), "credit": credit.Id, "debit": debit.Id, "amount_fen": fen})
	debit.Set("open_fen", debit.GetInt("open_fen")-fen)
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), debit); err != nil {
		d.t.Fatal(err)
	}
}

// orders are so many orders of the demo company's.
func (d *desk) orders(n int) []*core.Record {
	d.t.Helper()
	rows, err := d.FindRecordsByFilter("orders", "id != ''", "no", n, 0)
	if err != nil || len(rows) < n {
		d.t.Fatal(len(rows), err)
	}
	return rows
}

func (d *desk) settle(cycle *core.Record) {
	d.t.Helper()
	d.Must(d.Act("finance.zhao", cycle, "settle", ""))
}

// result is the last version of somebody's result of a kind.
func (d *desk) result(cycle, person *core.Record, kind string) records.IncentiveResult {
	d.t.Helper()
	row, found, err := records.IncentiveResults.First(d.App, "cycle = {:c} AND person = {:p} AND kind = {:k}", dbx.Params{"c": cycle.Id, "p": person.Id, "k": kind}, "version DESC")
	if err != nil || !found {
		d.t.Fatalf("no %s: %v", kind, err)
	}
	return row
}

// says compares a result: amount, held, due and pay in fen.
func (d *desk) says(what string, cycle, person *core.Record, kind string, amount, held, due, pay int) records.IncentiveResult {
	d.t.Helper()
	row := d.result(cycle, person, kind)
	if got, want := fmt.Sprint(row.AmountFen(), row.HeldFen(), row.DueFen(), row.PayFen()), fmt.Sprint(amount, held, due, pay); got != want {
		d.t.Errorf("%s: %s, want %s (%s)", what, got, want, row.Reason())
	}
	return row
}

func (d *desk) paidOut(cycle *core.Record) {
	d.t.Helper()
	rows, err := records.IncentiveResults.All(d.App, "cycle = {:c} AND state = 'draft'", dbx.Params{"c": cycle.Id}, "id")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, row := range rows {
		d.Must(d.Act("finance.zhao", row.Raw(), "approve", ""))
	}
	d.Must(d.Act("finance.zhao", cycle, "payroll", ""))
	for _, row := range rows {
		d.Must(d.Act("finance.zhao", row.Raw(), "pay", `{"day":"`+d.Clock.Now().Format(time.DateOnly)+`"}`))
	}
}

// adds holds all lines to their statements, and what is paid, held and lapsed to all lines.
func (d *desk) adds() {
	d.t.Helper()
	var off []struct {
		What string `db:"what"`
		Fen  int    `db:"fen"`
	}
	err := d.DB().NewQuery(`SELECT r.id AS what, r.amount_fen - COALESCE((SELECT SUM(l.amount_fen) FROM commission_lines l WHERE l.result = r.id), 0) AS fen FROM incentive_results r WHERE r.kind = 'commission' AND fen <> 0
		UNION ALL SELECT h.id, h.payable_fen + h.held_fen + h.lapsed_fen - (SELECT SUM(l.amount_fen) FROM commission_lines l WHERE l.id = h.id OR l.refers = h.id) AS fen FROM commission_lines h WHERE h.refers = '' AND fen <> 0
		UNION ALL SELECT 'paid', COALESCE((SELECT SUM(due_fen) FROM incentive_results WHERE kind = 'commission'), 0) - COALESCE((SELECT SUM(paid_fen) FROM commission_lines), 0) AS fen WHERE fen <> 0`).All(&off)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, o := range off {
		d.t.Errorf("%s is off by %d", o.What, o.Fen)
	}
}

// policy: R6.7 incentive_results
//
// TestABonusFollowsTheGrade: 80 % are paid, an appeal after that pays the difference, and
// the year pays what was held by its own grade.
func TestABonusFollowsTheGrade(t *testing.T) {
	d := open(t)
	cycle := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B")
	d.settle(cycle)
	d.says("grade B", cycle, d.chen, incentive.KindBonus, 10_000_00, 2_000_00, 8_000_00, 8_000_00)
	d.settle(cycle)
	first := d.says("again", cycle, d.chen, incentive.KindBonus, 10_000_00, 2_000_00, 8_000_00, 8_000_00)
	if first.Version() != 1 {
		t.Error("a draft is reckoned in place")
	}
	d.Expect("by the head", d.Act("director.lin", first.Raw(), "approve", ""), "record.not_found")
	d.paidOut(cycle)
	if n := d.Told("rep.chen", "incentive.approved"); n == 0 {
		t.Error("he is not told")
	}
	a, err := d.FindFirstRecordByFilter("appraisals", "cycle = {:c}", dbx.Params{"c": cycle.Id})
	if err != nil {
		t.Fatal(err)
	}
	was := d.Fresh(first.Raw()).GetString("sha256")
	a.Set("grade", "A")
	if err := d.SaveWithContext(gate.AsServer(t.Context()), a); err != nil {
		t.Fatal(err)
	}
	d.settle(cycle)
	more := d.says("after the appeal", cycle, d.chen, incentive.KindBonus, 2_000_00, 400_00, 1_600_00, 1_600_00)
	if more.Version() != 2 || more.Corrects() != first.ID() || d.Fresh(first.Raw()).GetString("sha256") != was || d.Fresh(first.Raw()).GetInt("amount_fen") != 10_000_00 {
		t.Error("what was paid does not stay as it was")
	}
	d.paidOut(cycle)
	d.settle(cycle)
	if d.result(cycle, d.chen, incentive.KindBonus).Version() != 2 {
		t.Error("nothing has changed, and there is another version")
	}
	d.Clock.Set(time.Date(2027, 1, 20, 2, 0, 0, 0, time.UTC))
	year := d.cycle("2026", "2026-01-01", "2026-12-31", "D")
	d.settle(year)
	d.says("a year of D", year, d.chen, incentive.KindSettlement, 0, 0, 0, 0)
	b, err := d.FindFirstRecordByFilter("appraisals", "cycle = {:c}", dbx.Params{"c": year.Id})
	if err != nil {
		t.Fatal(err)
	}
	b.Set("grade", "S")
	if err := d.SaveWithContext(gate.AsServer(t.Context()), b); err != nil {
		t.Fatal(err)
	}
	d.settle(year)
	d.says("a year of S", year, d.chen, incentive.KindSettlement, 3_000_00, 0, 3_000_00, 3_000_00)
}

// TestAnUnsignedLetterHoldsTheBonusBack until it is signed.
func TestAnUnsignedLetterHoldsTheBonusBack(t *testing.T) {
	d := open(t)
	if _, err := d.DB().NewQuery("DELETE FROM target_letters").Execute(); err != nil {
		t.Fatal(err)
	}
	cycle := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B", map[string]any{"warnings": []string{"appraisal.bonus_held"}})
	d.settle(cycle)
	row := d.says("unsigned", cycle, d.chen, incentive.KindBonus, 10_000_00, 2_000_00, 8_000_00, 8_000_00)
	d.Expect("unsigned", d.Act("finance.zhao", row.Raw(), "approve", ""), "incentive.letter_unsigned")
	d.kept("target_letters", map[string]any{"subject": d.chen.Id, "superior": d.chen.GetString("manager"), "year": "2026", "version": 1, "state": "effective"})
	d.Must(d.Act("finance.zhao", row.Raw(), "approve", ""))
}

// policy: R6.8 commission_lines
//
// TestCommissionIsPaidAsItIsCollected: 108 % earn 2,400 yuan, paid by what receipts
// bring, held for 180 days, and lapsed after that.
func TestCommissionIsPaidAsItIsCollected(t *testing.T) {
	d := open(t)
	o := d.orders(2)
	d.sold(o[0], "l1", "2026-01-10", 3_000_000_00, 1)
	d.sold(o[1], "l2", "2026-03-31", 240_000_00, 1)
	d.owes(o[0], 3_000_000_00, 1_500_000_00, "2026-02-01")
	d.owes(o[1], 240_000_00, 0, "")
	q1 := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B")
	d.settle(q1)
	// 2,400 × 3,000,000/3,240,000 = 2,222.22, of which half is paid
	d.says("half of an order is collected", q1, d.chen, incentive.KindCommission, 2_400_00, 1_288_89, 1_111_11, 1_111_11)
	d.settle(q1)
	d.says("again", q1, d.chen, incentive.KindCommission, 2_400_00, 1_288_89, 1_111_11, 1_111_11)
	d.adds()
	d.paidOut(q1)
	d.pays(o[0], 1_500_000_00, "2026-07-01")
	d.Clock.Set(time.Date(2026, 7, 20, 2, 0, 0, 0, time.UTC))
	q2 := d.cycle("2026Q2", "2026-04-01", "2026-06-30", "B")
	d.settle(q2)
	d.says("collected since", q2, d.chen, incentive.KindCommission, 0, 177_78, 1_111_11, 1_111_11)
	d.adds()
	d.paidOut(q2)
	d.pays(o[1], 240_000_00, "2026-09-28")
	d.Clock.Set(time.Date(2026, 10, 20, 2, 0, 0, 0, time.UTC))
	q3 := d.cycle("2026Q3", "2026-07-01", "2026-09-30", "B")
	d.settle(q3)
	row := d.says("collected a day too late", q3, d.chen, incentive.KindCommission, 0, 0, 0, 0)
	if row.LapsedFen() != 177_78 {
		t.Errorf("%d lapsed", row.LapsedFen())
	}
	d.adds()
}

// TestAReturnAfterPayoutTakesBack in its own period, even one that earns nothing; what is
// not enough is carried over, and owed by who left.
func TestAReturnAfterPayoutTakesBack(t *testing.T) {
	d := open(t)
	o := d.orders(1)
	d.sold(o[0], "l1", "2026-01-10", 3_240_000_00, 1)
	d.owes(o[0], 3_240_000_00, 3_240_000_00, "2026-02-01")
	q1 := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B")
	d.settle(q1)
	d.says("sold", q1, d.chen, incentive.KindCommission, 2_400_00, 0, 2_400_00, 2_400_00)
	d.paidOut(q1)
	d.sold(o[0], "l1", "2026-05-10", -60_000_00, -1)
	d.sold(o[0], "l1", "2026-06-30", -60_000_00, -1)
	d.Clock.Set(time.Date(2026, 7, 20, 2, 0, 0, 0, time.UTC))
	q2 := d.cycle("2026Q2", "2026-04-01", "2026-06-30", "C")
	d.settle(q2)
	row := d.says("half came back", q2, d.chen, incentive.KindCommission, -1_200_00, 0, -1_200_00, 0)
	if row.CarryFen() != -1_200_00 || row.Reason() == "" {
		t.Errorf("carried %d, %q", row.CarryFen(), row.Reason())
	}
	d.adds()
	d.paidOut(q2)
	d.sold(o[0], "l1", "2026-07-10", -3_120_000_00, -1)
	left, err := d.FindFirstRecordByFilter("employments", "person = {:p}", dbx.Params{"p": d.chen.Id})
	if err != nil {
		t.Fatal(err)
	}
	d.Must(d.Set("finance.zhao", left, "left_on", "2026-08-31"))
	d.Clock.Set(time.Date(2026, 10, 20, 2, 0, 0, 0, time.UTC))
	q3 := d.cycle("2026Q3", "2026-07-01", "2026-09-30", "")
	d.settle(q3)
	row = d.says("all came back", q3, d.chen, incentive.KindCommission, -1_200_00, 0, -1_200_00, 0)
	if row.OwedFen() != 2_400_00 || row.CarryFen() != 0 {
		t.Errorf("owed %d, carried %d", row.OwedFen(), row.CarryFen())
	}
	d.adds()
}

// TestAReturnBeforePaymentLeavesNothing: neither the negative commission alone nor the
// positive one; and no credit note has a positive one.
func TestAReturnBeforePaymentLeavesNothing(t *testing.T) {
	d := open(t)
	o := d.orders(3)
	d.sold(o[0], "l1", "2026-01-10", 3_000_000_00, 1)
	d.sold(o[1], "l2", "2026-02-10", 200_000_00, 1)
	d.sold(o[2], "l3", "2026-02-10", 40_000_00, 1)
	d.sold(o[2], "l3", "2026-03-10", -40_000_00, -1) // within the period: as if never sold
	q1 := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B")
	d.owes(o[0], 3_000_000_00, 0, "")
	d.owes(o[1], 200_000_00, 0, "")
	d.settle(q1)
	d.says("nothing is collected", q1, d.chen, incentive.KindCommission, 2_000_00, 2_000_00, 0, 0)
	d.paidOut(q1)
	d.sold(o[1], "l2", "2026-04-10", -200_000_00, -1)
	d.Clock.Set(time.Date(2026, 7, 20, 2, 0, 0, 0, time.UTC))
	q2 := d.cycle("2026Q2", "2026-04-01", "2026-06-30", "B")
	d.settle(q2)
	d.says("returned before it was paid", q2, d.chen, incentive.KindCommission, -2_000_00, 0, 0, 0)
	lines, err := records.CommissionLines.All(d.App, "kind IN ('return', 'shift')", nil, "id")
	if err != nil || len(lines) != 2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for _, l := range lines {
		if l.AmountFen() >= 0 || l.Refers() == "" {
			t.Errorf("a return earns %d", l.AmountFen())
		}
	}
	d.adds()
}

// TestAGuardedLineCountsInPart above the target, and the statement says so of the period.
func TestAGuardedLineCountsInPart(t *testing.T) {
	d := open(t)
	o := d.orders(1)
	d.sold(o[0], "l1", "2026-01-10", 3_120_000_00, 1)
	d.sold(o[0], "l2", "2026-01-10", 120_000_00, 110_000_00) // a margin of 8.3 %
	d.owes(o[0], 3_240_000_00, 3_240_000_00, "2026-02-01")
	q1 := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B")
	d.settle(q1)
	row := d.says("guarded", q1, d.chen, incentive.KindCommission, 1_800_00, 0, 1_800_00, 1_800_00)
	low, err := row.Guarded()
	if err != nil || len(low) != 1 || low[0] != "l2" {
		t.Errorf("%v %v", low, err)
	}
	d.paidOut(q1)
	got := d.Do("rep.chen", http.MethodGet, "/api/collections/incentive_results/records/"+string(row.ID()), "")
	if got.Code != http.StatusOK || strings.Contains(got.Body.String(), `"guarded"`) {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

// policy: R6.8 manager_share
//
// TestAManagerHasHisPart of what his team is paid, when it reached his target; a regrade
// after payout takes it back.
func TestAManagerHasHisPart(t *testing.T) {
	d := open(t)
	wu := d.As("manager.wu")
	d.kept("targets", map[string]any{
		"level": "manager", "owner": wu.Id, "manager": wu.GetString("manager"), "dept": wu.GetString("department"), "metric": "amount", "year": "2026",
		"value": 12_000_000_00, "quarters": []int{3_200_000_00, 3_000_000_00, 3_000_000_00, 2_800_000_00}, "months": []int{}, "state": "issued",
	})
	o := d.orders(1)
	d.sold(o[0], "l1", "2026-01-10", 3_240_000_00, 1)
	d.owes(o[0], 3_240_000_00, 1_620_000_00, "2026-02-01")
	q1 := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B")
	d.appraised(q1, wu, "ka_manager", "B")
	d.settle(q1)
	d.says("the rep", q1, d.chen, incentive.KindCommission, 2_400_00, 1_200_00, 1_200_00, 1_200_00)
	d.says("ten per cent of what is paid", q1, wu, incentive.KindShare, 120_00, 0, 120_00, 120_00)
	d.paidOut(q1)
	a, err := d.FindFirstRecordByFilter("appraisals", "cycle = {:c} && subject = {:s}", dbx.Params{"c": q1.Id, "s": d.chen.Id})
	if err != nil {
		t.Fatal(err)
	}
	a.Set("grade", "C")
	if err := d.SaveWithContext(gate.AsServer(t.Context()), a); err != nil {
		t.Fatal(err)
	}
	d.settle(q1)
	d.says("regraded", q1, d.chen, incentive.KindCommission, -2_400_00, 0, -1_200_00, 0)
	d.says("and his manager", q1, wu, incentive.KindShare, -120_00, 0, -120_00, 0)
	d.adds()
}

// TestNobodySeesAnothersMoney: bonus and base are seen by the person and finance, what a
// team earns by the department's manager; in no list, refusal or export is another's.
func TestNobodySeesAnothersMoney(t *testing.T) {
	d := open(t)
	o := d.orders(1)
	d.sold(o[0], "l1", "2026-01-10", 3_240_000_00, 1)
	d.owes(o[0], 3_240_000_00, 3_240_000_00, "2026-02-01")
	q1 := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B")
	d.settle(q1)
	bonus, commission := d.result(q1, d.chen, incentive.KindBonus), d.result(q1, d.chen, incentive.KindCommission)
	if got := d.Do("rep.chen", http.MethodGet, "/api/collections/incentive_results/records", ""); strings.Contains(got.Body.String(), string(bonus.ID())) {
		t.Error("he sees a draft")
	}
	d.paidOut(q1)
	for who, want := range map[string][3]bool{ // base, bonus, commission
		"rep.chen": {true, true, true}, "finance.zhao": {true, true, true}, "director.lin": {false, false, true},
		"manager.wu": {}, "rep.he": {}, "executive.sun": {}, "auditor.jin": {},
	} {
		bases := d.Do(who, http.MethodGet, "/api/collections/employments/records", "").Body.String()
		rows := d.Do(who, http.MethodGet, "/api/collections/incentive_results/records", "").Body.String()
		got := [3]bool{strings.Contains(bases, d.chen.Id), strings.Contains(rows, string(bonus.ID())), strings.Contains(rows, string(commission.ID()))}
		if got != want {
			t.Errorf("%s sees %v, want %v", who, got, want)
		}
		for name, path := range map[string]string{
			"pdf": "/api/ka/incentive_results/" + string(bonus.ID()) + "/pdf", "export": "/api/ka/export/incentive_results", "bases": "/api/ka/export/employments",
		} {
			answer := d.Do(who, http.MethodGet, path, "")
			body := answer.Body.String()
			if !want[1] && (strings.Contains(body, "1000000") || strings.Contains(body, "800000") || name == "pdf" && answer.Code != http.StatusNotFound) {
				t.Errorf("%s gets %s: %d", who, name, answer.Code)
			}
		}
	}
	list := d.Do("finance.zhao", http.MethodGet, "/api/ka/appraisal_cycles/"+q1.Id+"/payroll", "").Body.String()
	if !strings.Contains(list, "8000.00") || !strings.Contains(list, "2400.00") || !strings.Contains(list, "# 水印") {
		t.Error(list)
	}
	if got := d.Do("director.lin", http.MethodGet, "/api/ka/appraisal_cycles/"+q1.Id+"/payroll", ""); got.Code != http.StatusForbidden {
		t.Error(got.Code)
	}
	d.exportAdds(q1, list)
}

// TestStatementsAreWritten as papers of every kind.
func TestStatementsAreWritten(t *testing.T) {
	d := open(t)
	o := d.orders(2)
	d.sold(o[0], "l1", "2026-01-10", 3_000_000_00, 1)
	d.sold(o[1], "l2", "2026-03-31", 1_050_000_00, 1)
	d.owes(o[0], 3_000_000_00, 1_500_000_00, "2026-02-01")
	d.owes(o[1], 1_050_000_00, 1_050_000_00, "2026-04-01")
	q1 := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "A")
	d.settle(q1)
	for kind, who := range map[string]string{incentive.KindBonus: "finance.zhao", incentive.KindCommission: "director.lin"} {
		row := d.result(q1, d.chen, kind)
		got := d.Do("finance.zhao", http.MethodGet, "/api/ka/incentive_results/"+string(row.ID())+"/pdf", "")
		if got.Code != http.StatusBadRequest {
			t.Errorf("a draft of %s is written: %d", kind, got.Code)
		}
		d.Must(d.Act("finance.zhao", row.Raw(), "approve", ""))
		got = d.Do(who, http.MethodGet, "/api/ka/incentive_results/"+string(row.ID())+"/pdf", "")
		if got.Code != http.StatusOK || !strings.HasPrefix(got.Body.String(), "%PDF") {
			t.Errorf("%s: %d %s", kind, got.Code, got.Body)
		}
		if dir := os.Getenv("SATCHEL_PICTURES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, kind+".pdf"), got.Body.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// exportAdds holds payroll's list to the statements.
func (d *desk) exportAdds(cycle *core.Record, list string) {
	d.t.Helper()
	sum, listed := 0, 0
	rows, err := records.IncentiveResults.All(d.App, "cycle = {:c}", dbx.Params{"c": cycle.Id}, "id")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, r := range rows {
		sum += r.PayFen()
	}
	for line := range strings.Lines(list) {
		if cells := strings.Split(line, ","); len(cells) > 8 {
			var yuan, fen int
			if n, _ := fmt.Sscanf(cells[8], "%d.%d", &yuan, &fen); n == 2 {
				listed += yuan*100 + fen
			}
		}
	}
	if sum != listed || sum == 0 {
		d.t.Errorf("statements %d, payroll's list %d", sum, listed)
	}
}

// policy: R6.8 commission_plans
//
// TestAPublishedPlanStays: a draft takes the company's settings, and a published one
// changes no more.
func TestAPublishedPlanStays(t *testing.T) {
	d := open(t)
	dept := d.chen.GetString("department")
	blank := d.Blank("commission_plans", map[string]any{"dept": dept, "name": "二版", "from_date": "2026-04-01"})
	d.Expect("by a rep", d.SaveBy("rep.chen", blank), "commission_plan.not_head")
	row := d.Blank("commission_plans", map[string]any{"dept": dept, "name": "二版", "from_date": "2026-04-01"})
	d.Must(d.SaveBy("director.lin", row))
	got, err := records.CommissionPlans.Of(d.Fresh(row)).Rules()
	if err != nil || got.HoldDays != 180 || len(got.Tiers) != 3 || got.GateGrade != "B" || got.GateBP != 10_000 || got.ManagerBP != 1000 {
		t.Errorf("%+v %v", got, err)
	}
	bad := got
	bad.Tiers = []incentive.Tier{{FromBP: 12_000, RateBP: 1}, {FromBP: 11_000, RateBP: 1}}
	raw, err := json.Marshal(bad)
	if err != nil {
		t.Fatal(err)
	}
	d.Expect("tiers that fall", d.Set("director.lin", row, "rules", string(raw)), "commission_plan.tiers")
	d.Expect("by finance", d.Act("finance.zhao", row, "publish", ""), "commission_plan.not_head")
	d.Must(d.Act("director.lin", row, "publish", ""))
	d.Expect("an edit", d.Set("director.lin", row, "name", "三版"), "commission_plan.locked")
	d.Expect("deleted", d.DeleteBy("director.lin", row), "404")
}

// policy: R6.9 promotion_candidates
// policy: R6.10 development_actions
// policy: R6.11 honors
//
// TestWhatFollowsBesideMoney: four good quarters propose a promotion, a good one
// development and an honour, a poor one an improvement.
func TestWhatFollowsBesideMoney(t *testing.T) {
	d := open(t)
	o := d.orders(1)
	d.sold(o[0], "l1", "2026-01-10", 3_240_000_00, 1)
	for _, q := range [][3]string{{"2025Q2", "2025-04-01", "2025-06-30"}, {"2025Q3", "2025-07-01", "2025-09-30"}, {"2025Q4", "2025-10-01", "2025-12-31"}} {
		d.cycle(q[0], q[1], q[2], "A")
	}
	q1 := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "A")
	he := d.As("rep.he")
	poor := d.appraised(q1, he, "rep", "D")
	d.settle(q1)
	d.settle(q1)
	candidate, err := d.FindFirstRecordByFilter("promotion_candidates", "person = {:p}", dbx.Params{"p": d.chen.Id})
	if err != nil {
		t.Fatal(err)
	}
	d.Expect("by himself", d.Act("rep.chen", candidate, "promote", ""), "record.not_found")
	d.Expect("without a reason", d.Act("director.lin", candidate, "decline", `{"reason":""}`), "promotion_candidate.reason_required")
	d.Must(d.Act("director.lin", candidate, "promote", ""))
	honour, err := d.FindFirstRecordByFilter("honors", "person = {:p} && category = 'sales_champion'", dbx.Params{"p": d.chen.Id})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Do("rep.he", http.MethodGet, "/api/collections/honors/records", ""); strings.Contains(got.Body.String(), honour.Id) {
		t.Error("a nomination is seen")
	}
	d.Must(d.Act("director.lin", honour, "publish", ""))
	if got := d.Do("rep.he", http.MethodGet, "/api/collections/honors/records", ""); !strings.Contains(got.Body.String(), honour.Id) {
		t.Error("what is published is not seen")
	}
	if got := d.Do("rep.he", http.MethodGet, "/api/ka/honors/"+honour.Id+"/pdf", ""); got.Code != http.StatusOK || !strings.HasPrefix(got.Body.String(), "%PDF") {
		t.Errorf("%d", got.Code)
	}
	if dir := os.Getenv("SATCHEL_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "certificate.pdf"), d.Do("rep.he", http.MethodGet, "/api/ka/honors/"+honour.Id+"/pdf", "").Body.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	measure, err := d.FindFirstRecordByFilter("development_actions", "person = {:p}", dbx.Params{"p": d.chen.Id})
	if err != nil {
		t.Fatal(err)
	}
	d.Expect("nothing said", d.Act("director.lin", measure, "plan", `{}`), "development_action.title_required")
	d.Must(d.Act("director.lin", measure, "plan", `{"title":"大客户谈判","due":"2026-06-30"}`))
	d.Must(d.Act("director.lin", measure, "finish", `{"result":"已完成"}`))
	n, err := records.ImprovementActions.Count(d.App, "ref_collection = 'appraisals' AND ref_id = {:a}", dbx.Params{"a": poor.Id})
	if err != nil || n != 1 {
		t.Errorf("%d improvements, %v", n, err)
	}
	if n, err := records.DevelopmentActions.Count(d.App, "person = {:p}", dbx.Params{"p": he.Id}); err != nil || n != 0 {
		t.Errorf("%d, %v", n, err)
	}
}

// TestPlantedFaultsOfPay: commission that is paid before it is collected, and a paid
// result that is edited, are noticed.
func TestPlantedFaultsOfPay(t *testing.T) {
	planted := func(fault syncer.Planted) *desk {
		return open(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = fault }))
	}
	d := planted(syncer.PlantPaidUncollected)
	o := d.orders(1)
	d.sold(o[0], "l1", "2026-01-10", 3_240_000_00, 1)
	d.owes(o[0], 3_240_000_00, 0, "")
	q1 := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B")
	d.settle(q1)
	if d.result(q1, d.chen, incentive.KindCommission).PayFen() == 0 {
		t.Error("the fault does nothing")
	}
	d = planted(syncer.PlantPaidEdited)
	q1 = d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B")
	d.settle(q1)
	first := d.result(q1, d.chen, incentive.KindBonus)
	d.paidOut(q1)
	was := d.Fresh(first.Raw()).GetString("sha256")
	a, err := d.FindFirstRecordByFilter("appraisals", "cycle = {:c}", dbx.Params{"c": q1.Id})
	if err != nil {
		t.Fatal(err)
	}
	a.Set("grade", "A")
	if err := d.SaveWithContext(gate.AsServer(t.Context()), a); err != nil {
		t.Fatal(err)
	}
	d.settle(q1)
	if d.Fresh(first.Raw()).GetString("sha256") == was {
		t.Error("the fault does nothing")
	}
}

// TestSettledByTheClock: a cycle that was locked is settled at night, one that runs is not
// at anybody's word.
func TestSettledByTheClock(t *testing.T) {
	d := open(t)
	cycle := d.cycle("2026Q1", "2026-01-01", "2026-03-31", "B")
	d.Job("incentives")
	d.Job("incentives")
	d.says("by the clock", cycle, d.chen, incentive.KindBonus, 10_000_00, 2_000_00, 8_000_00, 8_000_00)
	d.Force(cycle, appraisal.CycleRating)
	d.Expect("too early", d.Act("finance.zhao", cycle, "settle", ""), "incentive.not_locked")
	d.Expect("by a rep", d.Act("rep.chen", cycle, "settle", ""), "incentive.not_finance")
	d.Expect("nothing waits", d.Act("finance.zhao", cycle, "payroll", ""), "incentive.nothing_to_export")
}
