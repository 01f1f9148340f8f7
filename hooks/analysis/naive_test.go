package analysis_test

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/internal/testapp"
)

// told is one thing that a figure counts, as a plain reading of the records says it.
type told struct {
	day, owner, manager, dept, customer, tier, region, product, category, dim, also string

	num, den int64
	unheld   bool // who has the account now does not see it for that
	secret   bool // whose it is does not see it
}

// row is a row of a table as texts.
type row map[string]string

func (r row) n(col string) int64 {
	n, _ := strconv.ParseInt(r[col], 10, 64)
	return n
}

// day is the company's day of a moment; "" if there is none.
func (r row) day(col string) string {
	at, err := time.Parse("2006-01-02 15:04:05.000Z", r[col])
	if err != nil {
		return ""
	}
	return at.Add(8 * time.Hour).Format(time.DateOnly)
}

// books are the records of a company, read once.
type books struct {
	t     testing.TB
	app   *testapp.App
	today string
	read  map[string][]row
	by    map[string]map[string][]row // rows of a table by a column
	memo  map[string][]told           // of a figure up to an end
	first map[string]string           // contracted
}

func open(t testing.TB, app *testapp.App) *books {
	return &books{t, app, app.Clock.Now().Add(8 * time.Hour).Format(time.DateOnly), map[string][]row{}, map[string]map[string][]row{}, map[string][]told{}, nil}
}

func (b *books) all(table string) []row {
	if rows, known := b.read[table]; known {
		return rows
	}
	b.t.Helper()
	var found []dbx.NullStringMap
	if err := b.app.DB().NewQuery("SELECT * FROM " + table).All(&found); err != nil {
		b.t.Fatal(err)
	}
	rows := make([]row, len(found))
	for i, f := range found {
		rows[i] = row{}
		for name, v := range f {
			rows[i][name] = v.String
		}
	}
	b.read[table] = rows
	return rows
}

// of are the rows of a table with a value in a column.
func (b *books) of(table, col, value string) []row {
	rows, known := b.by[table+col]
	if !known {
		rows = map[string][]row{}
		for _, r := range b.all(table) {
			rows[r[col]] = append(rows[r[col]], r)
		}
		b.by[table+col] = rows
	}
	return rows[value]
}

func (b *books) one(table, id string) row {
	for _, r := range b.of(table, "id", id) {
		return r
	}
	return row{}
}

// own is whose a row that carries it was.
func own(r row) told {
	return told{owner: r["owner"], manager: r["manager"], dept: r["dept"], customer: r["account"]}
}

// holder is who held an account on a day.
func (b *books) holder(account, day string) told {
	out := told{customer: account}
	var last row
	for _, h := range b.of("account_assignments", "account", account) {
		if h["from_date"] > day || h["state"] != "active" && (h["state"] != "ended" || h["to_date"] < day) {
			continue
		}
		key := func(r row) string { return r["from_date"] + r["began_at"] + r["id"] }
		if last == nil || key(h) > key(last) {
			last = h
		}
	}
	if last != nil {
		out.owner, out.dept = last["user"], last["dept"]
		out.manager = b.one("users", last["user"])["manager"]
	}
	return out
}

// naive counts each figure's things up to an end, which matters for states alone.
var naive = map[string]func(b *books, end string) []told{
	"new_accounts": func(b *books, _ string) (out []told) {
		for account, day := range b.contracted() {
			x := b.holder(account, day)
			x.day, x.num = day, 1
			out = append(out, x)
		}
		return out
	},
	"account_count": func(b *books, end string) (out []told) {
		for _, a := range b.all("accounts") {
			if a.day("created") > end || b.stage(a, end) != "contracted" {
				continue
			}
			x := b.holder(a["id"], end)
			x.day, x.num = end, 1
			out = append(out, x)
		}
		return out
	},
	"otif": func(b *books, _ string) (out []told) {
		for _, o := range b.all("orders") {
			if !slices.Contains([]string{"confirmed", "processing", "partly_delivered", "delivered", "accepted", "settled"}, o["state"]) ||
				o["promised_on"] == "" || o["on_time"] == "" && o["promised_on"] >= b.today {
				continue
			}
			x := own(o)
			x.day, x.den = o["promised_on"], 1
			if o["on_time"] == "yes" && o["in_full"] == "yes" {
				x.num = 1
			}
			out = append(out, x)
		}
		return out
	},
	"order_age": func(b *books, end string) (out []told) {
		for _, o := range b.all("orders") {
			submitted, delivered, cancelled := o.day("submitted_at"), o.day("delivered_at"), o.day("cancelled_at")
			gone := o["state"] == "draft" || o["state"] == "rejected" || submitted == "" || submitted > end ||
				delivered != "" && delivered <= end || cancelled != "" && cancelled <= end
			if delivered == "" {
				gone = gone || slices.Contains([]string{"delivered", "accepted", "settled"}, o["state"])
			}
			if gone || cancelled == "" && o["state"] == "cancelled" {
				continue
			}
			x := own(o)
			x.day, x.num, x.den = end, 1000*days(submitted, end), 1
			out = append(out, x)
		}
		return out
	},
	"coverage": func(b *books, _ string) (out []told) {
		for _, c := range b.all("account_coverage") {
			if c["state"] != "met" && c["state"] != "breach" {
				continue
			}
			x := own(c)
			x.day, x.tier, x.num, x.den = c["to_date"], c["tier"], yes(c["state"] == "met"), 1
			out = append(out, x)
		}
		return out
	},
	"plan_completion": func(b *books, _ string) (out []told) {
		for _, i := range b.all("plan_items") {
			approved := b.one("visit_plans", i["visit_plan"])["state"] == "approved" || b.one("monthly_plans", i["monthly_plan"])["state"] == "approved"
			if i["state"] == "dropped" || !approved {
				continue
			}
			x := own(i)
			x.day, x.den, x.unheld = i["month"]+"-01", max(1, i.n("qty")), true
			x.num = min(i.n("done"), x.den)
			out = append(out, x)
		}
		return out
	},
	"late_records": func(b *books, _ string) (out []told) {
		for _, v := range b.all("visits") {
			if v["in_at"] != "" && v["report_at"] != "" {
				x := own(v)
				x.day, x.num, x.den = v.day("in_at"), v.n("late_record"), 1
				out = append(out, x)
			}
		}
		return out
	},
	"visits_voided": func(b *books, _ string) (out []told) {
		for _, v := range b.all("visits") {
			if v["state"] == "void_fraud" && v["void_at"] != "" {
				x := own(v)
				x.day, x.num = v.day("void_at"), 1
				out = append(out, x)
			}
		}
		return out
	},
	"training_score": func(b *books, _ string) (out []told) {
		for _, r := range b.all("training_records") {
			if r["state"] == "submitted" && r["submitted_at"] != "" {
				out = append(out, told{day: r.day("submitted_at"), owner: r["user"], manager: r["manager"], dept: r["dept"], unheld: true, also: "|role:product|", num: r.n("score_bp"), den: 1})
			}
		}
		return out
	},
	"overdue_approvals": func(b *books, _ string) (out []told) {
		for _, v := range b.all("approvals") {
			decided, due := v["at"] != "", v.day("due_at")
			if !slices.Contains([]string{"approved", "rejected", "returned", "pending"}, v["state"]) || due == "" || !decided && due >= b.today {
				continue
			}
			by := b.one("users", v["approver"])
			out = append(out, told{
				day: due, owner: by["id"], manager: by["manager"], dept: by["department"], unheld: true, den: 1, num: yes(!decided || v["at"] > v["due_at"]),
			})
		}
		return out
	},
	"major_complaints": func(b *books, _ string) (out []told) {
		for _, c := range b.all("cases") {
			by := b.one("users", c["responsible"])
			if c["kind"] != "complaint" || c["level"] == "normal" || c["fault"] != "own" || by["id"] == "" || c["responsible_at"] == "" {
				continue
			}
			out = append(out, told{
				day: c.day("responsible_at"), owner: by["id"], manager: by["manager"], dept: by["department"], customer: c["account"],
				also: "|" + c["owner_dept"] + "|", num: 1,
			})
		}
		return out
	},
	"feedback": func(b *books, _ string) (out []told) {
		for _, f := range b.all("visit_feedback") {
			x := own(f)
			x.day, x.product, x.dim, x.also, x.num = f.day("created"), f["product"], f["theme"], "|"+f["target_dept"]+"|", 1
			out = append(out, x)
		}
		return out
	},
	"competitor_price": func(b *books, _ string) (out []told) {
		for _, c := range b.all("store_checks") {
			for _, r := range rivals(c["competitor"]) {
				if r.Price > 0 {
					x := own(c)
					x.day, x.product, x.also, x.num, x.den, x.dim = c.day("at"), c["product"], "|role:market|", r.Price, 1, r.Name
					if r.ID != nil {
						x.dim = *r.ID
					}
					out = append(out, x)
				}
			}
		}
		return out
	},
	"shelf_share": func(b *books, _ string) (out []told) {
		for _, c := range b.all("store_checks") {
			x, seen := own(c), false
			x.day, x.product, x.also, x.num, x.den = c.day("at"), c["product"], "|role:market|", c.n("facings"), c.n("facings")
			for _, r := range rivals(c["competitor"]) {
				x.den += r.Facings
				seen = seen || r.Facings > 0
			}
			if seen {
				out = append(out, x)
			}
		}
		return out
	},
	"competitor_share": func(b *books, end string) (out []told) {
		for _, c := range b.all("account_competitors") {
			if c.day("created") <= end && c.n("share_bp") > 0 {
				x := b.holder(c["account"], end)
				x.day, x.dim, x.also, x.num, x.den = end, c["competitor"], "|role:market|", c.n("share_bp"), 1
				out = append(out, x)
			}
		}
		return out
	},
	"intel": func(b *books, _ string) []told { return b.reports("created", "kind", func(row) bool { return true }) },
	"competitor_intel": func(b *books, _ string) []told {
		return b.reports("created", "competitor", func(r row) bool { return r["competitor"] != "" })
	},
	"intel_accepted": func(b *books, _ string) []told {
		return b.reports("scored_at", "kind", func(r row) bool { return r.n("value_score") >= 3 && r["scored_at"] != "" })
	},
	"support_answered": func(b *books, _ string) (out []told) {
		for _, s := range b.all("support_requests") {
			answered, due := slices.Contains([]string{"answered", "refused", "closed"}, s["state"]) && s["answered_at"] != "", s.day("due")
			waits := (s["state"] == "open" || s["state"] == "accepted") && due < b.today
			if due == "" || !answered && !waits {
				continue
			}
			x := told{day: due, dept: s["to_dept"], customer: s["account"], dim: s["kind"], also: "|" + s["to_dept"] + "|", unheld: true, den: 1}
			if answered {
				by := b.one("users", s["answered_by"])
				x.owner, x.manager, x.num = by["id"], by["manager"], yes(s["answered_at"] <= s["due"])
			}
			out = append(out, x)
		}
		return out
	},
	"joint_visits": func(b *books, _ string) (out []told) {
		for _, v := range b.all("visits") {
			var with []string
			_ = json.Unmarshal([]byte(v["companions"]), &with)
			if v["type"] == "joint" {
				with = append(with, v["owner"])
			}
			slices.Sort(with)
			for _, id := range slices.Compact(with) {
				if by := b.one("users", id); by["id"] != "" && v["in_at"] != "" && v["state"] != "void_fraud" {
					out = append(out, told{day: v.day("in_at"), owner: id, manager: by["manager"], dept: by["department"], customer: v["account"], num: 1})
				}
			}
		}
		return out
	},
	"reply_on_time": func(b *books, _ string) (out []told) {
		for _, c := range b.all("communications") {
			due := c.day("needs_reply_by")
			if c["direction"] != "in" || due == "" || c["replied_at"] == "" && due >= b.today {
				continue
			}
			x := b.holder(c["account"], due)
			x.day, x.num, x.den = due, yes(c["replied_at"] != "" && c["replied_at"] <= c["needs_reply_by"]), 1
			out = append(out, x)
		}
		return out
	},
	"audit_score": func(b *books, _ string) (out []told) {
		for _, a := range b.all("visit_audits") {
			if a["state"] == "done" && a["done_at"] != "" {
				x := own(a)
				x.day, x.num, x.den, x.unheld, x.secret = a.day("done_at"), 100*a.n("score"), 1, true, true
				out = append(out, x)
			}
		}
		return out
	},
	"lost": func(b *books, _ string) (out []told) {
		for _, l := range b.all("opportunity_stage_log") {
			if l["to"] == "lost" {
				x := b.holder(l["account"], l.day("at"))
				x.day, x.dim, x.num = l.day("at"), b.one("opportunities", l["opportunity"])["lost_code"], 1
				out = append(out, x)
			}
		}
		return out
	},
	"conversion": func(b *books, _ string) (out []told) {
		for _, l := range b.all("opportunity_stage_log") {
			if l["to"] == "lost" || l["to"] == "won" {
				x := b.holder(l["account"], l.day("at"))
				x.day, x.num, x.den = l.day("at"), yes(l["to"] == "won"), 1
				out = append(out, x)
			}
		}
		return out
	},
	"expense_ratio": func(b *books, _ string) []told {
		months, sums := map[[2]string]bool{}, map[told][2]int64{}
		for _, e := range b.all("budget_entries") {
			sign := map[string]int64{"spend": 1, "reverse": -1}[e["kind"]]
			if sign == 0 {
				continue
			}
			months[[2]string{e["dept"], e["month"]}] = true
			node := b.one("budget_nodes", e["node"])
			x := told{day: e["month"] + "-01", dept: e["dept"], owner: node["rep"], manager: node["manager"], unheld: true}
			if x.owner == "" {
				x.owner = x.manager
			}
			sum := sums[x]
			sums[x] = [2]int64{sum[0] + sign*e.n("amount_fen"), sum[1]}
		}
		for _, s := range b.all("sales_months") {
			if !months[[2]string{s["dept"], s["month"]}] {
				continue
			}
			x := told{day: s["month"] + "-01", dept: s["dept"], owner: s["owner"], manager: s["manager"], unheld: true}
			sum := sums[x]
			sums[x] = [2]int64{sum[0], sum[1] + s.n("amount_fen")}
		}
		var out []told
		for x, sum := range sums {
			x.num, x.den = sum[0], sum[1]
			out = append(out, x)
		}
		return out
	},
	"letters_unsigned": func(b *books, end string) (out []told) {
		for _, l := range b.all("target_letters") {
			sent, held, over := l.day("sent_at"), l.day("effective_at"), l.day("ended_at")
			if sent == "" || sent > end || held != "" && held <= end || over != "" && over <= end {
				continue
			}
			out = append(out, told{day: end, owner: l["subject"], manager: l["superior"], dept: l["dept"], num: 1})
		}
		return out
	},
	"attain_amount":       func(b *books, _ string) []told { return b.attained("amount", b.sold("amount_fen")) },
	"attain_volume":       func(b *books, _ string) []told { return b.attained("volume", b.sold("base_milli")) },
	"attain_profit":       func(b *books, _ string) []told { return b.attained("profit", b.profit) },
	"attain_new_accounts": func(b *books, _ string) []told { return b.attained("new_ka", b.newAccounts) },
	"months_hit": func(b *books, _ string) (out []told) {
		for _, x := range b.attained("amount", b.sold("amount_fen")) {
			if x.den > 0 && x.day[:7] < b.today[:7] {
				x.num, x.den = yes(x.num >= x.den), 1
				out = append(out, x)
			}
		}
		return out
	},
}

// reports are those from the field that count at a moment.
func (b *books) reports(moment, dim string, counts func(row) bool) (out []told) {
	for _, i := range b.all("intel_reports") {
		if i["direction"] != "up" || !counts(i) {
			continue
		}
		var routed []string
		_ = json.Unmarshal([]byte(i["routed"]), &routed)
		x := own(i)
		x.day, x.dim, x.num, x.unheld, x.also = i.day(moment), i[dim], 1, true, "|role:market|"+strings.Join(routed, "|")+"|"
		out = append(out, x)
	}
	return out
}

// contracted is when each account was contracted for the first time.
func (b *books) contracted() map[string]string {
	if b.first != nil {
		return b.first
	}
	first, moment := map[string]string{}, map[string]string{}
	for _, l := range b.all("account_stage_log") {
		if at := l["at"]; l["to"] == "contracted" && (moment[l["account"]] == "" || at < moment[l["account"]]) {
			moment[l["account"]], first[l["account"]] = at, l.day("at")
		}
	}
	b.first = first
	return first
}

// stage is the one that an account was in at an end.
func (b *books) stage(a row, end string) string {
	var before, after row
	for _, l := range b.of("account_stage_log", "account", a["id"]) {
		key := func(r row) string { return r["at"] + r["id"] }
		switch {
		case l.day("at") <= end && (before == nil || key(l) > key(before)):
			before = l
		case l.day("at") > end && (after == nil || key(l) < key(after)):
			after = l
		}
	}
	if before != nil {
		return before["to"]
	}
	if after != nil {
		return after["from"]
	}
	return a["stage"]
}

// attained is what was reached of targets in force, month by month.
func (b *books) attained(metric string, reached func(t row, month string) int64) (out []told) {
	for _, t := range b.all("targets") {
		var months []int64
		if t["metric"] != metric || t["level"] == "account" || t["state"] != "issued" && t["state"] != "cascaded" || json.Unmarshal([]byte(t["months"]), &months) != nil {
			continue
		}
		for i, target := range months {
			month := fmt.Sprintf("%s-%02d", t["year"], i+1)
			x := told{day: month + "-01", owner: t["owner"], manager: t["manager"], dept: t["dept"], dim: t["level"], unheld: true, num: reached(t, month), den: target}
			if x.dim == "manager" {
				x.manager = x.owner
			}
			out = append(out, x)
		}
	}
	return out
}

// isOf reports whether what somebody did is part of a target.
func isOf(t row, owner, manager, dept string) bool {
	switch t["level"] {
	case "rep":
		return dept == t["dept"] && owner == t["owner"]
	case "manager":
		return dept == t["dept"] && (owner == t["owner"] || manager == t["owner"])
	}
	return dept == t["dept"]
}

func (b *books) sold(col string) func(t row, month string) int64 {
	return func(t row, month string) (sum int64) {
		for _, s := range b.of("sales_months", "month", month) {
			if isOf(t, s["owner"], s["manager"], s["dept"]) {
				sum += s.n(col)
			}
		}
		return sum
	}
}

func (b *books) profit(t row, month string) int64 {
	return b.sold("amount_fen")(t, month) - b.sold("tax_fen")(t, month) - b.sold("cost_fen")(t, month) - b.sold("rebate_fen")(t, month)
}

func (b *books) newAccounts(t row, month string) (n int64) {
	for account, day := range b.contracted() {
		if h := b.holder(account, day); day[:7] == month && isOf(t, h.owner, h.manager, h.dept) {
			n++
		}
	}
	return n
}

// rival is what a store check tells of one competitor.
type rival struct {
	ID      *string `json:"competitor"`
	Name    string  `json:"name"`
	Price   int64   `json:"price_fen"`
	Facings int64   `json:"facings"`
}

func rivals(text string) (out []rival) {
	var one rival
	if json.Unmarshal([]byte(text), &out) == nil {
		return out
	}
	if strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), &one) == nil {
		return []rival{one}
	}
	return nil
}

func days(from, to string) int64 {
	a, _ := time.Parse(time.DateOnly, from)
	b, _ := time.Parse(time.DateOnly, to)
	return int64(b.Sub(a) / (24 * time.Hour))
}

func yes(so bool) int64 {
	if so {
		return 1
	}
	return 0
}
