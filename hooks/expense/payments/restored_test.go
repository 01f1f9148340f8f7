package payments_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// lost is a run that the bank has, of so much for each claim.
func lost(no string, fen int, claims ...*core.Record) string {
	out := []string{}
	for i, c := range claims {
		out = append(out, fmt.Sprintf(`{"seq":%d,"claim":%q,"amount_fen":%d}`, i+1, c.Id, fen))
	}
	return fmt.Sprintf(`{"no":%q,"payments":[%s]}`, no, strings.Join(out, ","))
}

// policy: R7.5 restore
//
// TestARestoredServerPaysNothingTwice: the bank has runs since the copy of which the server
// knows nothing. It pays nothing until finance took them up, and has said so; what the bank
// says of them is taken as of any other, also of a claim whose approval was lost.
func TestARestoredServerPaysNothingTwice(t *testing.T) {
	d := open(t)
	one, two := d.claim(rep, 10_000), d.claim(other, 10_000)
	drafted, free := d.draft(rep, 10_000), d.claim(rep, 30_000)
	d.Expect("nothing was lost", d.Act(cashier, d.run(), "compare", `{"note":"无"}`), "payment_run.not_restored")
	d.Expect("nothing was lost", d.Act(cashier, d.run(), "take_up", lost("B2026-03-16-01", 10_000, one)), "payment_run.not_restored")
	file := d.Backup()
	d.agree(rep, drafted)
	first := d.Fresh(d.sent(rows(one, two, drafted), nil)).GetString("no") // the bank pays it
	e := &desk{Desk: testapp.Open(t, testapp.FromBackup(file)), t: t}
	node := e.Row("budget_nodes", d.node.Id)
	run := e.run()
	e.Expect("at once", e.plan(cashier, run, rows(one), nil), "payment_run.restored")

	for args, want := range map[string]string{
		lost("R-1", 10_000, one): "payment_run.no_invalid", lost(first, 10_000): "payment_run.empty", lost(first, 10_001, one): "payment_run.lost_amount",
		lost(first, 0, one): "payment_run.lost_line", lost(first, 10_000, one, one): "payment.already",
		strings.Replace(lost(first, 10_000, one), one.Id, "nobodysclaim000", 1): "payment_run.lost_line",
	} {
		e.Expect(args, e.Act(cashier, run, "take_up", args), want)
	}
	e.Expect("no finance", e.Act(manager, run, "take_up", lost(first, 10_000, one)), "record.not_found")
	e.Must(e.Act(cashier, run, "take_up", lost(first, 10_000, one, two, drafted)))
	e.is("the bank has it", run, "no state count total_fen taken_up", first+" exported 3 30000 true")
	another := e.run()
	e.Expect("twice", e.Act(cashier, another, "take_up", lost(first, 10_000, free)), "payment_run.known")
	e.Expect("no word", e.Act(cashier, another, "compare", `{"note":" "}`), "payment_run.note_required")
	e.Must(e.Act(cashier, another, "compare", `{"note":"与网银流水核对至 3 月 16 日"}`))
	e.is("by whom", another, "state compared_by compared_note", "draft "+e.As(cashier).Id+" 与网银流水核对至 3 月 16 日")

	e.Expect("the bank has it", e.plan(cashier, another, rows(one), nil), "payment.already")
	e.Must(e.says(run, "1 100.00 成功", "2 100.00 失败"))
	e.is("paid", one, "state paid_fen", "paid 10000")
	e.Expect("not approved again yet", e.says(run, "3 100.00 成功"), "claim.state")
	e.agree(rep, drafted)
	e.Expect("the bank has it", e.plan(cashier, another, rows(drafted), nil), "payment.already")
	e.Must(e.says(run, "3 100.00 成功"))
	e.is("paid", drafted, "state paid_fen", "paid 10000")
	e.Must(e.plan(cashier, another, rows(two, free), nil)) // it failed, and may be paid
	if no := e.Fresh(another).GetString("no"); no == first || len(no) != len(first)+5 {
		t.Errorf("%s after %s", no, first)
	}
	e.is("all of it", node, "reserved_fen spent_fen", "40000 20000")
}

// TestEachRestoreIsCompared: what finance said of one says nothing of the next.
func TestEachRestoreIsCompared(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000)
	e := &desk{Desk: testapp.Open(t, testapp.FromBackup(d.Backup())), t: t}
	run := e.run()
	e.Must(e.Act(cashier, run, "compare", `{"note":"无"}`))
	e.Must(e.plan(cashier, run, rows(c), nil))
	f := &desk{Desk: testapp.Open(t, testapp.FromBackup(e.Backup())), t: t}
	f.Expect("planned before it", f.Act(cashier, run, "export", `{"encoding":"utf8"}`), "payment_run.restored")
	f.Must(f.Act(cashier, run, "compare", `{"note":"无"}`))
	f.Must(f.Act(cashier, run, "export", `{"encoding":"utf8"}`))
}

// TestAnAdvanceIsTakenUp as a claim is.
func TestAnAdvanceIsTakenUp(t *testing.T) {
	d := open(t)
	a := d.advance(rep, 20_000)
	e := &desk{Desk: testapp.Open(t, testapp.FromBackup(d.Backup())), t: t}
	run := e.run()
	args := func(fen int) string {
		return fmt.Sprintf(`{"no":"B2026-03-16-01","payments":[{"seq":4,"advance":%q,"amount_fen":%d}]}`, a.Id, fen)
	}
	e.Expect("of another amount", e.Act(cashier, run, "take_up", args(19_999)), "payment_run.lost_amount")
	e.Must(e.Act(cashier, run, "take_up", args(20_000)))
	e.Must(e.says(run, "4 200.00 成功"))
	e.is("paid", a, "state paid_fen", "paid 20000")
}
