package satisfaction_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// cycle is one of the first quarter of the sales department, which is not open yet.
func (d desk) cycle() records.AppraisalCycle {
	d.t.Helper()
	row, err := records.AppraisalCycles.New(d)
	if err != nil {
		d.t.Fatal(err)
	}
	row.SetDept(records.DepartmentID(d.As("rep.chen").GetString("department")))
	row.SetKind("quarter")
	row.SetPeriod("2031Q1")
	row.SetFromDay("2031-01-01")
	row.SetToDay("2031-03-31")
	row.SetState("planned")
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), row.Raw()); err != nil {
		d.t.Fatal(err)
	}
	return row
}

func (d desk) moves(row records.AppraisalCycle, state records.AppraisalCycleState) {
	d.t.Helper()
	row.SetState(state)
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), row.Raw()); err != nil {
		d.t.Fatal(err)
	}
}

// policy: R6.5 survey of a cycle
//
// TestACycleHasItsSurvey: drawn when it collects, over when its ratings are, and the answers
// are there to be reckoned with.
func TestACycleHasItsSurvey(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	cycle := d.cycle()
	d.moves(cycle, "collecting")
	survey, err := d.FindFirstRecordByFilter("satisfaction_surveys", "cycle = {:c}", dbx.Params{"c": cycle.ID()})
	if err != nil || survey.GetString("state") != "open" || survey.GetInt("drawn") == 0 {
		t.Fatalf("%v %v", survey, err)
	}
	for _, invite := range d.invites("rep.chen") {
		d.answer(invite, "54545")
	}
	d.moves(cycle, "rating")
	if d.Fresh(survey).GetString("state") != "open" {
		t.Error("it is over too early")
	}
	got, err := d.Bound.Surveys.Answers(d, cycle.ID(), records.UserID(d.As("rep.chen").Id))
	if err != nil || len(got) != 4 || fmt.Sprint(got[0].Marks) != "[5 4 5 4 5]" || got[0].Tier != "A" && got[0].Tier != "B" {
		t.Errorf("%v %v", got, err)
	}
	d.moves(cycle, "calibration")
	if fresh := d.Fresh(survey); fresh.GetString("state") != "closed" || fresh.GetInt("answered") != 4 {
		t.Errorf("%v", fresh.PublicExport())
	}
}

// TestACycleThatBeginsEarlyIsSurveyedLater, when its period is over.
func TestACycleThatBeginsEarlyIsSurveyedLater(t *testing.T) {
	d := open(t)
	d.serve("rep.chen", "AB", 2)
	d.Clock.Advance(-20 * day)
	d.moves(d.cycle(), "collecting")
	d.Job("satisfaction")
	if n := d.count("SELECT COUNT(*) FROM satisfaction_surveys WHERE state = 'planned'", nil); n != 1 {
		t.Errorf("%d are planned", n)
	}
	d.Clock.Advance(20 * day)
	d.Job("satisfaction")
	if n := d.count("SELECT COUNT(*) FROM satisfaction_surveys WHERE state = 'open' AND drawn > 0", nil); n != 1 {
		t.Errorf("%d are open", n)
	}
}
