package rules_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
)

// TestADayAndATrackArePaidOnce, whatever lines and claims they are divided among.
func TestADayAndATrackArePaidOnce(t *testing.T) {
	d := open(t)
	d.rule(map[string]any{"code": "days", "kind": "per_diem", "severity": "warn", "from_day": "2026-01-01", "active": true, "categories": []string{"visit"}, "params": map[string]any{"tiers_fen": []int{300, 200, 100}}})
	d.rule(map[string]any{"code": "km", "kind": "mileage", "severity": "warn", "from_day": "2026-01-01", "active": true, "categories": []string{"mileage"}, "params": map[string]any{"km_fen": 100}})
	if _, err := d.DB().NewQuery("UPDATE work_sessions SET distance_m = 10000 WHERE owner = {:o} AND date = '2026-03-09'").Bind(dbx.Params{"o": d.As(rep).Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	days := expense.LineFacts{Category: "visit", Day: "2026-03-08", ToDay: "2026-03-10", Fen: 300}
	drive := expense.LineFacts{Category: "mileage", Day: "2026-03-09", DistanceM: 10_000, Fen: 1_000}
	if got := d.hits(days) + d.hits(drive); got != "" {
		t.Errorf("the first: %s", got)
	}
	for _, line := range []map[string]any{
		{"category": d.of["visit"], "day": "2026-03-09", "to_day": "2026-03-11"}, {"category": d.of["mileage"], "day": "2026-03-09", "distance_m": 9_000},
	} {
		claim, _ := d.claim(line)
		d.Must(d.Act(rep, claim, "submit", ""))
	}
	if got := d.hits(days); got != "expense.per_diem " {
		t.Errorf("two days of it once more: %q", got)
	}
	if got := d.hits(drive); got != "expense.mileage " {
		t.Errorf("the track once more: %q", got)
	}
	claim, _ := d.claim(map[string]any{"category": d.of["visit"], "day": "2026-01-01", "to_day": "2026-03-08", "amount_fen": 6700, "no_invoice_reason": "无票"})
	d.Must(d.Act(rep, claim, "submit", ""))
	if got := d.hits(expense.LineFacts{Category: "visit", Day: "2026-03-08", Fen: 100}); got != "expense.per_diem " {
		t.Errorf("a day of a long journey: %q", got)
	}
	days.Day, days.ToDay, days.Fen, drive.Fen = "2026-03-12", "", 100, 100
	if got := d.hits(days) + d.hits(drive); got != "" {
		t.Errorf("the rest: %s", got)
	}
}

// TestAnInnocentCrowdHidesNobody: of many lines alike, one's own and that of the same
// merchant are found.
func TestAnInnocentCrowdHidesNobody(t *testing.T) {
	d := open(t)
	for code, kind := range map[string]string{"own": "alike_own", "others": "alike_others"} {
		d.rule(map[string]any{"code": code, "kind": kind, "severity": "review", "from_day": "2026-01-01", "active": true})
	}
	handed := func(who, id, merchant string) {
		t.Helper()
		claim := d.Make(who, "expense_claims", map[string]any{"title": "三月", "period": "2026-03", "payee_kind": "employee", "owner": d.As(who).Id})
		d.Make(who, "expense_lines", map[string]any{"id": id, "claim": claim.Id, "category": d.of["taxi"], "day": "2026-03-09", "amount_fen": 3_000, "merchant": merchant, "no_invoice_reason": "无票"})
		d.Must(d.Act(who, claim, "submit", ""))
	}
	for n := range 25 {
		handed("rep.he", fmt.Sprintf("aaaaaaaaaaaaa%02d", n), fmt.Sprint("出租 ", n))
	}
	line := expense.LineFacts{Category: "taxi", Day: "2026-03-09", Fen: 3_000, Merchant: "强生(出租)"}
	if got := d.hits(line); got != "" {
		t.Errorf("beside others: %s", got)
	}
	handed("rep.he", "zzzzzzzzzzzzzz1", "强生（出租）")
	if got := d.hits(line); got != "expense.alike_others " {
		t.Errorf("the same merchant: %q", got)
	}
	handed(rep, "zzzzzzzzzzzzzz2", "大众")
	if got := d.hits(line); got != "expense.alike_own expense.alike_others " {
		t.Errorf("one's own: %q", got)
	}
}

// TestOneGiftCountsOnce: a care task's gift that a line claims counts as far as it is above
// the line; a line of another's gift is refused.
func TestOneGiftCountsOnce(t *testing.T) {
	d := open(t)
	contact := d.Make("admin.fang", "contacts", map[string]any{"account": d.account.Id, "name": "马经理"})
	other := d.Make("admin.fang", "contacts", map[string]any{"account": d.account.Id, "name": "牛经理"})
	task := d.Blank("care_tasks", map[string]any{
		"account": d.account.Id, "dept": d.account.GetString("dept"), "contact": contact.Id, "title": "中秋", "due": "2026-02-01", "assignee": d.As(rep).Id, "state": "done", "gift_value_fen": 90_000,
	})
	if err := d.SaveWithContext(gate.AsServer(t.Context()), task); err != nil {
		t.Fatal(err)
	}
	line := map[string]any{"category": d.of["gift"], "day": "2026-03-09", "amount_fen": 20_000, "account": d.account.Id, "contact": contact.Id, "no_invoice_reason": "无票"}
	claim, of := d.claim(line)
	if got := testCode(d.Act(rep, claim, "submit", "")); got != "claim.rule_blocked" {
		t.Errorf("beside what care gave: %q", got)
	}
	d.Expect("to another person", testCode(d.Update(rep, of, map[string]any{"contact": other.Id, "care_task": task.Id})), "record.not_found")
	d.Must(d.Update(rep, d.Fresh(of), map[string]any{"care_task": task.Id}))
	d.Must(d.Act(rep, claim, "submit", ""))
	gift := expense.LineFacts{Category: "gift", Day: "2026-03-10", Account: d.account.Id, Contact: contact.Id, Fen: 10_000}
	if got := d.hits(gift); got != "" {
		t.Errorf("90,000 fen were given: %s", got)
	}
	gift.Fen++
	if got := d.hits(gift); got != "expense.gift_year " {
		t.Errorf("a fen more than the year's: %q", got)
	}
}
