package claims_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// word is an emergency of rep.chen's, of so much, that his superior agreed to by word.
func (d *desk) word(fen int) *core.Record {
	d.t.Helper()
	return d.Make(rep, "preapprovals", map[string]any{
		"owner": d.As(rep).Id, "kind": "entertainment", "reason": "签约答谢", "day": "2026-03-16", "to_day": "2026-03-16", "planned_fen": fen,
		"attendees": `[{"name":"王采购","company":"联华","side":"theirs"},{"name":"陈","side":"ours"}]`,
		"emergency": true, "consent_by": d.As(manager).Id, "consent_at": "2026-03-15 01:00:00.000Z",
	})
}

// on is a claim on a pre-approval, handed in.
func (d *desk) on(row *core.Record, fen int) (claim, line *core.Record) {
	d.t.Helper()
	claim = d.claim(rep)
	line = d.line(rep, claim, fen, map[string]any{"no_invoice_reason": "x", "preapproval": row.Id, "day": d.Fresh(row).GetString("day")})
	d.Must(d.Act(rep, claim, "submit", ""))
	return claim, line
}

// left compares what is left of a pre-approval with what its leaf has reserved.
func (d *desk) left(what string, row *core.Record, left, reserved int) {
	d.t.Helper()
	if got := d.Fresh(row).GetInt("left_fen"); got != left {
		d.t.Errorf("%s: %d are left, want %d", what, got, left)
	}
	d.has(what, "陈", reserved, 0)
}

// TestWhatAnEmergencyGetsBackIsReserved: its claim came before its approval, so it held its
// money by itself; what is cut of it, or given back, is the pre-approval's from then on.
func TestWhatAnEmergencyGetsBackIsReserved(t *testing.T) {
	d := open(t)
	row := d.word(10_000)
	c, line := d.on(row, 6_000)
	d.Must(d.Act(rep, row, "submit", ""))
	d.Must(d.Decide(manager, row, "approve", ""))
	d.left("agreed", row, 4_000, 10_000)
	d.Must(d.Decide(manager, c, "approve", ""))
	d.Must(d.Decide(finance, c, "approve", fmt.Sprintf(`{"data":{"cuts":[{"line":%q,"fen":5000,"reason":"超标准"}]}}`, line.Id)))
	d.left("cut", row, 5_000, 10_000)
	d.Must(d.Act(finance, c, "ask_reversal", `{"reason":"虚报"}`))
	d.Must(d.Act(director, c, "reverse", ""))
	d.left("reversed", row, 10_000, 10_000)
	d.Must(d.Act(rep, row, "close", ""))
	d.has("closed", "陈", 0, 0)
}

// TestAPreapprovalHoldsWhatIsLeft: claims took more than was planned, and the first of them
// gives back. What the other took beyond it comes off what is held.
func TestAPreapprovalHoldsWhatIsLeft(t *testing.T) {
	d := open(t)
	row := d.preapproval(10_000)
	first, _ := d.on(row, 6_000)
	second, _ := d.on(row, 5_000)
	d.left("110 %", row, 0, 11_000)
	d.Must(d.Act(rep, first, "withdraw", ""))
	d.left("the first is withdrawn", row, 5_000, 10_000)
	d.Must(d.Act(rep, second, "withdraw", ""))
	d.left("both", row, 10_000, 10_000)
}

// TestWhatWaitsForTheManagementIsNotFreed: a claim over the budget holds nothing until the
// last word, and its pre-approval keeps the money for it meanwhile.
func TestWhatWaitsForTheManagementIsNotFreed(t *testing.T) {
	d := open(t)
	row := d.preapproval(10_000)
	small, _ := d.on(row, 1_000)
	large := d.claim(rep)
	d.line(rep, large, 6_000, map[string]any{"no_invoice_reason": "x", "preapproval": row.Id, "day": "2026-03-18"})
	d.line(rep, large, 36_000, map[string]any{"no_invoice_reason": "x", "seq": 2})
	d.Must(d.Act(rep, large, "submit", `{"special":true,"reason":"展会"}`))
	d.left("it waits", row, 3_000, 10_000)
	d.Must(d.Act(rep, small, "withdraw", ""))
	d.left("another gives back", row, 4_000, 10_000)
	d.Must(d.Act(rep, large, "withdraw", ""))
	d.left("all of it", row, 10_000, 10_000)
}

// TestMoneyAppliedForIsOfTodaysDepartment: who moved between the draft and the submit is
// approved, and pays, where he is.
func TestMoneyAppliedForIsOfTodaysDepartment(t *testing.T) {
	d := open(t)
	row := d.word(1_000)
	advance := d.Make(rep, "advances", map[string]any{"owner": d.As(rep).Id, "purpose": "展会", "amount_fen": 1_000, "due_on": "2026-05-01"})
	there := d.As("market.tang").GetString("department")
	d.sql("UPDATE users SET department = '" + there + "', manager = '" + d.As("market.tang").Id + "' WHERE id = '" + d.As(rep).Id + "'")
	for _, r := range []*core.Record{row, advance} {
		d.Must(d.Act(rep, r, "submit", ""))
		if fresh := d.Fresh(r); fresh.GetString("dept") != there || fresh.GetString("manager") != d.As("market.tang").Id {
			t.Errorf("%s is still of his former department", r.Collection().Name)
		}
	}
}
