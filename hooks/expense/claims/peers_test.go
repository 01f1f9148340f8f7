package claims_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/domain/expense"
)

// What peers shipped wrong, each as a test; their reports are public. The others are
// TestANewRateReachesDraftsAlone, TestALineThatComesLate, TestALostAnswer and
// TestAClaimantSetsNothingOfHisOwn, and in payments TestAClaimWithAnAdvanceIsPaidOnceAndEnds.

// TestACorrectedClaimKeepsNoOldAmounts (hrms 140: a corrected copy lost what was approved
// of it): cut, taken back from finance and handed in again, every line asks for, and is
// approved for, what stands there now.
func TestACorrectedClaimKeepsNoOldAmounts(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000, 5_000)
	d.Must(d.Act(rep, c, "submit", ""))
	d.Must(d.Decide(manager, c, "return", `{"comment":"写明客户"}`))
	d.Must(d.Update(rep, d.lines(c)[0], map[string]any{"amount_fen": 8_000}))
	d.Must(d.Act(rep, c, "submit", ""))
	d.is("corrected", c, "submitted 13000 13000 0")
	for i, want := range []int{8_000, 5_000} {
		if got := d.lines(c)[i].GetInt("approved_fen"); got != want {
			t.Errorf("line %d has %d approved, want %d", i+1, got, want)
		}
	}
	d.has("corrected", "陈", 13_000, 0)
	d.Must(d.Decide(manager, c, "approve", ""))
	d.Must(d.Decide(finance, c, "approve", ""))
	d.Must(d.pay(c, 13_000))
}

// TestACommitmentAndItsSpendingCountOnce (erpnext 36610): a claim draws on its
// pre-approval, and spending takes the place of what was reserved.
func TestACommitmentAndItsSpendingCountOnce(t *testing.T) {
	d := open(t)
	agreed := d.preapproval(40_000) // all of the node
	d.has("agreed", "陈", 40_000, 0)
	c := d.claim(rep)
	d.line(rep, c, 40_000, map[string]any{"no_invoice_reason": "x", "preapproval": agreed.Id, "day": "2026-03-18"})
	d.Must(d.Act(rep, c, "submit", ""))
	d.has("claimed", "陈", 40_000, 0)
	d.Must(d.Decide(manager, c, "approve", ""))
	d.Must(d.Decide(finance, c, "approve", ""))
	d.Must(d.pay(c, 40_000))
	d.has("paid", "陈", 0, 40_000)
	d.has("above", "部门", 0, 40_000)
}

// TestTheSumOfAllLinesIsAsked (erpnext 55158: each line was checked by itself): lines that
// fit one by one do not together, on one node or below one that all have in common.
func TestTheSumOfAllLinesIsAsked(t *testing.T) {
	d := open(t)
	d.Expect("on one node", d.Act(rep, d.claim(rep, 25_000, 25_000), "submit", ""), "budget.insufficient")
	d.sql("UPDATE budget_nodes SET control = 'ignore' WHERE name IN ('陈', '何', '公共')")
	c := d.claim(rep)
	for i, node := range []string{"陈", "何", "公共"} {
		d.line(rep, c, 34_000, map[string]any{"seq": i + 1, "no_invoice_reason": "x", "node": d.nodes[node].Id})
	}
	if got := d.Act(rep, c, "submit", ""); got != "budget.insufficient_above" {
		t.Errorf("below one: %q", got)
	}
	d.has("nothing of it", "部门", 0, 0)
}

// TestOpenCommitmentsAreNotForgotten (erpnext 47611): what was agreed and not yet claimed
// is not free, nor is what waits for its payment.
func TestOpenCommitmentsAreNotForgotten(t *testing.T) {
	d := open(t)
	d.preapproval(30_000)
	waits := d.agreed(10_000)
	d.Expect("a fen", d.Act(rep, d.claim(rep, 1), "submit", ""), "budget.insufficient")
	d.Must(d.pay(waits, 10_000))
	d.Expect("paid, it is as little free", d.Act(rep, d.claim(rep, 1), "submit", ""), "budget.insufficient")
}

// TestALateClaimInACumulativeMonth (erpnext 47603, 47608): one of February that comes in
// March is asked of February's window and of every later one, and counts in its own month.
func TestALateClaimInACumulativeMonth(t *testing.T) {
	d := open(t)
	for m := range 12 {
		d.sql(`INSERT INTO budget_balances (node, month, allocated_fen, reserved_fen, spent_fen) VALUES ({:n}, {:m}, 1000, 0, 0)
			ON CONFLICT (node, month) DO UPDATE SET allocated_fen = 1000`, dbx.Params{"n": d.nodes["陈"].Id, "m": expense.MonthDay("2026", m)[:7]})
	}
	d.sql("UPDATE budget_nodes SET window = 'cumulative' WHERE name = '陈'")
	now := d.claim(rep, 2_500) // of March: 3,000 by then
	d.Must(d.Act(rep, now, "submit", ""))
	late := func(fen int) string {
		c := d.claim(rep)
		d.line(rep, c, fen, map[string]any{"no_invoice_reason": "x", "day": "2026-02-10"})
		return d.Act(rep, c, "submit", "")
	}
	d.Expect("February has it, March does not any more", late(501), "budget.insufficient")
	d.Must(late(500))
	for month, want := range map[string]int{"2026-02": 500, "2026-03": 2_500} {
		var got int
		if err := d.DB().NewQuery("SELECT reserved_fen FROM budget_balances WHERE node = '" + d.nodes["陈"].Id + "' AND month = '" + month + "'").Row(&got); err != nil || got != want {
			t.Errorf("%s holds %d, want %d, %v", month, got, want, err)
		}
	}
}
