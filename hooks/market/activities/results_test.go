package activities_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// photo is one of an activity that somebody has announced.
func (d *desk) photo(who string, more ...map[string]any) string {
	d.t.Helper()
	d.n++
	return d.Make(who, "blobs", append([]map[string]any{{
		"owner": d.As(who).Id, "purpose": "activity", "sha256": fmt.Sprintf("%064x", d.n), "size": 10, "mime": "image/jpeg", "state": "pending",
	}}, more...)...).Id
}

func (d *desk) result(who string, activity *core.Record, more ...map[string]any) *core.Record {
	base := map[string]any{"activity": activity.Id, "owner": d.As(who).Id, "text": "到场 60 人，签约 3 家", "attendance": 60, "leads": 3, "photos": []string{d.photo(who)}}
	return d.Blank("activity_results", append([]map[string]any{base}, more...)...)
}

// policy: R5.2 activity_results
//
// TestAResultIsToldOnce, with photos, on the last day or later, by the activity's
// owner or by who serves one of its accounts.
func TestAResultIsToldOnce(t *testing.T) {
	d := open(t)
	activity := d.agreed()
	d.Expect("before it began", d.SaveBy("rep.chen", d.result("rep.chen", activity)), "activity.not_over")
	d.on("2026-03-16", 10)
	d.Expect("on its first day of two", d.SaveBy("rep.chen", d.result("rep.chen", activity)), "activity.not_over")
	d.on("2026-03-17", 20)
	for _, c := range []struct {
		what, who string
		more      map[string]any
		want      string
	}{
		{"by who has no part in it", "rep.he", nil, "activity.not_party"},
		{"by a colleague of its owner's", "market.tang", nil, "activity.not_party"},
		{"in another's name", "rep.chen", map[string]any{"owner": d.As("manager.wu").Id}, "activity.not_party"},
		{"without photos", "rep.chen", map[string]any{"photos": nil}, "activity.photos_required photos"},
		{"with another's photo", "rep.chen", map[string]any{"photos": []string{d.photo("market.lu")}}, "record.not_found photos"},
		{"with an invoice", "rep.chen", map[string]any{"photos": []string{d.photo("rep.chen", map[string]any{"purpose": "invoice"})}}, "record.not_found photos"},
		{"with fewer than nobody", "rep.chen", map[string]any{"attendance": -1}, "validation"},
		{"with its own word for late", "rep.chen", map[string]any{"late": true}, "field.locked late"},
		{"without words", "rep.chen", map[string]any{"text": ""}, "validation"},
	} {
		d.Expect(c.what, d.SaveBy(c.who, d.result(c.who, activity, c.more)), c.want)
	}
	result := d.result("rep.chen", activity)
	d.Must(d.SaveBy("rep.chen", result))
	row := d.Fresh(result)
	if row.GetBool("late") || d.state(activity) != "reported" || !row.GetDateTime("at").Time().Equal(d.Clock.Now()) || len(row.GetStringSlice("depts")) != 1 {
		t.Errorf("%v, the activity is %s", row.PublicExport(), d.state(activity))
	}
	photo := d.Row("blobs", row.GetStringSlice("photos")[0])
	if photo.GetString("account") != d.account.Id || photo.GetString("dept") != d.account.GetString("dept") {
		t.Errorf("the line does not see the photo: %v", photo.PublicExport())
	}
	if n := d.Told("market.lu", "activity.reported"); n != 1 {
		t.Errorf("its owner is told %d times", n)
	}
	d.Expect("a second one", d.SaveBy("market.lu", d.result("market.lu", activity)), "activity.reported")
	d.Expect("another word", d.Set("rep.chen", result, "leads", 9), "activity.result_state")
	d.Expect("taken back", d.DeleteBy("rep.chen", result), "403")
	gone := d.agreed()
	d.Must(d.Act("market.lu", gone, "cancel", `{"reason":"场地取消"}`))
	d.Expect("of what was cancelled", d.SaveBy("market.lu", d.result("market.lu", gone)), "activity.result_state")
}

// TestALateResultIsKept, and says that it is late; no photo is needed where none is wanted.
func TestALateResultIsKept(t *testing.T) {
	d := open(t)
	d.Setting("activity.result_photos", 0)
	intime, late, claimed := d.agreed(), d.agreed(), d.agreed()
	d.on("2026-03-24", 23) // the day on which it is due
	first, second := d.result("market.lu", intime, map[string]any{"photos": nil}), d.result("manager.wu", late, map[string]any{"photos": nil})
	d.Must(d.SaveBy("market.lu", first))
	d.on("2026-03-25", 0)
	d.Must(d.SaveBy("manager.wu", second))
	third, refused := d.Create("market.lu", "activity_results", map[string]any{
		"activity": claimed.Id, "owner": d.As("market.lu").Id, "text": "x", "attendance": 1, "at": "2026-03-17 10:00:00.000Z",
	})
	d.Must(refused)
	if !third.GetBool("late") {
		t.Error("a desk says by itself that it is in time")
	}
	if d.Fresh(first).GetBool("late") || !d.Fresh(second).GetBool("late") {
		t.Errorf("late: %t %t", d.Fresh(first).GetBool("late"), d.Fresh(second).GetBool("late"))
	}
	if n := d.Told("market.lu", "activity.reported"); n != 1 { // the first she told herself
		t.Errorf("told %d times", n)
	}
}

// TestToldOffline: two reps tell the result of one activity on phones without a
// network. The first counts, on the day on which it was written; the second is told
// so, and keeps what he wrote. Who lost the account meanwhile had it then.
func TestToldOffline(t *testing.T) {
	d := open(t)
	other := d.AccountOf("rep.he")
	activity := d.agreed(map[string]any{"accounts": []string{d.account.Id, other.Id}})
	d.on("2026-03-16", 10)
	chen, he := d.Phone(d.Token("rep.chen"), "chen"), d.Phone(d.Token("rep.he"), "he")
	chen.Pull()
	he.Pull()
	for name, rows := range map[string]map[string]map[string]string{"chen": chen.Rows, "he": he.Rows} {
		if rows["activities"][activity.Id] == "" || len(rows["activity_costs"]) != 1 {
			t.Errorf("%s does not see what his account takes part in", name)
		}
	}
	tell := func(n string) []map[string]any {
		return []map[string]any{
			{"op": "create", "c": "blobs", "r": "activityphoto0" + n, "set": map[string]any{"purpose": "activity", "sha256": strings.Repeat(n, 64), "size": 9, "mime": "image/jpeg"}},
			{"op": "create", "c": "activity_results", "r": "activityresult" + n, "set": map[string]any{
				"activity": activity.Id, "text": "第" + n, "attendance": 9, "photos": []string{"activityphoto0" + n}, "at": "2026-03-17T10:00:00Z", "owner": d.As(map[string]string{"1": "rep.chen", "2": "rep.he"}[n]).Id,
			}},
		}
	}
	d.on("2026-03-18", 9)
	d.Clock.Advance(7 * 24 * time.Hour) // nobody has a network
	if answer := chen.Push(tell("1")...).Body.String(); strings.Count(answer, `"applied"`) != 2 {
		t.Fatal(answer)
	}
	if row := d.Row("activity_results", "activityresult1"); !row.GetDateTime("at").Time().Equal(time.Date(2026, 3, 17, 10, 0, 0, 0, time.UTC)) || row.GetBool("late") {
		t.Errorf("%v", row.PublicExport())
	}
	if answer := he.Push(tell("2")...).Body.String(); !strings.Contains(answer, `"activity.reported"`) {
		t.Errorf("the second: %s", answer)
	}
	issues, err := d.FindRecordsByFilter("sync_issues", "code = 'activity.reported'", "", 0, 0)
	if err != nil || len(issues) != 1 || !strings.Contains(issues[0].GetString("payload"), "第2") {
		t.Errorf("what he wrote is lost: %v %v", issues, err)
	}
	if d.state(activity) != "reported" {
		t.Errorf("it is %s", d.state(activity))
	}
}
