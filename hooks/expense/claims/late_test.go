package claims_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"satchel/domain"
)

// TestALineThatComesLate for a claim that was handed in meanwhile is refused clearly, and
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

// TestALostAnswer: a claim that is sent again is there once, with the same verdicts.
func TestALostAnswer(t *testing.T) {
	d := open(t)
	phone := d.Phone(d.Token(rep), "lost")
	id := "lostclaim000001"
	push := func() string {
		ms := []map[string]any{
			put("expense_claims", id, map[string]any{"owner": d.As(rep).Id, "title": "x", "period": "2026-03", "payee_kind": "employee"}),
			put("expense_lines", "lostline0000001", map[string]any{"claim": id, "category": d.category().Id, "day": day, "amount_fen": 500, "no_invoice_reason": "x"}),
			{"op": "action", "c": "expense_claims", "r": id, "action": "submit", "args": map[string]any{}},
		}
		for i, m := range ms {
			m["n"], m["id"] = i+1, fmt.Sprintf("m%014d", i+1)
		}
		return said(phone.Post("/api/sync/push", map[string]any{"device": phone.Device, "schema": 1, "mutations": ms}))
	}
	for range 2 {
		if got := push(); got != "applied" {
			t.Fatalf("%s", got)
		}
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

// TestBadClaimsAreRefused: clearly, and nothing is lost.
func TestBadClaimsAreRefused(t *testing.T) {
	d := open(t)
	c := d.claim(rep)
	d.Expect("without lines", d.Act(rep, c, "submit", ""), "claim.empty")
	for what, bad := range map[string]struct {
		values map[string]any
		want   string
	}{
		"of no day":               {map[string]any{"day": "2026-02-30"}, "claim.day_invalid day"},
		"that ends before":        {map[string]any{"to_day": "2026-03-01"}, "claim.day_invalid to_day"},
		"with a nameless guest":   {map[string]any{"attendees": []any{map[string]any{"side": "theirs"}}}, "claim.attendees_invalid attendees"},
		"with a guest of no side": {map[string]any{"attendees": []any{map[string]any{"name": "王", "side": "x"}}}, "claim.attendees_invalid attendees"},
		"on nobody's node":        {map[string]any{"node": "gone00000000000"}, "claim.node_invalid node"},
		"of no activity":          {map[string]any{"activity": "gone00000000000"}, "record.not_found activity"},
		"at a visit of nobody":    {map[string]any{"visit": "gone00000000000"}, "record.not_found visit"},
	} {
		row := d.Blank("expense_lines", map[string]any{"claim": c.Id, "category": d.category().Id, "day": day, "amount_fen": 5}, bad.values)
		d.Expect("a line "+what, d.SaveBy(rep, row), bad.want)
	}
	line := d.line(rep, c, 100, map[string]any{"no_invoice_reason": "x", "node": d.nodes["陈"].Id})
	d.sql("UPDATE budget_nodes SET is_leaf = FALSE WHERE id = '" + d.nodes["陈"].Id + "'")
	d.Expect("a node that was split meanwhile", d.Act(rep, c, "submit", ""), "budget.not_leaf")
	d.sql("UPDATE budget_nodes SET is_leaf = TRUE WHERE id = '" + d.nodes["陈"].Id + "'")
	d.Must(d.Update(rep, line, map[string]any{"day": "2025-12-31"}))
	d.Expect("of a year that the node is not of", d.Act(rep, c, "submit", ""), "budget.year")
	d.is("all of it is there", c, "draft 100 0 0")
}

// TestThreeHundredLines are taken, one more is not.
func TestThreeHundredLines(t *testing.T) {
	d := open(t)
	c := d.claim(rep)
	for i := range 300 {
		d.line(rep, c, 1, map[string]any{"seq": i + 1, "no_invoice_reason": "x"})
	}
	d.line(rep, c, 1, map[string]any{"seq": 301, "no_invoice_reason": "x"})
	d.Expect("301", d.Act(rep, c, "submit", ""), "claim.too_many")
	d.Must(d.DeleteBy(rep, d.lines(c)[300]))
	d.Must(d.Act(rep, c, "submit", ""))
	d.is("300", c, "submitted 300 300 0")
	d.has("300", "陈", 300, 0)
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
