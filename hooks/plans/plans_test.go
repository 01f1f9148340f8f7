package plans_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/internal/testapp"
)

// desk is a test's hand on an app's plans, over REST.
type desk struct {
	t   *testing.T
	app *testapp.App
}

func open(t *testing.T) desk { return desk{t, testapp.New(t)} }

// code names a refusal; empty if there is none.
func code(answer *httptest.ResponseRecorder) string {
	if answer.Code < 300 {
		return ""
	}
	var out struct {
		Data map[string]any `json:"data"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		return answer.Body.String()
	}
	if c, ok := out.Data["code"].(string); ok {
		return c
	}
	return fmt.Sprint(answer.Code)
}

func (d desk) create(who, collection string, body map[string]any) (id, refused string) {
	d.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	answer := d.app.Do(who, "POST", "/api/collections/"+collection+"/records", string(text))
	var row struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(answer.Body.Bytes(), &row)
	return row.ID, code(answer)
}

func (d desk) update(who, collection, id, body string) string {
	d.t.Helper()
	return code(d.app.Do(who, "PATCH", "/api/collections/"+collection+"/records/"+id, body))
}

func (d desk) act(who, collection, id, action, args string) string {
	d.t.Helper()
	return code(d.app.Do(who, "POST", "/api/ka/"+collection+"/"+id+"/"+action, args))
}

func (d desk) must(got string) {
	d.t.Helper()
	if got != "" {
		d.t.Fatal(got)
	}
}

func (d desk) row(collection, id string) *core.Record {
	d.t.Helper()
	r, err := d.app.FindRecordById(collection, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// decide carries out the decision of whoever is asked about a subject.
func (d desk) decide(who, id, decision, args string) string {
	d.t.Helper()
	r, err := d.app.FindFirstRecordByFilter("approvals", "ref_id = {:i} && state = 'pending'", dbx.Params{"i": id})
	if err != nil {
		d.t.Fatal(err)
	}
	return d.act(who, "approvals", r.Id, decision, args)
}

// plan makes a plan of rep.chen for a month, with one visit on the days.
func (d desk) plan(month string, days ...string) (plan, item string) {
	d.t.Helper()
	plan, got := d.create("rep.chen", "visit_plans", map[string]any{"owner": d.app.As("rep.chen").Id, "month": month})
	d.must(got)
	item, got = d.create("rep.chen", "plan_items", map[string]any{
		"visit_plan": plan, "kind": "visit", "account": d.app.AccountOf("rep.chen").Id, "title": "谈端午堆头", "qty": len(days), "dates": days,
	})
	d.must(got)
	return plan, item
}

func (d desk) job(name string) {
	d.t.Helper()
	i := slices.IndexFunc(d.app.Bound.Jobs, func(j gate.Job) bool { return j.Name == name })
	if err := d.app.Bound.Jobs[i].Run(d.app, d.app.Clock.Now()); err != nil {
		d.t.Fatal(err)
	}
}

// TestAPlanIsApprovedAndItsVisitsAreThere (R2.13, R4.3).
//
// policy: R2.13 visit_plans
// policy: R4.3 visit_plans
func TestAPlanIsApprovedAndItsVisitsAreThere(t *testing.T) {
	d := open(t)
	plan, item := d.plan("2026-04", "2026-04-07", "2026-04-21")
	chen, account := d.app.As("rep.chen").Id, d.app.AccountOf("rep.chen").Id
	if _, got := d.create("rep.chen", "visit_plans", map[string]any{"owner": chen, "month": "2026-04"}); got != "plan.month_taken" {
		t.Errorf("a second plan: %q", got)
	}
	for want, body := range map[string]map[string]any{
		"plan.item_day":     {"visit_plan": plan, "kind": "visit", "account": account, "dates": []string{"2026-05-01"}},
		"plan.item_account": {"visit_plan": plan, "kind": "visit", "account": d.app.AccountOf("rep.he").Id},
	} {
		if _, got := d.create("rep.chen", "plan_items", body); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	own, got := d.create("rep.chen", "visits", map[string]any{"account": account, "owner": chen, "type": "planned", "planned_date": "2026-04-07", "plan_item": item, "state": "draft"})
	d.must(got)
	d.must(d.act("rep.chen", "visit_plans", plan, "submit", "{}"))
	if got := d.update("rep.chen", "plan_items", item, `{"qty":9}`); got != "plan.locked" {
		t.Errorf("what was handed in is changed: %q", got)
	}
	if r := d.row("visit_plans", plan); r.GetBool("late") || r.GetString("state") != "submitted" {
		t.Errorf("late %v, %s", r.GetBool("late"), r.GetString("state"))
	}
	if got := d.decide("rep.he", plan, "approve", "{}"); got == "" {
		t.Error("a colleague approves")
	}
	d.must(d.decide("manager.wu", plan, "approve", "{}"))
	visits, err := d.app.FindRecordsByFilter("visits", "plan_item = {:i}", "planned_date", 0, 0, dbx.Params{"i": item})
	if err != nil || len(visits) != 2 || visits[0].Id != own {
		t.Fatalf("%d visits, %v", len(visits), err)
	}
	for _, v := range visits {
		if v.GetString("state") != "approved" || v.GetString("owner") != chen || v.GetString("objective") == "" && v.Id != own {
			t.Errorf("%v", v.PublicExport())
		}
	}
}

// TestAReturnedPlanIsWrittenAnew, and one without items is not handed in.
func TestAReturnedPlanIsWrittenAnew(t *testing.T) {
	d := open(t)
	empty, got := d.create("rep.chen", "visit_plans", map[string]any{"owner": d.app.As("rep.chen").Id, "month": "2026-05"})
	d.must(got)
	if got := d.act("rep.chen", "visit_plans", empty, "submit", "{}"); got != "plan.empty" {
		t.Errorf("%q", got)
	}
	plan, item := d.plan("2026-04", "2026-04-07")
	d.app.Clock.Set(time.Date(2026, 3, 26, 2, 0, 0, 0, time.UTC))
	d.must(d.act("rep.chen", "visit_plans", plan, "submit", "{}"))
	d.must(d.decide("manager.wu", plan, "return", `{"comment":"A类客户不足两次"}`))
	d.must(d.update("rep.chen", "plan_items", item, `{"qty":2,"dates":["2026-04-07","2026-04-14"]}`))
	d.must(d.act("rep.chen", "visit_plans", plan, "submit", "{}"))
	d.must(d.decide("manager.wu", plan, "approve", "{}"))
	if r := d.row("visit_plans", plan); !r.GetBool("late") || r.GetString("state") != "approved" {
		t.Errorf("handed in on the 26th: late %v, %s", r.GetBool("late"), r.GetString("state"))
	}
}

// TestAManagersMonthGoesToTheHead; his reps write none, and there is one a month.
//
// policy: R4.3 monthly_plans
func TestAManagersMonthGoesToTheHead(t *testing.T) {
	d := open(t)
	wu := d.app.As("manager.wu").Id
	if _, got := d.create("rep.chen", "monthly_plans", map[string]any{"owner": d.app.As("rep.chen").Id, "month": "2026-04"}); got == "" {
		t.Error("a rep plans the team's month")
	}
	plan, got := d.create("manager.wu", "monthly_plans", map[string]any{"owner": wu, "month": "2026-04", "goals": map[string]any{"sales_fen": 100}})
	d.must(got)
	for _, parents := range []map[string]any{{}, {"monthly_plan": plan, "visit_plan": "x"}} {
		body := map[string]any{"kind": "activity", "title": "端午路演", "qty": 1}
		for k, v := range parents {
			body[k] = v
		}
		if _, got := d.create("manager.wu", "plan_items", body); got == "" {
			t.Errorf("an item of %v", parents)
		}
	}
	_, got = d.create("manager.wu", "plan_items", map[string]any{"monthly_plan": plan, "kind": "activity", "title": "端午路演", "qty": 1})
	d.must(got)
	d.must(d.act("manager.wu", "monthly_plans", plan, "submit", "{}"))
	d.must(d.decide("director.lin", plan, "approve", "{}"))
	if got := d.row("monthly_plans", plan).GetString("state"); got != "approved" {
		t.Error(got)
	}
}

// TestMissedItemsAreExplainedFirst (R4.5): before the next plan is approved each
// has a cause and an action.
//
// policy: R4.4 plan_progress
// policy: R4.5 plan.misses_unexplained
func TestMissedItemsAreExplainedFirst(t *testing.T) {
	d := open(t)
	plan, item := d.plan("2026-03", "2026-03-17", "2026-03-24")
	d.must(d.act("rep.chen", "visit_plans", plan, "submit", "{}"))
	d.must(d.decide("manager.wu", plan, "approve", "{}"))
	_, got := d.create("rep.chen", "plan_progress", map[string]any{"item": item, "qty": 1, "note": "已谈"})
	d.must(got)
	if r := d.row("plan_items", item); r.GetInt("done") != 1 || r.GetString("state") != "open" {
		t.Errorf("%d done, %s", r.GetInt("done"), r.GetString("state"))
	}
	if got := d.act("rep.chen", "plan_items", item, "explain", `{"cause_code":"stock","improvement":"x"}`); got != "plan.item_state" {
		t.Errorf("explained before it is missed: %q", got)
	}
	d.app.Clock.Set(time.Date(2026, 3, 31, 15, 0, 0, 0, time.UTC))
	d.job("plansMonthEnd")
	if got := d.row("plan_items", item).GetString("state"); got != "open" {
		t.Errorf("an hour before the month's end: %s", got)
	}
	d.app.Clock.Set(time.Date(2026, 3, 31, 16, 20, 0, 0, time.UTC))
	d.job("plansMonthEnd")
	d.job("plansMonthEnd")
	if got := d.row("plan_items", item).GetString("state"); got != "missed" {
		t.Errorf("in April: %s", got)
	}
	told, err := d.app.FindAllRecords("notifications", dbx.HashExp{"kind": "plan.missed"})
	if err != nil || len(told) != 2 {
		t.Errorf("%d are told, %v", len(told), err)
	}
	next, _ := d.plan("2026-04", "2026-04-07")
	d.must(d.act("rep.chen", "visit_plans", next, "submit", "{}"))
	if got := d.decide("manager.wu", next, "approve", "{}"); got != "plan.misses_unexplained" {
		t.Fatalf("approved though a miss is open: %q", got)
	}
	for _, args := range []string{`{}`, `{"cause_code":"stock"}`, `{"cause_code":"mood","improvement":"x"}`, `{"cause_code":"stock","improvement":"x","improve_by":"soon"}`} {
		if got := d.act("rep.chen", "plan_items", item, "explain", args); got != "plan.cause_required" {
			t.Errorf("%s: %q", args, got)
		}
	}
	d.must(d.act("rep.chen", "plan_items", item, "explain", `{"cause_code":"stock","note":"缺货两周","improvement":"月初备货","improve_by":"2026-04-10"}`))
	action := d.row("improvement_actions", d.row("plan_items", item).GetString("action"))
	if action.GetString("due") != "2026-04-10" || action.GetString("owner") != d.app.As("rep.chen").Id || action.GetString("ref_id") != item {
		t.Errorf("%v", action.PublicExport())
	}
	d.must(d.decide("manager.wu", next, "approve", "{}"))
}

// TestThePlanChangesWhileTheRepIsAway (hard case e): his visit keeps its item and
// is flagged; the manager gives a reason.
func TestThePlanChangesWhileTheRepIsAway(t *testing.T) {
	d := open(t)
	plan, item := d.plan("2026-03", "2026-03-17", "2026-03-24")
	d.must(d.act("rep.chen", "visit_plans", plan, "submit", "{}"))
	d.must(d.decide("manager.wu", plan, "approve", "{}"))
	if got := d.update("manager.wu", "plan_items", item, `{"dates":["2026-03-18"]}`); got != "plan.reason_required" {
		t.Errorf("changed without a reason: %q", got)
	}
	d.must(d.update("manager.wu", "plan_items", item, `{"dates":["2026-03-24"],"qty":1,"change_note":"客户改期"}`))
	if got := d.update("rep.chen", "plan_items", item, `{"qty":5}`); got != "plan.locked" {
		t.Errorf("the rep changes it: %q", got)
	}
	flagged := func(day string) bool {
		v, err := d.app.FindFirstRecordByFilter("visits", "plan_item = {:i} && planned_date = {:d}", dbx.Params{"i": item, "d": day})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(v.GetString("flags"), "plan_changed")
	}
	if !flagged("2026-03-17") || flagged("2026-03-24") {
		t.Error("the visits that are still to come")
	}
	visit, got := d.create("rep.chen", "visits", map[string]any{
		"account": d.app.AccountOf("rep.chen").Id, "owner": d.app.As("rep.chen").Id, "type": "planned", "planned_date": "2026-03-19", "plan_item": item,
	})
	d.must(got)
	if r := d.row("visits", visit); r.GetString("plan_item") != item || !strings.Contains(r.GetString("flags"), "plan_changed") {
		t.Errorf("%v", r.PublicExport())
	}
	if got := d.act("rep.chen", "plan_items", item, "drop", `{"reason":"x"}`); got != "plan.not_superior" {
		t.Errorf("the rep drops: %q", got)
	}
	d.must(d.act("manager.wu", "plan_items", item, "drop", `{"reason":"客户闭店"}`))
	if !flagged("2026-03-24") {
		t.Error("a dropped item's visit is not flagged")
	}
	if _, got := d.create("rep.he", "visits", map[string]any{
		"account": d.app.AccountOf("rep.he").Id, "owner": d.app.As("rep.he").Id, "type": "planned", "plan_item": item,
	}); got != "visit.plan_item_foreign" {
		t.Errorf("another's item: %q", got)
	}
}

// TestVisitsBesideThePlanHaveAReason (R2.13), and what counts is counted.
//
// policy: R2.13 visit.deviation_reason
func TestVisitsBesideThePlanHaveAReason(t *testing.T) {
	d := open(t)
	chen, account := d.app.As("rep.chen").Id, d.app.AccountOf("rep.chen")
	unplanned := func(more map[string]any) string {
		body := map[string]any{"account": account.Id, "owner": chen, "type": "unplanned", "planned_date": "2026-03-16"}
		for k, v := range more {
			body[k] = v
		}
		id, got := d.create("rep.chen", "visits", body)
		d.must(got)
		return id
	}
	d.must(d.act("rep.chen", "visits", unplanned(nil), "check_in", "{}"))
	plan, item := d.plan("2026-03", "2026-03-17")
	d.must(d.act("rep.chen", "visit_plans", plan, "submit", "{}"))
	d.must(d.decide("manager.wu", plan, "approve", "{}"))
	if got := d.act("rep.chen", "visits", unplanned(nil), "check_in", "{}"); got != "visit.deviation_reason" {
		t.Errorf("no reason: %q", got)
	}
	visit := unplanned(map[string]any{"deviation_reason": "客户来电要求", "plan_item": item})
	at := func(minutes int) string {
		return fmt.Sprintf(`{"at":%q,"lat":%f,"lng":%f,"acc_m":9}`, testapp.Start.Add(time.Duration(minutes)*time.Minute).Format(time.RFC3339), account.GetFloat("lat"), account.GetFloat("lng"))
	}
	d.must(d.act("rep.chen", "visits", visit, "check_in", at(0)))
	d.app.Clock.Advance(20 * time.Minute)
	d.must(d.act("rep.chen", "visits", visit, "check_out", at(20)))
	if got := d.row("plan_items", item).GetInt("done"); got != 0 {
		t.Errorf("%d done before the report", got)
	}
	d.must(d.act("rep.chen", "visits", visit, "report", `{"summary":"谈妥"}`))
	if r := d.row("plan_items", item); r.GetInt("done") != 1 || r.GetString("state") != "done" {
		t.Errorf("%d done, %s; visit: %v", r.GetInt("done"), r.GetString("state"), d.row("visits", visit).PublicExport())
	}
	d.must(d.act("manager.wu", "visits", visit, "question", `{"note":"?"}`))
	if r := d.row("plan_items", item); r.GetInt("done") != 0 || r.GetString("state") != "open" {
		t.Errorf("a visit that is doubted: %d done, %s", r.GetInt("done"), r.GetString("state"))
	}
}

// TestPlansAreAskedFor three days before they are due, on the day and, of those
// who are late, on the day after; each person once a day.
//
// policy: R4.3 plan.due_day
func TestPlansAreAskedFor(t *testing.T) {
	d := open(t)
	plan, _ := d.plan("2026-04", "2026-04-07")
	d.must(d.act("rep.chen", "visit_plans", plan, "submit", "{}"))
	count := func(kind, who string) int {
		n, err := d.app.CountRecords("notifications", dbx.HashExp{"kind": kind, "user": d.app.As(who).Id})
		if err != nil {
			t.Fatal(err)
		}
		return int(n)
	}
	for day := 20; day <= 28; day++ {
		d.app.Clock.Set(time.Date(2026, 3, day, 1, 0, 0, 0, time.UTC))
		d.job("plansDue")
		d.job("plansDue")
	}
	for who, want := range map[string][2]int{"rep.chen": {0, 0}, "rep.he": {2, 1}, "manager.wu": {2, 1}, "director.lin": {0, 0}} {
		if got := [2]int{count("plan.due", who), count("plan.overdue", who)}; got != want {
			t.Errorf("%s is asked %v times, want %v", who, got, want)
		}
	}
	if got := count("plan.overdue_of", "manager.wu"); got != 3 { // his reps but rep.chen
		t.Errorf("manager.wu hears of %d late plans", got)
	}
}

// TestAPlanHoldsAsManyVisitsAsItSays: no more days than visits, and no day twice
// makes one more.
func TestAPlanHoldsAsManyVisitsAsItSays(t *testing.T) {
	d := open(t)
	plan, item := d.plan("2026-04", "2026-04-07")
	body := func(qty int, days ...string) map[string]any {
		return map[string]any{"visit_plan": plan, "kind": "visit", "account": d.app.AccountOf("rep.chen").Id, "title": "x", "qty": qty, "dates": days}
	}
	for want, b := range map[string]map[string]any{
		"plan.item_qty": body(1, "2026-04-08", "2026-04-09"), "plan.item_day": body(1, "2026-04-31"),
	} {
		if _, got := d.create("rep.chen", "plan_items", b); got != want {
			t.Errorf("%v: %q, want %q", b, got, want)
		}
	}
	if got := d.update("rep.chen", "plan_items", item, `{"dates":["2026-04-07","2026-04-08"]}`); got != "plan.item_qty" {
		t.Errorf("another day: %q", got)
	}
	twice, got := d.create("rep.chen", "plan_items", body(1, "2026-04-10", "2026-04-10"))
	d.must(got)
	open, got := d.create("rep.chen", "plan_items", body(0, "2026-04-14", "2026-04-15"))
	d.must(got)
	if n := d.row("plan_items", open).GetInt("qty"); n != 2 {
		t.Errorf("two days are %d visits", n)
	}
	// An item of before this was asked, and one for which a visit is made already.
	if _, err := d.app.DB().Update("plan_items", dbx.Params{"dates": `["2026-04-07","2026-04-20","2026-04-21"]`}, dbx.HashExp{"id": item}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.must(d.act("rep.chen", "visit_plans", plan, "submit", "{}"))
	d.must(d.decide("manager.wu", plan, "approve", "{}"))
	for id, want := range map[string]int64{item: 1, twice: 1, open: 2} {
		if n, err := d.app.CountRecords("visits", dbx.HashExp{"plan_item": id}); err != nil || n != want {
			t.Errorf("%d visits for the item, want %d", n, want)
		}
	}
	for _, month := range []string{"2020-01", "9999-12", "2026-13"} {
		if _, got := d.create("rep.chen", "visit_plans", map[string]any{"month": month, "owner": d.app.As("rep.chen").Id}); got != "plan.month_invalid" {
			t.Errorf("a plan for %s: %q", month, got)
		}
	}
}

// TestCallingAVisitPlannedPutsItOnNoPlan: one that is for no item of the month's
// approved plan is flagged, whatever type it names.
func TestCallingAVisitPlannedPutsItOnNoPlan(t *testing.T) {
	d := open(t)
	plan, item := d.plan("2026-03", "2026-03-17")
	_, later := d.plan("2026-04", "2026-04-07")
	d.must(d.act("rep.chen", "visit_plans", plan, "submit", "{}"))
	d.must(d.decide("manager.wu", plan, "approve", "{}"))
	for name, c := range map[string]struct {
		kind, item string
		off        bool
	}{
		"for its item":        {"planned", item, false},
		"for none":            {"planned", "", true},
		"for one of April":    {"planned", later, true},
		"with others":         {"joint", "", true},
		"with others, agreed": {"joint", item, false},
		"a call":              {"phone", "", false},
	} {
		visit, got := d.create("rep.chen", "visits", map[string]any{
			"account": d.app.AccountOf("rep.chen").Id, "owner": d.app.As("rep.chen").Id, "type": c.kind, "planned_date": "2026-03-16", "plan_item": c.item,
			"objective": "x", "prep_note": "x",
		})
		d.must(got)
		if flags := d.row("visits", visit).GetString("flags"); strings.Contains(flags, "no_plan_item") != (c.kind == "planned" && c.item == "") {
			t.Errorf("%s: made with %s", name, flags)
		}
		d.must(d.act("rep.chen", "visits", visit, "check_in", "{}"))
		if flags := d.row("visits", visit).GetString("flags"); strings.Contains(flags, "off_plan") != c.off {
			t.Errorf("%s: %s", name, flags)
		}
	}
}
