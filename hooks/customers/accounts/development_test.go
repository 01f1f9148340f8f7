package accounts_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

func exec(d testapp.Desk, sql string) {
	_, err := d.DB().NewQuery(sql).Execute()
	d.Must(testapp.Code(err))
}

func ratings(scores ...int) map[string]any {
	out := map[string]any{}
	for i, key := range []string{"influence", "scale", "complementarity", "credit"} {
		out[key] = map[string]any{"score": scores[i], "evidence": "年报第3页"}
	}
	return out
}

// TestAProspectBecomesAKeyAccount walks the six steps of policy 3(2), the gate
// of each shut first.
//
// policy: R3.2a account.gate_research
// policy: R3.2b account.gate_scorecard
// policy: R3.2c account.gate_contact
// policy: R3.2c account.gate_need
// policy: R3.2d accounts.stage
func TestAProspectBecomesAKeyAccount(t *testing.T) {
	d := testapp.Open(t)
	account := d.Make("rep.chen", "accounts", map[string]any{"name": "新华都百货（福州）有限公司", "kind": "prospect", "owner": d.As("rep.chen").Id})
	if stage := account.GetString("stage"); stage != "research" {
		t.Fatalf("it begins at %q", stage)
	}
	advance := func(want string) {
		t.Helper()
		if got := d.Act("rep.chen", d.Fresh(account), "advance", `{}`); got != want {
			t.Fatalf("at %s: %q, want %q", d.Fresh(account).GetString("stage"), got, want)
		}
	}
	advance("account.gate_research")
	account = d.Fresh(account)
	account.Load(map[string]any{"industry": "百货", "purchase_needs": "日化"})
	d.Must(d.SaveBy("rep.chen", account))
	account.Set("region", "华东")
	d.Must(d.SaveBy("manager.wu", account))
	advance("account.gate_scorecard")

	card := d.Make("rep.chen", "account_scorecards", map[string]any{"account": account.Id, "ratings": ratings(4, 3, 4, 4)})
	if total, tier := card.GetInt("total_bp"), card.GetString("suggested_tier"); total != 7400 || tier != "B" {
		t.Errorf("scored %d %s", total, tier)
	}
	d.Must(d.Act("rep.chen", card, "submit", `{}`))
	advance("account.gate_scorecard")
	d.Must(d.Decide("manager.wu", card, "approve", `{}`))
	d.Must(d.Decide("director.lin", card, "approve", `{}`))
	advance("") // screened
	advance("") // first contact

	advance("account.gate_contact")
	d.Make("rep.chen", "communications", map[string]any{
		"account": account.Id, "channel": "phone", "direction": "out", "at": "2026-03-16 01:00:00.000Z", "summary": "自我介绍",
	})
	advance("account.gate_need")
	account = d.Fresh(account)
	account.Set("first_need", "节庆礼盒")
	d.Must(d.SaveBy("rep.chen", account))
	advance("") // in depth

	advance("account.gate_visit")
	d.Make("", "visits", map[string]any{
		"account": account.Id, "owner": d.As("rep.chen").Id, "type": "planned", "state": "planned", "planned_date": "2026-03-16",
	})
	exec(d, "UPDATE visits SET state = 'accepted', counts = TRUE, in_result = 'inside' WHERE account = '"+account.Id+"'")
	advance("account.gate_decider")
	d.Make("rep.chen", "contacts", map[string]any{"account": account.Id, "name": "林总", "role_in_decision": "decider"})
	advance("") // negotiating

	advance("account.gate_terms")
	talks := d.Make("rep.chen", "negotiations", map[string]any{
		"account": account.Id, "topic": "年度合作", "price_terms": []any{map[string]any{"name": "折扣", "value": "9.5折"}},
		"service_terms": []any{map[string]any{"name": "配送", "value": "48小时"}}, "objections": []any{map[string]any{"text": "账期太短"}},
	})
	advance("account.gate_terms")
	talks.Set("objections", []any{map[string]any{"text": "账期太短", "answer": "首单后45天"}})
	d.Must(d.SaveBy("rep.chen", talks))
	advance("account.gate_contract")
	d.Make("", "contracts", map[string]any{
		"account": account.Id, "owner": d.As("manager.wu").Id, "no": "HT-2026-001", "type": "standard", "title": "年度合同", "amount_fen": 1,
		"start_date": "2026-03-01", "end_date": "2027-02-28",
	})
	exec(d, "UPDATE contracts SET state = 'effective' WHERE no = 'HT-2026-001'")
	advance("")
	account = d.Fresh(account)
	if got := fmt.Sprint(account.GetString("stage"), account.GetString("kind"), account.GetString("status")); got != "contractedkaactive" {
		t.Error(got)
	}
	log, err := d.FindRecordsByFilter("account_stage_log", "account = {:a}", "at", 0, 0, map[string]any{"a": account.Id})
	if err != nil || len(log) != 5 {
		t.Fatalf("%d steps are logged: %v", len(log), err)
	}
	for _, c := range []struct{ who, step, args, want string }{
		{"rep.he", "rest", `{"note":"x"}`, "record.not_found"},
		{"rep.chen", "rest", `{}`, "account.stage_reason"},
		{"rep.chen", "rest", `{"note":"半年无订单"}`, ""},
		{"rep.chen", "advance", `{}`, "account.stage"},
		{"rep.chen", "lose", `{"note":"已转竞品"}`, ""},
		{"manager.wu", "reopen", `{"note":"回来了"}`, ""},
	} {
		if got := d.Act(c.who, account, c.step, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.step, got, c.want)
		}
	}
}

// TestHSel2OverrideByTheHead: a card below the line passes only with the
// department manager's reason.
//
// policy: R3.1 H-SEL-2
func TestHSel2OverrideByTheHead(t *testing.T) {
	d := testapp.Open(t)
	account := d.AccountOf("rep.chen")
	card := d.Make("manager.wu", "account_scorecards", map[string]any{"account": account.Id, "ratings": ratings(2, 2, 1, 3)})
	d.Must(d.Act("manager.wu", card, "submit", `{}`))
	if got := d.Decide("director.lin", card, "approve", `{}`); got != "scorecard.below_threshold" {
		t.Errorf("approved below the line: %q", got)
	}
	for _, c := range []struct{ who, args, want string }{
		{"manager.wu", `{"reason":"x"}`, "scorecard.not_head"}, {"director.lin", `{}`, "account.stage_reason"}, {"director.lin", `{"reason":"战略客户"}`, ""},
	} {
		if got := d.Act(c.who, card, "admit", c.args); got != c.want {
			t.Errorf("%s %s: %q", c.who, c.args, got)
		}
	}
	if got := d.Decide("director.lin", card, "approve", `{}`); got != "" {
		t.Errorf("not approved with a reason: %q", got)
	}
}

// TestHSel3ACardIsSubmittedWhole, or not at all.
//
// policy: R3.1 H-SEL-3
func TestHSel3ACardIsSubmittedWhole(t *testing.T) {
	d := testapp.Open(t)
	account := d.AccountOf("rep.chen")
	bare := ratings(4, 4, 4, 4)
	bare["credit"] = map[string]any{"score": 4}
	card := d.Make("rep.chen", "account_scorecards", map[string]any{"account": account.Id, "ratings": bare})
	if got := d.Act("rep.chen", card, "submit", `{}`); got != "scorecard.evidence_required" {
		t.Error(got)
	}
	if got := d.SaveBy("rep.chen", d.Blank("account_scorecards", map[string]any{"account": account.Id, "ratings": ratings(9, 4, 4, 4)})); got != "scorecard.rating_range" {
		t.Error(got)
	}
	if got := d.SaveBy("rep.chen", d.Blank("account_scorecards", map[string]any{"account": account.Id, "total_bp": 10000})); !strings.HasPrefix(got, "field.locked") {
		t.Error(got)
	}
}

// TestScoringModelsAreKept: one is active, and one in use stays as it is.
//
// policy: R3.1 scoring_models
func TestScoringModelsAreKept(t *testing.T) {
	d := testapp.Open(t)
	first, err := d.FindFirstRecordByFilter("scoring_models", "active = true")
	if err != nil {
		t.Fatal(err)
	}
	second := d.Make("director.lin", "scoring_models", map[string]any{
		"name": "2027", "criteria": []any{map[string]any{"key": "credit", "weight_bp": 10000, "scale": 10}}, "active": true,
	})
	if d.Fresh(first).GetBool("active") || second.GetInt("version") != 2 {
		t.Errorf("two are active, or the version is %d", second.GetInt("version"))
	}
	d.Make("rep.chen", "account_scorecards", map[string]any{"account": d.AccountOf("rep.chen").Id})
	second.Set("threshold_bp", 1)
	if got := d.SaveBy("director.lin", second); got != "scoring.model_used" {
		t.Error(got)
	}
	if got := d.SaveBy("director.lin", d.Blank("scoring_models", map[string]any{"name": "x", "criteria": []any{}})); got != "scoring.model_invalid" {
		t.Error(got)
	}
}

// TestHDupOneCompanyIsOneAccount: the tax id and the name tell, a phone and a
// place are a hint, and nobody learns whose the other account is.
//
// policy: R3.2a H-DUP
func TestHDupOneCompanyIsOneAccount(t *testing.T) {
	d := testapp.Open(t)
	d.Make("", "accounts", map[string]any{
		"name": "永辉超市股份有限公司", "uscc": "91350000158164218T", "kind": "ka", "owner": d.As("rep.ma").Id, "phone": "0591-83787308", "lat": 26.08, "lng": 119.3,
	})
	for _, c := range []struct {
		fields map[string]any
		want   string
	}{
		{map[string]any{"name": "别名", "uscc": "91350000158164218t "}, "account.duplicate_uscc uscc"},
		{map[string]any{"name": "永辉超市（股份）有限公司"}, "account.duplicate_name name"},
		{map[string]any{"name": "永辉超市有限公司", "distinct_reason": "台湾同名公司"}, ""},
		{map[string]any{"name": "邻居商行", "lat": 26.0801, "lng": 119.3, "phone": "059183787308"}, ""},
		{map[string]any{"name": "远方商行", "lat": 26.09, "lng": 119.3}, ""},
	} {
		c.fields["kind"], c.fields["owner"] = "prospect", d.As("rep.chen").Id
		record := d.Blank("accounts", c.fields)
		if got := d.SaveBy("rep.chen", record); got != c.want {
			t.Errorf("%v: %q", c.fields["name"], got)
		}
		flags := record.GetString("duplicate_flags")
		if c.fields["name"] == "邻居商行" && flags != `["near","phone"]` || c.fields["name"] == "远方商行" && flags != "null" && flags != "" {
			t.Errorf("%v is flagged %s", c.fields["name"], flags)
		}
	}
	neighbour, err := d.FindFirstRecordByData("accounts", "name", "邻居商行")
	if err != nil {
		t.Fatal(err)
	}
	for who, want := range map[string]string{
		"rep.chen": `"hidden":1`, "rep.ma": `"code":"record.not_found"`, "director.lin": `"why":["phone","near"]`,
	} {
		if body := d.Do(who, http.MethodGet, "/api/ka/accounts/"+neighbour.Id+"/duplicates", "").Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s: %s", who, body)
		}
	}
}

// TestAStageIsNobodysToWrite, and a rep makes prospects only.
//
// policy: R3.2b account_stage_log
func TestAStageIsNobodysToWrite(t *testing.T) {
	d := testapp.Open(t)
	for field, value := range map[string]string{"stage": "research", "kind": "lost", "status": "dormant"} {
		account := d.AccountOf("rep.chen")
		account.Set(field, value)
		if got := d.SaveBy("manager.wu", account); got != "field.locked "+field {
			t.Errorf("%s: %q", field, got)
		}
	}
	made := func(who string, fields map[string]any) string {
		fields["name"], fields["owner"] = "公司"+fmt.Sprint(fields), d.As("rep.chen").Id
		return d.SaveBy(who, d.Blank("accounts", fields))
	}
	if got := made("rep.chen", map[string]any{"kind": "ka"}); got != "field.locked stage" {
		t.Error(got)
	}
	if got := made("director.lin", map[string]any{"kind": "ka"}); got != "" {
		t.Error(got)
	}
	if got := made("rep.chen", map[string]any{"kind": "prospect", "stage": "contracted"}); got != "field.locked stage" {
		t.Error(got)
	}
}

// TestOnePlanAYear: an account has one plan for a year, which says what it needs
// and how that is met.
//
// policy: R2.7 account_plan.taken
// policy: R2.8 account_plans
func TestOnePlanAYear(t *testing.T) {
	d := testapp.Open(t)
	plan := func(year string) *core.Record {
		return d.Blank("account_plans", map[string]any{
			"account": d.AccountOf("rep.chen").Id, "year": year, "state": "draft", "needs": "冷柜不足", "solutions": []string{"投放两台冷柜"},
		})
	}
	first := plan("2026")
	d.Must(d.SaveBy("rep.chen", first))
	first = d.Fresh(first)
	first.Set("state", "active")
	if got := d.SaveBy("manager.wu", first); got != "" {
		t.Errorf("a second save of the plan: %q", got)
	}
	if got := d.SaveBy("manager.wu", plan("2026")); !strings.Contains(got, "account_plan.taken") {
		t.Errorf("a second plan: %q", got)
	}
	if got := d.SaveBy("rep.chen", plan("2027")); got != "" {
		t.Errorf("the next year's: %q", got)
	}
	if r := d.Fresh(first); r.GetString("needs") != "冷柜不足" || r.GetString("solutions") != `["投放两台冷柜"]` {
		t.Errorf("%v", r.PublicExport())
	}
}

// TestNobodyChangesWhatHeDoesNotSee: an account came to another department, whose
// head sees nothing of what the old one weighed, and neither edits nor deletes it.
func TestNobodyChangesWhatHeDoesNotSee(t *testing.T) {
	d := testapp.Open(t)
	account := d.AccountOf("rep.chen")
	card := d.Make("rep.chen", "account_scorecards", map[string]any{"account": account.Id, "ratings": ratings(4, 4, 4, 4)})
	path := "/api/collections/account_scorecards/records/" + card.Id
	if answer := d.Do("director.lin", http.MethodPatch, path, `{}`); answer.Code != http.StatusOK {
		t.Errorf("the head of its department: %d", answer.Code)
	}
	card.Set("dept", d.As("market.tang").GetString("department"))
	if err := d.SaveWithContext(gate.AsServer(t.Context()), card); err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
		if answer := d.Do("director.lin", method, path, `{}`); answer.Code != http.StatusNotFound {
			t.Errorf("%s of another department's: %d %s", method, answer.Code, answer.Body)
		}
	}
}
