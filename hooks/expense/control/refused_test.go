package control_test

import "testing"

// TestAReviewSaysSomething: blanks are no cause and no action, and who left explains none.
func TestAReviewSaysSomething(t *testing.T) {
	d := open(t)
	d.spend(d.chen, "2026-03-10", 300_00)
	d.on("2026-04-02")
	values := map[string]any{"budget": d.budget.Id, "node": d.chen.Id, "owner": d.As("manager.wu").Id, "month": "2026-03"}
	review, refused := d.Create("director.lin", "expense_reviews", values)
	d.Must(refused)
	_, refused = d.Create("director.lin", "expense_reviews", values)
	d.Expect("twice", refused, "review.twice")
	d.Must(d.Update("manager.wu", review, map[string]any{"cause": " ", "action": "　"}))
	if got := d.Fresh(review).GetString("state"); got != "open" {
		t.Errorf("blanks leave it %s", got)
	}
	for what, own := range map[string]map[string]any{
		"of somebody who left": {"owner": d.Make("", "users", map[string]any{"email": "gone@example.com", "password": "a-password-of-tests", "name": "离", "role": "rep", "active": false}).Id},
		"of a stranger":        {"owner": d.As("market.tang").Id},
	} {
		own["node"] = d.he.Id
		for k, v := range values {
			if own[k] == nil {
				own[k] = v
			}
		}
		_, refused := d.Create("director.lin", "expense_reviews", own)
		d.Expect(what, refused, "review.owner_invalid owner")
	}
}

// TestAMonthGivesNoMoreThanItHas: also where a year is held as a whole.
func TestAMonthGivesNoMoreThanItHas(t *testing.T) {
	d := open(t)
	if _, err := d.DB().NewQuery("DELETE FROM budgets").Execute(); err != nil {
		t.Fatal(err)
	}
	d.budget = d.Make("director.lin", "budgets", map[string]any{"owner": d.As("director.lin").Id, "year": "2026", "title": "按月"})
	months := []int{10, 20, 30, 40, 0, 0, 0, 0, 0, 0, 0, 0}
	a := d.Make("director.lin", "budget_nodes", map[string]any{"budget": d.budget.Id, "name": "甲", "amount_fen": 100, "months": months})
	b := d.Make("director.lin", "budget_nodes", map[string]any{"budget": d.budget.Id, "name": "乙", "amount_fen": 100, "months": months})
	d.approve(d.budget)
	much, refused := d.adjustment("director.lin", "transfer", a, b, 11, map[string]any{"month": "2026-01"})
	d.Must(refused)
	d.Expect("more than January has", d.Act("director.lin", much, "submit", ""), "adjustment.not_free")
	few, refused := d.adjustment("director.lin", "transfer", b, a, 10, map[string]any{"month": "2026-01"})
	d.Must(refused)
	d.Must(d.Act("director.lin", few, "submit", ""))
}

// TestARaiseOfADepartmentThatLostItsHead goes through: who headed it when it was asked
// for has agreed, and nobody is told in his place.
func TestARaiseOfADepartmentThatLostItsHead(t *testing.T) {
	d := open(t)
	raise := d.submitted("manager.wu", "raise", nil, d.chen, 100_00)
	d.Must(d.Decide("director.lin", raise, "approve", ""))
	if _, err := d.DB().NewQuery("UPDATE departments SET head = ''").Execute(); err != nil {
		t.Fatal(err)
	}
	d.Must(d.Decide("finance.zhao", raise, "approve", ""))
	d.Must(d.Decide("executive.sun", raise, "approve", ""))
	d.allocated("raised", 1600, 1100, 700, 400, 500)
	again, refused := d.adjustment("manager.wu", "raise", nil, d.chen, 100_00)
	d.Must(refused)
	d.Expect("asked of nobody", d.Act("manager.wu", again, "submit", ""), "approval.no_approver")
}
