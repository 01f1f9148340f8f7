package analysis_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/pocketbase/dbx"
)

// costs is a company of which nothing was sold, claimed or visited in March.
func costs(t *testing.T) (d *dice, a, b row) {
	t.Helper()
	app := company(t)
	d = &dice{t: t, app: app}
	for _, sql := range []string{"DELETE FROM sales_months", "DELETE FROM expense_claims", "UPDATE visits SET counts = FALSE"} {
		d.exec(sql, nil)
	}
	var accounts []row
	for _, r := range open(t, app).of("accounts", "owner", app.As("rep.chen").Id) {
		if r["tier"] != "" {
			accounts = append(accounts, r)
		}
	}
	return d, accounts[0], accounts[1]
}

// put is a row of rep.chen's, as our own code would have left it.
func (d *dice) put(table string, values dbx.Params) string {
	chen := d.app.As("rep.chen")
	values["owner"], values["manager"], values["dept"] = chen.Id, chen.GetString("manager"), chen.GetString("department")
	d.n++
	id := fmt.Sprintf("cost%011d", d.n)
	d.insertAs(id, table, values)
	return id
}

// policy: R7.6 cost_figures
//
// TestWhatClaimsCost by account, category, valid visit and 100 yuan of sales: a line in
// the parts in which accounts bear it, as approved and not as claimed, once it is paid.
// His line is told of it, and nobody who has the account now.
func TestWhatClaimsCost(t *testing.T) {
	d, a, b := costs(t)
	chen := d.app.As("rep.chen")
	meal := open(t, d.app).of("expense_categories", "code", "entertainment")[0]["id"]
	claim := func(state, paid string) string {
		return d.put("expense_claims", dbx.Params{"title": "招待", "period": "2026-03", "state": state, "submitted_at": "2026-03-02 02:00:00.000Z", "paid_at": paid})
	}
	line := func(claim string, fen, approved int) string {
		return d.put("expense_lines", dbx.Params{"claim": claim, "category": meal, "day": "2026-03-01", "account": a["id"], "amount_fen": fen, "approved_fen": approved})
	}
	share := func(claim, line, account string, fen int) {
		d.put("expense_shares", dbx.Params{"claim": claim, "line": line, "account": account, "fen": fen, "approved_fen": fen})
	}
	done := claim("paid", "2026-03-05 02:00:00.000Z")
	line(done, 400_00, 300_00)
	split := line(done, 100_01, 100_01)
	share(done, split, b["id"], 33_34)
	share(done, split, "", 66_67) // its line's account
	line(claim("approved", ""), 900_00, 900_00)
	line(claim("reversed", "2026-03-05 02:00:00.000Z"), 900_00, 900_00)
	for _, counts := range []bool{true, true, false} {
		d.put("visits", dbx.Params{"account": a["id"], "in_at": "2026-03-04 02:00:00.000Z", "state": "reported", "counts": counts})
	}
	d.exec(fmt.Sprintf("INSERT INTO sales_months VALUES ('2026-03', '%s', '%s', '%s', '%s', 'A', 800000, 0, 0, 0, 0, 0)",
		a["id"], chen.Id, chen.GetString("manager"), chen.GetString("department")), nil)

	march := func(by string) url.Values { return url.Values{"from": {"2026-03"}, "to": {"2026-03"}, "by": {by}} }
	give := func(owner, manager string) {
		d.exec("UPDATE accounts SET owner = {:o}, manager = {:m} WHERE id = {:a}", dbx.Params{"a": a["id"], "o": d.app.As(owner).Id, "m": d.app.As(manager).Id})
	}
	for _, c := range []struct {
		key, by string
		rows    map[string]int64
		total   string
	}{
		{"expenses", "account", map[string]int64{a["id"]: 366_67, b["id"]: 33_34}, "40001"},
		{"expenses", "kind", map[string]int64{"entertainment": 400_01}, "40001"},
		{"expense_cuts", "account", map[string]int64{a["id"]: 100_00}, "10000"},
		{"expense_per_visit", "account", map[string]int64{a["id"]: 183_34}, "20001"}, // nobody was at b
		{"expense_per_100", "account", map[string]int64{a["id"]: 4_58}, "500"},       // 366.67 and 400.01 of 8,000 yuan
		{"claim_days", "person", map[string]int64{chen.Id: 3_000}, "3000"},
	} {
		give("rep.chen", "manager.wu")
		for _, who := range []string{"rep.chen", "manager.wu", "director.lin", "finance.zhao", "auditor.jin"} {
			if rows, total := values(t, d.app, who, c.key, march(c.by)); fmt.Sprint(rows) != fmt.Sprint(c.rows) || total != c.total {
				t.Errorf("%s by %s of %s: %v %s, want %v %s", c.key, c.by, who, rows, total, c.rows, c.total)
			}
		}
		give("rep.peng", "manager.xu")
		for _, who := range []string{"rep.peng", "manager.xu", "market.tang", "reviewer.shen"} {
			if rows, total := values(t, d.app, who, c.key, march(c.by)); len(rows) != 0 || total != "nothing" {
				t.Errorf("%s by %s tells %s %v %s", c.key, c.by, who, rows, total)
			}
		}
	}
}

// policy: R7.11 savings
// policy: R7.10 deductions
//
// TestWhatWasSavedAndDeducted: what finance confirmed, and what was not waived.
func TestWhatWasSavedAndDeducted(t *testing.T) {
	d, a, _ := costs(t)
	d.exec("DELETE FROM cost_savings", nil)
	chen := d.app.As("rep.chen")
	for state, fen := range map[string]int{"confirmed": 500_00, "reported": 9, "declined": 90} {
		d.put("cost_savings", dbx.Params{"month": "2026-03", "title": "x", "how": "x", "state": state, "saved_fen": fen, "account": a["id"]})
	}
	claim := d.put("expense_claims", dbx.Params{"title": "x", "period": "2026-03", "state": "paid"})
	for i, c := range []struct{ state, kind, penalty string }{{"confirmed", "false_invoice", "open"}, {"confirmed", "private", "waived"}, {"open", "altered", "open"}, {"confirmed", "over_limit", "settled"}} {
		finding := fmt.Sprintf("finding%08d", i)
		d.insertAs(finding, "audit_findings", dbx.Params{"claim": claim, "person": chen.Id, "kind": c.kind, "state": c.state, "decided_at": "2026-03-09 02:00:00.000Z", "text": "x"})
		d.insertAs(fmt.Sprintf("penalty%08d", i), "penalties", dbx.Params{
			"owner": chen.Id, "dept": chen.GetString("department"), "finding": finding, "kind": "deduction", "month": "2026-03", "points": 1 << i, "state": c.penalty,
		})
	}
	march := url.Values{"from": {"2026-03"}, "to": {"2026-03"}, "by": {"person"}}
	for key, want := range map[string]int64{"savings": 500_00, "false_expenses": 1, "deductions": 1 + 4 + 8} {
		for _, who := range []string{"rep.chen", "manager.wu", "director.lin", "finance.zhao"} {
			if rows, _ := values(t, d.app, who, key, march); rows[chen.Id] != want {
				t.Errorf("%s of %s: %v, want %d", key, who, rows, want)
			}
		}
		if rows, total := values(t, d.app, "rep.peng", key, march); len(rows) != 0 || total != "nothing" {
			t.Errorf("%s tells a colleague %v", key, rows)
		}
	}
}

func (d *dice) insertAs(id, table string, values dbx.Params) {
	values["id"], values["created"], values["updated"] = id, "2026-03-01 02:00:00.000Z", "2026-03-01 02:00:00.000Z"
	if _, err := d.app.DB().Insert(table, values).Execute(); err != nil {
		d.t.Fatalf("insert into %s: %v", table, err)
	}
}
