package claims_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/domain"
)

// TestBadClaimsAreRefused: clearly, and nothing is lost.
func TestBadClaimsAreRefused(t *testing.T) {
	d := open(t)
	c := d.claim(rep)
	d.Expect("without lines", d.Act(rep, c, "submit", ""), "claim.empty")
	for what, bad := range map[string]struct {
		values map[string]any
		want   string
	}{
		"of a day of another writing":  {map[string]any{"day": "2026/3/2"}, "claim.day_invalid day"},
		"of a day the other way round": {map[string]any{"day": "02.03.2026"}, "claim.day_invalid day"},
		"of no day":                    {map[string]any{"day": "2026-02-30"}, "claim.day_invalid day"},
		"that ends before":             {map[string]any{"to_day": "2026-03-01"}, "claim.day_invalid to_day"},
		"with a nameless guest":        {map[string]any{"attendees": []any{map[string]any{"side": "theirs"}}}, "claim.attendees_invalid attendees"},
		"with a guest of no side":      {map[string]any{"attendees": []any{map[string]any{"name": "王", "side": "x"}}}, "claim.attendees_invalid attendees"},
		"on nobody's node":             {map[string]any{"node": "gone00000000000"}, "claim.node_invalid node"},
		"of no activity":               {map[string]any{"activity": "gone00000000000"}, "record.not_found activity"},
		"at a visit of nobody":         {map[string]any{"visit": "gone00000000000"}, "record.not_found visit"},
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

// TestAbsurdAmountsAreRefused as they come, over REST: nothing is rounded, cut off or read
// out of a text, and what is too much altogether is told at the submit.
func TestAbsurdAmountsAreRefused(t *testing.T) {
	d := open(t)
	c := d.claim(rep)
	phone := d.Phone(d.Token(rep), "absurd")
	for what, bad := range map[string]struct {
		fen  any
		want string
	}{
		"below nothing": {-1, "validation"}, "of fractions": {12.5, "validation"}, "beyond all": {1e300, "validation"}, "nothing": {0, "validation"},
		"a text": {"１２３", "field.type"}, "with a sign": {"￥12.00", "field.type"}, "with commas": {"1,200", "field.type"}, "a list": {[]int{1}, "field.type"},
	} {
		line := map[string]any{"claim": c.Id, "owner": d.As(rep).Id, "category": d.category().Id, "day": day, "amount_fen": bad.fen, "no_invoice_reason": "x"}
		if row, _ := d.Create(rep, "expense_lines", line); row != nil {
			t.Errorf("%s: taken as %d", what, row.GetInt("amount_fen"))
		}
		d.Expect(what, said(phone.Push(put("expense_lines", "absurdline00001", line))), bad.want)
	}
	for range 2 {
		d.line(rep, c, 6_000_000_000_000, map[string]any{"no_invoice_reason": "x"})
	}
	d.Expect("absurd altogether", d.Act(rep, c, "submit", ""), "claim.amount_invalid")
	for _, locale := range []string{"zh", "en"} {
		if text := (domain.Problem{Code: "claim.amount_invalid", Params: map[string]any{"line": "1"}}).Text(locale); text == "" || strings.Contains(text, "{") {
			t.Errorf("%s: %q", locale, text)
		}
	}
	if n := len(d.lines(c)); n != 2 {
		t.Errorf("%d lines are left", n)
	}
}

// TestANodeThatIsRemovedMeanwhile: a claim that names it is refused, and keeps what was
// written; without the name it is borne where it fits.
func TestANodeThatIsRemovedMeanwhile(t *testing.T) {
	d := open(t)
	c := d.claim(rep)
	line := d.line(rep, c, 100, map[string]any{"no_invoice_reason": "x", "node": d.nodes["公共"].Id})
	d.sql("DELETE FROM budget_nodes WHERE id = {:id}", dbx.Params{"id": d.nodes["公共"].Id})
	d.Expect("gone", d.Act(rep, c, "submit", ""), "claim.node_invalid node")
	d.is("all of it is there", c, "draft 100 0 0")
	d.Must(d.Update(rep, line, map[string]any{"node": ""}))
	d.Must(d.Act(rep, c, "submit", ""))
	d.has("borne where it fits", "陈", 100, 0)
}

// TestAnApproverWhoLeft: he is not asked, who is over him is; one who leaves while he is
// asked hands his work over first, and the claim and its money stay.
func TestAnApproverWhoLeft(t *testing.T) {
	d := open(t)
	waits := d.claim(rep, 100)
	d.Must(d.Act(rep, waits, "submit", ""))
	d.Expect("he leaves with it", d.Update("admin.fang", d.As(manager), map[string]any{"active": false}), "org.has_reports")
	left := d.Fresh(d.As(manager))
	left.Set("active", false)
	if err := d.Override(left); err != nil {
		t.Fatal(err)
	}
	d.Expect("who left", d.Decide(manager, waits, "approve", ""), "user_disabled")
	d.is("it waits", waits, "submitted 100 100 0")
	next := d.claim(rep, 100)
	d.Must(d.Act(rep, next, "submit", ""))
	if d.Asked(director, next) == nil {
		t.Error("who is over him is not asked")
	}
	d.Must(d.Decide(director, next, "approve", ""))
	d.Must(d.Decide(finance, next, "approve", ""))
	d.has("both", "陈", 200, 0)
}

// TestAHundredOfFinance may be asked.
func TestAHundredOfFinance(t *testing.T) {
	d := open(t)
	d.sql("INSERT INTO users (id, email, name, role, active, verified, department, tokenKey, password, created, updated) " +
		"SELECT printf('manyoffinance%02d', j.key), printf('f%d@example.com', j.key), j.key, 'finance', TRUE, TRUE, u.department, printf('many%d', j.key), u.password, u.created, u.updated " +
		"FROM json_each('[" + strings.TrimSuffix(strings.Repeat("0,", 99), ",") + "]') j, users u WHERE u.id = '" + d.As(finance).Id + "'")
	d.agreed(100)
}
