package requests_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// desk is a company whose people ask each other.
type desk struct{ testapp.Desk }

func open(t *testing.T) desk { return desk{testapp.Open(t)} }

// ask makes a row of a person's own.
func (d desk) ask(who, collection string, body map[string]any) (*core.Record, string) {
	body["owner"] = d.As(who).Id
	return d.Create(who, collection, body)
}

// must makes one that nothing refuses.
func (d desk) must(who, collection string, body map[string]any) *core.Record {
	row, got := d.ask(who, collection, body)
	d.Must(got)
	return row
}

// step is an action that somebody takes, how it ends, and the state after it.
type step struct{ who, action, args, want, state string }

// play takes steps one after the other: a row follows from those before it.
func (d desk) play(t *testing.T, row *core.Record, steps []step) {
	for i, c := range steps {
		t.Run(fmt.Sprintf("%d %s by %s", i, c.action, c.who), func(t *testing.T) {
			if got := d.Act(c.who, row, c.action, c.args); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if got := d.Fresh(row).GetString("state"); got != c.state {
				t.Errorf("it leads to %s", got)
			}
		})
	}
}

// TestHIntel: what the field hears goes to the head of the department, to
// marketing and, by its kind, to others, who say that they have read it (R2.10).
//
// policy: R2.10 H-INTEL
func TestHIntel(t *testing.T) {
	d := open(t)
	market, product := d.As("market.tang").GetString("department"), d.As("product.guo").GetString("department")
	r := d.must("rep.chen", "intel_reports", map[string]any{"kind": "competitor", "text": "对手推出小包装"})
	if routed := r.GetStringSlice("routed"); !slices.Contains(routed, market) || !slices.Contains(routed, product) || r.GetString("manager") != d.As("manager.wu").Id {
		t.Errorf("routed to %v", routed)
	}
	if n := d.Told("director.lin", "intel.new"); n != 1 {
		t.Errorf("the head is told %d times", n)
	}
	for _, c := range []struct{ who, want string }{
		{"rep.chen", "intel.own"},
		{"service.qian", "record.not_found"},
		{"rep.he", "record.not_found"},
		{"auditor.jin", "intel.not_addressed"},
		{"market.tang", ""},
		{"product.guo", ""},
		{"director.lin", ""},
		{"market.tang", ""},
	} {
		t.Run("read by "+c.who, func(*testing.T) { d.Expect(c.who, d.Act(c.who, r, "acknowledge", `{"note":"已阅"}`), c.want) })
	}
	if n := d.Fresh(r).GetInt("ack_count"); n != 3 {
		t.Errorf("%d have read it", n)
	}
	for want, body := range map[string]map[string]any{
		"intel.text_required text": {"kind": "market", "text": " "}, "field.locked ack_count": {"kind": "market", "text": "x", "ack_count": 5},
	} {
		t.Run(want, func(*testing.T) {
			_, got := d.ask("rep.chen", "intel_reports", body)
			d.Expect("a report", got, want)
		})
	}
	r = d.must("rep.chen", "intel_reports", map[string]any{"kind": "price", "text": "对手降价5%"})
	if routed := r.GetStringSlice("routed"); !slices.Contains(routed, market) || slices.Contains(routed, product) {
		t.Errorf("a price goes to %v", routed)
	}
	if got := d.Set("rep.chen", r, "text", "别的"); got != "field.locked text" {
		t.Errorf("a report is reworded: %q", got)
	}
}

// TestSupportWithoutADepartmentGoesToThatOfItsKind, by the setting: all departments
// that there are take their own, logistics too. One that is named stays.
//
// policy: R2.4 request.departments
// policy: R5.6 support_requests
func TestSupportWithoutADepartmentGoesToThatOfItsKind(t *testing.T) {
	d := open(t)
	asked := func(kind string) string {
		row := d.must("rep.chen", "support_requests", map[string]any{"kind": kind, "text": "x"})
		return d.Row("departments", row.GetString("to_dept")).GetString("kind")
	}
	for kind, want := range map[string]string{
		"resource": "mgmt", "marketing": "market", "technical": "product", "logistics": "logistics", "finance": "finance", "legal": "legal", "complaint": "service", "other": "mgmt",
	} {
		d.Expect(kind, asked(kind), want)
	}
	if d.Told("ops.luo", "request.new") != 1 {
		t.Error("logistics is not told")
	}
	d.Setting("request.departments", map[string]string{"logistics": "service", "other": "legal"})
	d.Expect("by the setting", asked("logistics"), "service")
	market := d.As("market.tang").GetString("department")
	row := d.must("rep.chen", "support_requests", map[string]any{"kind": "logistics", "text": "x", "to_dept": market})
	d.Expect("one that is named", row.GetString("to_dept"), market)
	if _, err := d.DB().NewQuery("UPDATE departments SET kind = 'mgmt' WHERE kind = 'legal'").Execute(); err != nil {
		t.Fatal(err)
	}
	_, got := d.ask("rep.chen", "support_requests", map[string]any{"kind": "other", "text": "x"})
	d.Expect("of a kind that no department has", got, "request.department to_dept")
}

// TestSupportHasADepartmentAndADueTime (R1.3, R2.4), and its clock runs in
// working hours.
//
// policy: R1.3 support_requests
// policy: R2.4 support_requests
func TestSupportHasADepartmentAndADueTime(t *testing.T) {
	d := open(t)
	service := d.As("service.qian").GetString("department")
	d.Setting("request.departments", map[string]string{"finance": "finance"})
	if _, got := d.ask("rep.chen", "support_requests", map[string]any{"kind": "complaint", "text": "x"}); got != "request.department to_dept" {
		t.Errorf("nobody is asked: %q", got)
	}
	row := d.must("rep.chen", "support_requests", map[string]any{"kind": "complaint", "text": "外箱破损", "to_dept": service})
	// Eight hours of work from Monday half past eight end at six the same day.
	if due := row.GetDateTime("due").Time(); !due.Equal(time.Date(2026, 3, 16, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("due %v", due)
	}
	d.Clock.Set(time.Date(2026, 3, 16, 10, 0, 0, 0, time.UTC))
	d.Job("requestsOverdue")
	if d.Fresh(row).GetBool("overdue") {
		t.Error("late on time")
	}
	d.Clock.Advance(time.Second)
	d.Job("requestsOverdue")
	d.Job("requestsOverdue")
	if !d.Fresh(row).GetBool("overdue") || d.Told("rep.chen", "request.overdue") != 1 {
		t.Errorf("told %d times", d.Told("rep.chen", "request.overdue"))
	}
	d.play(t, row, []step{
		{"rep.chen", "accept", "{}", "request.not_party", "open"},
		{"market.tang", "accept", "{}", "record.not_found", "open"},
		{"service.qian", "accept", "{}", "", "accepted"},
		{"service.qian", "answer", "{}", "request.answer_required", "accepted"},
		{"service.qian", "refuse", "{}", "request.reason_required", "accepted"},
		{"service.qian", "answer", `{"answer":"已补发"}`, "", "answered"},
		{"service.qian", "close", "{}", "request.not_party", "answered"},
		{"rep.chen", "reopen", `{}`, "request.reason_required", "answered"},
		{"rep.chen", "reopen", `{"reason":"仍破损"}`, "", "open"},
		{"service.qian", "refuse", `{"reason":"超出范围"}`, "", "refused"},
		{"rep.chen", "close", "{}", "", "closed"},
		{"rep.chen", "withdraw", "{}", "request.state", "closed"},
	})
	if now := d.Fresh(row); now.GetString("answer") != "超出范围" || now.GetString("answered_by") != d.As("service.qian").Id || !now.GetDateTime("first_response_at").Time().Equal(d.Clock.Now()) {
		t.Errorf("%v", now.PublicExport())
	}
	if n := d.Told("rep.chen", "request.answered"); n != 2 {
		t.Errorf("who asked is told of %d answers", n)
	}
}

// policy: R5.4 product_requests
//
// TestProductRequestsAreAnswered by the department that makes the goods.
func TestProductRequestsAreAnswered(t *testing.T) {
	d := open(t)
	row := d.must("rep.chen", "product_requests", map[string]any{"need": "100毫升装"})
	d.play(t, row, []step{
		{"rep.chen", "review", "{}", "request.not_party", "new"},
		{"product.guo", "finish", "{}", "request.state", "new"},
		{"product.guo", "review", "{}", "", "reviewing"},
		{"product.guo", "promise", "{}", "request.version", "reviewing"},
		{"product.guo", "promise", `{"version":"2026Q3"}`, "", "planned"},
		{"product.guo", "decline", "{}", "request.reason_required", "planned"},
		{"product.guo", "finish", "{}", "", "done"},
	})
	if got := d.Update("rep.chen", row, map[string]any{"need": "别的"}); got != "request.state" {
		t.Errorf("reworded when done: %q", got)
	}
}

// TestNobodyAnswersWhatHeAskedHimself, were he of the department that he asks; who
// heads it does.
func TestNobodyAnswersWhatHeAskedHimself(t *testing.T) {
	d := open(t)
	own := d.As("rep.chen").GetString("department")
	for collection, action := range map[string]string{"support_requests": "answer", "product_requests": "promise"} {
		const args = `{"answer":"好","version":"9"}`
		body := map[string]any{"kind": "other", "text": "x", "need": "x", "to_dept": own}
		row := d.must("rep.chen", collection, body)
		d.Expect(collection+" by who asked", d.Act("rep.chen", row, action, args), "request.not_party")
		d.Expect(collection+" by a colleague", d.Act("rep.he", row, action, args), "")
		row = d.must("director.lin", collection, body)
		d.Expect(collection+" by the head", d.Act("director.lin", row, action, args), "")
	}
}

// TestWhatTheServerFillsIsLocked, and a request is its owner's alone.
func TestWhatTheServerFillsIsLocked(t *testing.T) {
	d := open(t)
	service := d.As("service.qian").GetString("department")
	support := d.must("rep.chen", "support_requests", map[string]any{"kind": "complaint", "text": "x", "to_dept": service})
	product := d.must("rep.chen", "product_requests", map[string]any{"need": "x"})
	for _, c := range []struct {
		who, field string
		row        *core.Record
		value      any
		want       string
	}{
		{"rep.chen", "text", support, "y", ""},
		{"rep.he", "text", support, "z", "request.not_party"},
		{"rep.chen", "state", support, "closed", "field.locked state"},
		{"rep.chen", "owner", support, d.As("rep.he").Id, "field.locked owner"},
		{"rep.chen", "manager", support, "", "field.locked manager"},
		{"rep.chen", "to_dept", support, d.As("market.tang").GetString("department"), "field.locked to_dept"},
		{"rep.chen", "kind", support, "legal", "field.locked kind"},
		{"rep.chen", "due", support, "2027-01-01 00:00:00.000Z", "field.locked due"},
		{"rep.chen", "answer", support, "y", "field.locked answer"},
		{"rep.chen", "overdue", support, true, "field.locked overdue"},
		{"rep.chen", "need", product, "y", ""},
		{"rep.chen", "version_promised", product, "y", "field.locked version_promised"},
		{"rep.chen", "handled_by", product, d.As("product.guo").Id, "field.locked handled_by"},
	} {
		t.Run(c.row.Collection().Name+" "+c.field+" by "+c.who, func(*testing.T) { d.Expect(c.field, d.Set(c.who, c.row, c.field, c.value), c.want) })
	}
	foreign := map[string]any{"kind": "complaint", "text": "x", "to_dept": service, "owner": d.As("rep.he").Id}
	d.Expect("for another", d.SaveBy("rep.chen", d.Blank("support_requests", foreign)), "request.not_party")
}
