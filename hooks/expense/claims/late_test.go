package claims_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"satchel/domain"
)

// TestALineThatComesLate (Expensify 71343) for a claim that was handed in meanwhile is refused clearly, and
// the claim stays as it was.
func TestALineThatComesLate(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 100)
	phone := d.Phone(d.Token(rep), "late")
	d.Must(d.Act(rep, c, "submit", ""))
	late := put("expense_lines", "lateline0000001", map[string]any{"claim": c.Id, "category": d.category().Id, "day": day, "amount_fen": 5, "no_invoice_reason": "x"})
	d.Expect("late", said(phone.Push(late)), "claim.locked")
	for locale, part := range map[string]string{"zh": "仍保留", "en": "stays on your phone"} { // what the phone says of it
		if text := (domain.Problem{Code: "claim.locked", Params: map[string]any{"from": "submitted"}}).Text(locale); !strings.Contains(text, part) {
			t.Errorf("a refusal without %s: %s", part, text)
		}
	}
	d.is("as it was", c, "submitted 100 100 0")
}

// TestALostAnswer (Expensify 98972: an expense that was sent again was refused as a
// duplicate, and gone): a claim that is sent again is there once, with the same verdicts;
// sent anew by the phone's next install, its rows are known, and stay.
func TestALostAnswer(t *testing.T) {
	d := open(t)
	id := "lostclaim000001"
	ms := func() []map[string]any {
		return []map[string]any{
			put("expense_claims", id, map[string]any{"owner": d.As(rep).Id, "title": "x", "period": "2026-03", "payee_kind": "employee"}),
			put("expense_lines", "lostline0000001", map[string]any{"claim": id, "category": d.category().Id, "day": day, "amount_fen": 500, "no_invoice_reason": "x"}),
			step("expense_claims", id, "submit", map[string]any{}),
		}
	}
	phone := d.Phone(d.Token(rep), "lost")
	for range 2 {
		phone.Take(int(1 - phone.Take(0))) // the same numbers and ids
		if got := said(phone.Push(ms()...)); got != "applied" {
			t.Fatalf("%s", got)
		}
	}
	d.is("once", d.Row("expense_claims", id), "submitted 500 500 0")
	d.has("once", "陈", 500, 0)
	next := d.Phone(d.Token(rep), "next")
	for i, want := range []string{"duplicate", "duplicate", "approval.state"} {
		m := ms()[i]
		m["n"], m["id"] = i+1, fmt.Sprintf("next%011d", i)
		d.Expect("anew", said(next.Post("/api/sync/push", map[string]any{"device": next.Device, "schema": 1, "mutations": []map[string]any{m}})), want)
	}
	next.Pull()
	if next.Rows["expense_lines"]["lostline0000001"] == "" {
		t.Error("the line is gone from the phone")
	}
	d.is("once", d.Row("expense_claims", id), "submitted 500 500 0")
	d.has("once", "陈", 500, 0)
}

// TestTheLastYuanOfClaims goes to one of 64 phones that hand in at once.
func TestTheLastYuanOfClaims(t *testing.T) {
	d := open(t)
	first := d.claim(rep, 39_900)
	d.Must(d.Act(rep, first, "submit", ""))
	const phones = 64
	d.Setting("device.live_most", phones)
	answers, all := make([]string, phones), sync.WaitGroup{}
	for i := range phones {
		c := d.claim(rep, 40, 60)
		phone := d.Phone(d.Token(rep), fmt.Sprint("yuan", i))
		all.Go(func() {
			m := map[string]any{"n": 1, "id": fmt.Sprintf("yuan%011d", i), "op": "action", "c": "expense_claims", "r": c.Id, "action": "submit", "args": map[string]any{}}
			answers[i] = said(phone.Post("/api/sync/push", map[string]any{"device": phone.Device, "schema": 1, "mutations": []map[string]any{m}}))
		})
	}
	all.Wait()
	told := map[string]int{}
	for _, answer := range answers {
		told[answer]++
	}
	if len(told) != 2 || told["applied"] != 1 || told["budget.insufficient"] != phones-1 {
		t.Errorf("%v", told)
	}
	d.has("the last yuan", "陈", 40_000, 0)
}

// TestWhoSignsIsFoundAtTheSubmit: of a manager's claim who is over him; nobody twice; who
// stands in signs for who is away.
func TestWhoSignsIsFoundAtTheSubmit(t *testing.T) {
	d := open(t)
	c := d.claim(manager, 100)
	d.Must(d.Act(manager, c, "submit", ""))
	if d.Asked(director, c) == nil {
		t.Error("a manager's claim is not his department manager's to sign")
	}
	own := d.claim(finance, 100)
	if got := d.Act(finance, own, "submit", ""); got != "" && got != "approval.no_approver" {
		t.Errorf("finance's own: %s", got)
	}
	if d.Asked(finance, own) != nil {
		t.Error("finance signs its own claim")
	}
}
