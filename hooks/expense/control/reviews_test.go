package control_test

import (
	"testing"
)

// policy: R7.6 expense_reviews
//
// TestAMonthThatWentOtherwiseIsExplained: each leaf beyond the setting is asked about
// once, of who manages it, and recalled once; the rest is not.
func TestAMonthThatWentOtherwiseIsExplained(t *testing.T) {
	d := open(t)
	d.spend(d.chen, "2026-03-10", 55_00) // of 50 yuan a month: exactly a tenth more
	d.spend(d.he, "2026-03-10", 50_00)   // of 33.34
	d.on("2026-04-01")
	d.Job("budgetReviews")
	d.Job("budgetReviews")
	rows, err := d.FindRecordsByFilter("expense_reviews", "month = '2026-03'", "node", 0, 0)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d reviews, %v", len(rows), err)
	}
	review := rows[0]
	for field, want := range map[string]any{
		"node": d.he.Id, "owner": d.As("rep.he").Id, "state": "open", "due": "2026-04-11",
	} {
		if got := review.Get(field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
	if planned, spent, variance := review.GetInt("budget_fen"), review.GetInt("actual_fen"), review.GetInt("variance_fen"); planned != 33_34 || spent != 50_00 || variance != 16_66 {
		t.Errorf("planned %d, spent %d, %d more", planned, spent, variance)
	}
	if got := review.GetInt("forecast_fen"); got != 50_00+50_00/3*9 {
		t.Errorf("by the end of the year %d", got)
	}
	if n := d.Told("rep.he", "budget.review"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	d.on("2026-04-12")
	d.Job("budgetReviews")
	d.Job("budgetReviews")
	for _, who := range []string{"rep.he", "director.lin"} {
		if n := d.Told(who, "budget.review_overdue"); n != 1 {
			t.Errorf("%s is recalled %d times", who, n)
		}
	}
	d.Must(d.Set("rep.he", review, "cause", "展会提前"))
	if got := d.Fresh(review).GetString("state"); got != "open" {
		t.Errorf("without an action it is %s", got)
	}
	d.Must(d.Set("rep.he", review, "action", "四月压缩"))
	if got := d.Fresh(review); got.GetString("state") != "done" || got.GetString("done_at") == "" {
		t.Errorf("%v", got.PublicExport())
	}
	d.Expect("a number", d.Set("rep.he", review, "variance_fen", 0), "field.locked variance_fen")
	d.Expect("another month", d.Set("rep.he", review, "month", "2026-02"), "field.locked month")
	mine := map[string]any{"budget": d.budget.Id, "node": d.chen.Id, "owner": d.As("director.lin").Id, "month": "2026-03", "cause": "平稳", "action": "保持"}
	own := d.Make("director.lin", "expense_reviews", mine)
	if got := d.Fresh(own); got.GetInt("variance_bp") != 1000 || got.GetString("state") != "done" {
		t.Errorf("%v", got.PublicExport())
	}
	d.Expect("a month that is not over", d.SaveBy("director.lin", d.Blank("expense_reviews", mine, map[string]any{"month": "2026-04"})), "review.month_invalid month")
	d.Expect("a node of another budget", d.SaveBy("director.lin", d.Blank("expense_reviews", mine, map[string]any{"budget": d.draftOf("2027").Id})), "review.node_invalid node")
}

// policy: R7.2 budget_nodes
//
// TestAlertsAreToldOnce: each share once, to whose node it is and to who heads the
// department, also if what was used is given back meanwhile.
func TestAlertsAreToldOnce(t *testing.T) {
	d := open(t)
	told := func(what string, chen, lin int) {
		t.Helper()
		d.Job("budgetAlerts")
		d.Job("budgetAlerts")
		for who, want := range map[string]int{"rep.chen": chen, "director.lin": lin} {
			if n := d.Told(who, "budget.alert"); n != want {
				t.Errorf("%s: %s is told %d times, want %d", what, who, n, want)
			}
		}
	}
	d.spend(d.chen, "2026-03-10", 479_99)
	told("below the first share", 0, 0)
	d.spend(d.chen, "2026-03-11", 1)
	told("four fifths of it", 1, 1)
	d.spend(d.chen, "2026-03-12", 1)
	told("a fen more", 1, 1)
	d.spend(d.chen, "2026-03-13", 119_99)
	told("all of it", 2, 2)
}
