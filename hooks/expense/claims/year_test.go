package claims_test

import (
	"testing"
	"time"
)

// TestAClaimOfAClosedYearIsPaid: the bank may answer when the budget has closed; what was
// held of it is spent, held again if the money came back, and taken back.
func TestAClaimOfAClosedYearIsPaid(t *testing.T) {
	d := open(t)
	c := d.agreed(10_000)
	d.Clock.Set(time.Date(2027, 2, 1, 20, 0, 0, 0, time.UTC))
	d.Job("budgetYear")
	d.Must(d.pay(c, 10_000))
	d.has("paid", "陈", 0, 10_000)
	d.Must(d.unpay(c))
	d.has("it came back", "陈", 10_000, 0)
	d.Must(d.pay(c, 10_000))
	d.has("paid", "陈", 0, 10_000)
	d.sql("DELETE FROM expense_rules")
	late := d.claim(rep, 100)
	d.Expect("a new one", d.Act(rep, late, "submit", ""), "claim.no_node")
}
