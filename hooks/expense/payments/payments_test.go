package payments_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

func rows(all ...*core.Record) []*core.Record { return all }

// A claim is paid exactly once, with a voucher's number, whatever the bank answers, how
// often and in which order.
//
// policy: R7.5 H-EXP-6
func TestHExp6(t *testing.T) {
	d := open(t)
	one, two, three := d.claim(rep, 10_000), d.claim(rep, 20_000), d.claim(other, 30_000)
	run := d.sent(rows(one, two, three), nil)
	d.is("the run", run, "state count total_fen encoding", "exported 3 60000 utf8")

	again := d.run()
	d.Expect("paid by another run meanwhile", d.plan(cashier, again, rows(one), nil), "payment.already")
	d.Expect("written once", d.Act(cashier, run, "export", `{"encoding":"gbk"}`), "payment_run.state")
	d.Expect("another run's", d.answer(run, "批次号,序号,金额(元),结果,流水号,原因\r\nB2020,1,100.00,成功,T,\r\n"), "payment_run.other_run")
	d.Expect("another amount", d.says(run, "1 100.01 成功"), "payment_run.amount_differs")
	d.Expect("an unknown payment", d.says(run, "1 100.00 成功", "9 1.00 成功"), "payment_run.unknown_payment")
	d.Expect("both", d.says(run, "1 100.00 成功", "1 100.00 失败"), "payment_run.contradicts")
	d.Expect("no columns", d.answer(run, "a,b\r\n1,2\r\n"), "payment_run.answer_heads")
	d.Expect("no result", d.says(run, "1 100.00 ???"), "payment_run.answer_line")
	d.is("nothing was taken", one, "state", "approved")

	d.Must(d.says(run, "3 ￥300.00 成功", "1 １００.00 success"))
	d.Expect("not all were answered", d.Act(cashier, run, "close", ""), "payment_run.unanswered")
	d.Must(d.says(run, "2 200.00 失败", "1 100.00 成功", "3 300.00 成功"))
	d.is("the run", run, "state paid_count failed_count paid_fen", "answered 2 1 40000")
	d.is("the first", one, "state paid_fen voucher_no", "paid 10000 "+d.paymentOf("claim", one).GetString("voucher_no"))
	d.is("the one that failed", two, "state paid_fen", "approved 0")
	d.Must(d.says(run, "2 200.00 失败", "1 100.00 成功", "3 300.00 成功")) // twice
	d.is("twice", run, "state paid_count failed_count paid_fen", "answered 2 1 40000")
	d.Must(d.Act(cashier, run, "close", ""))

	d.Expect("what was paid", d.plan(cashier, again, rows(one, two), nil), "payment.not_approved")
	d.Must(d.plan(cashier, again, rows(two), nil))
	d.Must(d.Act(cashier, again, "export", `{"encoding":"gbk"}`))
	d.Must(d.says(again, "1 200.00 成功"))
	d.is("paid in the end", two, "state paid_fen", "paid 20000")
	d.is("the node", d.node, "reserved_fen spent_fen", "0 60000")
	seen := map[string]bool{}
	for _, c := range rows(one, two, three) {
		no := d.Fresh(c).GetString("voucher_no")
		if !strings.HasPrefix(no, "P2026") || seen[no] {
			t.Errorf("voucher %q", no)
		}
		seen[no] = true
	}
}

// Late news of the first file never pays what was tried again.
func TestALateAnswerContradicts(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000)
	first := d.sent(rows(c), nil)
	d.Must(d.says(first, "1 100.00 失败"))
	second := d.sent(rows(c), nil)
	d.Expect("late", d.says(first, "1 100.00 成功"), "payment_run.contradicts")
	d.Must(d.says(second, "1 100.00 成功"))
	d.Expect("later", d.says(first, "1 100.00 成功"), "payment_run.contradicts")
	d.is("once", c, "state paid_fen", "paid 10000")
}

// Who pays is neither who approved it for finance nor who gets it.
func TestWhoPays(t *testing.T) {
	d := open(t)
	c, run := d.claim(rep, 10_000), d.run()
	d.Expect("who approved", d.plan(finance, run, rows(c), nil), "payment.approved_by_payer")
	d.Expect("no finance", d.plan(manager, run, rows(c), nil), "record.not_found")
	d.Must(d.plan(cashier, run, rows(c), nil))
	d.Expect("who approved writes the file", d.Act(finance, run, "export", `{"encoding":"utf8"}`), "payment.approved_by_payer")
	d.give(d.paymentOf("claim", c), "owner", d.As(cashier).Id)
	d.Expect("to himself", d.Act(cashier, run, "export", `{"encoding":"utf8"}`), "payment.to_payer")
}

// Two of finance change an account; its number is theirs alone.
func TestPayeeAccounts(t *testing.T) {
	d := open(t)
	payee := d.Make(finance, "payees", map[string]any{"kind": "supplier", "name": "印刷厂", "active": true})
	change := d.change(payee)
	d.Expect("who asked", d.Act(finance, change, "confirm", ""), "payee_change.another_of_finance")
	d.Expect("changed", d.Set(finance, change, "number", "6222021234567899"), "payee_change.locked")
	d.is("not yet", payee, "masked", "")
	d.Must(d.Act(cashier, change, "confirm", ""))
	d.is("confirmed", payee, "masked bank", "****7890 工商银行")
	d.Expect("a word", d.SaveBy(finance, d.Blank("payee_changes", map[string]any{"owner": d.As(finance).Id, "payee": payee.Id, "holder": "x", "bank": "y", "number": "12ab5678", "reason": "z"})), "payee_change.number_invalid number")
	own, err := d.FindFirstRecordByData("payees", "user", d.As(rep).Id)
	if err != nil {
		t.Fatal(err)
	}
	d.give(own, "user", d.As(cashier).Id)
	d.Expect("the payee himself", d.Act(cashier, d.change(own), "confirm", ""), "payee_change.another_of_finance")
	whole := "6222021234567890"
	for _, who := range []string{rep, manager, director, executive} {
		for _, table := range []string{"payees", "payee_accounts", "payee_changes", "payments", "payment_runs"} {
			if body := d.Do(who, "GET", "/api/collections/"+table+"/records", "").Body.String(); strings.Contains(body, whole) {
				t.Errorf("%s reads the number in %s", who, table)
			}
		}
	}
	for _, table := range []string{"audit_log", "notifications", "access_log", "changes"} {
		rows, err := d.FindAllRecords(table)
		if err != nil {
			continue
		}
		for _, r := range rows {
			if text, _ := r.MarshalJSON(); strings.Contains(string(text), whole) {
				t.Errorf("the number stands in %s", table)
			}
		}
	}
}

// The bank's file is finance's to take, as it was written.
func TestTheFile(t *testing.T) {
	d := open(t)
	run := d.run()
	d.Expect("nothing to pay", d.Act(cashier, run, "export", `{"encoding":"utf8"}`), "payment_run.empty")
	d.Expect("no file", testapp.Answered(d.Do(finance, "GET", "/api/ka/payment_runs/"+run.Id+"/file", "")), "payment_run.not_exported")
	d.Must(d.plan(cashier, run, rows(d.claim(rep, 10_000)), nil))
	d.Expect("no encoding", d.Act(cashier, run, "export", `{}`), "payment_run.encoding")
	d.Must(d.Act(cashier, run, "export", `{"encoding":"utf8"}`))
	answer := d.Do(finance, "GET", "/api/ka/payment_runs/"+run.Id+"/file", "")
	no := d.Fresh(run).GetString("no")
	want := "\ufeff批次号,序号,收款户名,收款账号,收款银行,联行号,金额(元),币种,收款方类型,用途\r\n" + no + ",1,rep.chen,6222021234567890,工商银行,,100.00,CNY,对私,报销"
	if got := answer.Body.String(); !strings.HasPrefix(got, want) {
		t.Errorf("the file says\n%s\nnot\n%s", got, want)
	}
	d.Expect("others", testapp.Answered(d.Do(manager, "GET", "/api/ka/payment_runs/"+run.Id+"/file", "")), "payment_run.not_finance")
}

// A payment that came back is taken back by two, and its claim waits for another.
func TestReversal(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000)
	d.Must(d.says(d.sent(rows(c), nil), "1 100.00 成功"))
	p := d.paymentOf("claim", c)
	d.Expect("not asked for", d.Act(director, p, "reverse", ""), "payment.reversal_not_asked")
	d.Expect("why", d.Act(finance, p, "ask_reversal", `{}`), "payment.reason_required")
	d.Must(d.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`))
	d.Expect("finance alone", d.Act(finance, p, "reverse", ""), "payment.not_head")
	d.Must(d.Act(director, p, "reverse", ""))
	d.is("the payment", p, "state", "reversed")
	d.is("the claim", c, "state paid_fen", "approved 0")
	d.is("the node", d.node, "reserved_fen spent_fen", "10000 0")
	run := d.sent(rows(c), nil)
	d.Must(d.Act(finance, c, "ask_reversal", `{"reason":"虚报"}`))
	d.Expect("on its way", d.Act(director, c, "reverse", ""), "payment.under_way")
	d.Must(d.says(run, "1 100.00 成功"))
	d.Must(d.Act(director, c, "reverse", ""))
	d.is("reversed with its claim", d.paymentOf("claim", c), "state", "reversed")
	d.is("all is free", d.node, "reserved_fen spent_fen", "0 0")
}

// Claimed and given back never exceed what was paid, and a claim pays the difference.
func TestAdvances(t *testing.T) {
	d := open(t)
	a := d.advance(rep, 30_000)
	d.Must(d.says(d.sent(nil, rows(a)), "1 300.00 成功"))
	d.is("paid", a, "state paid_fen", "paid 30000")
	with := map[string]any{"advance": a.Id}
	little, much, last := d.claim(rep, 12_000, with), d.claim(rep, 25_000, with), d.claim(rep, 5_000, with)
	run := d.sent(rows(little, much), nil)
	d.is("an advance covers it", little, "state paid_fen cleared_fen", "paid 0 12000")
	d.is("what is on its way", d.paymentOf("claim", much), "amount_fen cleared_fen", "7000 18000")
	d.Expect("back of what is claimed", d.Act(cashier, a, "give_back", `{"fen":1}`), "advance.back_invalid")
	d.Must(d.says(run, "2 70.00 成功"))
	d.is("the difference", much, "state paid_fen cleared_fen", "paid 7000 18000")
	d.is("cleared", a, "state cleared_fen given_back_fen", "cleared 30000 0")
	d.Must(d.says(d.sent(rows(last), nil), "1 50.00 成功"))
	d.is("nothing is cleared twice", last, "paid_fen cleared_fen", "5000 0")

	p := d.paymentOf("claim", much)
	d.Must(d.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`))
	d.Must(d.Act(director, p, "reverse", ""))
	d.is("open again", a, "state cleared_fen", "paid 12000")
	d.Must(d.Act(cashier, a, "give_back", `{"fen":18000,"ref":"R1"}`))
	d.is("given back", a, "state cleared_fen given_back_fen", "cleared 12000 18000")
	d.Must(d.says(d.sent(rows(much), nil), "1 250.00 成功"))
	d.is("paid in full then", much, "paid_fen cleared_fen", "25000 0")
	d.Expect("another's", d.SaveBy(other, d.Blank("expense_claims", map[string]any{"owner": d.As(other).Id, "title": "x", "period": "2026-03", "payee_kind": "employee", "advance": a.Id})), "claim.advance_invalid advance")
	for system, head := range map[string]string{"yonyou": "制单日期", "kingdee": "凭证日期"} {
		answer := d.Do(finance, "GET", "/api/ka/vouchers?month="+d.Clock.Now().Format("2006-01")+"&system="+system, "")
		if body := answer.Body.String(); answer.Code != 200 || !strings.HasPrefix(body, "\ufeff"+head) || !strings.Contains(body, "归还借款") {
			t.Errorf("%s: %d %s", system, answer.Code, body)
		}
	}
	d.Expect("others", testapp.Answered(d.Do(manager, "GET", "/api/ka/vouchers?month=2026-03&system=yonyou", "")), "voucher.not_finance")
}

// TestAClaimWithAnAdvanceIsPaidOnceAndEnds (hrms 4117, 4284; erpnext 26445: paid twice, or
// never closed): one that its advance covers is paid, and closed, by the run that has it,
// without the bank; the advance is closed with its last fen.
func TestAClaimWithAnAdvanceIsPaidOnceAndEnds(t *testing.T) {
	d := open(t)
	a := d.advance(rep, 10_000)
	d.Must(d.says(d.sent(nil, rows(a)), "1 100.00 成功"))
	c := d.claim(rep, 10_000, map[string]any{"advance": a.Id})
	run := d.sent(rows(c), nil)
	d.is("no bank is asked", run, "state paid_count total_fen", "answered 1 0")
	d.is("paid", c, "state paid_fen cleared_fen", "paid 0 10000")
	d.is("cleared", a, "state cleared_fen", "cleared 10000")
	if d.Fresh(a).GetString("closed_at") == "" {
		t.Error("the advance is not closed")
	}
	d.Expect("again", d.plan(cashier, d.run(), rows(c), nil), "payment.not_approved")
	d.Must(d.Act(cashier, run, "close", ""))
	d.Must(d.Act(finance, c, "archive", ""))
	d.is("it ends", c, "state", "archived")
	d.is("spent once", d.node, "reserved_fen spent_fen", "0 10000")
}

// An advance whose money came back stays paid while claims on their way are about to clear it.
func TestAnAdvanceThatIsAboutToBeCleared(t *testing.T) {
	d := open(t)
	a := d.advance(rep, 10_000)
	d.Must(d.says(d.sent(nil, rows(a)), "1 100.00 成功"))
	c := d.claim(rep, 30_000, map[string]any{"advance": a.Id})
	run := d.sent(rows(c), nil)
	p := d.Row("payments", d.first("payments", "kind", "advance"))
	d.Must(d.Act(finance, p, "ask_reversal", `{"reason":"退汇"}`))
	d.Expect("on its way", d.Act(director, p, "reverse", ""), "advance.used")
	d.Must(d.says(run, "1 200.00 失败"))
	d.Must(d.Act(director, p, "reverse", ""))
	d.is("it waits again", a, "state paid_fen", "approved 0")
	d.Must(d.says(d.sent(rows(c), nil), "1 300.00 成功"))
	d.is("paid in full", c, "paid_fen cleared_fen", "30000 0")
}

// An advance that is overdue warns, and by setting blocks the next.
func TestOverdueAdvances(t *testing.T) {
	d := open(t)
	a := d.advance(rep, 30_000)
	d.Must(d.says(d.sent(nil, rows(a)), "1 300.00 成功"))
	d.give(a, "due_on", "2026-01-01")
	d.Job("advancesOverdue")
	d.Job("advancesOverdue")
	if d.Told(rep, "advance.overdue") != 1 || d.Told(manager, "advance.overdue") != 1 {
		t.Error("they were not told once")
	}
	next := d.Make(rep, "advances", map[string]any{"owner": d.As(rep).Id, "purpose": "展会", "amount_fen": 1, "due_on": "2026-05-01"})
	d.Must(d.Act(rep, next, "submit", ""))
	d.Expect("a leaver", d.Update("admin.fang", d.As(rep), map[string]any{"active": false}), "org.open_work")
}

// Planted: what an answer leaves out counts as failed, and is paid again.
func TestPlantedPaidTwiceIsNoticed(t *testing.T) {
	effort.Late(t)
	sentTwice := func(plant syncer.Planted) bool {
		d := open(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = plant }))
		one, two := d.claim(rep, 10_000), d.claim(rep, 20_000)
		first := d.sent(rows(one, two), nil)
		d.Must(d.says(first, "1 100.00 失败"))
		return d.plan(cashier, d.run(), rows(two), nil) == "" // the bank has the first still
	}
	if sentTwice(syncer.PlantNone) || !sentTwice(syncer.PlantPaidTwice) {
		t.Error("it is not noticed")
	}
}

// Planted: two claims on their way clear the same money of an advance.
func TestPlantedClearedTwiceIsNoticed(t *testing.T) {
	effort.Late(t)
	over := func(plant syncer.Planted) bool {
		d := open(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = plant }))
		a := d.advance(rep, 30_000)
		d.Must(d.says(d.sent(nil, rows(a)), "1 300.00 成功"))
		with := map[string]any{"advance": a.Id}
		one, two := d.claim(rep, 31_000, with), d.claim(rep, 32_000, with)
		d.sent(rows(one, two), nil)
		x, y := d.paymentOf("claim", one), d.paymentOf("claim", two)
		return x.GetInt("cleared_fen")+y.GetInt("cleared_fen") > d.Fresh(a).GetInt("paid_fen")
	}
	if over(syncer.PlantNone) || !over(syncer.PlantClearedTwice) {
		t.Error("it is not noticed")
	}
}
