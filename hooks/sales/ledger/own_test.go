package ledger_test

import (
	"fmt"
	"strings"
	"testing"
)

// policy: R4.12 ledger-own
//
// TestNobodyConfirmsHisOwn: what somebody of finance reported another of finance
// confirms or accepts, over REST as by a push; he takes it back himself. Where there
// is no other, an administrator books it by an override.
func TestNobodyConfirmsHisOwn(t *testing.T) {
	d := open(t)
	const other = "market.tang"
	second := d.As(other)
	second.Set("role", "finance")
	if err := d.Override(second); err != nil {
		t.Fatal(err)
	}
	phone := d.Phone(d.Token(finance), "desk")
	for _, c := range []struct{ collection, step, code, state string }{
		{"receipts", "confirm", "receipt.own", "confirmed"}, {"deductions", "accept", "deduction.own", "accepted"},
	} {
		account := d.account("rep.chen")
		report := func(id string) {
			row := map[string]any{"account": account.Id, "amount_fen": 500, "method": "transfer"}
			if c.collection == "deductions" {
				row = map[string]any{"account": account.Id, "amount_fen": 500, "cause": "display"}
			}
			phone.Push(map[string]any{"op": "create", "c": c.collection, "r": id, "set": row})
			d.Row(c.collection, id)
		}
		id := func(n int) string { return fmt.Sprintf("own%s%05d", c.collection[:7], n) }
		report(id(1))
		first := d.Row(c.collection, id(1))
		answer := phone.Push(map[string]any{"op": "action", "c": c.collection, "r": first.Id, "action": c.step, "args": map[string]any{}})
		if !strings.Contains(answer.Body.String(), `"`+c.code+`"`) {
			t.Errorf("%s by a push: %s", c.collection, answer.Body)
		}
		d.Expect(c.collection+" over REST", d.Act(finance, first, c.step, ""), c.code)
		if d.entry(first) != nil {
			t.Errorf("%s: his own counts", c.collection)
		}
		d.Must(d.Act(other, first, c.step, ""))
		if e := d.entry(first); e == nil || e.GetInt("amount_fen") != -500 || d.Fresh(first).GetString("decided_by") != second.Id {
			t.Errorf("%s by another: %v", c.collection, e)
		}
		report(id(2))
		d.Must(d.Act(finance, d.Row(c.collection, id(2)), "reject", `{"reason":"登记错误"}`))
		report(id(3))
		third := d.Row(c.collection, id(3))
		override := fmt.Sprintf(`{"reason":"只有一名财务","set":{"state":%q}}`, c.state)
		d.Expect(c.collection+" overridden by its reporter", d.Act(finance, third, "override", override), "record.not_allowed")
		d.Must(d.Act("admin.fang", third, "override", override))
		if e := d.entry(third); e == nil || e.GetInt("amount_fen") != -500 {
			t.Errorf("%s by an override: %v", c.collection, e)
		}
	}
}
