package rules_test

import (
	"encoding/json/v2"
	"fmt"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/expense/rules"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

const (
	finance = "finance.zhao"
	rep     = "rep.chen"
)

// desk is a company with categories and an account of a rep's.
type desk struct {
	testapp.Desk
	t       *testing.T
	account *core.Record
	of      map[string]string // ids of categories
}

func open(t *testing.T) *desk {
	d := &desk{Desk: testapp.Open(t), t: t, of: map[string]string{}}
	d.account = d.AccountOf(rep)
	for _, code := range []string{"gift", "display", "mileage", "visit", "taxi"} {
		row, err := d.FindFirstRecordByData("expense_categories", "code", code)
		if err != nil {
			row = d.Make(finance, "expense_categories", map[string]any{"code": code, "name_zh": code, "active": true})
		}
		d.of[code] = row.Id
	}
	return d
}

// rule is one that finance writes, of a code of its own.
func (d *desk) rule(values map[string]any) *core.Record {
	d.t.Helper()
	row, refused := d.Create(finance, "expense_rules", values)
	d.Must(refused)
	return row
}

// claim is a draft of the rep's with a line.
func (d *desk) claim(line map[string]any) (claim, of *core.Record) {
	d.t.Helper()
	claim, refused := d.Create(rep, "expense_claims", map[string]any{"title": "六月", "period": "2026-03", "payee_kind": "employee", "owner": d.As(rep).Id})
	d.Must(refused)
	line["claim"], line["owner"] = claim.Id, d.As(rep).Id
	of, refused = d.Create(rep, "expense_lines", line)
	d.Must(refused)
	return claim, of
}

// hits are the codes that a line of a category meets.
func (d *desk) hits(facts expense.LineFacts) string {
	d.t.Helper()
	owner := d.As(rep)
	facts.ID = "line"
	hits, err := rules.Judge(d.App, expense.ClaimFacts{
		ID: "none", Owner: owner.Id, Role: owner.GetString("role"), SubmitDay: facts.Day, Lines: []expense.LineFacts{facts},
	})
	if err != nil {
		d.t.Fatal(err)
	}
	out := ""
	for _, h := range hits {
		out += h.Code + " "
	}
	return out
}

// policy: R7.3 H-EXP-2
//
// TestAChangedRuleIsANewVersion: what it leaves open is copied from kind and settings,
// and a version stays as it was written.
func TestAChangedRuleIsANewVersion(t *testing.T) {
	d := open(t)
	first := d.rule(map[string]any{"code": "late", "kind": "late", "severity": "warn", "from_day": "2026-01-01", "active": true})
	if got := first.GetString("params"); got != `{"days":30,"issue_days":90}` || first.GetInt("version") != 1 || first.GetString("put_by") != d.As(finance).Id {
		t.Errorf("%s %v", got, first.PublicExport())
	}
	second := d.rule(map[string]any{"code": "late", "kind": "late", "severity": "block", "from_day": "2026-07-01", "active": true, "params": map[string]any{"days": 10}})
	if got := second.GetString("params"); got != `{"days":10,"issue_days":90}` || second.GetInt("version") != 2 {
		t.Error(got, second.GetInt("version"))
	}
	d.Expect("a version that is changed", testCode(d.Set("admin.fang", first, "note", "x")), "field.locked")
	for _, c := range []struct {
		name, want string
		values     map[string]any
	}{
		{"another kind", "expense_rule.kind_fixed", map[string]any{"code": "late", "kind": "dead"}},
		{"a parameter that is none", "expense_rule.param_unknown", map[string]any{"code": "x", "kind": "dead", "params": map[string]any{"if": "1"}}},
		{"no number", "expense_rule.param_invalid", map[string]any{"code": "x", "kind": "late", "params": map[string]any{"days": "x"}}},
		{"of no category", "expense_rule.category_unknown", map[string]any{"code": "x", "kind": "taxi", "categories": []string{"gone"}}},
		{"for none", "expense_rule.categories_required", map[string]any{"code": "x", "kind": "taxi"}},
		{"a code that is none", "expense_rule.code_invalid", map[string]any{"code": "X Y", "kind": "dead"}},
		{"over before it begins", "expense_rule.days_invalid", map[string]any{"code": "x", "kind": "dead", "to_day": "2025-01-01"}},
		{"no list", "expense_rule.categories_invalid", map[string]any{"code": "x", "kind": "dead", "categories": "gift"}},
	} {
		c.values["from_day"], c.values["severity"], c.values["active"] = "2026-01-01", "warn", true
		if _, got := d.Create(finance, "expense_rules", c.values); testCode(got) != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// policy: R7.3 H-EXP-2
//
// TestHExp2: a claim that comes late wants a reason; later still, only special approval
// lets it pass. What a setting says afterwards changes no rule.
func TestHExp2(t *testing.T) {
	d := open(t)
	late := func(code, severity string, days int) {
		d.rule(map[string]any{"code": code, "kind": "late", "severity": severity, "from_day": "2025-01-01", "active": true, "params": map[string]any{"days": days, "issue_days": 3650}})
	}
	late("late", "warn", 30)
	late("late_block", "block", 90)
	d.Setting("expense.warn_days", 1)
	today := domain.BusinessDay(d.Clock.Now())
	hand := func(days int, reason, args string) string {
		claim, _ := d.claim(map[string]any{
			"category": d.of["visit"], "day": domain.AddDays(today, -days), "amount_fen": 100, "no_invoice_reason": "无票", "reason": reason,
		})
		return testCode(d.Act(rep, claim, "submit", args))
	}
	for _, c := range []struct {
		days               int
		reason, args, want string
	}{
		{30, "", "", ""},
		{31, "", "", "claim.reason_required"},
		{31, "住院", "", ""},
		{90, "住院", "", ""},
		{91, "住院", "", "claim.rule_blocked"},
		{91, "住院", `{"special":true,"reason":"住院三个月"}`, ""},
	} {
		d.Expect(fmt.Sprint(c.days, " days, ", c.reason, c.args), hand(c.days, c.reason, c.args), c.want)
	}
	next := d.rule(map[string]any{"code": "late", "kind": "late", "severity": "warn", "from_day": "2026-04-01", "active": true})
	if got := next.GetString("params"); got != `{"days":1,"issue_days":90}` {
		t.Errorf("a new version copies %s", got)
	}
}

// TestARateIsFrozenAtTheSubmit: a rate that is written later, for days before too,
// re-prices no line that was handed in; a draft that is written again has the new one.
func TestARateIsFrozenAtTheSubmit(t *testing.T) {
	d := open(t)
	km := func(fen int) {
		d.rule(map[string]any{"code": "km", "kind": "mileage", "severity": "warn", "from_day": "2026-01-01", "active": true, "categories": []string{"mileage"}, "params": map[string]any{"km_fen": fen}})
	}
	km(100)
	if _, err := d.DB().NewQuery("UPDATE work_sessions SET distance_m = 10000 WHERE owner = {:o} AND date = '2026-03-09'").Bind(dbx.Params{"o": d.As(rep).Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	driven := map[string]any{"category": d.of["mileage"], "day": "2026-03-09", "distance_m": 10_000}
	sent, line := d.claim(driven)
	_, draft := d.claim(driven)
	d.Must(d.Act(rep, sent, "submit", ""))
	before := d.Fresh(line).GetString("computed")
	km(200)
	for _, step := range []struct {
		who, action string
	}{{"manager.wu", "approve"}, {finance, "approve"}} {
		d.Must(d.Decide(step.who, sent, step.action, ""))
	}
	if got := d.Fresh(line); got.GetString("computed") != before || got.GetInt("approved_fen") != 1_000 {
		t.Errorf("approved with %d: %s", got.GetInt("approved_fen"), got.GetString("computed"))
	}
	d.Must(d.Update(rep, draft, map[string]any{"city": "上海"}))
	if got := d.Fresh(draft).GetInt("amount_fen"); got != 2_000 {
		t.Errorf("the draft asks for %d", got)
	}
}

// TestBillsOfOneSeller are added up over several claims of a day.
func TestBillsOfOneSeller(t *testing.T) {
	d := open(t)
	d.rule(map[string]any{"code": "split", "kind": "split", "severity": "review", "from_day": "2026-01-01", "active": true, "params": map[string]any{"limit_fen": 1_000}})
	claim, _ := d.claim(map[string]any{"category": d.of["visit"], "day": "2026-03-09", "amount_fen": 600, "merchant": "江南酒家", "no_invoice_reason": "无票"})
	bill := expense.LineFacts{Category: "visit", Day: "2026-03-09", Fen: 500, Merchant: "江南酒家"}
	if got := d.hits(bill); got != "" {
		t.Errorf("beside a draft: %s", got)
	}
	d.Must(d.Act(rep, claim, "submit", ""))
	if got := d.hits(bill); got != "expense.split " {
		t.Errorf("beside what was handed in: %q", got)
	}
	bill.Merchant = "江南茶楼"
	if got := d.hits(bill); got != "" {
		t.Errorf("of another seller: %s", got)
	}
}

// testCode is a refusal's code without its field.
func testCode(refused string) string {
	for i := range refused {
		if refused[i] == ' ' {
			return refused[:i]
		}
	}
	return refused
}

// policy: R7.3 gift-register
//
// TestGiftsAreOneRegister: what claims gave counts for care and what care gave for claims.
func TestGiftsAreOneRegister(t *testing.T) {
	d := open(t)
	contact := d.Make("admin.fang", "contacts", map[string]any{"account": d.account.Id, "name": "马经理"})
	task := func(due, state string, fen int) *core.Record {
		row := d.Blank("care_tasks", map[string]any{
			"account": d.account.Id, "dept": d.account.GetString("dept"), "contact": contact.Id, "title": "中秋", "due": due, "assignee": d.As(rep).Id, "state": state, "gift_value_fen": fen,
		})
		if err := d.SaveWithContext(gate.AsServer(t.Context()), row); err != nil {
			t.Fatal(err)
		}
		return row
	}
	gift := expense.LineFacts{Category: "gift", Day: "2026-03-10", Account: d.account.Id, Contact: contact.Id, Fen: 10_000}
	if got := d.hits(gift); got != "" {
		t.Errorf("the first: %s", got)
	}
	task("2026-02-01", "done", 90_001)
	if got := d.hits(gift); got != "expense.gift_year " {
		t.Errorf("after what care gave: %s", got)
	}
	if _, err := d.DB().NewQuery("UPDATE care_tasks SET gift_value_fen = 80000 WHERE state = 'done'").Execute(); err != nil {
		t.Fatal(err)
	}
	claim, _ := d.claim(map[string]any{"category": d.of["gift"], "day": "2026-03-09", "amount_fen": 15_000, "account": d.account.Id, "contact": contact.Id})
	open := task("2026-03-12", "open", 0)
	if _, err := d.DB().NewQuery("UPDATE expense_claims SET state = 'submitted' WHERE id = {:id}").Bind(dbx.Params{"id": claim.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Expect("care after claims", d.Act(rep, open, "finish", `{"action":"月饼","gift_value_fen":5001}`), "care.gift_year_limit")
	d.Must(d.Act(rep, open, "finish", `{"action":"月饼","gift_value_fen":5000}`))
}

// TestAnAmountIsReckoned by the rule of its day; another day picks another rate, says so,
// and an amount that somebody typed is his.
func TestAnAmountIsReckoned(t *testing.T) {
	d := open(t)
	for from, fen := range map[string]int{"2026-01-01": 100, "2026-03-10": 120} {
		d.rule(map[string]any{
			"code": "km-" + from, "kind": "mileage", "severity": "warn", "from_day": from, "active": true, "categories": []string{"mileage"},
			"params": map[string]any{"km_fen": fen},
		})
	}
	if _, err := d.DB().NewQuery("UPDATE work_sessions SET distance_m = 10000 WHERE owner = {:o} AND date = '2026-03-09'").Bind(dbx.Params{"o": d.As(rep).Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	_, line := d.claim(map[string]any{"category": d.of["mileage"], "day": "2026-03-09", "distance_m": 12_000})
	read := func() (c expense.Computed) {
		t.Helper()
		if err := json.Unmarshal([]byte(d.Fresh(line).GetString("computed")), &c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := read(); c.Fen != 1_150 || c.CountedM != 11_500 || c.RateFen != 100 || d.Fresh(line).GetInt("amount_fen") != 1_150 {
		t.Errorf("reckoned: %+v of %d", c, d.Fresh(line).GetInt("amount_fen"))
	}
	d.Must(d.Update(rep, line, map[string]any{"to_day": "2026-03-11", "day": "2026-03-08"}))
	d.Must(d.Update(rep, d.Fresh(line), map[string]any{"amount_fen": 2_000, "reason": "绕行"}))
	if d.Fresh(line).GetInt("amount_fen") != 2_000 {
		t.Error("what was typed is gone")
	}
	d.Must(d.Update(rep, d.Fresh(line), map[string]any{"day": "2026-03-10", "to_day": ""}))
	if c := read(); c.RateFen != 120 || c.Before == nil || c.Before.RateFen != 100 {
		t.Errorf("of another day: %+v", c)
	}
}

// TestAFeeIsPaidForWhatWasSeen: against a contract of the account that binds on its days,
// and photos of valid visits.
func TestAFeeIsPaidForWhatWasSeen(t *testing.T) {
	d := open(t)
	d.rule(map[string]any{"code": "display", "kind": "fee", "severity": "block", "from_day": "2026-01-01", "active": true, "categories": []string{"display"}, "params": map[string]any{"photos": 1}})
	fee := expense.LineFacts{Category: "display", Day: "2026-03-01", ToDay: "2026-03-31", Account: d.account.Id, Fen: 50_000}
	if got := d.hits(fee); got != "expense.fee_unfounded " {
		t.Errorf("against nothing: %s", got)
	}
	contract := d.Blank("contracts", map[string]any{
		"account": d.account.Id, "owner": d.As(rep).Id, "no": "K-1", "title": "陈列", "state": "effective", "start_date": "2026-01-01", "end_date": "2026-12-31", "amount_fen": 40_000,
	})
	if err := d.SaveNoValidateWithContext(gate.AsServer(t.Context()), contract); err != nil {
		t.Fatal(err)
	}
	fee.Contract = contract.Id
	if got := d.hits(fee); got != "expense.fee_photos expense.fee_over " {
		t.Errorf("unseen: %s", got)
	}
	fee.Fen, fee.ToDay = 40_000, "2027-01-01"
	if got := d.hits(fee); got != "expense.fee_unfounded " {
		t.Errorf("beyond its contract: %s", got)
	}
}

// TestWhatWasHandedInCounts: a bill, a night, a day or a stretch that another claim has is
// not free for the next; a contract is paid once, whatever activity is named beside it.
func TestWhatWasHandedInCounts(t *testing.T) {
	d := open(t)
	rule := func(kind, category string, params map[string]any) {
		d.rule(map[string]any{"code": kind, "kind": kind, "severity": "warn", "from_day": "2026-01-01", "active": true, "categories": []string{category}, "params": params})
	}
	rule("preapproval", "visit", nil)
	rule("lodging", "taxi", nil)
	rule("fee", "display", map[string]any{"photos": 0})
	contract := d.Blank("contracts", map[string]any{
		"account": d.account.Id, "owner": d.As(rep).Id, "no": "K-1", "title": "陈列", "state": "effective", "start_date": "2026-01-01", "end_date": "2026-12-31", "amount_fen": 40_000,
	})
	if err := d.SaveNoValidateWithContext(gate.AsServer(t.Context()), contract); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line expense.LineFacts
		want string
	}{
		{expense.LineFacts{Category: "visit", Day: "2026-03-09", Fen: 15_000}, "expense.preapproval_required "},
		{expense.LineFacts{Category: "taxi", Day: "2026-03-09", Nights: 1, Fen: 30_000}, "expense.lodging "},
		{expense.LineFacts{Category: "display", Day: "2026-03-09", Account: d.account.Id, Contract: contract.Id, Activity: "another", Fen: 30_000}, "expense.fee_over "},
	} {
		if got := d.hits(c.line); got != "" {
			t.Errorf("%s, the first: %s", c.line.Category, got)
		}
		claim, _ := d.claim(map[string]any{
			"category": d.of[c.line.Category], "day": c.line.Day, "amount_fen": c.line.Fen, "nights": c.line.Nights, "account": c.line.Account, "contract": c.line.Contract,
		})
		if got := d.hits(c.line); got != "" {
			t.Errorf("%s, beside a draft: %s", c.line.Category, got)
		}
		if _, err := d.DB().NewQuery("UPDATE expense_claims SET state = 'submitted' WHERE id = {:id}").Bind(dbx.Params{"id": claim.Id}).Execute(); err != nil {
			t.Fatal(err)
		}
		if got := d.hits(c.line); got != c.want {
			t.Errorf("%s, once more: %q", c.line.Category, got)
		}
	}
}
