package approvals_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/approvals"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
)

// paperTable is a collection with the fields of what is approved.
func paperTable(t *testing.T, o *office) *core.Collection {
	t.Helper()
	users, err := o.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	coll := core.NewBaseCollection("papers")
	coll.Fields.Add(
		&core.RelationField{Name: "by", CollectionId: users.Id, MaxSelect: 1}, &core.TextField{Name: "terms"}, &core.TextField{Name: "memo"},
		&core.TextField{Name: "phase"}, &core.RelationField{Name: "reviewers", CollectionId: users.Id, MaxSelect: 50},
		&core.NumberField{Name: "approval_round"}, &core.DateField{Name: "submitted_at"}, &core.TextField{Name: "decision_comment"}, &core.TextField{Name: "trace"},
	)
	coll.ViewRule, coll.UpdateRule = types.Pointer(""), types.Pointer("")
	if err := o.Save(coll); err != nil {
		t.Fatal(err)
	}
	return coll
}

// papers is a kind of its own: reviewed by finance and legal in parallel, then
// by any of two people, and begun anew at each edit.
func papers(t *testing.T, o *office) (*approvals.Service, *core.Record) {
	t.Helper()
	coll := paperTable(t, o)
	trace := func(word string) func(ctx context.Context, txApp core.App, subject *core.Record) error {
		return func(_ context.Context, _ core.App, subject *core.Record) error {
			subject.Set("trace", strings.TrimSpace(subject.GetString("trace")+" "+word))
			return nil
		}
	}
	s := approvals.New(gate.Config{Now: o.Clock.Now}, kit.Approval{
		Collection: "papers", Author: "by", State: "phase", Content: []string{"terms"}, EditResets: true,
		States: kit.States{Draft: "new", Submitted: "in_review", Approved: "passed", Rejected: "new", Returned: "new"},
		Route: func(core.App, *core.Record) ([]people.ApprovalStep, error) {
			return []people.ApprovalStep{
				{Key: "review", By: people.ByDepts, Depts: []string{"finance", "legal"}, DueHours: 8},
				{Key: "anybody", By: people.ByRole, Role: "ka_manager", Any: true},
			}, nil
		},
		OnSubmit: trace("submit"), OnWithdrawn: trace("withdrawn"), OnApproved: trace("approved"), OnRejected: trace("rejected"), OnReturned: trace("returned"),
		OnStep: func(_ context.Context, _ core.App, subject *core.Record, step string) error {
			return trace("step:"+step)(context.Background(), nil, subject)
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

// do runs an action as a person, in a transaction as the callers do.
func (o *office) do(s *approvals.Service, name, action, id, args string) string {
	o.t.Helper()
	collection, _, _ := strings.Cut(action, ".")
	err := o.RunInTransaction(func(txApp core.App) error {
		r, err := txApp.FindRecordById(collection, id)
		if err != nil {
			return err
		}
		return kit.Collect(s.Area()).Actions()[action](gate.With(context.Background(), gate.Actor{User: o.As(name)}), txApp, r, []byte(args))
	})
	if p, _, ok := gate.ProblemOf(err); ok {
		return p.Code
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return ""
}

func (o *office) paper(id, phase, trace string) {
	o.t.Helper()
	r, err := o.FindRecordById("papers", id)
	if err != nil {
		o.t.Fatal(err)
	}
	if r.GetString("phase") != phase || r.GetString("trace") != trace {
		o.t.Errorf("the paper is %s (%s), not %s (%s)", r.GetString("phase"), r.GetString("trace"), phase, trace)
	}
}

// TestParallelAndAny: all departments must pass, of a team any one.
func TestParallelAndAny(t *testing.T) {
	o := open(t)
	s, r := papers(t, o)
	if code := o.do(s, "rep.chen", "papers.submit", r.Id, ""); code != "" {
		t.Fatal(code)
	}
	rows := o.expect(r.Id, "1.1 review finance.zhao pending", "1.1 review reviewer.shen pending",
		"1.2 anybody manager.hu waiting", "1.2 anybody manager.wu waiting", "1.2 anybody manager.xu waiting")
	o.do(s, "reviewer.shen", "approvals.approve", rows[1].Id, `{}`)
	o.expect(r.Id, "1.1 review finance.zhao pending", "1.1 review reviewer.shen approved",
		"1.2 anybody manager.hu waiting", "1.2 anybody manager.wu waiting", "1.2 anybody manager.xu waiting")
	o.do(s, "finance.zhao", "approvals.approve", rows[0].Id, `{}`)
	if code := o.do(s, "manager.xu", "approvals.approve", rows[4].Id, `{"comment":"可以"}`); code != "" {
		t.Fatal(code)
	}
	o.expect(r.Id, "1.1 review finance.zhao approved", "1.1 review reviewer.shen approved",
		"1.2 anybody manager.hu passed", "1.2 anybody manager.wu passed", "1.2 anybody manager.xu approved")
	if code := o.do(s, "manager.wu", "approvals.approve", rows[3].Id, `{}`); code != "approval.decided" {
		t.Errorf("a colleague decides again: %q", code)
	}
	o.paper(r.Id, "passed", "submit step:anybody approved")
}

// policy: R3.2f H-CON-2
//
// TestEditBeginsAnew: what was approved is of the past, nobody signs what he has
// not seen, and what is not signed may change.
func TestEditBeginsAnew(t *testing.T) {
	o := open(t)
	s, r := papers(t, o)
	o.do(s, "rep.chen", "papers.submit", r.Id, "")
	_, rows := o.rows(r.Id)
	o.do(s, "reviewer.shen", "approvals.approve", rows[1].Id, `{}`)
	edit := func(field, value string) string {
		t.Helper()
		fresh, err := o.FindRecordById("papers", r.Id)
		if err != nil {
			t.Fatal(err)
		}
		fresh.Set(field, value)
		p, _, _ := gate.ProblemOf(o.SaveWithContext(gate.With(context.Background(), gate.Actor{User: o.As("rep.chen")}), fresh))
		return p.Code
	}
	if code := edit("memo", "催一下"); code != "" {
		t.Fatal(code)
	}
	if got, _ := o.rows(r.Id); len(got) != 5 {
		t.Fatalf("a memo begins anew: %v", got)
	}
	if code := edit("terms", "60 天账期"); code != "" {
		t.Fatal(code)
	}
	o.expect(r.Id, "1.1 review finance.zhao stale", "1.1 review reviewer.shen stale",
		"1.2 anybody manager.hu stale", "1.2 anybody manager.wu stale", "1.2 anybody manager.xu stale",
		"2.1 review finance.zhao pending", "2.1 review reviewer.shen pending",
		"2.2 anybody manager.hu waiting", "2.2 anybody manager.wu waiting", "2.2 anybody manager.xu waiting")
	if code := o.do(s, "finance.zhao", "approvals.approve", rows[0].Id, `{}`); code != "approval.stale" {
		t.Errorf("what is of the past is signed: %q", code)
	}
	if n, err := o.CountRecords("notifications", dbx.HashExp{"user": o.As("reviewer.shen").Id, "kind": "approval.reset"}); err != nil || n != 1 {
		t.Errorf("who had approved was told %d times, %v", n, err)
	}
	// A change past the hooks is seen, too.
	if _, err := o.DB().Update("papers", dbx.Params{"terms": "90 天账期"}, dbx.HashExp{"id": r.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	_, rows = o.rows(r.Id)
	if code := o.do(s, "finance.zhao", "approvals.approve", rows[5].Id, `{}`); code != "approval.stale" {
		t.Errorf("what nobody submitted is signed: %q", code)
	}
	o.paper(r.Id, "in_review", "submit")
}

// TestSignatureStandsForTheContent: it can be computed again from the row.
func TestSignatureStandsForTheContent(t *testing.T) {
	o := open(t)
	s, r := papers(t, o)
	o.do(s, "rep.chen", "papers.submit", r.Id, "")
	_, rows := o.rows(r.Id)
	o.do(s, "finance.zhao", "approvals.reject", rows[0].Id, `{"comment":"账期过长"}`)
	_, rows = o.rows(r.Id)
	row := rows[0]
	content := map[string]any{}
	if err := row.UnmarshalJSONField("content", &content); err != nil {
		t.Fatal(err)
	}
	want := people.Signature{
		Subject: "papers/" + r.Id, Round: 1, Content: content, Decision: "reject", Comment: "账期过长", Approver: o.As("finance.zhao").Id, At: row.GetDateTime("at").Time(),
	}
	if row.GetString("signature_hash") != want.Hash() || content["terms"] != "30 天账期" || row.GetString("content_hash") != people.ContentHash(content) {
		t.Errorf("%v", row.PublicExport())
	}
	o.paper(r.Id, "new", "submit rejected")
}

// TestDelegateDecides while the approver is away: what was routed before follows
// him there and back, and who gets it sees it.
func TestDelegateDecides(t *testing.T) {
	o := open(t)
	id := o.plan("2026")
	o.act("director.lin", "annual_plans", id, "submit", map[string]any{})
	_, rows := o.rows(id)
	path := "/api/collections/annual_plans/records/" + id
	if status, _, _ := o.ask("market.tang", "GET", path, nil); status == 200 {
		t.Fatal("marketing sees the plan already")
	}
	zhao, tang := o.As("finance.zhao").Id, o.As("market.tang").Id
	o.act("finance.zhao", "users", zhao, "delegate", map[string]any{"to": tang, "from": "2026-03-17", "until": "2026-03-18"})
	run := func() {
		t.Helper()
		for range 2 {
			if err := o.Bound.Approvals.Run(o.App, o.Clock.Now()); err != nil {
				t.Fatal(err)
			}
		}
	}
	run()
	o.expect(id, "1.1 finance finance.zhao pending", "1.2 management executive.sun waiting")
	o.Clock.Advance(24 * time.Hour)
	run()
	o.expect(id, "1.1 finance market.tang pending", "1.2 management executive.sun waiting")
	o.must("market.tang", "GET", path, nil)
	o.refused("finance.zhao", "POST", "/api/ka/approvals/"+rows[0].Id+"/approve", map[string]any{}, "approval.not_approver")
	o.Clock.Advance(48 * time.Hour)
	run()
	o.expect(id, "1.1 finance finance.zhao pending", "1.2 management executive.sun waiting")
	o.act("finance.zhao", "users", zhao, "delegate", map[string]any{"to": tang})
	run()
	o.act("market.tang", "approvals", rows[0].Id, "approve", map[string]any{})
	r, err := o.FindRecordById("approvals", rows[0].Id)
	if err != nil || r.GetString("delegated_from") != zhao || r.GetString("signature_hash") == "" {
		t.Errorf("%v %v", r, err)
	}
	// Who leaves at once is passed by upward; the top is the next step already.
	sun := o.As("executive.sun")
	sun.Set("active", false)
	if err := o.Override(sun); err != nil {
		t.Fatal(err)
	}
	run()
	o.expect(id, "1.1 finance market.tang approved", "1.2 management executive.sun pending") // nobody is above him
}

// TestDeadlines: two working days by default; recalled before, and after it to
// the superior, too; once each.
func TestDeadlines(t *testing.T) {
	o := open(t) // Monday 08:30
	id := o.plan("2026")
	o.act("director.lin", "annual_plans", id, "submit", map[string]any{})
	_, rows := o.rows(id)
	if due := domain.BusinessTime(rows[0].GetDateTime("due_at").Time()); due != "2026-03-17 18:00" {
		t.Errorf("due at %s", due)
	}
	told := func(when string, due, overdue, escalated int64) {
		t.Helper()
		for range 2 {
			if err := o.Bound.Approvals.Run(o.App, o.Clock.Now()); err != nil {
				t.Fatal(err)
			}
		}
		for kind, want := range map[string]int64{"approval.due": due, "approval.overdue": overdue, "approval.escalated": escalated} {
			user := "finance.zhao"
			if kind == "approval.escalated" {
				user = "executive.sun"
			}
			if n, err := o.CountRecords("notifications", dbx.HashExp{"user": o.As(user).Id, "kind": kind}); err != nil || n != want {
				t.Errorf("%s: %s %d times, not %d", when, kind, n, want)
			}
		}
	}
	told("at first", 0, 0, 0)
	o.Clock.Set(time.Date(2026, 3, 17, 5, 59, 0, 0, time.UTC)) // 13:59, four hours and a minute of work before
	told("a minute early", 0, 0, 0)
	o.Clock.Set(time.Date(2026, 3, 17, 6, 0, 0, 0, time.UTC))
	told("four hours before", 1, 0, 0)
	o.Clock.Set(time.Date(2026, 3, 17, 10, 0, 0, 0, time.UTC))
	told("at the deadline", 1, 1, 1)
	o.Clock.Advance(72 * time.Hour)
	told("days after", 1, 1, 1)
}
