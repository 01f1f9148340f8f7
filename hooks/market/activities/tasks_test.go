package activities_test

import (
	"slices"
	"testing"
)

// policy: R5.2 activity_tasks
//
// TestATaskIsAColleagues of any department: he is told, sees the activity, and does
// it; who is late is told once.
func TestATaskIsAColleagues(t *testing.T) {
	d := open(t)
	activity := d.agreed()
	guo := d.As("product.guo")
	body := func(more map[string]any) map[string]any {
		out := map[string]any{"activity": activity.Id, "title": "产品讲解", "owner": guo.Id, "due": "2026-03-16"}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	if _, refused := d.Create("market.tang", "activity_tasks", body(nil)); refused == "" {
		t.Error("a colleague gives tasks of another's activity")
	}
	d.Expect("to nobody in office", d.SaveBy("market.lu", d.Blank("activity_tasks", body(map[string]any{"owner": "nosuchperson000"}))), "activity_task.owner_invalid owner")
	d.Expect("unseen before", d.Act("product.guo", activity, "close", ""), "record.not_found")
	task, refused := d.Create("market.lu", "activity_tasks", body(nil))
	d.Must(refused)
	if n := d.Told("product.guo", "activity_task.new"); n != 1 {
		t.Errorf("told %d times", n)
	}
	if row := d.Fresh(activity); !slices.Contains(row.GetStringSlice("helpers"), guo.Id) {
		t.Errorf("helped by %v", row.GetStringSlice("helpers"))
	}
	if row := d.Fresh(task); !slices.Equal(row.GetStringSlice("accounts"), []string{d.account.Id}) || len(row.GetStringSlice("depts")) != 1 {
		t.Errorf("%v", row.PublicExport())
	}
	d.Expect("seen now", d.Act("product.guo", activity, "close", ""), "activity.not_owner")
	d.on("2026-03-16", 23)
	d.on("2026-03-17", 9)
	d.on("2026-03-17", 10)
	for who, want := range map[string]int{"product.guo": 1, "market.lu": 1, "rep.chen": 0} {
		if n := d.Told(who, "activity_task.overdue"); n != want {
			t.Errorf("%s is told %d times", who, n)
		}
	}
	d.Expect("by its giver", d.Act("market.lu", task, "finish", ""), "activity_task.not_owner")
	d.Expect("dropped by who has it", d.Act("product.guo", task, "drop", `{"reason":"忙"}`), "activity.not_owner")
	d.Expect("dropped without a reason", d.Act("market.lu", task, "drop", ""), "activity_task.reason_required")
	d.Must(d.Act("product.guo", task, "finish", `{"note":"讲了两场"}`))
	if row := d.Fresh(task); row.GetString("state") != "done" || row.GetString("note") != "讲了两场" || row.GetDateTime("done_at").IsZero() {
		t.Errorf("%v", row.PublicExport())
	}
	if n := d.Told("market.lu", "activity_task.done"); n != 1 {
		t.Errorf("its giver is told %d times", n)
	}
	d.Expect("reworded", d.Set("market.lu", task, "title", "别的"), "activity_task.locked")
	other := d.Make("market.lu", "activity_tasks", body(map[string]any{"title": "签到"}))
	d.Must(d.Set("market.lu", other, "owner", d.As("service.qian").Id))
	if n := d.Told("service.qian", "activity_task.new"); n != 1 {
		t.Errorf("who got it later is told %d times", n)
	}
	if helpers := d.Fresh(activity).GetStringSlice("helpers"); !slices.Contains(helpers, d.As("service.qian").Id) {
		t.Errorf("helped by %v", helpers)
	}
	d.Force(activity, "reported")
	d.Expect("with an open task", d.Act("market.lu", activity, "close", ""), "activity.tasks_open")
	d.Must(d.Act("market.lu", other, "drop", `{"reason":"不需要"}`))
	d.Must(d.Act("market.lu", activity, "close", ""))
	d.Expect("after it was closed", d.SaveBy("market.lu", d.Blank("activity_tasks", body(nil))), "activity_task.over")
}
