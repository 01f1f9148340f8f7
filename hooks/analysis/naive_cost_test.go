package analysis_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/analysis"
)

// TestEveryEventFigureIsCountedPlainly: each has a plain reading, so that the dice try it.
func TestEveryEventFigureIsCountedPlainly(t *testing.T) {
	for _, f := range analysis.Figures {
		if f.Source == analysis.FromEvents && f.Kind != analysis.None && naive[f.Key] == nil {
			t.Errorf("nobody counts %s by hand", f.Key)
		}
	}
}

func init() {
	naive["expenses"] = func(b *books, _ string) []told { return b.borne(true) }
	naive["expense_cuts"] = func(b *books, _ string) (out []told) {
		for _, l := range b.all("expense_lines") {
			c := b.one("expense_claims", l["claim"])
			if cut := l.n("amount_fen") - l.n("approved_fen"); b.reimbursed(c) && cut > 0 {
				x := own(c)
				x.day, x.customer, x.dim, x.num, x.unheld = c.day("paid_at"), l["account"], b.one("expense_categories", l["category"])["code"], cut, true
				out = append(out, x)
			}
		}
		return out
	}
	naive["claim_days"] = func(b *books, _ string) (out []told) {
		for _, c := range b.all("expense_claims") {
			if b.reimbursed(c) && c["submitted_at"] != "" {
				x := own(c)
				x.day, x.num, x.den, x.unheld = c.day("paid_at"), int64(c.at("paid_at").Sub(c.at("submitted_at"))/time.Second)*1000/86400, 1, true
				out = append(out, x)
			}
		}
		return out
	}
	naive["late_claims"] = func(b *books, _ string) (out []told) {
		for _, l := range b.all("expense_lines") {
			c := b.one("expense_claims", l["claim"])
			if !slices.Contains([]string{"submitted", "approved", "paid", "archived"}, c["state"]) || c["submitted_at"] == "" {
				continue
			}
			x := own(c)
			x.day, x.customer, x.dim, x.den, x.unheld = c.day("submitted_at"), l["account"], b.one("expense_categories", l["category"])["code"], 1, true
			x.num = yes(strings.Contains(l["hits"], `"expense.late"`) || strings.Contains(l["hits"], `"expense.late_invoice"`))
			out = append(out, x)
		}
		return out
	}
	naive["expense_per_visit"] = func(b *books, _ string) []told {
		out := b.borne(false)
		for _, v := range b.all("visits") {
			if v.n("counts") == 1 && v["in_at"] != "" {
				x := own(v)
				x.day, x.den, x.unheld = v.day("in_at"), 1, true
				out = append(out, x)
			}
		}
		return out
	}
	naive["expense_per_100"] = func(b *books, _ string) []told {
		out := b.borne(false)
		for i := range out {
			out[i].day = out[i].day[:7] + "-01"
		}
		for _, s := range b.all("sales_months") {
			x := own(s)
			x.day, x.tier, x.den, x.unheld = s["month"]+"-01", s["tier"], s.n("amount_fen"), true
			out = append(out, x)
		}
		return out
	}
	naive["savings"] = func(b *books, _ string) (out []told) {
		for _, s := range b.all("cost_savings") {
			if s["state"] == "confirmed" {
				x := own(s)
				x.day, x.dim, x.num, x.unheld = s["month"]+"-01", b.one("expense_categories", s["category"])["code"], s.n("saved_fen"), true
				out = append(out, x)
			}
		}
		return out
	}
	naive["false_expenses"] = func(b *books, _ string) (out []told) {
		for _, c := range b.all("expense_claims") {
			first := ""
			for _, f := range b.of("audit_findings", "claim", c["id"]) {
				if f["state"] == "confirmed" && slices.Contains([]string{"false_invoice", "altered", "private"}, f["kind"]) && f["decided_at"] != "" && (first == "" || f.day("decided_at") < first) {
					first = f.day("decided_at")
				}
			}
			if first != "" {
				x := own(c)
				x.day, x.num, x.unheld = first, 1, true
				out = append(out, x)
			}
		}
		return out
	}
	naive["deductions"] = func(b *books, _ string) (out []told) {
		for _, p := range b.all("penalties") {
			if p["kind"] == "deduction" && p["state"] != "waived" {
				out = append(out, told{day: p["month"] + "-01", owner: p["owner"], manager: b.one("users", p["owner"])["manager"], dept: p["dept"], num: p.n("points"), unheld: true})
			}
		}
		return out
	}
}

func (r row) at(col string) time.Time {
	at, _ := time.Parse("2006-01-02 15:04:05.000Z", r[col])
	return at
}

func (b *books) reimbursed(claim row) bool {
	return (claim["state"] == "paid" || claim["state"] == "archived") && claim["paid_at"] != ""
}

// borne is what lines of claims that were paid come to, each share by itself.
func (b *books) borne(sorted bool) (out []told) {
	for _, l := range b.all("expense_lines") {
		c := b.one("expense_claims", l["claim"])
		if !b.reimbursed(c) {
			continue
		}
		parts := b.of("expense_shares", "line", l["id"])
		if len(parts) == 0 {
			parts = []row{l}
		}
		for _, p := range parts {
			x := own(c)
			x.day, x.customer, x.num, x.unheld = c.day("paid_at"), p["account"], p.n("approved_fen"), true
			if x.customer == "" {
				x.customer = l["account"]
			}
			if sorted {
				x.dim = b.one("expense_categories", l["category"])["code"]
			}
			out = append(out, x)
		}
	}
	return out
}

// claim writes down a claim with a line, by chance borne in two shares, and what was found
// about it.
func (d *dice) claim() {
	d.t.Helper()
	claim := d.insert("expense_claims", d.whose(dbx.Params{
		"title": "x", "period": "2026-01", "state": d.pick("paid", "paid", "archived", "approved", "submitted", "returned", "reversed"),
		"submitted_at": d.sometimes(d.moment()), "paid_at": d.pick(d.moment(), d.moment(), ""),
	}))
	part := func(values dbx.Params) dbx.Params {
		values["claim"], values["approved_fen"] = claim, d.r.IntN(90_000)
		return d.whose(values) // its reader is the claim's, whatever the part says
	}
	line := d.insert("expense_lines", part(dbx.Params{
		"category": d.any("expense_categories"), "day": d.day(), "amount_fen": 60_000 + d.r.IntN(30_000), "account": d.sometimes(d.any("accounts")),
		"hits": d.pick("[]", "", "null", `[{"code":"expense.late"},7]`, `[{"code":"x"},{"code":"expense.late_invoice"}]`),
	}))
	if d.r.IntN(3) == 0 {
		for range 2 {
			d.insert("expense_shares", part(dbx.Params{"line": line, "account": d.sometimes(d.any("accounts"))}))
		}
	}
	for range d.r.IntN(3) {
		finding := d.insert("audit_findings", dbx.Params{
			"claim": claim, "finder": d.any("users"), "person": d.any("users"), "kind": d.pick("false_invoice", "private", "over_limit"), "text": "x",
			"state": d.pick("confirmed", "confirmed", "open"), "decided_at": d.sometimes(d.moment()),
		})
		d.insert("penalties", dbx.Params{
			"owner": d.any("users"), "dept": d.any("departments"), "finding": finding, "kind": d.pick("deduction", "repayment"), "month": d.day()[:7],
			"points": d.r.IntN(9), "state": d.pick("open", "settled", "waived"),
		})
	}
	d.insert("cost_savings", d.whose(dbx.Params{
		"month": d.day()[:7], "title": "x", "how": "x", "state": d.pick("confirmed", "reported"), "saved_fen": d.r.IntN(90_000),
		"category": d.sometimes(d.any("expense_categories")), "account": d.sometimes(d.any("accounts")),
	}))
}

// visited makes a visit count, or not.
func (d *dice) visited() { d.update("visits", dbx.Params{"counts": d.r.IntN(2) == 0}) }
