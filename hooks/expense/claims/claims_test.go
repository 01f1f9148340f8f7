package claims_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
)

// policy: R7.3 expense_claims
// policy: R7.4 H-APV-1
//
// TestAClaimIsReservedSignedAndPaid: the superior signs, then finance; its money is
// reserved once, for the sum of its lines, and spent once.
func TestAClaimIsReservedSignedAndPaid(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000, 5_000)
	d.is("a draft", c, "draft 15000 0 0")
	d.has("a draft", "陈", 0, 0)
	d.Expect("a colleague's", d.Run("rep.he", c, "submit", ""), "approval.not_author")
	d.Must(d.Act(rep, c, "submit", ""))
	d.is("handed in", c, "submitted 15000 15000 0")
	d.has("handed in", "陈", 15_000, 0)
	d.has("above", "部门", 15_000, 0)
	d.Expect("handed in again", d.Act(rep, c, "submit", ""), "approval.state")
	d.Expect("signed by its owner", d.Decide(rep, c, "approve", ""), "approval.own")
	if d.Asked(finance, c) != nil {
		t.Error("finance is asked before the superior")
	}
	d.Must(d.Decide(manager, c, "approve", ""))
	d.Expect("paid before finance approved", d.pay(c, 15_000), "claim.state")
	d.Must(d.Decide(finance, c, "approve", ""))
	d.is("approved", c, "approved 15000 15000 0")
	d.Must(d.pay(c, 15_000))
	d.is("paid", c, "paid 15000 15000 15000")
	d.has("paid: never counted twice", "陈", 0, 15_000)
	d.Expect("paid again", d.pay(c, 15_000), "claim.state")
	d.Must(d.Act(finance, c, "archive", ""))
}

// policy: R7.3 H-EXP-1
//
// TestHExp1EveryLineHasAPaperOrAReason.
func TestHExp1EveryLineHasAPaperOrAReason(t *testing.T) {
	d := open(t)
	c := d.claim(rep)
	line := d.line(rep, c, 10_000)
	d.Expect("neither", d.Act(rep, c, "submit", ""), "claim.invoice_required")
	use := d.Make(rep, "expense_uses", map[string]any{"claim": c.Id, "line": line.Id, "invoice": d.invoice(rep, "26112000000000000001", 9_000).Id, "amount_fen": 9_000})
	d.Expect("less than it asks for", d.Act(rep, c, "submit", ""), "claim.uses_sum")
	d.Must(d.Update(rep, line, map[string]any{"amount_fen": 9_000}))
	d.Must(d.Act(rep, c, "submit", ""))
	if got := d.Fresh(use).GetString("state"); got != expense.UseActive {
		t.Errorf("its invoice is %s", got)
	}
	d.Must(d.Act(rep, c, "withdraw", ""))
	if got := d.Fresh(use).GetString("state"); got != expense.UseReleased {
		t.Errorf("withdrawn, its invoice is %s", got)
	}
	other := d.Blank("expense_uses", map[string]any{"claim": c.Id, "line": line.Id, "invoice": d.invoice("rep.he", "26112000000000000002", 9_000).Id, "amount_fen": 9_000})
	d.Expect("a colleague's paper", d.SaveBy(rep, other), "record.not_found invoice")
}

// policy: R7.5 H-EXP-5
//
// TestHExp5FinanceCuts a line with a reason: its signature covers it, and what is cut is
// free at once.
func TestHExp5FinanceCuts(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000, 5_000)
	d.Must(d.Act(rep, c, "submit", ""))
	lines := d.lines(c)
	cut := func(fen int, reason string) string {
		return fmt.Sprintf(`{"data":{"cuts":[{"line":%q,"fen":%d,"reason":%q}]}}`, lines[0].Id, fen, reason)
	}
	d.Expect("by the superior", d.Decide(manager, c, "approve", cut(1, "x")), "claim.cut_not_finance")
	d.Must(d.Decide(manager, c, "approve", ""))
	d.Expect("more than was claimed", d.Decide(finance, c, "approve", cut(10_001, "x")), "claim.cut_invalid")
	d.Expect("without a reason", d.Decide(finance, c, "approve", cut(1, "")), "claim.cut_reason_required")
	d.Expect("with a return", d.Decide(finance, c, "return", strings.Replace(cut(1, "x"), "{", `{"comment":"改",`, 1)), "claim.cut_not_finance")
	asked := d.Asked(finance, c)
	d.Must(d.Decide(finance, c, "approve", cut(7_000, "超标准")))
	d.is("cut", c, "approved 15000 12000 0")
	d.has("what is cut is free", "陈", 12_000, 0)
	if got := d.Fresh(asked).GetString("data"); !strings.Contains(got, "超标准") {
		t.Errorf("it was signed without the cut: %s", got)
	}
	d.Expect("paid as claimed", d.pay(c, 15_000), "claim.pay_amount")
	d.Must(d.pay(c, 12_000))
	d.has("paid", "陈", 0, 12_000)
}

// policy: R7.5 H-EXP-6
//
// TestHExp6PaidExactlyOnce: a bank that did not pay lets the same claim be paid again, and
// what was paid is not paid twice.
func TestHExp6PaidExactlyOnce(t *testing.T) {
	d := open(t)
	c := d.agreed(10_000)
	d.Must(d.pay(c, 10_000))
	d.Must(d.unpay(c))
	d.is("the bank did not pay", c, "approved 10000 10000 0")
	d.has("it waits again", "陈", 10_000, 0)
	d.Expect("taken back twice", d.unpay(c), "claim.state")
	d.Must(d.pay(c, 10_000))
	d.has("paid", "陈", 0, 10_000)
	d.Expect("a part beside it", d.pay(c, 1), "claim.state")
}

// TestWhatComesToNothingGivesBack money and papers, and a corrected claim asks for all of
// it again: what was cut before does not stay cut.
func TestWhatComesToNothingGivesBack(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 10_000)
	for _, step := range []struct {
		what string
		do   func() string
		want string
	}{
		{"withdrawn", func() string { return d.Act(rep, c, "withdraw", "") }, "draft"},
		{"returned", func() string {
			return d.Decide(manager, c, "return", fmt.Sprintf(`{"comment":"补充","data":{"comments":[{"line":%q,"comment":"写明客户"}]}}`, d.lines(c)[0].Id))
		}, "returned"},
		{"rejected", func() string { return d.Decide(manager, c, "reject", `{"comment":"不符"}`) }, "rejected"},
	} {
		d.Must(d.Act(rep, c, "submit", ""))
		d.has("handed in", "陈", 10_000, 0)
		d.is("handed in", c, "submitted 10000 10000 0")
		d.Must(step.do())
		d.is(step.what, c, step.want+" 10000 0 0")
		d.has(step.what, "陈", 0, 0)
		if got := d.lines(c)[0].GetString("comment"); (step.want == "returned") != (got == "写明客户") {
			t.Errorf("%s with the comment %q", step.what, got)
		}
	}
	d.Must(d.Act(rep, c, "submit", ""))
	d.Must(d.Decide(manager, c, "approve", ""))
	d.Expect("withdrawn after a decision", d.Act(rep, c, "withdraw", ""), "approval.too_late")
	d.Must(d.Decide(finance, c, "return", `{"comment":"重来"}`))
	d.Must(d.Act(rep, c, "submit", ""))
	d.is("corrected", c, "submitted 10000 10000 0")
	if got := d.lines(c)[0].GetInt("approved_fen"); got != 10_000 {
		t.Errorf("its line has %d approved", got)
	}
	d.Must(d.Act(rep, c, "withdraw", ""))
	d.Must(d.Act(rep, c, "cancel", ""))
	d.Expect("written after", d.SaveBy(rep, d.Blank("expense_lines", map[string]any{"claim": c.Id, "category": d.category().Id, "day": day, "amount_fen": 1})), "claim.locked")
}

// policy: R7.5 special-approval
// policy: R7.7 special-approval
//
// TestSpecialApproval (hard case a): a claim over the budget stays a draft with the reason,
// one more tap asks the management, and it holds nothing until all agreed.
func TestSpecialApproval(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 40_001)
	answer := d.Do(rep, "POST", "/api/ka/expense_claims/"+c.Id+"/submit", "")
	for _, part := range []string{`"budget.insufficient"`, `"free_fen":40000`, `"asked_fen":40001`, `"line":"1 `} {
		if !strings.Contains(answer.Body.String(), part) {
			t.Errorf("a refusal without %s: %s", part, answer.Body)
		}
	}
	d.is("refused", c, "draft 40001 0 0")
	d.Expect("without a reason", d.Act(rep, c, "submit", `{"special":true}`), "claim.special_reason_required")
	d.Must(d.Act(rep, c, "submit", `{"special":true,"reason":"展会临时增加"}`))
	d.is("asked for", c, "submitted 40001 40001 0")
	d.has("asked for", "陈", 0, 0)
	d.Must(d.Decide(manager, c, "approve", ""))
	if d.Asked(finance, c) != nil {
		t.Error("finance is asked before the management")
	}
	d.Must(d.Decide(executive, c, "approve", ""))
	d.Must(d.Decide(finance, c, "approve", ""))
	d.has("granted", "陈", 40_001, 0)
	d.Must(d.pay(c, 40_001))
	d.has("paid", "陈", 0, 40_001)

	small := d.claim("rep.he", 100)
	d.Must(d.Act("rep.he", small, "submit", `{"special":true,"reason":"x"}`))
	d.Must(d.Decide(manager, small, "approve", ""))
	if d.Asked(finance, small) == nil || d.Fresh(small).GetBool("special") {
		t.Error("the management is asked about what fits")
	}
}

// TestSpecialApprovalOfALimit: what a rule bounds may pass; what it forbids may not.
func TestSpecialApprovalOfALimit(t *testing.T) {
	d := open(t)
	hit := expense.Hit{Rule: "lodging", Version: 1, Code: "rule.lodging", Severity: expense.HitBlocks, Limit: true, Pass: "≤ 400"}
	d.Bound.Claims.Judge = func(_ core.App, claim expense.ClaimFacts) ([]expense.Hit, error) {
		hit.Line = claim.Lines[0].ID
		return []expense.Hit{hit}, nil
	}
	c := d.claim(rep, 500)
	d.Expect("over the limit", d.Act(rep, c, "submit", ""), "claim.rule_blocked")
	hit.Limit = false
	d.Expect("forbidden", d.Act(rep, c, "submit", `{"special":true,"reason":"满房"}`), "claim.rule_blocked")
	hit.Severity = expense.HitWarns
	d.Expect("unusual", d.Act(rep, c, "submit", ""), "claim.reason_required")
	hit.Severity, hit.Limit = expense.HitBlocks, true
	d.Must(d.Act(rep, c, "submit", `{"special":true,"reason":"满房"}`))
	d.has("within the budget it is held at once", "陈", 500, 0)
	if got := d.lines(c)[0].GetString("hits"); !strings.Contains(got, "rule.lodging") {
		t.Errorf("the line keeps %s", got)
	}
	d.Must(d.Decide(manager, c, "approve", ""))
	if d.Asked(executive, c) == nil {
		t.Error("the management is not asked")
	}
}

// TestSharesBearALine: over nodes, to the fen, also of what finance leaves.
func TestSharesBearALine(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 100)
	line := d.lines(c)[0]
	for i, node := range []string{"陈", "公共", "何"} {
		d.Make(rep, "expense_shares", map[string]any{"claim": c.Id, "line": line.Id, "seq": i, "node": d.nodes[node].Id, "weight": 1})
	}
	d.Must(d.Act(rep, c, "submit", ""))
	d.has("a third, and the fen left over", "陈", 34, 0)
	d.has("a third", "公共", 33, 0)
	d.has("a third", "何", 33, 0)
	d.Must(d.Decide(manager, c, "approve", ""))
	d.Must(d.Decide(finance, c, "approve", fmt.Sprintf(`{"data":{"cuts":[{"line":%q,"fen":50,"reason":"x"}]}}`, line.Id)))
	d.has("cut", "陈", 17, 0)
	d.has("cut", "公共", 17, 0)
	d.has("cut", "何", 16, 0)
	d.Must(d.pay(c, 50))
	d.has("paid", "部门", 0, 50)
}

// TestAClaimantSetsNothingOfHisOwn (hrms 1866): approval, amounts and papers are not his to say.
func TestAClaimantSetsNothingOfHisOwn(t *testing.T) {
	d := open(t)
	for field, value := range map[string]any{
		"state": "approved", "approved_fen": 1, "reviewers": []string{d.As(rep).Id}, "special": true, "paid_fen": 1, "voucher_no": "V", "total_fen": 5,
	} {
		blank := d.Blank("expense_claims", map[string]any{"owner": d.As(rep).Id, "title": "x", "period": "2026-03", "payee_kind": "employee"}, map[string]any{field: value})
		d.Expect("a new claim with "+field, d.SaveBy(rep, blank), "field.locked "+field)
	}
	c := d.claim(rep, 100)
	for field, value := range map[string]any{"approved_fen": 1, "cut_reason": "x", "hits": []any{}, "leaf": d.nodes["何"].Id, "comment": "x"} {
		if field == "hits" {
			value = []any{map[string]any{"code": "x"}}
		}
		d.Expect("a line's "+field, d.Update(rep, d.lines(c)[0], map[string]any{field: value}), "field.locked "+field)
	}
	d.Expect("another's name", d.SaveBy(rep, d.Blank("expense_claims", map[string]any{"owner": d.As("rep.he").Id, "title": "x", "period": "2026-03", "payee_kind": "employee"})), "claim.not_owner")
	d.Expect("a line of another's claim", d.SaveBy("rep.he", d.Blank("expense_lines", map[string]any{"claim": c.Id, "category": d.category().Id, "day": day, "amount_fen": 1})), "claim.not_owner")
}

// policy: R7.5 reversal
//
// TestTwoPeopleTakeBackWhatWasApproved: finance asks, the head of the department agrees.
func TestTwoPeopleTakeBackWhatWasApproved(t *testing.T) {
	d := open(t)
	for _, paid := range []bool{false, true} {
		c := d.agreed(10_000)
		if paid {
			d.Must(d.pay(c, 10_000))
		}
		d.Expect("unasked", d.Act(director, c, "reverse", ""), "claim.reversal_not_asked")
		d.Expect("by its owner", d.Act(rep, c, "ask_reversal", `{"reason":"x"}`), "claim.not_finance")
		d.Expect("without a reason", d.Act(finance, c, "ask_reversal", ""), "claim.reason_needed")
		d.Must(d.Act(finance, c, "ask_reversal", `{"reason":"发票作废"}`))
		d.Expect("by finance alone", d.Act(finance, c, "reverse", ""), "claim.not_head")
		d.Must(d.Act(director, c, "reverse", ""))
		if got := d.Fresh(c).GetString("state"); got != expense.ClaimReversed {
			t.Errorf("it is %s", got)
		}
		d.has("taken back", "陈", 0, 0)
	}
}

// TestOpenClaimsAreOpenWork of who leaves.
func TestOpenClaimsAreOpenWork(t *testing.T) {
	d := open(t)
	d.claim("rep.he", 100)
	who := d.Fresh(d.As("rep.he"))
	who.Set("active", false)
	if got := d.SaveBy("admin.fang", who); !strings.HasPrefix(got, "org.open_work") {
		t.Errorf("he leaves with %q", got)
	}
}
