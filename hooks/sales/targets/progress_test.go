package targets_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// progress asks the route.
func (d desk) progress(who string, target *core.Record) (out map[string]any, refused string) {
	got := d.Do(who, http.MethodGet, "/api/ka/targets/"+target.Id+"/progress", "")
	if refused = testapp.Answered(got); refused == "" {
		if err := json.Unmarshal(got.Body.Bytes(), &out); err != nil {
			panic(err)
		}
	}
	return out, refused
}

// row is what phones get of a target's progress.
func (d desk) row(target *core.Record) *core.Record {
	row, err := d.FindFirstRecordByData("target_progress", "target", target.Id)
	if err != nil {
		panic(err)
	}
	return row
}

// deliver delivers something of rep.chen's to an account of his, worth so much.
func (d desk) deliver(n, fen int) {
	chen, account := d.As("rep.chen"), d.AccountOf("rep.chen")
	whose := map[string]any{"owner": chen.Id, "manager": chen.GetString("manager"), "dept": chen.GetString("department"), "account": account.Id}
	server := gate.AsServer(d.By(""))
	save := func(collection string, more map[string]any) *core.Record {
		row := d.Blank(collection, whose, more)
		if err := d.SaveWithContext(server, row); err != nil {
			panic(collection + ": " + testapp.Code(err))
		}
		return d.Fresh(row)
	}
	product, err := d.FindFirstRecordByFilter("products", "id != ''")
	if err != nil {
		panic(err)
	}
	order := save("orders", map[string]any{"no": fmt.Sprint("TP", n), "state": "processing"})
	line := save("order_lines", map[string]any{"order": order.Id, "product": product.Id, "qty_milli": 1000, "base_milli": 1000, "line_fen": fen, "delivered_milli": 1000})
	head := save("deliveries", map[string]any{"order": order.Id, "state": "dispatched", "no": fmt.Sprint("TD", n)})
	save("delivery_lines", map[string]any{"delivery": head.Id, "line": line.Id, "product": product.Id, "qty_milli": 1000, "accepted_milli": 1000, "amount_fen": fen})
	head.Set("state", "delivered")
	head.Set("amount_fen", fen)
	head.Set("delivered_at", d.Clock.Now().UTC().Format("2006-01-02 15:04:05.000Z"))
	if err := d.SaveWithContext(server, head); err != nil {
		panic(testapp.Code(err))
	}
}

// policy: R4.2 target_progress
//
// TestProgressFollowsWhatIsDelivered: a rep's and his account's rows in the
// transaction of the delivery, those above by the clock; the route tells at once, as
// the analysis has it.
func TestProgressFollowsWhatIsDelivered(t *testing.T) {
	d := open(t)
	for _, table := range []string{"target_progress", "targets", "sales_months", "sales_facts"} {
		if _, err := d.DB().NewQuery("DELETE FROM " + table).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	of := func(month int) map[string]any { y := year(month); y["year"] = "2026"; return y }
	dept := d.issued("director.lin", "dept", "director.lin", nil, of(90_000))
	wu := d.issued("director.lin", "manager", "manager.wu", dept, of(30_000))
	chen := d.issued("manager.wu", "rep", "rep.chen", wu, of(10_000))
	account := d.issued("rep.chen", "account", "rep.chen", chen, of(5_000), map[string]any{"account": d.AccountOf("rep.chen").Id})
	he := d.issued("manager.wu", "rep", "rep.he", wu, of(10_000))
	if row := d.row(chen); row.GetInt("actual") != 0 || row.GetString("told") != "all" || row.GetInt("days_left") == 0 || row.GetInt("needed_per_day") == 0 {
		t.Errorf("%v", row.PublicExport())
	}
	d.deliver(1, 60_000)
	for target, want := range map[*core.Record]int{chen: 60_000, account: 60_000, he: 0, wu: 0, dept: 0} {
		if got := d.row(target).GetInt("actual"); got != want {
			t.Errorf("%s's %s after the delivery: %d, want %d", target.GetString("owner"), target.GetString("level"), got, want)
		}
	}
	for _, target := range []*core.Record{dept, wu, chen, account, he} {
		p, refused := d.progress("director.lin", target)
		want := 60_000.0
		if target == he {
			want = 0
		}
		if refused != "" || p["actual"] != want {
			t.Errorf("%s: %v %s", target.GetString("level"), p, refused)
		}
	}
	d.Job("targetProgress")
	row := d.row(dept)
	if row.GetInt("actual") != 60_000 || row.GetInt("attainment_bp") != 556 || row.GetString("months") != "[0,0,60000,0,0,0,0,0,0,0,0,0]" {
		t.Errorf("%v", row.PublicExport())
	}
	if left := row.GetInt("days_left"); row.GetInt("needed_per_day") != (1_080_000-60_000+left-1)/left {
		t.Errorf("%v", row.PublicExport())
	}
	if row := d.row(chen); row.GetInt("needed_of_month") != 0 || row.GetInt("month_days_left") == 0 {
		t.Errorf("his month is reached: %v", row.PublicExport())
	}
	got := d.Do("director.lin", http.MethodGet, "/api/ka/analysis/attain_amount?from=2026-01-01&to=2026-12-31&person="+d.As("rep.chen").Id, "")
	if !strings.Contains(got.Body.String(), `"value":5000`) || d.row(chen).GetInt("attainment_bp") != 5000 {
		t.Errorf("the analysis has it otherwise: %s", got.Body)
	}

	holiday := d.row(he).GetInt("days_left")
	d.Make("admin.fang", "holidays", map[string]any{"date": "2026-12-31", "kind": "holiday", "name": "公司日"})
	d.Job("targetProgress")
	if got := d.row(he).GetInt("days_left"); got != holiday-1 {
		t.Errorf("with a holiday more %d days of %d are left", got, holiday)
	}
	before := d.row(he).GetString("updated")
	d.Job("targetProgress")
	if got := d.row(he).GetString("updated"); got != before {
		t.Error("what stayed is written again")
	}
	d.Must(d.Act("manager.wu", he, "revise", `{"reason":"x"}`))
	if row := d.row(he); row.GetString("told") != "none" || row.GetInt("days_left") != 0 {
		t.Errorf("of a draft: %v", row.PublicExport())
	}
	for who, want := range map[string]string{"rep.chen": "", "rep.he": "record.not_found", "manager.xu": "record.not_found", "manager.wu": "", "executive.sun": "", "finance.zhao": "record.not_found"} {
		_, refused := d.progress(who, chen)
		d.Expect(who, refused, want)
	}
}

// policy: R4.14 target_progress
//
// TestProfitIsToldInPercent: a rep's phone and he himself are told the attainment of
// his own profit target in whole percent, and nothing from which cost follows.
func TestProfitIsToldInPercent(t *testing.T) {
	d := open(t)
	profit := map[string]any{"metric": "profit", "year": "2026"}
	dept := d.issued("director.lin", "dept", "director.lin", nil, year(90_000), profit)
	wu := d.issued("director.lin", "manager", "manager.wu", dept, year(30_000), profit)
	chen := d.issued("manager.wu", "rep", "rep.chen", wu, year(10_000), profit)
	d.deliver(1, 60_000)
	row := d.row(chen)
	if row.GetString("told") != "percent" || row.GetInt("attainment_bp")%100 != 0 || row.GetInt("actual") != 0 || row.GetInt("needed_per_day") != 0 ||
		row.GetInt("needed_of_month") != 0 || row.GetString("months") != "null" {
		t.Errorf("%v", row.PublicExport())
	}
	p, refused := d.progress("rep.chen", chen)
	if refused != "" || p["told"] != "percent" || p["actual"] != nil || p["months"] != nil || p["needed_per_day"] != nil || p["attainment_bp"] == nil {
		t.Errorf("%v %s", p, refused)
	}
	if p, refused = d.progress("manager.wu", chen); refused != "" || p["told"] != "all" || p["actual"] == nil {
		t.Errorf("%v %s", p, refused)
	}
	if row := d.row(wu); row.GetString("told") != "all" {
		t.Errorf("%v", row.PublicExport())
	}
	csat := d.issued("director.lin", "dept", "director.lin", nil, map[string]any{"metric": "csat", "year": "2026", "value": 9000})
	if p, _ := d.progress("director.lin", csat); p["told"] != "none" || p["attainment_bp"] != nil || d.row(csat).GetString("told") != "none" {
		t.Errorf("of satisfaction: %v", p)
	}
}

// policy: R4.3 monthly_plans.targets
//
// TestAMonthTakesItsSplitFromTheTargets: the plan of a manager's month follows the
// targets of him and his reps until it is approved, and is as it was approved then.
func TestAMonthTakesItsSplitFromTheTargets(t *testing.T) {
	d := open(t)
	if _, err := d.DB().NewQuery("DELETE FROM monthly_plans").Execute(); err != nil {
		t.Fatal(err)
	}
	dept := d.issued("director.lin", "dept", "director.lin", nil)
	wu := d.issued("director.lin", "manager", "manager.wu", dept)
	chen := d.issued("manager.wu", "rep", "rep.chen", wu, year(60))
	d.Clock.Set(d.Clock.Now().AddDate(0, 10, 0))
	plan := d.Make("manager.wu", "monthly_plans", map[string]any{"owner": d.As("manager.wu").Id, "month": "2027-02"})
	split := func() string {
		var shares []struct {
			Owner, Metric string
			Version       int
			Value         int
		}
		if err := json.Unmarshal([]byte(d.Fresh(plan).GetString("targets")), &shares, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range shares {
			user, err := d.FindRecordById("users", s.Owner)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprint(user.Email()[:strings.Index(user.Email(), "@")], " ", s.Metric, " ", s.Value, " v", s.Version))
		}
		return strings.Join(out, ", ")
	}
	d.Expect("when it is begun", split(), "manager.wu amount 100 v1, rep.chen amount 60 v1")
	d.Expect("by hand", d.Update("manager.wu", plan, map[string]any{"targets": []any{}}), "field.locked targets")
	d.issued("manager.wu", "rep", "rep.he", wu, year(40))
	if got := split(); !strings.Contains(got, "rep.he amount 40 v1") {
		t.Errorf("one more is in force: %s", got)
	}
	d.Make("manager.wu", "plan_items", map[string]any{"monthly_plan": plan.Id, "kind": "activity", "title": "路演", "qty": 1})
	d.Must(d.Act("manager.wu", plan, "submit", "{}"))
	asked := split()
	d.Must(d.Act("manager.wu", chen, "revise", `{"reason":"换区"}`))
	d.Expect("while it is decided on", split(), asked)
	d.Must(d.Decide("director.lin", plan, "return", `{"comment":"目标有变"}`))
	d.Must(d.Update("manager.wu", chen, year(70)))
	d.Must(d.Act("manager.wu", chen, "issue", ""))
	frozen := split()
	if !strings.Contains(frozen, "rep.chen amount 70 v2") {
		t.Errorf("written anew: %s", frozen)
	}
	d.Must(d.Act("manager.wu", plan, "submit", "{}"))
	if asked := d.Asked("director.lin", plan); !strings.Contains(asked.GetString("content"), chen.Id) {
		t.Errorf("what is signed has no split: %v", asked.PublicExport())
	}
	d.Must(d.Decide("director.lin", plan, "approve", "{}"))
	d.Must(d.Act("manager.wu", chen, "cancel", `{"reason":"离职"}`))
	d.Expect("approved", split(), frozen)
	if n, err := d.CountRecords("targets", dbx.HashExp{"state": "cancelled"}); err != nil || n != 1 {
		t.Error(n, err)
	}
}
