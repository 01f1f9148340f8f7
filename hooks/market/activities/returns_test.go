package activities_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/market/activities"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// sold answers for sales of a period, by its first day.
type sold map[string]int

func (s sold) to(_ core.App, account records.AccountID, p domain.Period) (fen, orders int, err error) {
	fen, known := s[p.From+" "+p.To]
	if !known || account == "" {
		return 0, 0, errors.New("nobody asks for " + p.From + " " + p.To)
	}
	return fen, 1, nil
}

// count runs the night's count with those sales.
func (d *desk) count(s sold) {
	d.t.Helper()
	area := activities.Area(activities.Config{Config: gate.Config{Now: d.Clock.Now}, Sold: s.to})
	for _, job := range area.Jobs {
		if job.Name != "activityReturns" {
			continue
		}
		if err := job.Run(d.t.Context(), d.App, d.Clock.Now()); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *desk) returned(activity *core.Record) string {
	d.t.Helper()
	rows, err := d.FindRecordsByFilter("activity_returns", "activity = '"+activity.Id+"'", "", 0, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	out := ""
	for _, r := range rows {
		out += fmt.Sprint(r.GetInt("gain_fen"), " of ", r.GetInt("cost_fen"), " is ", r.GetInt("return_bp"), " on ", r.GetString("counted_on"))
	}
	return out
}

// policy: R5.2 activity_returns
//
// TestWhatAnActivityBrought: the accounts' net sales over its days and those after it,
// against as many days before, by what it cost. Nothing is said before those days have
// passed, nor of what cost nothing.
func TestWhatAnActivityBrought(t *testing.T) {
	d := open(t)
	sales := sold{"2026-03-16 2026-04-16": 900_000, "2026-02-12 2026-03-15": 600_000}
	activity, free := d.agreed(), d.agreed()
	line := d.Make("market.lu", "activity_costs", map[string]any{"activity": activity.Id, "kind": "other", "actual_fen": 100_000})
	d.on("2026-03-18", 9)
	d.Must(d.SaveBy("market.lu", d.result("market.lu", activity)))
	d.on("2026-04-16", 23)
	d.count(sales)
	if got := d.returned(activity); got != "" {
		t.Errorf("while its days last: %s", got)
	}
	d.on("2026-04-17", 3)
	d.count(sales)
	if got := d.returned(activity); got != "300000 of 100000 is 30000 on 2026-04-17" {
		t.Error(got)
	}
	if got := d.returned(free); got != "" {
		t.Errorf("of what cost nothing: %s", got)
	}
	d.on("2026-04-18", 3)
	d.count(sales)
	if got := d.returned(activity); got != "300000 of 100000 is 30000 on 2026-04-17" {
		t.Errorf("counted again without a change: %s", got)
	}
	d.Must(d.Set("market.lu", line, "actual_fen", 200_000))
	d.on("2026-04-19", 3)
	d.count(sales)
	if got := d.returned(activity); got != "300000 of 200000 is 15000 on 2026-04-19" {
		t.Error(got)
	}
	d.Force(activity, "closed")
	sales["2026-03-16 2026-04-16"] = 0 // what comes back later is another month's
	d.on("2026-05-19", 3)
	d.count(sales)
	if got := d.returned(activity); got != "300000 of 200000 is 15000 on 2026-04-19" {
		t.Errorf("after it was closed: %s", got)
	}
}

// TestTheFieldSeesNoReturn: of several accounts' sales nothing is told to who serves
// one of them; the head of a department sees what is all of his department's.
func TestTheFieldSeesNoReturn(t *testing.T) {
	d := open(t)
	elsewhere := d.Make("", "departments", map[string]any{"name": "KA二部", "kind": "ka"})
	activity := d.agreed()
	d.Make("market.lu", "activity_costs", map[string]any{"activity": activity.Id, "kind": "other", "actual_fen": 100_000})
	d.on("2026-04-20", 3)
	d.count(sold{"2026-03-16 2026-04-16": 900_000, "2026-02-12 2026-03-15": 600_000})
	row, err := d.FindFirstRecordByData("activity_returns", "activity", activity.Id)
	if err != nil {
		t.Fatal(err)
	}
	path := "/api/collections/activity_returns/records/" + row.Id
	for who, want := range map[string]int{
		"rep.chen": 404, "manager.wu": 404, "director.lin": 200, "market.lu": 200, "market.tang": 200, "executive.sun": 200, "finance.zhao": 200, "auditor.jin": 200, "product.guo": 404,
	} {
		if got := d.Do(who, "GET", path, "").Code; got != want {
			t.Errorf("%s: %d, want %d", who, got, want)
		}
	}
	activity = d.Fresh(activity)
	activity.Set("depts", []string{d.account.GetString("dept"), elsewhere.Id})
	if err := d.SaveWithContext(gate.AsServer(t.Context()), activity); err != nil {
		t.Fatal(err)
	}
	d.count(sold{"2026-03-16 2026-04-16": 900_000, "2026-02-12 2026-03-15": 600_000})
	if got := d.Do("director.lin", "GET", path, "").Code; got != 404 {
		t.Errorf("with another department's accounts he gets %d", got)
	}
}
