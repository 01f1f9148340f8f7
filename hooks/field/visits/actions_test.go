package visits_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
)

// TestWhoActsInWhichState: the whole table of states and actions, and nobody
// but the owner.
func TestWhoActsInWhichState(t *testing.T) {
	d := open(t)
	visit := d.visit()
	args := map[string]string{
		"check_in": `{}`, "check_out": `{}`, "report": `{"summary":"谈妥"}`, "cancel": `{"reason":"闭店"}`,
	}
	from := map[string]string{
		"check_in": field.VisitPlanned, "check_out": field.VisitInProgress,
		"report": field.VisitCheckedOut, "cancel": field.VisitPlanned,
	}
	for _, state := range []string{field.VisitPlanned, field.VisitInProgress, field.VisitCheckedOut, field.VisitReported, field.VisitCancelled} {
		t.Run(state, func(t *testing.T) {
			for action, body := range args {
				for _, who := range []string{"", "market.tang", "rep.he", "manager.wu"} {
					d.Force(visit, state)
					if got := d.Run(who, visit, action, body); got != "visit.not_owner" {
						t.Errorf("%s by %q from %s: %q", action, who, state, got)
					}
				}
				want := "visit.state"
				if from[action] == state {
					want = ""
				}
				if got := d.Run("rep.chen", visit, action, body); got != want {
					t.Errorf("%s from %s: %q, want %q", action, state, got, want)
				}
			}
		})
	}
}

// place is args at so many metres north of an account.
func place(account *core.Record, metres float64, at time.Time) string {
	return fmt.Sprintf(`{"at":%q,"lat":%f,"lng":%f,"acc_m":20,"fixes":[{"at":"2026-03-16T09:00:00+08:00","lat":31.2,"lng":121.4,"acc_m":20}]}`,
		at.Format(time.RFC3339), account.GetFloat("lat")+metres/111195, account.GetFloat("lng"))
}

func TestCheckInIsJudgedByPlace(t *testing.T) {
	d := open(t)
	d.Clock.Set(checkInAt.Add(time.Minute))
	account := d.AccountOf("rep.chen")
	radius := float64(account.GetInt("geofence_m"))
	for metres, want := range map[float64]string{0: "inside", radius - 5: "inside", radius + 10: "edge", radius + 50: "outside", 50_000: "outside"} {
		t.Run(want+fmt.Sprint(metres), func(t *testing.T) {
			visit := d.visit()
			if got := d.Run("rep.chen", visit, "check_in", place(account, metres, checkInAt)); got != "" {
				t.Fatal(got)
			}
			now := d.Fresh(visit)
			if now.GetString("in_result") != want || max(now.GetFloat("in_distance_m")-metres, metres-now.GetFloat("in_distance_m")) > metres/500+1 {
				t.Errorf("%f m: %s at %d m", metres, now.GetString("in_result"), now.GetInt("in_distance_m"))
			}
			if !now.GetDateTime("in_at").Time().Equal(checkInAt) || !now.GetDateTime("received_at").Time().Equal(d.Clock.Now()) ||
				now.GetFloat("in_acc_m") != 20 || !strings.Contains(now.GetString("in_fixes"), `"lat":31.2`) {
				t.Errorf("%f m: %v", metres, now.PublicExport())
			}
		})
	}
	visit := d.visit()
	if got := d.Run("rep.chen", visit, "check_in", ``); got != "" {
		t.Fatal(got)
	}
	now := d.Fresh(visit)
	if now.GetString("in_result") != "unknown" || !now.GetDateTime("in_at").Time().Equal(d.Clock.Now()) {
		t.Errorf("without a fix: %s at %s", now.GetString("in_result"), now.GetDateTime("in_at"))
	}
}

func TestCheckInRefusesNonsense(t *testing.T) {
	d := open(t)
	visit := d.visit()
	for args, want := range map[string]string{
		`{"lat":91,"lng":0}`:            "visit.position_invalid",
		`{"lat":31,"lng":-181}`:         "visit.position_invalid",
		`{"lat":31,"lng":1,"acc_m":-1}`: "visit.position_invalid",
		`{"lat":"31","lng":1}`:          "args.invalid",
		`{"at":"this morning"}`:         "args.invalid",
		`{"photo":"x"}`:                 "args.invalid",
		`{"lat":1e999}`:                 "args.invalid",
		`[]`:                            "args.invalid",
		`{"lat":`:                       "args.invalid",
	} {
		t.Run(args, func(t *testing.T) {
			for _, action := range []string{"check_in", "check_out"} {
				if action == "check_out" {
					d.Force(visit, field.VisitInProgress)
				} else {
					d.Force(visit, field.VisitPlanned)
				}
				if got := d.Run("rep.chen", visit, action, args); got != want {
					t.Errorf("%s: %q, want %q", action, got, want)
				}
			}
		})
	}
}

func TestCheckOutMeasuresDwellAndAsksForSteps(t *testing.T) {
	d := open(t)
	template := d.Blank("visit_templates", map[string]any{
		"name": "T", "active": false, "steps": `[{"key":"shelf","kind":"photo","required":true,"min":1},{"key":"talk","kind":"note","required":true},{"key":"order","kind":"order"}]`,
	})
	if err := d.Save(template); err != nil {
		t.Fatal(err)
	}
	d.Clock.Set(checkInAt.Add(time.Hour))
	visit := d.visit(map[string]any{"template": template.Id})
	account := d.AccountOf("rep.chen")
	if got := d.Run("rep.chen", visit, "check_in", place(account, 0, checkInAt)); got != "" {
		t.Fatal(got)
	}
	out := place(account, 0, checkInAt.Add(25*time.Minute+400*time.Millisecond))
	out = strings.Split(out, `,"fixes"`)[0] + "}"
	for _, key := range []string{"talk", "shelf"} {
		if got := d.Run("rep.chen", visit, "check_out", out); got != "visit.step_required" {
			t.Errorf("before %s: %q", key, got)
		}
		if got := d.SaveBy("rep.chen", d.Blank("visit_steps", map[string]any{"visit": visit.Id, "key": key, "kind": "note"})); got != "" {
			t.Fatal(got)
		}
	}
	if got := d.Run("rep.chen", visit, "check_out", out); got != "" {
		t.Fatal(got)
	}
	now := d.Fresh(visit)
	if now.GetInt("dwell_s") != 1500 || now.GetString("state") != field.VisitCheckedOut || now.GetFloat("out_acc_m") != 20 {
		t.Errorf("%v", now.PublicExport())
	}
	visit = d.visit()
	d.Run("rep.chen", visit, "check_in", place(account, 0, checkInAt))
	d.Run("rep.chen", visit, "check_out", fmt.Sprintf(`{"at":%q}`, checkInAt.Add(-time.Hour).Format(time.RFC3339)))
	if now := d.Fresh(visit); now.GetInt("dwell_s") != 0 || now.GetString("state") != field.VisitCheckedOut {
		t.Errorf("a clock that went back: %d s, %s", now.GetInt("dwell_s"), now.GetString("state"))
	}
}

func TestReportNeedsASummaryAndNotesLateness(t *testing.T) {
	d := open(t)
	setting, err := d.FindFirstRecordByData("settings", "key", "visit.record_hours")
	if err != nil {
		setting = d.Blank("settings", map[string]any{"key": "visit.record_hours"})
	}
	setting.Set("value", 2)
	at := func(after time.Duration, more string) string {
		return fmt.Sprintf(`{"at":%q%s}`, checkInAt.Add(after).Format(time.RFC3339), more)
	}
	done := func() *core.Record {
		d.Clock.Set(checkInAt)
		visit := d.visit(map[string]any{"needs": "要堆头"})
		d.Run("rep.chen", visit, "check_in", at(0, ""))
		if got := d.Run("rep.chen", visit, "check_out", at(0, "")); got != "" {
			t.Fatal(got)
		}
		return visit
	}
	visit := done()
	for _, args := range []string{``, `{}`, `{"summary":" \n"}`} {
		if got := d.Run("rep.chen", visit, "report", args); got != "visit.report_incomplete" {
			t.Errorf("%s: %q", args, got)
		}
	}
	if got := d.Run("rep.chen", visit, "report", `{"summary":"x","next_date":"soon"}`); got != "validation" {
		t.Errorf("a date that is none: %q", got)
	}
	d.Clock.Set(checkInAt.Add(24 * time.Hour))
	report := at(24*time.Hour, `,"summary":"谈妥","next_step":"送样","next_date":"2026-03-20","result_code":"ok"`)
	if got := d.Run("rep.chen", visit, "report", report); got != "" {
		t.Fatal(got)
	}
	now := d.Fresh(visit)
	if now.GetBool("late_record") || now.GetString("summary") != "谈妥" || now.GetString("next_date") != "2026-03-20" || now.GetString("needs") != "要堆头" {
		t.Errorf("%v", now.PublicExport())
	}
	for _, c := range []struct {
		after time.Duration
		late  bool
	}{{24*time.Hour + time.Second, true}, {3 * time.Hour, false}} {
		visit := done()
		d.Clock.Set(checkInAt.Add(c.after))
		d.Run("rep.chen", visit, "report", at(c.after, `,"summary":"x"`))
		if now := d.Fresh(visit); now.GetBool("late_record") != c.late {
			t.Errorf("after %s: late %v", c.after, !c.late)
		}
	}
	if err := d.SaveWithContext(gate.AsServer(t.Context()), setting); err != nil {
		t.Fatal(err)
	}
	visit = done()
	d.Clock.Set(checkInAt.Add(3 * time.Hour))
	d.Run("rep.chen", visit, "report", at(3*time.Hour, `,"summary":"x"`))
	if now := d.Fresh(visit); !now.GetBool("late_record") {
		t.Error("the setting of 2 hours is not heard")
	}
}

func TestCancelNeedsAReason(t *testing.T) {
	d := open(t)
	visit := d.visit()
	for _, args := range []string{``, `{"reason":""}`, `{"reason":"  "}`} {
		if got := d.Run("rep.chen", visit, "cancel", args); got != "visit.reason_required" {
			t.Errorf("%s: %q", args, got)
		}
	}
	if got := d.Run("rep.chen", visit, "cancel", `{"reason":"闭店"}`); got != "" {
		t.Fatal(got)
	}
	if now := d.Fresh(visit); now.GetString("state") != field.VisitCancelled || now.GetString("cancel_reason") != "闭店" {
		t.Errorf("%v", now.PublicExport())
	}
}
