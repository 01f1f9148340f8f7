package care_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/dbx"
)

// TestAReviewLeadsToAnImprovement, and moves the tier once the head agrees.
//
// policy: R3.3f account_reviews
// policy: R1.4 account_reviews
func TestAReviewLeadsToAnImprovement(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	d.exec("UPDATE accounts SET tier = 'B', stage = 'contracted' WHERE id = {:id}", dbx.Params{"id": account.Id})
	review := d.Make("manager.wu", "account_reviews", map[string]any{
		"account": account.Id, "period": "2025H2", "sales_score": 90, "potential_score": 95, "service_score": 70, "tier_to": "A",
	})
	if review.GetInt("total") != 87 || review.GetString("tier_from") != "B" {
		t.Fatalf("%v", review.PublicExport())
	}
	if got := d.Act("manager.wu", review, "submit", `{}`); got != "account_review.result_required result" {
		t.Error(got)
	}
	edit := func(fields map[string]any) {
		t.Helper()
		r := d.Fresh(review)
		r.Load(fields)
		if err := d.Save(r); err != nil {
			t.Fatal(err)
		}
	}
	edit(map[string]any{"result": "strengthen"})
	if got := d.Act("manager.wu", review, "submit", `{}`); got != "account_review.action_required actions" {
		t.Error(got)
	}
	action := d.Make("manager.wu", "improvement_actions", map[string]any{"title": "增加陈列", "owner": d.As("rep.chen").Id, "due": "2026-06-30"})
	edit(map[string]any{"actions": []string{action.Id}})
	if got := d.Act("manager.wu", review, "submit", `{}`); got != "" {
		t.Fatal(got)
	}
	if tier := d.Fresh(account).GetString("tier"); tier != "B" {
		t.Errorf("the tier moved before anybody agreed: %s", tier)
	}
	d.Must(d.Decide("director.lin", review, "approve", `{}`))
	if tier := d.Fresh(account).GetString("tier"); tier != "A" {
		t.Errorf("the tier is %s: %v", tier, d.Fresh(review).PublicExport())
	}
	for period, want := range map[string]string{"2026": "", "2026Q5": "account_review.period_invalid period", "soon": "account_review.period_invalid period", "2026-13": "account_review.period_invalid period"} {
		if _, got := d.try("manager.wu", "account_reviews", map[string]any{"account": account.Id, "period": period}); got != want {
			t.Errorf("%s: %q", period, got)
		}
	}
	if _, got := d.try("manager.wu", "account_reviews", map[string]any{"account": account.Id, "period": "2023", "sales_fen": 100}); got != "field.locked sales_fen" {
		t.Errorf("a figure was typed: %q", got)
	}
	if _, got := d.try("manager.wu", "account_reviews", map[string]any{"account": account.Id, "period": "2024", "csat_score": 80}); got != "field.locked csat_score" {
		t.Errorf("what customers say was typed: %q", got)
	}
	if _, got := d.try("manager.wu", "account_reviews", map[string]any{"account": account.Id, "period": "2024", "potential_score": 101}); got != "account_review.score_range potential_score" {
		t.Error(got)
	}
}

// TestReviewsAndPlansAreRecalled: half a year for A, a year for B; plans once a month.
//
// policy: R3.3f account_reviews
// policy: R1.4 account_reviews
// policy: R2.7 account_plans
func TestReviewsAndPlansAreRecalled(t *testing.T) {
	d := open(t)
	d.exec("UPDATE accounts SET stage = 'research'", nil)
	a, b := d.AccountOf("rep.chen"), d.AccountOf("rep.he")
	for id, tier := range map[string]string{a.Id: "A", b.Id: "B"} {
		d.exec("UPDATE accounts SET stage = 'contracted', tier = {:t}, created = '2024-01-01 00:00:00.000Z' WHERE id = {:id}", dbx.Params{"id": id, "t": tier})
	}
	for _, day := range []string{"2026-07-02", "2026-07-03"} {
		d.on(noon(day), "accountReviews")
	}
	got := fmt.Sprint(d.told("manager.wu", "accounts/"+a.Id+"#2026H1"), d.told("manager.wu", "accounts/"+b.Id+"#2025"), d.told("manager.wu", "accounts/"+b.Id+"#2026H1"))
	if got != "[review.account_due] [review.account_due] []" {
		t.Error(got)
	}
	if _, code := d.try("manager.wu", "account_plans", map[string]any{"account": a.Id, "year": "2026", "state": "active"}); code != "" {
		t.Fatal(code)
	}
	for _, day := range []string{"2026-07-01", "2026-07-20", "2026-08-01"} {
		d.on(noon(day), "accountPlans")
	}
	july, err := d.FindFirstRecordByFilter("notifications", "kind = 'plan.account_missing' && link = 'account_plans#2026-07'")
	if err != nil || july.GetString("params") != `{"count":1,"year":"2026"}` {
		t.Errorf("%v %v", july, err)
	}
	if n, _ := d.CountRecords("notifications", dbx.HashExp{"kind": "plan.account_missing"}); n != 2 {
		t.Errorf("told %d times", n)
	}
}
