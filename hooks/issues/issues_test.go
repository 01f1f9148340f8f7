package issues_test

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/hooks/issues"
	"satchel/internal/testapp"
)

type desk struct {
	t   *testing.T
	app *testapp.App
}

func (d desk) raise(who string, values map[string]any) (*core.Record, string) {
	d.t.Helper()
	coll, err := d.app.FindCachedCollectionByNameOrId("issues")
	if err != nil {
		d.t.Fatal(err)
	}
	record := core.NewRecord(coll)
	record.Load(map[string]any{"account": d.app.AccountOf("rep.chen").Id, "kind": "delivery", "level": "normal", "channel": "phone", "title": "少送两箱"})
	record.Load(values)
	err = d.app.SaveWithContext(gate.With(context.Background(), gate.Actor{User: d.app.As(who)}), record)
	if p, _, ok := gate.ProblemOf(err); ok {
		return record, p.Code
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return record, ""
}

func (d desk) act(who string, record *core.Record, action, args string) string {
	d.t.Helper()
	answer := d.app.Do(who, http.MethodPost, "/api/ka/issues/"+record.Id+"/"+action, args)
	if answer.Code == http.StatusOK {
		return ""
	}
	var body struct {
		Data struct {
			Code string `json:"code"`
		} `json:"data"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
		d.t.Fatalf("%s: %v", answer.Body, err)
	}
	return body.Data.Code
}

func (d desk) fresh(record *core.Record) *core.Record {
	d.t.Helper()
	found, err := d.app.FindRecordById("issues", record.Id)
	if err != nil {
		d.t.Fatal(err)
	}
	return found
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func shanghai(r *core.Record, field string) string {
	return r.GetDateTime(field).Time().In(time.FixedZone("", 8*3600)).Format("01-02 15:04")
}

// TestHIssClocksRespectWorkingTime: urgent counts day and night, the others
// office hours, and waiting for the customer stops the clock.
//
// policy: R3.3e H-ISS
func TestHIssClocksRespectWorkingTime(t *testing.T) {
	d := desk{t, testapp.New(t)}
	d.app.Clock.Set(at("2026-03-13T08:30:00Z")) // Friday 16:30
	for level, want := range map[string]string{
		"urgent": "03-13 18:30 03-14 16:30", "major": "03-17 11:30 03-20 16:30", "normal": "03-18 16:30 03-18 16:30",
	} {
		issue, code := d.raise("rep.chen", map[string]any{"level": level, "kind": "service"})
		if got := shanghai(issue, "first_response_due") + " " + shanghai(issue, "resolve_due"); code != "" || got != want {
			t.Errorf("%s: %s, want %s %s", level, got, want, code)
		}
	}
	issue, _ := d.raise("rep.chen", nil)
	for _, c := range []struct{ when, who, step, args, want string }{
		{"2026-03-13T08:40:00Z", "rep.chen", "acknowledge", `{}`, "customer_issue.not_party"},
		{"2026-03-13T09:30:00Z", "service.qian", "start", `{}`, ""},
		{"2026-03-16T02:00:00Z", "service.qian", "wait", `{}`, "customer_issue.note_required"},
		{"2026-03-16T02:00:00Z", "service.qian", "wait", `{"note":"等客户提供单号"}`, ""},
		{"2026-03-19T02:00:00Z", "rep.chen", "resume", `{}`, ""},
	} {
		d.app.Clock.Set(at(c.when))
		if got := d.act(c.who, issue, c.step, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.step, got, c.want)
		}
	}
	issue = d.fresh(issue)
	// 21.5 of its 24 office hours were left on Monday at ten.
	if got := shanghai(issue, "resolve_due"); got != "03-23 16:30" || issue.GetBool("first_late") || issue.GetString("owner") != d.app.As("service.qian").Id {
		t.Errorf("%s, %v", got, issue.PublicExport())
	}
}

// TestAnIssueBeginsAsNew: a phone that says so has its clocks set all the same,
// and none is born further on.
//
// policy: R3.3e H-ISS
func TestAnIssueBeginsAsNew(t *testing.T) {
	d := desk{t, testapp.New(t)}
	issue, code := d.raise("rep.chen", map[string]any{"state": "new"})
	if code != "" || issue.GetDateTime("raised_at").IsZero() || !firstAfter(issue) || issue.GetString("by") != d.app.As("rep.chen").Id {
		t.Errorf("%q %v", code, issue.PublicExport())
	}
	for _, state := range []string{"acknowledged", "confirmed", "closed"} {
		if _, code := d.raise("rep.chen", map[string]any{"state": state}); code != "field.locked" {
			t.Errorf("%s: %q", state, code)
		}
	}
}

func firstAfter(issue *core.Record) bool {
	return issue.GetDateTime("first_response_due").Time().After(issue.GetDateTime("raised_at").Time())
}

// TestWhoSolvesAnIssueHandsItOver before he leaves.
//
// policy: R2.1 H-ORG-4
func TestWhoSolvesAnIssueHandsItOver(t *testing.T) {
	d := desk{t, testapp.New(t)}
	leave := func() string {
		user := d.app.As("service.qian")
		user.Set("active", false)
		err := d.app.SaveWithContext(gate.With(t.Context(), gate.Actor{User: d.app.As("admin.fang")}), user)
		p, _, _ := gate.ProblemOf(err)
		return p.Code
	}
	issue, _ := d.raise("rep.chen", nil)
	if code := d.act("service.qian", issue, "start", `{}`); code != "" {
		t.Fatal(code)
	}
	if code := leave(); code != "org.open_work" {
		t.Errorf("with an issue: %q", code)
	}
	issue = d.fresh(issue)
	issue.Set("state", "closed")
	if err := d.app.SaveWithContext(gate.AsServer(t.Context()), issue); err != nil {
		t.Fatal(err)
	}
	if code := leave(); code == "org.open_work" {
		t.Error("without one")
	}
}

// TestHIssClosedOnlyWhenTheCustomerConfirmed, and open again if he does not.
//
// policy: R3.3e H-ISS
func TestHIssClosedOnlyWhenTheCustomerConfirmed(t *testing.T) {
	d := desk{t, testapp.New(t)}
	issue, _ := d.raise("rep.chen", nil)
	for _, c := range []struct{ who, step, args, want string }{
		{"service.qian", "acknowledge", `{}`, ""},
		{"service.qian", "resolve", `{"solution":"补送"}`, "customer_issue.cause_required"},
		{"service.qian", "resolve", `{"cause":"漏装","solution":"补送"}`, ""},
		{"service.qian", "close", `{}`, "customer_issue.not_confirmed"},
		{"service.qian", "confirm", `{"contact":"王店长"}`, "customer_issue.not_party"},
		{"rep.chen", "reopen", `{"note":"仍少一箱"}`, ""},
		{"service.qian", "resolve", `{"cause":"漏装","solution":"再补一箱"}`, ""},
		{"rep.chen", "confirm", `{}`, "customer_issue.contact_required"},
		{"rep.chen", "confirm", `{"contact":"王店长"}`, ""},
		{"rep.chen", "close", `{}`, ""},
		{"rep.he", "reopen", `{"note":"x"}`, "record.not_found"},
	} {
		if got := d.act(c.who, issue, c.step, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.step, got, c.want)
		}
	}
	if n, _ := d.app.CountRecords("issue_events", dbx.HashExp{"issue": issue.Id}); n != 7 {
		t.Errorf("its history has %d entries", n)
	}
}

// TestHIssEscalatesRungByRung, to whom it is due, each rung once.
//
// policy: R3.3e H-ISS
// policy: R2.9 issues.escalation
func TestHIssEscalatesRungByRung(t *testing.T) {
	d := desk{t, testapp.New(t)}
	d.app.Clock.Set(at("2026-03-16T01:00:00Z")) // Monday 09:00
	issue, _ := d.raise("rep.chen", map[string]any{"level": "urgent"})
	told := func(who string) int {
		n, err := d.app.CountRecords("notifications", dbx.HashExp{"user": d.app.As(who).Id, "kind": "issue.escalated"})
		if err != nil {
			t.Fatal(err)
		}
		return int(n)
	}
	for _, c := range []struct {
		when                      string
		rung, manager, head, exec int
	}{
		{"2026-03-16T03:00:00Z", 0, 0, 0, 0},
		{"2026-03-16T03:00:01Z", 1, 1, 0, 0},
		{"2026-03-16T08:00:00Z", 1, 1, 0, 0},
		{"2026-03-16T11:00:00Z", 2, 1, 1, 0},
		{"2026-03-17T03:00:00Z", 3, 1, 1, 1},
		{"2026-03-18T03:00:00Z", 3, 1, 1, 1},
	} {
		for range 2 {
			if err := issues.Escalate(d.app, at(c.when)); err != nil {
				t.Fatal(err)
			}
		}
		got := fmt.Sprint(d.fresh(issue).GetInt("escalation"), told("manager.wu"), told("director.lin"), told("executive.sun"))
		if want := fmt.Sprint(c.rung, c.manager, c.head, c.exec); got != want {
			t.Errorf("%s: %s, want %s", c.when, got, want)
		}
	}
	if !d.fresh(issue).GetBool("first_late") {
		t.Error("the first answer is not late")
	}
}

// TestHIssRepetitionNeedsPrevention: the third of a kind within 90 days.
//
// policy: R3.3e H-ISS
func TestHIssRepetitionNeedsPrevention(t *testing.T) {
	d := desk{t, testapp.New(t)}
	var last *core.Record
	for i, kind := range []string{"delivery", "delivery", "quality", "delivery"} {
		issue, code := d.raise("rep.chen", map[string]any{"kind": kind, "title": fmt.Sprint(kind, i)})
		if code != "" {
			t.Fatal(code)
		}
		last = issue
	}
	if last.GetInt("repeats") != 3 {
		t.Fatalf("it repeats %d times", last.GetInt("repeats"))
	}
	for _, step := range [][3]string{{"service.qian", "acknowledge", `{}`}, {"service.qian", "resolve", `{"cause":"漏装","solution":"补送"}`}, {"rep.chen", "confirm", `{"contact":"王店长"}`}} {
		if got := d.act(step[0], last, step[1], step[2]); got != "" {
			t.Fatal(got)
		}
	}
	if got := d.act("service.qian", last, "close", `{}`); got != "customer_issue.prevention_required" {
		t.Error(got)
	}
	if got := d.act("service.qian", last, "close", `{"action":"nosuchaction000"}`); got != "record.not_found" {
		t.Error(got)
	}
}

// TestAnIssueGoesToWhoSolvesIt, and with it who sees it.
func TestAnIssueGoesToWhoSolvesIt(t *testing.T) {
	d := desk{t, testapp.New(t)}
	issue, _ := d.raise("rep.chen", map[string]any{"kind": "billing"})
	sees := func(who string) bool {
		return d.app.Do(who, http.MethodGet, "/api/collections/issues/records/"+issue.Id, "").Code == http.StatusOK &&
			d.app.Do(who, http.MethodGet, "/api/collections/issue_events/records?filter=issue='"+issue.Id+"'", "").Body.Len() > 100
	}
	if !sees("finance.zhao") || sees("product.guo") || sees("rep.he") || !sees("service.qian") {
		t.Error("seen by the wrong people")
	}
	if got := d.act("finance.zhao", issue, "route", `{"dept":"`+d.app.As("product.guo").GetString("department")+`"}`); got != "" {
		t.Fatal(got)
	}
	if sees("finance.zhao") || !sees("product.guo") {
		t.Error("it did not go with its department")
	}
	if _, code := d.raise("rep.ma", nil); code != "record.not_allowed" {
		t.Errorf("raised for another's account: %q", code)
	}
	if _, code := d.raise("service.qian", nil); code != "" {
		t.Errorf("the service cannot raise: %q", code)
	}
	if _, code := d.raise("rep.chen", map[string]any{"escalation": 3}); code != "field.locked" {
		t.Error(code)
	}
}
