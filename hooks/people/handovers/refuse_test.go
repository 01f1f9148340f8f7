package handovers_test

import (
	"net/http"
	"slices"
	"testing"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"

	"github.com/pocketbase/pocketbase/core"
)

// TestWhoMayPlan: the manager of both, the head of both, an administrator.
// The rule of the collection and that of the model say the same.
func TestWhoMayPlan(t *testing.T) {
	for _, c := range []struct {
		as, from, to string
		ok           bool
	}{
		{"rep.chen", "rep.chen", "rep.he", false},
		{"rep.he", "rep.chen", "rep.he", false},
		{"manager.wu", "rep.chen", "rep.he", true},
		{"manager.wu", "rep.chen", "manager.wu", true}, // takes it himself
		{"manager.wu", "rep.chen", "rep.ma", false},    // of another team
		{"manager.xu", "rep.chen", "rep.ma", false},
		{"manager.xu", "rep.chen", "rep.he", false},
		{"director.lin", "rep.chen", "rep.ma", true},
		{"admin.fang", "rep.chen", "rep.ma", true},
		{"finance.zhao", "rep.chen", "rep.he", false},
		{"auditor.jin", "rep.chen", "rep.he", false},
		{"executive.sun", "rep.chen", "rep.he", false},
	} {
		o := open(t)
		status, code, _ := o.plan(c.as, c.from, c.to, o.accountsOf(c.from), thursday)
		if ok := status == http.StatusOK; ok != c.ok {
			t.Errorf("%s plans %s to %s: %d %s", c.as, c.from, c.to, status, code)
		}
		coll, err := o.FindCollectionByNameOrId("account_handovers")
		if err != nil {
			t.Fatal(err)
		}
		if c.ok {
			continue
		}
		r := core.NewRecord(coll)
		r.Load(map[string]any{"from_rep": o.As(c.from).Id, "to_rep": o.As(c.to).Id, "accounts": o.accountsOf(c.from), "planned_date": thursday})
		err = o.SaveWithContext(gate.With(t.Context(), gate.Actor{User: o.As(c.as)}), r)
		if p, _, _ := gate.ProblemOf(err); p.Code != "handover.not_superior" {
			t.Errorf("%s past the rule: %v", c.as, err)
		}
	}
}

// TestWhatCannotBePlanned names the reason by a stable code.
func TestWhatCannotBePlanned(t *testing.T) {
	o := open(t)
	his := o.accountsOf("rep.chen")
	zhou := o.As("rep.zhou")
	o.set(zhou, map[string]any{"active": false})
	o.setting("handover.drain_days", 3)
	first := o.planned("manager.wu", "rep.chen", "rep.he", his[:1], thursday)
	for _, c := range []struct {
		name, from, to string
		accounts       []string
		day, code      string
	}{
		{"of the past", "rep.chen", "rep.he", his[1:], "2026-03-15", "handover.date_past"},
		{"no day", "rep.chen", "rep.he", his[1:], "2026-02-30", "handover.date_invalid"},
		{"no accounts", "rep.chen", "rep.he", nil, thursday, "handover.accounts_required"},
		{"somebody else's", "rep.chen", "rep.he", o.accountsOf("rep.zheng"), thursday, "handover.not_owned"},
		{"to himself", "rep.chen", "rep.chen", his[1:], thursday, "handover.same_rep"},
		{"to one who left", "rep.chen", "rep.zhou", his[1:], thursday, "handover.rep_inactive"},
		{"twice", "rep.chen", "rep.zheng", his, nextWeek, "handover.overlap"},
	} {
		if status, code, out := o.plan("manager.wu", c.from, c.to, c.accounts, c.day); status != 400 || code != c.code {
			t.Errorf("%s: %d %s %v", c.name, status, code, out)
		}
	}
	status, code, _ := o.ask("manager.wu", "POST", "/api/collections/account_assignments/records", map[string]any{
		"account": his[0], "user": o.As("rep.zheng").Id, "from_date": thursday,
	})
	if status != 400 || code != "handover.overlap" {
		t.Errorf("one of its accounts alone: %d %s", status, code)
	}
	// While it drains, no other handover may begin before the drain is over.
	o.moveTo("2026-03-19 08:00")
	if status, code, _ := o.plan("manager.wu", "rep.he", "rep.zheng", his[:1], "2026-03-21"); status != 400 || code != "handover.overlap" {
		t.Errorf("in the drain: %d %s", status, code)
	}
	if status, code, _ := o.plan("manager.wu", "rep.he", "rep.zheng", his[:1], "2026-03-22"); status != 200 {
		t.Errorf("after the drain: %d %s", status, code)
	}
	if status, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_handovers/"+first+"/cancel", empty{}); status != 400 || code != "handover.state" {
		t.Errorf("cancels what happened: %d %s", status, code)
	}
	if err := o.Delete(o.row("account_handovers", first)); err == nil {
		t.Error("a handover is gone")
	}
}

// TestServerFieldsAreTheServers, of a handover and of an assignment.
func TestServerFieldsAreTheServers(t *testing.T) {
	o := open(t)
	id := o.planned("manager.wu", "rep.chen", "rep.he", o.accountsOf("rep.chen"), thursday)
	for field, value := range map[string]any{
		"state": "done", "moved": 9, "drain_until": today, "to_manager": o.As("rep.he").Id, "planned_date": nextWeek, "accounts": []string{}, "to_rep": o.As("rep.zhou").Id,
	} {
		r := o.row("account_handovers", id)
		r.Set(field, value)
		if p, _, _ := gate.ProblemOf(o.Save(r)); p.Code != "field.locked" {
			t.Errorf("%s: %v", field, p)
		}
	}
	r := o.row("account_handovers", id)
	r.Set("reason", "改区")
	if p, _, _ := gate.ProblemOf(o.Save(r)); p.Code != "record.unchanging" {
		t.Errorf("a reason is rewritten: %v", p)
	}
	one, err := o.FindFirstRecordByData("account_assignments", "handover", id)
	if err != nil {
		t.Fatal(err)
	}
	for field, value := range map[string]any{"state": "active", "from_date": today, "user": o.As("rep.zhou").Id, "handover": ""} {
		one := o.row("account_assignments", one.Id)
		one.Set(field, value)
		if p, _, _ := gate.ProblemOf(o.Save(one)); p.Code != "field.locked" {
			t.Errorf("%s of an assignment: %v", field, p)
		}
	}
	account := o.AccountOf("rep.chen")
	account.Set("next_owner", o.As("rep.ma").Id)
	if p, _, _ := gate.ProblemOf(o.Save(account)); p.Code != "field.locked" {
		t.Errorf("next_owner: %v", p)
	}
}

// TestProblemDelaysNoOther: a handover to somebody who was disabled meanwhile
// stays planned and says why; the others happen, and it does too once it can.
func TestProblemDelaysNoOther(t *testing.T) {
	o := open(t)
	his := o.accountsOf("rep.chen")
	stuck := o.planned("manager.wu", "rep.chen", "rep.he", his[:1], "2026-03-17")
	other := o.planned("manager.wu", "rep.chen", "rep.zhou", his[1:], "2026-03-18")
	he := o.As("rep.he")
	o.set(he, map[string]any{"active": false})
	o.moveTo("2026-03-18 00:00")
	o.run()
	if r := o.row("account_handovers", stuck); r.GetString("state") != people.HandoverPlanned || r.GetString("problem") != "handover.rep_inactive" {
		t.Errorf("stuck: %v", r.PublicExport())
	}
	o.wantState(other, "draining", len(his)-1, 0)
	o.set(he, map[string]any{"active": true})
	o.run()
	o.wantState(stuck, "draining", 1, 0)
}

// TestMovedElsewhereStaysThere: an account that changed hands after the plan is
// left out, and its next holder no longer reads ahead.
func TestMovedElsewhereStaysThere(t *testing.T) {
	o := open(t)
	his := o.accountsOf("rep.chen")
	id := o.planned("manager.wu", "rep.chen", "rep.he", his, thursday)
	o.set(o.row("accounts", his[0]), map[string]any{"owner": o.As("rep.zhou").Id})
	o.run()
	if got := o.row("accounts", his[0]).GetString("next_owner"); got != "" {
		t.Errorf("next is %q", got)
	}
	o.moveTo("2026-03-19 00:00")
	o.wantState(id, "draining", len(his)-1, 1)
	if got := o.owners(his[:1]); !slices.Equal(got, []string{"rep.zhou"}) {
		t.Errorf("it belongs to %v", got)
	}
	o.wantHistory(his[0], "rep.chen "+o.since(his[0])+" 2026-03-16 ended", "rep.zhou 2026-03-16  active", "rep.he 2026-03-19  cancelled")
}

// TestHistoryIsKeptPastTheHooks: a raw statement is made up for by the job.
func TestHistoryIsKeptPastTheHooks(t *testing.T) {
	o := open(t)
	account := o.accountsOf("rep.chen")[0]
	ma := o.As("rep.ma")
	for _, stmt := range []string{
		"UPDATE accounts SET owner = '" + ma.Id + "' WHERE id = '" + account + "'",
		"UPDATE users SET manager = '" + o.As("manager.hu").Id + "', department = '" + o.As("market.tang").GetString("department") + "' WHERE id = '" + ma.Id + "'",
	} {
		if _, err := o.DB().NewQuery(stmt).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	o.run()
	o.wantHistory(account, "rep.chen "+o.since(account)+" 2026-03-16 ended", "rep.ma 2026-03-16  active")
	if a := o.row("accounts", account); a.GetString("manager") != o.As("manager.hu").Id || a.GetString("dept") != o.As("market.tang").GetString("department") {
		t.Errorf("its line is %s, %s", a.GetString("manager"), a.GetString("dept"))
	}
	contact, err := o.FindFirstRecordByData("contacts", "account", account)
	if err != nil || contact.GetString("dept") != o.As("market.tang").GetString("department") {
		t.Errorf("a contact stays: %v", err)
	}
	var head int64
	log := func() (n int64) {
		if err := o.DB().NewQuery("SELECT MAX(seq) FROM _sync_log").Row(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	head = log()
	o.run()
	if got := log(); got != head {
		t.Errorf("a run with nothing to do wrote %d rows", got-head)
	}
}
