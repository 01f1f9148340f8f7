package analysis_test

import (
	"encoding/json/v2"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// company is the demo's, with something of everything.
func company(t testing.TB) *testapp.App {
	t.Helper()
	opt := demo.Full(testapp.Start)
	opt.Days, opt.Papers, opt.Products, opt.CheapLogin = 45, 0, 24, true
	return testapp.New(t, testapp.Company(opt))
}

// dice change records past all rules, as years of work would have left them.
type dice struct {
	t   testing.TB
	app *testapp.App
	r   *rand.Rand
	n   int
	ids map[string][]string
}

func (d *dice) exec(sql string, params dbx.Params) {
	d.t.Helper()
	if _, err := d.app.DB().NewQuery(sql).Bind(params).Execute(); err != nil {
		d.t.Fatalf("%s: %v", sql, err)
	}
}

// any is the id of some row of a table, as it was when the dice were first thrown.
func (d *dice) any(table string) string {
	d.t.Helper()
	if d.ids[table] == nil {
		var ids []string
		if err := d.app.DB().NewQuery("SELECT id FROM " + table + " ORDER BY id").Column(&ids); err != nil || len(ids) == 0 {
			d.t.Fatalf("%s has no rows: %v", table, err)
		}
		if d.ids == nil {
			d.ids = map[string][]string{}
		}
		d.ids[table] = ids
	}
	return d.pick(d.ids[table]...)
}

func (d *dice) pick(of ...string) string { return of[d.r.IntN(len(of))] }

// moment is some moment of the half year before today, or of the days after.
func (d *dice) moment() string {
	return testapp.Start.Add(-time.Duration(d.r.IntN(170*24*60)) * time.Minute).Add(10 * 24 * time.Hour).Format("2006-01-02 15:04:05.000Z")
}

func (d *dice) day() string { return d.moment()[:10] }

// sometimes is a text or, as often, nothing.
func (d *dice) sometimes(text string) string { return d.pick(text, "") }

func (d *dice) insert(table string, values dbx.Params) (id string) {
	d.t.Helper()
	d.n++
	id = fmt.Sprintf("dice%011d", d.n)
	values["id"], values["updated"] = id, d.moment()
	if values["created"] == nil {
		values["created"] = d.moment()
	}
	if _, err := d.app.DB().Insert(table, values).Execute(); err != nil {
		d.t.Fatalf("insert into %s: %v", table, err)
	}
	return id
}

func (d *dice) update(table string, values dbx.Params) {
	d.t.Helper()
	if _, err := d.app.DB().Update(table, values, dbx.HashExp{"id": d.any(table)}).Execute(); err != nil {
		d.t.Fatalf("update %s: %v", table, err)
	}
}

// whose fills owner, manager and department with somebody of the KA department.
func (d *dice) whose(values dbx.Params) dbx.Params {
	var who struct{ ID, Manager, Department string }
	d.must(d.app.DB().NewQuery("SELECT id, manager, department FROM users WHERE role = 'rep' ORDER BY id LIMIT 1 OFFSET {:n}").Bind(dbx.Params{"n": d.r.IntN(10)}).One(&who))
	values["owner"], values["manager"], values["dept"] = who.ID, who.Manager, who.Department
	return values
}

func (d *dice) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// throw makes one change of any kind.
func (d *dice) throw() {
	d.t.Helper()
	throws := []func(){
		func() {
			d.update("visits", dbx.Params{
				"in_at": d.sometimes(d.moment()), "report_at": d.sometimes(d.moment()), "late_record": d.r.IntN(2) == 0,
				"state": d.pick("reported", "accepted", "void_fraud"), "void_at": d.sometimes(d.moment()),
			})
		},
		func() {
			d.update("orders", dbx.Params{
				"promised_on": d.sometimes(d.day()), "on_time": d.pick("yes", "no", ""), "in_full": d.pick("yes", "no"),
				"submitted_at": d.sometimes(d.moment()), "delivered_at": d.sometimes(d.moment()), "cancelled_at": d.pick(d.moment(), "", "", ""),
				"state": d.pick("draft", "submitted", "confirmed", "processing", "delivered", "settled", "cancelled", "rejected"),
			})
		},
		func() {
			d.update("plan_items", dbx.Params{"done": d.r.IntN(9), "qty": d.r.IntN(6), "month": d.day()[:7], "state": d.pick("open", "done", "missed", "dropped")})
		},
		func() { d.update("visit_plans", dbx.Params{"state": d.pick("approved", "approved", "submitted")}) },
		func() {
			d.update("account_coverage", dbx.Params{"state": d.pick("open", "met", "breach", "excepted"), "to_date": d.day(), "tier": d.pick("A", "B", "")})
		},
		func() {
			d.update("approvals", dbx.Params{
				"due_at": d.sometimes(d.moment()), "at": d.sometimes(d.moment()), "approver": d.any("users"),
				"state": d.pick("pending", "approved", "rejected", "withdrawn"),
			})
		},
		func() {
			d.insert("budget_entries", dbx.Params{
				"budget": "x", "node": d.pick("x", d.any("budget_nodes")), "dept": d.any("departments"), "kind": d.pick("spend", "spend", "reverse", "reserve"),
				"amount_fen": d.r.IntN(1_000_000), "day": d.day(), "month": d.day()[:7],
			})
		},
		func() {
			d.insert("target_letters", dbx.Params{
				"subject": d.any("users"), "superior": d.any("users"), "dept": d.any("departments"), "year": fmt.Sprint(d.r.Uint64()), "version": 1,
				"state": d.pick("sent", "signed", "void", "superseded"), "sent_at": d.sometimes(d.moment()), "effective_at": d.pick(d.moment(), "", ""), "ended_at": d.pick(d.moment(), "", ""),
			})
		},
		func() {
			d.insert("training_records", dbx.Params{
				"training": fmt.Sprint(d.r.Uint64()), "user": d.any("users"), "manager": d.any("users"), "dept": d.any("departments"),
				"state": d.pick("submitted", "submitted", "attended"), "submitted_at": d.sometimes(d.moment()), "score_bp": d.r.IntN(10_001),
			})
		},
		func() {
			d.insert("visit_feedback", d.whose(dbx.Params{
				"visit": d.any("visits"), "account": d.any("accounts"), "text": "x", "theme": d.pick("price", "quality"),
				"product": d.sometimes(d.any("products")), "target_dept": d.sometimes(d.any("departments")), "state": "routed",
			}))
		},
		func() {
			d.insert("store_checks", d.whose(dbx.Params{
				"visit": d.any("visits"), "account": d.any("accounts"), "product": d.any("products"), "facings": d.r.IntN(9),
				"at": d.moment(), "competitor": d.rivals(),
			}))
		},
		func() {
			routed, err := json.Marshal([]string{d.any("departments"), d.any("departments")})
			d.must(err)
			d.insert("intel_reports", d.whose(dbx.Params{
				"account": d.sometimes(d.any("accounts")), "kind": d.pick("price", "policy"), "text": "x", "competitor": d.sometimes(d.any("competitors")),
				"value_score": d.r.IntN(6), "scored_at": d.sometimes(d.moment()),
				"direction": d.pick("up", "up", "down"), "routed": d.pick(string(routed), "[]", ""),
			}))
		},
		func() {
			var opp struct{ ID, Account string }
			d.must(d.app.DB().NewQuery("SELECT id, account FROM opportunities WHERE id = {:id}").Bind(dbx.Params{"id": d.any("opportunities")}).One(&opp))
			d.insert("opportunity_stage_log", dbx.Params{"opportunity": opp.ID, "account": opp.Account, "to": d.pick("won", "lost", "proposal"), "at": d.moment()})
		},
		func() {
			d.update("cases", dbx.Params{
				"kind": d.pick("complaint", "complaint", "quality"), "level": d.pick("urgent", "major", "normal"), "fault": d.pick("own", "own", "none"),
				"responsible": d.pick(d.any("users"), ""), "responsible_at": d.moment(), "owner_dept": d.any("departments"),
			})
		},
		func() { d.update("opportunities", dbx.Params{"lost_code": d.pick("price", "need", "")}) },
		func() {
			d.insert("account_stage_log", dbx.Params{"account": d.any("accounts"), "from": d.pick("negotiating", "contracted"), "to": d.pick("contracted", "contracted", "lost"), "at": d.moment()})
		},
		func() {
			d.update("account_competitors", dbx.Params{"share_bp": d.r.IntN(3) * 1700, "created": d.moment()})
		},
		func() {
			d.update("accounts", dbx.Params{"tier": d.pick("A", "B", "C"), "region": d.pick("华东", "华北", "")})
		},
		func() {
			d.update("support_requests", dbx.Params{
				"due": d.sometimes(d.moment()), "answered_at": d.sometimes(d.moment()), "answered_by": d.any("users"), "to_dept": d.any("departments"),
				"state": d.pick("open", "accepted", "answered", "refused", "closed", "withdrawn"), "kind": d.pick("logistics", "finance"),
			})
		},
		func() {
			with, err := json.Marshal([]string{d.any("users"), d.any("users")})
			d.must(err)
			d.update("visits", dbx.Params{"type": d.pick("joint", "planned"), "companions": d.pick(string(with), "[]", "")})
		},
		func() {
			d.update("communications", dbx.Params{
				"direction": d.pick("in", "in", "out"), "needs_reply_by": d.sometimes(d.moment()), "replied_at": d.sometimes(d.moment()),
			})
		},
		func() {
			d.update("visit_audits", dbx.Params{"owner": d.any("users"), "state": d.pick("done", "done", "open"), "done_at": d.sometimes(d.moment()), "score": d.r.IntN(101)})
		},
		d.assign,
		func() {
			months := make([]int, 12)
			for i := range months {
				months[i] = d.r.IntN(3) * 40_000
			}
			text, err := json.Marshal(months)
			d.must(err)
			d.update("targets", dbx.Params{"metric": d.pick("amount", "volume", "profit", "new_ka"), "state": d.pick("issued", "cascaded", "draft"), "months": d.pick(string(text), string(text), "")})
		},
		d.sell,
		d.claim,
		d.visited,
	}
	throws[d.r.IntN(len(throws))]()
}

// rivals is what phones may have written of competitors.
func (d *dice) rivals() string {
	one := fmt.Sprintf(`{"name":%q,"price_fen":%d,"facings":%d}`, d.pick("清岚", "沃果"), d.r.IntN(3)*950, d.r.IntN(5))
	other := fmt.Sprintf(`{"competitor":%q,"price_fen":%d}`, d.any("competitors"), 100+d.r.IntN(900))
	return d.pick(one, "["+one+","+other+"]", "[]", "null", "", `"x"`)
}

// assign gives an account to another rep, from some day on.
func (d *dice) assign() {
	who, account, day := d.whose(dbx.Params{}), d.any("accounts"), d.day()
	if day > testapp.Start.Format(time.DateOnly) {
		return
	}
	d.exec("UPDATE account_assignments SET state = 'ended', to_date = {:day} WHERE account = {:a} AND state = 'active'", dbx.Params{"a": account, "day": day})
	d.insert("account_assignments", dbx.Params{"account": account, "user": who["owner"], "dept": who["dept"], "from_date": day, "state": "active", "began_at": d.moment()})
	d.exec("UPDATE accounts SET owner = {:o}, manager = {:m}, dept = {:d} WHERE id = {:a}",
		dbx.Params{"a": account, "o": who["owner"], "m": who["manager"], "d": who["dept"]})
}

// sell adds to what was sold in a month.
func (d *dice) sell() {
	w := d.whose(dbx.Params{})
	w["month"], w["account"], w["tier"] = d.day()[:7], d.any("accounts"), d.pick("A", "B")
	for _, col := range []string{"amount_fen", "tax_fen", "cost_fen", "base_milli", "rebate_fen", "receipt_fen"} {
		w[col] = d.r.IntN(60_000)
	}
	d.exec(`INSERT OR REPLACE INTO sales_months (month, account, owner, manager, dept, tier, amount_fen, tax_fen, cost_fen, base_milli, rebate_fen, receipt_fen)
		VALUES ({:month}, {:account}, {:owner}, {:manager}, {:dept}, {:tier}, {:amount_fen}, {:tax_fen}, {:cost_fen}, {:base_milli}, {:rebate_fen}, {:receipt_fen})`, w)
}
