package approvals_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/approvals"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
)

// wanted is what papers' submit takes, cut what a decision on them carries.
type (
	wanted struct {
		Memo string `json:"memo"`
	}
	cut struct {
		Terms string `json:"terms"`
	}
)

// carried is a kind whose route may be empty, whose second step has a state of
// its own, and whose decisions may shorten what is approved.
func carried(t *testing.T, o *office) (*approvals.Service, *core.Record) {
	t.Helper()
	coll := paperTable(t, o)
	note := func(subject *core.Record, word string) {
		subject.Set("trace", strings.TrimSpace(subject.GetString("trace")+" "+word))
	}
	s := approvals.New(gate.Config{Now: o.Clock.Now}, kit.Approval{
		Collection: "papers", Author: "by", State: "phase", Content: []string{"terms"}, Open: []string{"in_finance"},
		States: kit.States{Draft: "new", Submitted: "in_review", Approved: "passed", Rejected: "refused", Returned: "new"},
		Route: func(_ core.App, subject *core.Record) ([]people.ApprovalStep, error) {
			if subject.GetString("memo") == "免审" {
				return nil, nil
			}
			return []people.ApprovalStep{
				{Key: "manager", By: people.BySuperior},
				{Key: "finance", By: people.ByRole, Role: "finance", State: "in_finance"},
				{Key: "both", By: people.ByDepts, Depts: []string{"legal", "mgmt"}},
			}, nil
		},
		Submit: kit.Carrying(func(_ context.Context, _ core.App, subject *core.Record, args wanted) error {
			subject.Set("memo", args.Memo)
			note(subject, "submit")
			return nil
		}),
		Decide: kit.Carrying(func(ctx context.Context, _ core.App, subject *core.Record, args cut) error {
			if !strings.HasPrefix(subject.GetString("terms"), args.Terms) {
				return gate.RefuseField("terms", "args.invalid")
			}
			subject.Set("terms", args.Terms)
			note(subject, kit.StepOf(ctx).Action)
			return nil
		}),
		OnApproved: func(_ context.Context, _ core.App, subject *core.Record) error {
			note(subject, "passed")
			return nil
		},
	})
	kit.Collect(s.Area()).Bind(o.App)
	r := core.NewRecord(coll)
	r.Load(map[string]any{"by": o.As("rep.chen").Id, "terms": "30 天账期"})
	if err := o.Save(r); err != nil {
		t.Fatal(err)
	}
	return s, r
}

// TestSubmitApprovesByItself where the route has no step: no rows, and the round counts.
func TestSubmitApprovesByItself(t *testing.T) {
	o := open(t)
	s, r := carried(t, o)
	for args, want := range map[string]string{`{"memo":1}`: "args.invalid", `{"note":"x"}`: "args.invalid"} {
		if code := o.do(s, "rep.chen", "papers.submit", r.Id, args); code != want {
			t.Errorf("%s: %q", args, code)
		}
	}
	if code := o.do(s, "rep.chen", "papers.submit", r.Id, `{"memo":"免审"}`); code != "" {
		t.Fatal(code)
	}
	o.paper(r.Id, "passed", "submit passed")
	o.expect(r.Id, "")
	fresh, err := o.FindRecordById("papers", r.Id)
	if err != nil || fresh.GetInt("approval_round") != 1 || !fresh.GetDateTime("submitted_at").Time().Equal(o.Clock.Now()) {
		t.Errorf("%v %v", fresh, err)
	}
	for _, action := range []string{"submit", "withdraw"} {
		if code := o.do(s, "rep.chen", "papers."+action, r.Id, ""); code != "approval.state" {
			t.Errorf("%s after it: %q", action, code)
		}
	}
	fresh.Set("terms", "更长")
	p, _, _ := gate.ProblemOf(o.SaveWithContext(gate.With(context.Background(), gate.Actor{User: o.As("rep.chen")}), fresh))
	if p.Code != "approval.locked" {
		t.Errorf("edited after it: %q", p.Code)
	}
}

// TestStepNamesTheState of its subject, which may be withdrawn from the first
// and is not edited in any.
func TestStepNamesTheState(t *testing.T) {
	o := open(t)
	s, r := carried(t, o)
	o.do(s, "rep.chen", "papers.submit", r.Id, "")
	o.paper(r.Id, "in_review", "submit")
	if code := o.do(s, "rep.chen", "papers.withdraw", r.Id, ""); code != "" {
		t.Fatal(code)
	}
	o.paper(r.Id, "new", "submit")
	o.do(s, "rep.chen", "papers.submit", r.Id, "")
	_, rows := o.rows(r.Id)
	rows = rows[4:]
	o.do(s, "manager.wu", "approvals.approve", rows[0].Id, `{}`)
	o.paper(r.Id, "in_finance", "submit submit")
	if code := o.do(s, "rep.chen", "papers.withdraw", r.Id, ""); code != "approval.too_late" {
		t.Errorf("withdrawn after a decision: %q", code)
	}
	if code := o.do(s, "rep.chen", "papers.submit", r.Id, ""); code != "approval.state" {
		t.Errorf("submitted again: %q", code)
	}
	fresh, err := o.FindRecordById("papers", r.Id)
	if err != nil {
		t.Fatal(err)
	}
	fresh.Set("terms", "更长")
	p, _, _ := gate.ProblemOf(o.SaveWithContext(gate.With(context.Background(), gate.Actor{User: o.As("rep.chen")}), fresh))
	if p.Code != "approval.locked" {
		t.Errorf("edited while finance looks at it: %q", p.Code)
	}
	o.do(s, "finance.zhao", "approvals.approve", rows[1].Id, `{}`)
	o.paper(r.Id, "in_review", "submit submit")
}

// TestDecisionCarriesData: the kind judges them, who decides next signs what they
// left, and the signature covers them.
func TestDecisionCarriesData(t *testing.T) {
	o := open(t)
	s, r := carried(t, o)
	o.do(s, "rep.chen", "papers.submit", r.Id, "")
	_, rows := o.rows(r.Id)
	for args, want := range map[string]string{
		`{"data":{"terms":"60"}}`: "args.invalid", `{"data":{"other":1}}`: "args.invalid", `{"data":[]}`: "args.invalid", `{"date":{}}`: "args.invalid",
	} {
		if code := o.do(s, "manager.wu", "approvals.approve", rows[0].Id, args); code != want {
			t.Errorf("%s: %q", args, code)
		}
	}
	o.paper(r.Id, "in_review", "submit")
	if code := o.do(s, "manager.wu", "approvals.approve", rows[0].Id, `{"comment":"短","data":{"terms":"30 天"}}`); code != "" {
		t.Fatal(code)
	}
	o.paper(r.Id, "in_finance", "submit approve")
	_, rows = o.rows(r.Id)
	var signed, next, data map[string]any
	for field, into := range map[string]*map[string]any{"content": &signed, "data": &data} {
		if err := rows[0].UnmarshalJSONField(field, into); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows[1].UnmarshalJSONField("content", &next); err != nil {
		t.Fatal(err)
	}
	want := people.Signature{
		Subject: "papers/" + r.Id, Round: 1, Content: map[string]any{"terms": "30 天账期"}, Decision: "approve", Comment: "短",
		Approver: o.As("manager.wu").Id, At: rows[0].GetDateTime("at").Time(), Data: map[string]any{"terms": "30 天"},
	}
	if rows[0].GetString("signature_hash") != want.Hash() || data["terms"] != "30 天" || signed["terms"] != "30 天账期" || next["terms"] != "30 天" {
		t.Errorf("signed %v with %v, next %v", signed, data, next)
	}
	want.Data = nil
	if rows[0].GetString("signature_hash") == want.Hash() {
		t.Error("the signature does not cover the data")
	}

	// A delegate decides on what was left; of a step of several nobody changes anything.
	zhao, tang := o.As("finance.zhao").Id, o.As("market.tang").Id
	o.act("finance.zhao", "users", zhao, "delegate", map[string]any{"to": tang})
	if err := s.Run(context.Background(), o.App, o.Clock.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if code := o.do(s, "market.tang", "approvals.approve", rows[1].Id, `{}`); code != "" {
		t.Fatal(code)
	}
	if code := o.do(s, "reviewer.shen", "approvals.approve", rowOf(t, o, r.Id, "reviewer.shen").Id, `{"data":{"terms":"30"}}`); code != "approval.data_alone" {
		t.Errorf("one of two changes it: %q", code)
	}
	for _, who := range []string{"reviewer.shen", "executive.sun"} {
		if code := o.do(s, who, "approvals.approve", rowOf(t, o, r.Id, who).Id, `{}`); code != "" {
			t.Fatalf("%s: %s", who, code)
		}
	}
	o.paper(r.Id, "passed", "submit approve passed")
}

// TestDataOfAKindWithoutAny are refused.
func TestDataOfAKindWithoutAny(t *testing.T) {
	o := open(t)
	id := o.plan("2026")
	o.refused("director.lin", "POST", "/api/ka/annual_plans/"+id+"/submit", map[string]any{"memo": "x"}, "args.invalid")
	o.act("director.lin", "annual_plans", id, "submit", map[string]any{})
	_, rows := o.rows(id)
	o.refused("finance.zhao", "POST", "/api/ka/approvals/"+rows[0].Id+"/approve", map[string]any{"data": map[string]any{"budget_fen": 1}}, "args.invalid")
}

func rowOf(t *testing.T, o *office, id, who string) *core.Record {
	t.Helper()
	_, rows := o.rows(id)
	for _, r := range rows {
		if r.GetString("approver") == o.As(who).Id && r.GetString("state") != "withdrawn" {
			return r
		}
	}
	t.Fatalf("%s is not asked", who)
	return nil
}
