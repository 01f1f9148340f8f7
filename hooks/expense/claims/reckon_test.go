package claims_test

import (
	"encoding/json/v2"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
)

// rate is what finance pays for a kilometre from a day on; a version of a code.
func (d *desk) rate(code, from string, fen int, more map[string]any) {
	d.t.Helper()
	d.mileage()
	d.Make(finance, "expense_rules", map[string]any{
		"code": code, "kind": "mileage", "severity": "warn", "from_day": from, "active": true, "categories": []string{"mileage"}, "params": map[string]any{"km_fen": fen},
	}, more)
}

func (d *desk) mileage() *core.Record {
	d.t.Helper()
	row, err := d.FindFirstRecordByData("expense_categories", "code", "mileage")
	if err != nil {
		row = d.Make(finance, "expense_categories", map[string]any{"code": "mileage", "name_zh": "里程补贴", "active": true})
	}
	return row
}

// drive is a line of ten kilometres, all of them tracked.
func (d *desk) drive(c *core.Record) *core.Record {
	d.t.Helper()
	d.sql("UPDATE work_sessions SET distance_m = 10000 WHERE owner = {:o}", dbx.Params{"o": d.As(rep).Id})
	return d.Make(rep, "expense_lines", map[string]any{"claim": c.Id, "category": d.mileage().Id, "day": "2026-03-09", "distance_m": 10_000})
}

func (d *desk) reckoned(line *core.Record) (c expense.Computed) {
	d.t.Helper()
	if err := json.Unmarshal([]byte(d.Fresh(line).GetString("computed")), &c); err != nil {
		d.t.Fatal(err)
	}
	return c
}

// TestANewRateReachesDraftsAlone (Expensify 82123): it is taken by the day of the expense
// when a claim is handed in, and says what stood there before; what was handed in, approved
// or paid keeps the rate that it had.
func TestANewRateReachesDraftsAlone(t *testing.T) {
	d := open(t)
	d.sql("DELETE FROM expense_rules")
	d.rate("km", "2026-01-01", 100, nil)
	d.rate("km-managers", "2026-01-01", 300, map[string]any{"roles": []string{"ka_manager"}}) // a rep has the general one
	c := d.claim(rep)
	line := d.drive(c)
	d.is("as it was written", c, "draft 1000 0 0")
	d.rate("km", "2026-03-01", 120, nil)
	if body := d.Do(rep, "POST", "/api/ka/expense_claims/"+c.Id+"/check", "").Body.String(); !strings.Contains(body, `"total_fen":1200`) {
		t.Errorf("checked: %s", body)
	}
	d.is("checked, it is as it was", c, "draft 1000 0 0")
	d.Must(d.Act(rep, c, "submit", ""))
	d.is("handed in", c, "submitted 1200 1200 0")
	d.has("handed in", "陈", 1_200, 0)
	if got := d.reckoned(line); got.RateFen != 120 || got.Version != 2 || got.Before == nil || got.Before.RateFen != 100 {
		t.Errorf("reckoned %+v after %+v", got, got.Before)
	}
	next := func(what, want string, step func() string) {
		t.Helper()
		d.Must(step())
		d.rate("km", "2026-03-01", 500, nil)
		d.is(what, c, want)
		if got := d.reckoned(line); got.RateFen != 120 {
			t.Errorf("%s at %d", what, got.RateFen)
		}
	}
	next("signed", "submitted 1200 1200 0", func() string { return d.Decide(manager, c, "approve", "") })
	next("approved", "approved 1200 1200 0", func() string { return d.Decide(finance, c, "approve", "") })
	next("paid", "paid 1200 1200 1200", func() string { return d.pay(c, 1_200) })
	d.Must(d.unpay(c))
	d.is("to be paid again", c, "approved 1200 1200 0")
	d.Must(d.pay(c, 1_200))
	d.has("paid", "陈", 0, 1_200)
}

// TestAnotherDayPicksItsRate, and the line says so.
func TestAnotherDayPicksItsRate(t *testing.T) {
	d := open(t)
	d.sql("DELETE FROM expense_rules")
	d.rate("km", "2026-01-01", 100, nil)
	d.rate("km", "2026-03-01", 120, nil)
	c := d.claim(rep)
	line := d.drive(c)
	d.is("of March", c, "draft 1200 0 0")
	d.sql("UPDATE work_sessions SET date = '2026-02-10' WHERE id = (SELECT id FROM work_sessions WHERE owner = {:o} ORDER BY date LIMIT 1)", dbx.Params{"o": d.As(rep).Id})
	d.Must(d.Update(rep, line, map[string]any{"day": "2026-02-10"}))
	d.is("of February", c, "draft 1000 0 0")
	if got := d.reckoned(line); got.RateFen != 100 || got.Before == nil || got.Before.RateFen != 120 {
		t.Errorf("reckoned %+v after %+v", got, got.Before)
	}
	d.Must(d.Update(rep, line, map[string]any{"amount_fen": 900})) // his own word
	d.rate("km", "2026-02-01", 110, nil)
	d.Must(d.Act(rep, c, "submit", ""))
	d.is("what he typed stays", c, "submitted 900 900 0")
}

// TestACutGivesAPreapprovalBack: used is what finance approved, not what was asked for.
func TestACutGivesAPreapprovalBack(t *testing.T) {
	d := open(t)
	agreed := d.preapproval(30_000)
	used := func(what string, fen, left, reserved, spent int) {
		t.Helper()
		if r := d.Fresh(agreed); r.GetInt("used_fen") != fen || r.GetInt("left_fen") != left {
			t.Errorf("%s: %d used, %d left, want %d and %d", what, r.GetInt("used_fen"), r.GetInt("left_fen"), fen, left)
		}
		d.has(what, "陈", reserved, spent)
	}
	used("agreed", 0, 30_000, 30_000, 0)
	c := d.claim(rep)
	line := d.line(rep, c, 25_000, map[string]any{"no_invoice_reason": "x", "preapproval": agreed.Id, "day": "2026-03-18"})
	d.Must(d.Act(rep, c, "submit", ""))
	used("never beside it", 25_000, 5_000, 30_000, 0)
	d.Must(d.Decide(manager, c, "approve", ""))
	d.Must(d.Decide(finance, c, "approve", fmt.Sprintf(`{"data":{"cuts":[{"line":%q,"fen":20000,"reason":"超标准"}]}}`, line.Id)))
	used("cut", 20_000, 10_000, 30_000, 0)
	d.Must(d.pay(c, 20_000))
	used("paid", 20_000, 10_000, 10_000, 20_000)
	d.Must(d.unpay(c))
	used("to be paid again: nothing is drawn anew", 20_000, 10_000, 30_000, 0)
	d.Must(d.pay(c, 20_000))
	used("paid again", 20_000, 10_000, 10_000, 20_000)
	d.Must(d.Act(finance, c, "ask_reversal", `{"reason":"虚报"}`))
	d.Must(d.Act(director, c, "reverse", ""))
	used("taken back: what is left of it is held again", 0, 30_000, 30_000, 0)
}
