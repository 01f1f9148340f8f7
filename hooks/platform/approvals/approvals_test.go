package approvals_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// office is the company, asked over REST.
type office struct {
	*testapp.App
	t *testing.T
}

func open(t *testing.T, opts ...testapp.Option) *office {
	t.Helper()
	return &office{testapp.New(t, opts...), t}
}

// ask makes a request and returns status, code and the answer.
func (o *office) ask(name, method, path string, body any) (int, string, map[string]any) {
	o.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	answer := o.Do(name, method, path, string(text))
	var out map[string]any
	_ = json.Unmarshal(answer.Body.Bytes(), &out)
	data, _ := out["data"].(map[string]any)
	code, _ := data["code"].(string)
	return answer.Code, code, out
}

// must makes a request that has to succeed.
func (o *office) must(name, method, path string, body any) map[string]any {
	o.t.Helper()
	status, code, out := o.ask(name, method, path, body)
	if status != http.StatusOK {
		o.t.Fatalf("%s: %s %s: %d %s %v", name, method, path, status, code, out)
	}
	return out
}

// refused makes a request that has to fail with a code.
func (o *office) refused(name, method, path string, body any, want string) {
	o.t.Helper()
	if status, code, out := o.ask(name, method, path, body); status == http.StatusOK || code != want {
		o.t.Errorf("%s: %s: %d %s, not %s: %v", name, path, status, code, want, out)
	}
}

// plan makes a draft of director.lin.
func (o *office) plan(year string) string {
	o.t.Helper()
	out := o.must("director.lin", "POST", "/api/collections/annual_plans/records", map[string]any{
		"owner": o.As("director.lin").Id, "year": year, "goals": "增长两成", "strategy": "扩张",
	})
	return out["id"].(string)
}

func (o *office) act(name, collection, id, action string, args any) {
	o.t.Helper()
	o.must(name, "POST", "/api/ka/"+collection+"/"+id+"/"+action, args)
}

func (o *office) state(collection, id string) string {
	o.t.Helper()
	r, err := o.FindRecordById(collection, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return r.GetString("state")
}

// rows lists a subject's approvals as "step key approver state", and their records.
func (o *office) rows(id string) (lines []string, records []*core.Record) {
	o.t.Helper()
	records, err := o.FindRecordsByFilter("approvals", "ref_id = {:i}", "round,step,approver.email", 0, 0, dbx.Params{"i": id})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, r := range records {
		who, err := o.FindRecordById("users", r.GetString("approver"))
		if err != nil {
			o.t.Fatal(err)
		}
		name, _, _ := strings.Cut(who.Email(), "@")
		lines = append(lines, fmt.Sprintf("%d.%d %s %s %s", r.GetInt("round"), r.GetInt("step"), r.GetString("key"), name, r.GetString("state")))
	}
	return lines, records
}

func (o *office) expect(id string, want ...string) []*core.Record {
	o.t.Helper()
	got, records := o.rows(id)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		o.t.Fatalf("approvals:\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return records
}

// policy: R7.4 H-APV-1
// policy: R2.2 annual_plans
//
// TestChainInOrder: finance and the management decide one after the other, and
// the plan is in force.
func TestChainInOrder(t *testing.T) {
	o := open(t)
	id := o.plan("2026")
	o.act("director.lin", "annual_plans", id, "submit", map[string]any{})
	rows := o.expect(id, "1.1 finance finance.zhao pending", "1.2 management executive.sun waiting")
	o.refused("executive.sun", "POST", "/api/ka/approvals/"+rows[1].Id+"/approve", map[string]any{}, "approval.waiting")
	o.refused("director.lin", "POST", "/api/ka/approvals/"+rows[0].Id+"/approve", map[string]any{}, "approval.own")
	o.refused("executive.sun", "POST", "/api/ka/approvals/"+rows[0].Id+"/approve", map[string]any{}, "approval.not_approver")
	o.refused("finance.zhao", "POST", "/api/ka/approvals/"+rows[0].Id+"/return", map[string]any{"comment": " "}, "approval.comment_required")
	o.act("finance.zhao", "approvals", rows[0].Id, "approve", map[string]any{"comment": "预算可行"})
	o.refused("finance.zhao", "POST", "/api/ka/approvals/"+rows[0].Id+"/reject", map[string]any{"comment": "改主意"}, "approval.decided")
	o.refused("director.lin", "POST", "/api/ka/annual_plans/"+id+"/withdraw", map[string]any{}, "approval.too_late")
	o.expect(id, "1.1 finance finance.zhao approved", "1.2 management executive.sun pending")
	o.act("executive.sun", "approvals", rows[1].Id, "approve", map[string]any{})
	rows = o.expect(id, "1.1 finance finance.zhao approved", "1.2 management executive.sun approved")
	if got := o.state("annual_plans", id); got != "approved" {
		t.Errorf("the plan is %s", got)
	}
	for _, r := range rows {
		if len(r.GetString("signature_hash")) != 64 || r.GetDateTime("at").IsZero() {
			t.Errorf("not signed: %v", r.PublicExport())
		}
	}
	o.refused("director.lin", "PATCH", "/api/collections/annual_plans/records/"+id, map[string]any{"goals": "更多"}, "approval.locked")
	o.refused("director.lin", "DELETE", "/api/collections/annual_plans/records/"+id, nil, "approval.kept")

	// One plan is in force per department and year.
	next := o.plan("2026")
	o.act("director.lin", "annual_plans", next, "submit", map[string]any{})
	_, rows = o.rows(next)
	o.act("finance.zhao", "approvals", rows[0].Id, "approve", map[string]any{})
	o.act("executive.sun", "approvals", rows[1].Id, "approve", map[string]any{})
	if got := o.state("annual_plans", id); got != "replaced" {
		t.Errorf("the former plan is %s", got)
	}
}

// TestReturnedAndSubmittedAgain begins a second round; the first stays on record.
func TestReturnedAndSubmittedAgain(t *testing.T) {
	o := open(t)
	id := o.plan("2026")
	o.refused("manager.wu", "POST", "/api/ka/annual_plans/"+id+"/submit", map[string]any{}, "record.not_found")
	o.act("director.lin", "annual_plans", id, "submit", map[string]any{})
	o.refused("director.lin", "POST", "/api/ka/annual_plans/"+id+"/submit", map[string]any{}, "approval.state")
	o.refused("finance.zhao", "POST", "/api/ka/annual_plans/"+id+"/withdraw", map[string]any{}, "approval.not_author")
	o.refused("director.lin", "PATCH", "/api/collections/annual_plans/records/"+id, map[string]any{"goals": "更多"}, "approval.locked")
	_, rows := o.rows(id)
	o.act("finance.zhao", "approvals", rows[0].Id, "return", map[string]any{"comment": "预算过高"})
	o.expect(id, "1.1 finance finance.zhao returned", "1.2 management executive.sun passed")
	plan, err := o.FindRecordById("annual_plans", id)
	if err != nil || plan.GetString("state") != "returned" || plan.GetString("decision_comment") != "预算过高" {
		t.Fatalf("%v %v", plan, err)
	}
	o.must("director.lin", "PATCH", "/api/collections/annual_plans/records/"+id, map[string]any{"strategy": "稳健"})
	o.act("director.lin", "annual_plans", id, "submit", map[string]any{})
	o.act("director.lin", "annual_plans", id, "withdraw", map[string]any{})
	rows = o.expect(id, "1.1 finance finance.zhao returned", "1.2 management executive.sun passed",
		"2.1 finance finance.zhao withdrawn", "2.2 management executive.sun withdrawn")
	if got := o.state("annual_plans", id); got != "draft" {
		t.Errorf("withdrawn to %s", got)
	}
	o.refused("finance.zhao", "POST", "/api/ka/approvals/"+rows[2].Id+"/approve", map[string]any{}, "approval.stale")
}

// TestOnlyTheMechanismWritesItsFields, of a subject and of a chain.
func TestOnlyTheMechanismWritesItsFields(t *testing.T) {
	o := open(t)
	id := o.plan("2026")
	for field, value := range map[string]any{
		"state": "approved", "reviewers": []string{o.As("rep.chen").Id}, "approval_round": 3, "owner": o.As("manager.wu").Id,
	} {
		if status, _, out := o.ask("director.lin", "PATCH", "/api/collections/annual_plans/records/"+id, map[string]any{field: value}); status == http.StatusOK {
			t.Errorf("%s was written: %v", field, out)
		}
	}
	o.act("director.lin", "annual_plans", id, "submit", map[string]any{})
	_, rows := o.rows(id)
	r := rows[0]
	r.Set("state", "approved")
	if err := o.Save(r); err == nil {
		t.Error("a decision without an action")
	}
	if err := o.Delete(r); err == nil {
		t.Error("a row of a chain is gone")
	}
}
