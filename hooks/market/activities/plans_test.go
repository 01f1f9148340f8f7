package activities_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// plan is one that market.lu writes for a spring.
func (d *desk) plan(more ...map[string]any) *core.Record {
	d.t.Helper()
	base := map[string]any{
		"name": "春茶推广方案", "year": "2026", "from_date": "2026-03-01", "to_date": "2026-05-31", "goal": "A级客户铺货率 80%", "tiers": []string{"A"},
		"accounts": []string{d.account.Id}, "planned_fen": 50_000_00,
	}
	return d.Make("market.lu", "promo_plans", append([]map[string]any{base}, more...)...)
}

// policy: R5.1 promo_plans
//
// TestAPlanIsApproved by the head of market, and by the management if it is dear;
// activities are of a plan that is, and it is closed after them.
func TestAPlanIsApproved(t *testing.T) {
	d := open(t)
	d.Expect("its last day before the first", d.SaveBy("market.lu", d.Blank("promo_plans", map[string]any{
		"name": "x", "year": "2026", "from_date": "2026-03-01", "to_date": "2026-02-01", "goal": "x",
	})), "activity.days_invalid to_date")
	if _, refused := d.Create("rep.chen", "promo_plans", map[string]any{
		"name": "x", "year": "2026", "from_date": "2026-03-01", "to_date": "2026-03-02", "goal": "x", "owner": d.As("rep.chen").Id,
	}); refused == "" {
		t.Error("the field writes a promotion plan")
	}
	plan, dear := d.plan(), d.plan(map[string]any{"planned_fen": 50_000_01})
	activity := d.activity(map[string]any{"promo_plan": plan.Id})
	d.cost(activity, 500)
	d.Expect("of a plan that is not approved", d.Act("market.lu", activity, "submit", ""), "activity.plan_not_approved promo_plan")
	for _, p := range []*core.Record{plan, dear} {
		d.Must(d.Act("market.lu", p, "submit", ""))
		d.Must(d.Decide("market.tang", p, "approve", ""))
	}
	if got := d.state(plan) + " " + d.state(dear); got != "approved submitted" {
		t.Error(got)
	}
	d.Must(d.Decide("executive.sun", dear, "reject", `{"comment":"超出年度预算"}`))
	d.Expect("an edit", d.Update("market.lu", plan, map[string]any{"goal": "别的"}), "approval.locked")
	d.Must(d.Act("market.lu", activity, "submit", ""))
	d.Expect("with an activity", d.Act("market.lu", plan, "close", ""), "promo_plan.activities_open")
	d.Must(d.Act("market.lu", activity, "cancel", `{"reason":"改期"}`))
	d.Expect("by the line", d.Act("rep.chen", plan, "close", ""), "activity.not_owner")
	d.Must(d.Act("market.lu", plan, "close", `{"outcome":"铺货率 83%"}`))
	if row := d.Fresh(plan); row.GetString("state") != "closed" || row.GetString("outcome") != "铺货率 83%" || row.GetDateTime("closed_at").IsZero() {
		t.Errorf("%v", row.PublicExport())
	}
	d.Expect("twice", d.Act("market.lu", plan, "close", ""), "promo_plan.state")
}

// TestTheHeadsOwnPlanGoesUp: nobody approves his own.
func TestTheHeadsOwnPlanGoesUp(t *testing.T) {
	d := open(t)
	plan := d.Make("market.tang", "promo_plans", map[string]any{"name": "x", "year": "2026", "from_date": "2026-03-01", "to_date": "2026-03-02", "goal": "x", "planned_fen": 99_999_99})
	d.Must(d.Act("market.tang", plan, "submit", ""))
	d.Must(d.Decide("executive.sun", plan, "approve", ""))
	if got := d.state(plan); got != "approved" {
		t.Error(got)
	}
}
