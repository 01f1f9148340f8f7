package plans_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// desk is a company in which rep.chen plans.
type desk struct{ testapp.Desk }

func open(t *testing.T) desk { return desk{testapp.Open(t)} }

// made makes a record over REST that nothing refuses.
func (d desk) made(who, collection string, body map[string]any) *core.Record {
	row, got := d.Create(who, collection, body)
	d.Must(got)
	return row
}

// plan makes a plan of rep.chen for a month, with one visit on the days.
func (d desk) plan(month string, days ...string) (plan, item *core.Record) {
	plan = d.made("rep.chen", "visit_plans", map[string]any{"owner": d.As("rep.chen").Id, "month": month})
	return plan, d.made("rep.chen", "plan_items", map[string]any{
		"visit_plan": plan.Id, "kind": "visit", "account": d.AccountOf("rep.chen").Id, "title": "谈端午堆头", "qty": len(days), "dates": days,
	})
}

// agreed makes one that his manager has approved.
func (d desk) agreed(month string, days ...string) (plan, item *core.Record) {
	plan, item = d.plan(month, days...)
	d.Must(d.Act("rep.chen", plan, "submit", "{}"))
	d.Must(d.Decide("manager.wu", plan, "approve", "{}"))
	return plan, item
}

// TestAPlanIsApprovedAndItsVisitsAreThere (R2.13, R4.3).
//
// policy: R2.13 visit_plans
// policy: R4.3 visit_plans
func TestAPlanIsApprovedAndItsVisitsAreThere(t *testing.T) {
	d := open(t)
	plan, item := d.plan("2026-04", "2026-04-07", "2026-04-21")
	chen, account := d.As("rep.chen").Id, d.AccountOf("rep.chen").Id
	if _, got := d.Create("rep.chen", "visit_plans", map[string]any{"owner": chen, "month": "2026-04"}); got != "plan.month_taken" {
		t.Errorf("a second plan: %q", got)
	}
	for want, body := range map[string]map[string]any{
		"plan.item_day":             {"visit_plan": plan.Id, "kind": "visit", "account": account, "dates": []string{"2026-05-01"}},
		"plan.item_account account": {"visit_plan": plan.Id, "kind": "visit", "account": d.AccountOf("rep.he").Id},
	} {
		if _, got := d.Create("rep.chen", "plan_items", body); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	own := d.made("rep.chen", "visits", map[string]any{"account": account, "owner": chen, "type": "planned", "planned_date": "2026-04-07", "plan_item": item.Id, "state": "draft"})
	d.Must(d.Act("rep.chen", plan, "submit", "{}"))
	if got := d.Update("rep.chen", item, map[string]any{"qty": 9}); got != "plan.locked" {
		t.Errorf("what was handed in is changed: %q", got)
	}
	if r := d.Fresh(plan); r.GetBool("late") || r.GetString("state") != "submitted" {
		t.Errorf("late %v, %s", r.GetBool("late"), r.GetString("state"))
	}
	if got := d.Decide("rep.he", plan, "approve", "{}"); got == "" {
		t.Error("a colleague approves")
	}
	d.Must(d.Decide("manager.wu", plan, "approve", "{}"))
	visits, err := d.FindRecordsByFilter("visits", "plan_item = {:i}", "planned_date", 0, 0, dbx.Params{"i": item.Id})
	if err != nil || len(visits) != 2 || visits[0].Id != own.Id {
		t.Fatalf("%d visits, %v", len(visits), err)
	}
	for _, v := range visits {
		if v.GetString("state") != "approved" || v.GetString("owner") != chen || v.GetString("objective") == "" && v.Id != own.Id {
			t.Errorf("%v", v.PublicExport())
		}
	}
}

// TestAReturnedPlanIsWrittenAnew, and one without items is not handed in.
func TestAReturnedPlanIsWrittenAnew(t *testing.T) {
	d := open(t)
	empty := d.made("rep.chen", "visit_plans", map[string]any{"owner": d.As("rep.chen").Id, "month": "2026-05"})
	if got := d.Act("rep.chen", empty, "submit", "{}"); got != "plan.empty" {
		t.Errorf("%q", got)
	}
	plan, item := d.plan("2026-04", "2026-04-07")
	d.Clock.Set(time.Date(2026, 3, 26, 2, 0, 0, 0, time.UTC))
	d.Must(d.Act("rep.chen", plan, "submit", "{}"))
	d.Must(d.Decide("manager.wu", plan, "return", `{"comment":"A类客户不足两次"}`))
	d.Must(d.Update("rep.chen", item, map[string]any{"qty": 2, "dates": []string{"2026-04-07", "2026-04-14"}}))
	d.Must(d.Act("rep.chen", plan, "submit", "{}"))
	d.Must(d.Decide("manager.wu", plan, "approve", "{}"))
	if r := d.Fresh(plan); !r.GetBool("late") || r.GetString("state") != "approved" {
		t.Errorf("handed in on the 26th: late %v, %s", r.GetBool("late"), r.GetString("state"))
	}
}

// TestAManagersMonthGoesToTheHead; his reps write none, and there is one a month.
//
// policy: R4.3 monthly_plans
func TestAManagersMonthGoesToTheHead(t *testing.T) {
	d := open(t)
	wu := d.As("manager.wu").Id
	if _, got := d.Create("rep.chen", "monthly_plans", map[string]any{"owner": d.As("rep.chen").Id, "month": "2026-04"}); got == "" {
		t.Error("a rep plans the team's month")
	}
	plan := d.made("manager.wu", "monthly_plans", map[string]any{"owner": wu, "month": "2026-04", "goals": map[string]any{"sales_fen": 100}})
	for _, parents := range []map[string]any{{}, {"monthly_plan": plan.Id, "visit_plan": "x"}} {
		body := map[string]any{"kind": "activity", "title": "端午路演", "qty": 1}
		for k, v := range parents {
			body[k] = v
		}
		if _, got := d.Create("manager.wu", "plan_items", body); got == "" {
			t.Errorf("an item of %v", parents)
		}
	}
	d.made("manager.wu", "plan_items", map[string]any{"monthly_plan": plan.Id, "kind": "activity", "title": "端午路演", "qty": 1})
	d.Must(d.Act("manager.wu", plan, "submit", "{}"))
	d.Must(d.Decide("director.lin", plan, "approve", "{}"))
	if got := d.Fresh(plan).GetString("state"); got != "approved" {
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
	_, item := d.agreed("2026-03", "2026-03-17", "2026-03-24")
	d.made("rep.chen", "plan_progress", map[string]any{"item": item.Id, "qty": 1, "note": "已谈"})
	if r := d.Fresh(item); r.GetInt("done") != 1 || r.GetString("state") != "open" {
		t.Errorf("%d done, %s", r.GetInt("done"), r.GetString("state"))
	}
	if got := d.Act("rep.chen", item, "explain", `{"cause_code":"stock","improvement":"x"}`); got != "plan.item_state" {
		t.Errorf("explained before it is missed: %q", got)
	}
	d.Clock.Set(time.Date(2026, 3, 31, 15, 0, 0, 0, time.UTC))
	d.Job("plansMonthEnd")
	if got := d.Fresh(item).GetString("state"); got != "open" {
		t.Errorf("an hour before the month's end: %s", got)
	}
	d.Clock.Set(time.Date(2026, 3, 31, 16, 20, 0, 0, time.UTC))
	d.Job("plansMonthEnd")
	d.Job("plansMonthEnd")
	if got := d.Fresh(item).GetString("state"); got != "missed" {
		t.Errorf("in April: %s", got)
	}
	told, err := d.FindAllRecords("notifications", dbx.HashExp{"kind": "plan.missed"})
	if err != nil || len(told) != 2 {
		t.Errorf("%d are told, %v", len(told), err)
	}
	next, _ := d.plan("2026-04", "2026-04-07")
	d.Must(d.Act("rep.chen", next, "submit", "{}"))
	if got := d.Decide("manager.wu", next, "approve", "{}"); got != "plan.misses_unexplained" {
		t.Fatalf("approved though a miss is open: %q", got)
	}
	for _, args := range []string{`{}`, `{"cause_code":"stock"}`, `{"cause_code":"mood","improvement":"x"}`, `{"cause_code":"stock","improvement":"x","improve_by":"soon"}`} {
		if got := d.Act("rep.chen", item, "explain", args); got != "plan.cause_required" {
			t.Errorf("%s: %q", args, got)
		}
	}
	d.Must(d.Act("rep.chen", item, "explain", `{"cause_code":"stock","note":"缺货两周","improvement":"月初备货","improve_by":"2026-04-10"}`))
	action := d.Row("improvement_actions", d.Fresh(item).GetString("action"))
	if action.GetString("due") != "2026-04-10" || action.GetString("owner") != d.As("rep.chen").Id || action.GetString("ref_id") != item.Id {
		t.Errorf("%v", action.PublicExport())
	}
	d.Must(d.Decide("manager.wu", next, "approve", "{}"))
}

// TestThePlanChangesWhileTheRepIsAway (hard case e): his visit keeps its item and
// is flagged; the manager gives a reason.
func TestThePlanChangesWhileTheRepIsAway(t *testing.T) {
	d := open(t)
	_, item := d.agreed("2026-03", "2026-03-17", "2026-03-24")
	if got := d.Update("manager.wu", item, map[string]any{"dates": []string{"2026-03-18"}}); got != "plan.reason_required change_note" {
		t.Errorf("changed without a reason: %q", got)
	}
	d.Must(d.Update("manager.wu", item, map[string]any{"dates": []string{"2026-03-24"}, "qty": 1, "change_note": "客户改期"}))
	if got := d.Update("rep.chen", item, map[string]any{"qty": 5}); got != "plan.locked" {
		t.Errorf("the rep changes it: %q", got)
	}
	flagged := func(day string) bool {
		v, err := d.FindFirstRecordByFilter("visits", "plan_item = {:i} && planned_date = {:d}", dbx.Params{"i": item.Id, "d": day})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(v.GetString("flags"), "plan_changed")
	}
	if !flagged("2026-03-17") || flagged("2026-03-24") {
		t.Error("the visits that are still to come")
	}
	visit := d.made("rep.chen", "visits", map[string]any{
		"account": d.AccountOf("rep.chen").Id, "owner": d.As("rep.chen").Id, "type": "planned", "planned_date": "2026-03-19", "plan_item": item.Id,
	})
	if r := d.Fresh(visit); r.GetString("plan_item") != item.Id || !strings.Contains(r.GetString("flags"), "plan_changed") {
		t.Errorf("%v", r.PublicExport())
	}
	if got := d.Act("rep.chen", item, "drop", `{"reason":"x"}`); got != "plan.not_superior" {
		t.Errorf("the rep drops: %q", got)
	}
	d.Must(d.Act("manager.wu", item, "drop", `{"reason":"客户闭店"}`))
	if !flagged("2026-03-24") {
		t.Error("a dropped item's visit is not flagged")
	}
	if _, got := d.Create("rep.he", "visits", map[string]any{
		"account": d.AccountOf("rep.he").Id, "owner": d.As("rep.he").Id, "type": "planned", "plan_item": item.Id,
	}); got != "visit.plan_item_foreign plan_item" {
		t.Errorf("another's item: %q", got)
	}
}

// TestVisitsBesideThePlanHaveAReason (R2.13), and what counts is counted.
//
// policy: R2.13 visit.deviation_reason
func TestVisitsBesideThePlanHaveAReason(t *testing.T) {
	d := open(t)
	chen, account := d.As("rep.chen").Id, d.AccountOf("rep.chen")
	unplanned := func(more map[string]any) *core.Record {
		body := map[string]any{"account": account.Id, "owner": chen, "type": "unplanned", "planned_date": "2026-03-16"}
		for k, v := range more {
			body[k] = v
		}
		return d.made("rep.chen", "visits", body)
	}
	d.Must(d.Act("rep.chen", unplanned(nil), "check_in", "{}"))
	_, item := d.agreed("2026-03", "2026-03-17")
	if got := d.Act("rep.chen", unplanned(nil), "check_in", "{}"); got != "visit.deviation_reason" {
		t.Errorf("no reason: %q", got)
	}
	visit := unplanned(map[string]any{"deviation_reason": "客户来电要求", "plan_item": item.Id})
	at := func(minutes int) string {
		return fmt.Sprintf(`{"at":%q,"lat":%f,"lng":%f,"acc_m":9}`, testapp.Start.Add(time.Duration(minutes)*time.Minute).Format(time.RFC3339), account.GetFloat("lat"), account.GetFloat("lng"))
	}
	d.Must(d.Act("rep.chen", visit, "check_in", at(0)))
	d.Clock.Advance(20 * time.Minute)
	d.Must(d.Act("rep.chen", visit, "check_out", at(20)))
	if got := d.Fresh(item).GetInt("done"); got != 0 {
		t.Errorf("%d done before the report", got)
	}
	d.Must(d.Act("rep.chen", visit, "report", `{"summary":"谈妥"}`))
	if r := d.Fresh(item); r.GetInt("done") != 1 || r.GetString("state") != "done" {
		t.Errorf("%d done, %s; visit: %v", r.GetInt("done"), r.GetString("state"), d.Fresh(visit).PublicExport())
	}
	d.Must(d.Act("manager.wu", visit, "question", `{"note":"?"}`))
	if r := d.Fresh(item); r.GetInt("done") != 0 || r.GetString("state") != "open" {
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
	d.Must(d.Act("rep.chen", plan, "submit", "{}"))
	for day := 20; day <= 28; day++ {
		d.Clock.Set(time.Date(2026, 3, day, 1, 0, 0, 0, time.UTC))
		d.Job("plansDue")
		d.Job("plansDue")
	}
	for who, want := range map[string][2]int{"rep.chen": {0, 0}, "rep.he": {2, 1}, "manager.wu": {2, 1}, "director.lin": {0, 0}} {
		if got := [2]int{d.Told(who, "plan.due"), d.Told(who, "plan.overdue")}; got != want {
			t.Errorf("%s is asked %v times, want %v", who, got, want)
		}
	}
	if got := d.Told("manager.wu", "plan.overdue_of"); got != 3 { // his reps but rep.chen
		t.Errorf("manager.wu hears of %d late plans", got)
	}
}

// TestAPlanHoldsAsManyVisitsAsItSays: no more days than visits, and no day twice
// makes one more.
func TestAPlanHoldsAsManyVisitsAsItSays(t *testing.T) {
	d := open(t)
	plan, item := d.plan("2026-04", "2026-04-07")
	body := func(qty int, days ...string) map[string]any {
		return map[string]any{"visit_plan": plan.Id, "kind": "visit", "account": d.AccountOf("rep.chen").Id, "title": "x", "qty": qty, "dates": days}
	}
	for want, b := range map[string]map[string]any{
		"plan.item_qty qty": body(1, "2026-04-08", "2026-04-09"), "plan.item_day": body(1, "2026-04-31"),
	} {
		if _, got := d.Create("rep.chen", "plan_items", b); got != want {
			t.Errorf("%v: %q, want %q", b, got, want)
		}
	}
	if got := d.Update("rep.chen", item, map[string]any{"dates": []string{"2026-04-07", "2026-04-08"}}); got != "plan.item_qty qty" {
		t.Errorf("another day: %q", got)
	}
	twice := d.made("rep.chen", "plan_items", body(1, "2026-04-10", "2026-04-10"))
	open := d.made("rep.chen", "plan_items", body(0, "2026-04-14", "2026-04-15"))
	if n := d.Fresh(open).GetInt("qty"); n != 2 {
		t.Errorf("two days are %d visits", n)
	}
	// An item of before this was asked, and one for which a visit is made already.
	if _, err := d.DB().Update("plan_items", dbx.Params{"dates": `["2026-04-07","2026-04-20","2026-04-21"]`}, dbx.HashExp{"id": item.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Must(d.Act("rep.chen", plan, "submit", "{}"))
	d.Must(d.Decide("manager.wu", plan, "approve", "{}"))
	for item, want := range map[*core.Record]int64{item: 1, twice: 1, open: 2} {
		if n, err := d.CountRecords("visits", dbx.HashExp{"plan_item": item.Id}); err != nil || n != want {
			t.Errorf("%d visits for the item, want %d", n, want)
		}
	}
	for _, month := range []string{"2020-01", "9999-12", "2026-13"} {
		if _, got := d.Create("rep.chen", "visit_plans", map[string]any{"month": month, "owner": d.As("rep.chen").Id}); got != "plan.month_invalid month" {
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
	d.Must(d.Act("rep.chen", plan, "submit", "{}"))
	d.Must(d.Decide("manager.wu", plan, "approve", "{}"))
	for name, c := range map[string]struct {
		kind, item string
		off        bool
	}{
		"for its item":        {"planned", item.Id, false},
		"for none":            {"planned", "", true},
		"for one of April":    {"planned", later.Id, true},
		"with others":         {"joint", "", true},
		"with others, agreed": {"joint", item.Id, false},
		"a call":              {"phone", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			visit := d.made("rep.chen", "visits", map[string]any{
				"account": d.AccountOf("rep.chen").Id, "owner": d.As("rep.chen").Id, "type": c.kind, "planned_date": "2026-03-16", "plan_item": c.item,
				"objective": "x", "prep_note": "x",
			})
			if flags := visit.GetString("flags"); strings.Contains(flags, "no_plan_item") != (c.kind == "planned" && c.item == "") {
				t.Errorf("made with %s", flags)
			}
			d.Must(d.Act("rep.chen", visit, "check_in", "{}"))
			if flags := d.Fresh(visit).GetString("flags"); strings.Contains(flags, "off_plan") != c.off {
				t.Errorf("begun with %s", flags)
			}
		})
	}
}

// TestWhatTheServerFillsOfAPlanIsLocked, and a plan is its maker's and his superior's.
func TestWhatTheServerFillsOfAPlanIsLocked(t *testing.T) {
	d := open(t)
	plan, item := d.plan("2026-04", "2026-04-07")
	for _, c := range []struct {
		who, field string
		row        *core.Record
		value      any
		want       string
	}{
		{"rep.chen", "note", plan, "x", ""},
		{"rep.he", "note", plan, "y", "plan.not_owner"},
		{"rep.chen", "state", plan, "approved", "field.locked state"},
		{"rep.chen", "owner", plan, d.As("rep.he").Id, "field.locked owner"},
		{"rep.chen", "dept", plan, "", "field.locked dept"},
		{"rep.chen", "month", plan, "2026-05", "field.locked month"},
		{"rep.chen", "late", plan, true, "field.locked late"},
		{"rep.chen", "title", item, "x", ""},
		{"rep.he", "title", item, "y", "plan.not_owner"},
		{"manager.wu", "title", item, "y", "plan.locked"},
		{"rep.chen", "state", item, "done", "field.locked state"},
		{"rep.chen", "done", item, 3, "field.locked done"},
		{"rep.chen", "month", item, "2026-05", "field.locked month"},
		{"rep.chen", "visit_plan", item, "", "field.locked visit_plan"},
		{"rep.chen", "dates", item, "soon", "plan.item_day"},
	} {
		t.Run(c.row.Collection().Name+" "+c.field+" by "+c.who, func(t *testing.T) {
			if got := d.Set(c.who, c.row, c.field, c.value); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	entry := map[string]any{"item": item.Id, "qty": 1}
	d.Expect("another's progress", d.SaveBy("rep.he", d.Blank("plan_progress", entry)), "plan.not_owner")
	d.Expect("no progress", d.SaveBy("rep.chen", d.Blank("plan_progress", map[string]any{"item": item.Id})), "plan.progress_invalid qty")
	d.Expect("of no item", d.SaveBy("rep.chen", d.Blank("plan_progress", map[string]any{"item": "nosuchitem00000", "qty": 1})), "record.not_found item")
	d.Expect("of no plan", d.SaveBy("rep.chen", d.Blank("plan_items", map[string]any{"visit_plan": "nosuchplan00000", "kind": "visit"})), "plan.item_parent")
	d.Must(d.DeleteBy("rep.chen", item))
}
