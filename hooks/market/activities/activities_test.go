package activities_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// desk is a company whose market department has a second person, market.lu, whom
// market.tang leads; activities are for an account of rep.chen's.
type desk struct {
	testapp.Desk
	t       *testing.T
	account *core.Record
	n       int
}

func open(t *testing.T, opts ...testapp.Option) *desk {
	d := &desk{Desk: testapp.Open(t, opts...), t: t}
	d.account = d.AccountOf("rep.chen")
	tang := d.As("market.tang")
	d.Make("", "users", map[string]any{
		"email": demo.Email("market.lu"), "password": "a-password-of-tests", "name": "陆敏", "role": "market", "department": tang.GetString("department"),
		"manager": tang.Id, "active": true, "verified": true,
	})
	return d
}

// draft is an activity of today that market.lu writes, for rep.chen's account.
func (d *desk) draft(more ...map[string]any) *core.Record {
	base := map[string]any{
		"name": "春茶新品发布会", "kind": "launch", "from_date": "2026-03-16", "to_date": "2026-03-17", "place": "会展中心", "accounts": []string{d.account.Id},
	}
	return d.Blank("activities", append([]map[string]any{base}, more...)...)
}

func (d *desk) activity(more ...map[string]any) *core.Record {
	d.t.Helper()
	activity := d.draft(more...)
	d.Must(d.SaveBy("market.lu", activity))
	return activity
}

func (d *desk) cost(activity *core.Record, plannedFen int) *core.Record {
	d.t.Helper()
	return d.Make("market.lu", "activity_costs", map[string]any{"activity": activity.Id, "kind": "venue", "planned_fen": plannedFen, "note": "场地"})
}

// agreed is an activity that everybody has approved.
func (d *desk) agreed(more ...map[string]any) *core.Record {
	d.t.Helper()
	activity := d.activity(more...)
	d.cost(activity, 100_000)
	d.Must(d.Act("market.lu", activity, "submit", ""))
	d.Must(d.Decide("market.tang", activity, "approve", ""))
	d.Must(d.Decide("director.lin", activity, "approve", ""))
	return d.Fresh(activity)
}

func (d *desk) state(r *core.Record) string { return d.Fresh(r).GetString("state") }

// on moves the clock to an hour of a day, and lets the day do its work.
func (d *desk) on(day string, hour int) {
	d.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Clock.Set(at.Add(time.Duration(hour-8) * time.Hour))
	d.Job("activities")
}

// policy: R5.2 activities
//
// TestAnActivityIsAgreedByThoseWhomItConcerns: the head of market, who heads the
// accounts' department, and the management if it is dear; then the line is told.
func TestAnActivityIsAgreedByThoseWhomItConcerns(t *testing.T) {
	d := open(t)
	for what, c := range map[string]struct {
		more map[string]any
		want string
	}{
		"its last day before the first": {map[string]any{"to_date": "2026-03-15"}, "activity.days_invalid to_date"},
		"agreed at once":                {map[string]any{"state": "approved"}, "field.locked state"},
		"with a sum":                    {map[string]any{"planned_fen": 5}, "field.locked planned_fen"},
		"in another's name":             {map[string]any{"owner": d.As("market.tang").Id}, "activity.not_owner"},
	} {
		d.Expect(what, d.SaveBy("market.lu", d.draft(c.more)), c.want)
	}
	activity := d.activity()
	if depts := d.Fresh(activity).GetStringSlice("depts"); !slices.Equal(depts, []string{d.account.GetString("dept")}) {
		t.Errorf("of %v", depts)
	}
	d.Expect("without costs", d.Act("market.lu", activity, "submit", ""), "activity.costs_required")
	line := d.cost(activity, 20_000_00)
	d.cost(activity, 1)
	d.Expect("by a colleague", d.Act("market.tang", activity, "submit", ""), "approval.not_author")
	d.Must(d.Act("market.lu", activity, "submit", ""))
	d.Expect("an edit", d.Update("market.lu", activity, map[string]any{"place": "别处"}), "approval.locked")
	d.Expect("a cost of what is being decided", d.Set("market.lu", line, "actual_fen", 5), "activity.costs_locked")
	for _, who := range []string{"market.tang", "director.lin", "executive.sun"} {
		if d.Asked(who, activity) == nil {
			t.Fatalf("%s is not asked", who)
		}
		d.Must(d.Decide(who, activity, "approve", ""))
	}
	row := d.Fresh(activity)
	if row.GetString("state") != "approved" || row.GetInt("planned_fen") != 20_000_01 || row.GetString("result_due") != "2026-03-24" {
		t.Errorf("%v", row.PublicExport())
	}
	for who, want := range map[string]int{"rep.chen": 1, "manager.wu": 1, "rep.he": 0, "market.lu": 0} {
		if n := d.Told(who, "activity.agreed"); n != want {
			t.Errorf("%s is told %d times", who, n)
		}
	}
	cheap := d.activity()
	d.cost(cheap, 20_000_00)
	d.Must(d.Act("market.lu", cheap, "submit", ""))
	d.Must(d.Decide("market.tang", cheap, "approve", ""))
	d.Must(d.Decide("director.lin", cheap, "approve", ""))
	if got := d.state(cheap); got != "approved" {
		t.Errorf("what is not dear is %s", got)
	}
}

// TestADearCostIsSigned: what an approver has signed is not changed under him.
func TestADearCostIsSigned(t *testing.T) {
	d := open(t)
	activity := d.activity()
	line := d.cost(activity, 500)
	d.Must(d.Act("market.lu", activity, "submit", ""))
	asked := d.Asked("market.tang", activity)
	if content := asked.GetString("content"); !strings.Contains(content, `"planned_fen":500`) {
		t.Errorf("he signs %s", content)
	}
	if _, err := d.DB().NewQuery("UPDATE activity_costs SET planned_fen = 900").Execute(); err != nil {
		t.Fatal(err)
	}
	d.Expect("changed past the rules", d.Act("market.tang", asked, "approve", ""), "approval.stale")
	if _, err := d.DB().NewQuery("UPDATE activity_costs SET planned_fen = 500").Execute(); err != nil {
		t.Fatal(err)
	}
	d.Must(d.Act("market.tang", asked, "return", `{"comment":"太贵"}`))
	d.Must(d.Set("market.lu", line, "planned_fen", 400))
	d.Must(d.Act("market.lu", activity, "submit", ""))
	if got := d.Fresh(activity).GetInt("planned_fen"); got != 400 {
		t.Errorf("it is to cost %d", got)
	}
}

// TestTheDayMovesActivitiesOn: one begins and ends by the calendar, its result is
// asked for, and once more when it is late.
func TestTheDayMovesActivitiesOn(t *testing.T) {
	d := open(t)
	activity := d.agreed()
	missed := d.agreed(map[string]any{"name": "一日会", "from_date": "2026-03-15", "to_date": "2026-03-15"})
	d.on("2026-03-16", 10)
	if got := d.state(activity) + " " + d.state(missed); got != "running ended" {
		t.Error(got)
	}
	d.on("2026-03-17", 23)
	if got := d.state(activity); got != "running" {
		t.Errorf("on its last day it is %s", got)
	}
	d.on("2026-03-18", 0)
	d.on("2026-03-18", 1)
	if got, told := d.state(activity), d.Told("market.lu", "activity.result_due"); got != "ended" || told != 2 { // of both
		t.Errorf("%s, told %d times", got, told)
	}
	d.on("2026-03-24", 9) // missed is late, activity is due today
	if n := d.Told("market.lu", "activity.result_overdue"); n != 1 {
		t.Errorf("told %d times", n)
	}
	d.on("2026-03-25", 9)
	d.on("2026-03-26", 9)
	for who, want := range map[string]int{"market.lu": 2, "market.tang": 2, "rep.chen": 0} {
		if n := d.Told(who, "activity.result_overdue"); n != want {
			t.Errorf("%s is told %d times", who, n)
		}
	}
}

// TestAnActivityIsGivenUp with a reason, by its owner or the head of market: its
// tasks are dropped, its chain ends, and who counted on it is told.
func TestAnActivityIsGivenUp(t *testing.T) {
	d := open(t)
	asked := d.activity()
	d.cost(asked, 500)
	d.Must(d.Act("market.lu", asked, "submit", ""))
	d.Expect("without a reason", d.Act("market.lu", asked, "cancel", `{"reason":" "}`), "activity.reason_required")
	d.Must(d.Act("market.tang", asked, "cancel", `{"reason":"预算冻结"}`))
	if d.Asked("", asked) != nil {
		t.Error("somebody is still asked")
	}
	if n := d.Told("rep.chen", "activity.cancelled"); n != 0 {
		t.Errorf("who never heard of it is told %d times", n)
	}
	activity := d.agreed()
	task := d.Make("market.lu", "activity_tasks", map[string]any{"activity": activity.Id, "title": "搭台", "owner": d.As("product.guo").Id, "due": "2026-03-16"})
	d.Expect("by the line", d.Act("rep.chen", activity, "cancel", `{"reason":"x"}`), "activity.not_owner")
	d.Must(d.Act("market.lu", activity, "cancel", `{"reason":"场地取消"}`))
	if got := fmt.Sprint(d.state(activity), " ", d.state(task), " ", d.Fresh(activity).GetString("reason")); got != "cancelled dropped 场地取消" {
		t.Error(got)
	}
	for who, kind := range map[string]string{"rep.chen": "activity.cancelled", "manager.wu": "activity.cancelled", "product.guo": "activity_task.dropped"} {
		if n := d.Told(who, kind); n != 1 {
			t.Errorf("%s is told %d times", who, n)
		}
	}
	d.Expect("twice", d.Act("market.lu", activity, "cancel", `{"reason":"x"}`), "activity.state")
	d.Expect("a draft is deleted", d.Act("market.lu", d.activity(), "cancel", `{"reason":"x"}`), "activity.state")
	d.Must(d.DeleteBy("market.lu", d.activity()))
	d.Expect("what was handed in is kept", d.DeleteBy("market.lu", asked), "approval.kept")
}

// TestAColleagueTakesOver what somebody leaves behind: who has open work does not go.
func TestAColleagueTakesOver(t *testing.T) {
	d := open(t)
	activity, lu := d.agreed(), d.As("market.lu")
	plan := d.Make("market.lu", "promo_plans", map[string]any{"name": "春茶方案", "year": "2026", "from_date": "2026-03-01", "to_date": "2026-05-31", "goal": "铺货"})
	task := d.Make("market.lu", "activity_tasks", map[string]any{"activity": activity.Id, "title": "主持", "owner": lu.Id, "due": "2026-03-16"})
	leave := func() string {
		lu := d.As("market.lu")
		lu.Set("active", false)
		return d.SaveBy("admin.fang", lu)
	}
	d.Expect("with open work", leave(), "org.open_work")
	tang := fmt.Sprintf(`{"owner":%q}`, d.As("market.tang").Id)
	d.Expect("by himself", d.Act("market.lu", activity, "assign", tang), "activity.not_head")
	d.Expect("to the field", d.Act("market.tang", activity, "assign", fmt.Sprintf(`{"owner":%q}`, d.As("rep.chen").Id)), "activity.assignee_invalid owner")
	d.Must(d.Act("market.tang", activity, "assign", tang))
	d.Must(d.Act("admin.fang", plan, "assign", tang))
	d.Expect("with a task", leave(), "org.open_work")
	d.Must(d.Act("market.lu", task, "finish", ""))
	d.Must(leave())
	row := d.Fresh(activity)
	if row.GetString("owner") != d.As("market.tang").Id || row.GetString("manager") != d.As("market.tang").GetString("manager") {
		t.Errorf("%v", row.PublicExport())
	}
	if n := d.Told("market.tang", "promo_plan.assigned"); n != 1 { // by the administrator; the activity he took himself
		t.Errorf("told %d times", n)
	}
}
