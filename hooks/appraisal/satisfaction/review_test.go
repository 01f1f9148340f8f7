package satisfaction_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// policy: R3.3f csat_score
// policy: R1.2 csat_score
//
// TestAReviewTakesWhatCustomersAnswered, from the least number on, of surveys that are over and of its
// period; until then the other parts take the weight.
func TestAReviewTakesWhatCustomersAnswered(t *testing.T) {
	d := open(t)
	accounts := d.serve("rep.chen", "AB", 3)
	survey := d.drawn()
	review := func(account, period string) string {
		d.t.Helper()
		row := d.Blank("account_reviews", map[string]any{"account": account, "period": period, "sales_score": 90, "potential_score": 90, "service_score": 90})
		d.Must(d.SaveBy("manager.wu", row))
		return fmt.Sprint(row.GetInt("csat_score"), row.GetBool("csat_known"), row.GetInt("total"))
	}
	all := map[string][]*core.Record{}
	for _, invite := range d.invites("rep.chen") {
		all[invite.GetString("account")] = append(all[invite.GetString("account")], invite)
	}
	for i, values := range []string{"55555", "44444", "43333"} { // 100, 75, 55: 76.67
		d.answer(all[accounts[0]][i], values)
	}
	d.answer(all[accounts[1]][0], "11111")
	d.Expect("while customers answer", review(accounts[0], "2031Q1"), "0 false 90")
	d.Must(d.Act("service.qian", survey, "close", ""))
	d.Expect("of three answers", review(accounts[0], "2031H1"), "77 true 87") // 90·75 % + 77·25 % = 86.75
	d.Expect("of one answer", review(accounts[1], "2031H1"), "0 false 90")
	d.Expect("of another period", review(accounts[0], "2031Q2"), "0 false 90")
	d.Expect("typed", d.SaveBy("manager.wu", d.Blank("account_reviews", map[string]any{"account": accounts[1], "period": "2031", "csat_score": 99})), "field.locked csat_score")
}
