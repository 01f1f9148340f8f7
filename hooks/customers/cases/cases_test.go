package cases_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

type desk struct{ testapp.Desk }

func open(t *testing.T) desk { return desk{testapp.Open(t)} }

// raise saves an issue of rep.chen's account as a push does.
func (d desk) raise(who string, values map[string]any) (*core.Record, string) {
	issue := d.Blank("cases", map[string]any{"account": d.AccountOf("rep.chen").Id, "kind": "delivery", "level": "normal", "channel": "phone", "title": "少送两箱"}, values)
	return issue, d.SaveBy(who, issue)
}

// raised is one that nothing refuses.
func (d desk) raised(who string, values map[string]any) *core.Record {
	issue, refused := d.raise(who, values)
	d.Must(refused)
	return issue
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
	d := open(t)
	d.Clock.Set(at("2026-03-13T08:30:00Z")) // Friday 16:30
	for level, want := range map[string]string{
		"urgent": "03-13 18:30 03-14 16:30", "major": "03-17 11:30 03-20 16:30", "normal": "03-18 16:30 03-18 16:30",
	} {
		issue, code := d.raise("rep.chen", map[string]any{"level": level, "kind": "service"})
		if got := shanghai(issue, "first_response_due") + " " + shanghai(issue, "resolve_due"); code != "" || got != want {
			t.Errorf("%s: %s, want %s %s", level, got, want, code)
		}
	}
	issue := d.raised("rep.chen", nil)
	for _, c := range []struct{ when, who, step, args, want string }{
		{"2026-03-13T08:40:00Z", "rep.chen", "acknowledge", `{}`, "customer_issue.not_party"},
		{"2026-03-13T09:30:00Z", "service.qian", "start", `{}`, ""},
		{"2026-03-16T02:00:00Z", "service.qian", "wait", `{}`, "customer_issue.note_required"},
		{"2026-03-16T02:00:00Z", "service.qian", "wait", `{"note":"等客户提供单号"}`, ""},
		{"2026-03-19T02:00:00Z", "rep.chen", "resume", `{}`, ""},
	} {
		d.Clock.Set(at(c.when))
		t.Run(c.who+" "+c.step+" "+c.want, func(t *testing.T) {
			if got := d.Act(c.who, issue, c.step, c.args); got != c.want {
				t.Errorf("%s: %q", c.args, got)
			}
		})
	}
	issue = d.Fresh(issue)
	// 21.5 of its 24 office hours were left on Monday at ten.
	if got := shanghai(issue, "resolve_due"); got != "03-23 16:30" || issue.GetBool("first_late") || issue.GetString("owner") != d.As("service.qian").Id {
		t.Errorf("%s, %v", got, issue.PublicExport())
	}
}

// TestAnIssueBeginsAsNew: a phone that says so has its clocks set all the same,
// and none is born further on.
//
// policy: R3.3e H-ISS
func TestAnIssueBeginsAsNew(t *testing.T) {
	d := open(t)
	issue, code := d.raise("rep.chen", map[string]any{"state": "new"})
	if code != "" || issue.GetDateTime("raised_at").IsZero() || !firstAfter(issue) || issue.GetString("by") != d.As("rep.chen").Id {
		t.Errorf("%q %v", code, issue.PublicExport())
	}
	for _, state := range []string{"acknowledged", "confirmed", "closed"} {
		if _, code := d.raise("rep.chen", map[string]any{"state": state}); code != "field.locked state" {
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
	d := open(t)
	leave := func() string { return d.Set("admin.fang", d.As("service.qian"), "active", false) }
	issue := d.raised("rep.chen", nil)
	if code := d.Act("service.qian", issue, "start", `{}`); code != "" {
		t.Fatal(code)
	}
	if code := leave(); code != "org.open_work" {
		t.Errorf("with an issue: %q", code)
	}
	d.Force(issue, "closed")
	if code := leave(); code == "org.open_work" {
		t.Error("without one")
	}
}

// TestHIssClosedOnlyWhenTheCustomerConfirmed, and open again if he does not.
//
// policy: R3.3e H-ISS
func TestHIssClosedOnlyWhenTheCustomerConfirmed(t *testing.T) {
	d := open(t)
	issue := d.raised("rep.chen", nil)
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
		t.Run(c.who+" "+c.step+" "+c.want, func(t *testing.T) {
			if got := d.Act(c.who, issue, c.step, c.args); got != c.want {
				t.Errorf("%s: %q", c.args, got)
			}
		})
	}
	if n, _ := d.CountRecords("case_events", dbx.HashExp{"issue": issue.Id}); n != 7 {
		t.Errorf("its history has %d entries", n)
	}
}

// TestHIssEscalatesRungByRung, to whom it is due, each rung once.
//
// policy: R3.3e H-ISS
// policy: R2.9 issues.escalation
func TestHIssEscalatesRungByRung(t *testing.T) {
	d := open(t)
	d.Clock.Set(at("2026-03-16T01:00:00Z")) // Monday 09:00
	issue := d.raised("rep.chen", map[string]any{"level": "urgent"})
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
		d.Clock.Set(at(c.when))
		for range 2 {
			d.Job("issuesEscalate")
		}
		told := func(who string) int { return d.Told(who, "issue.escalated") }
		got := fmt.Sprint(d.Fresh(issue).GetInt("escalation"), told("manager.wu"), told("director.lin"), told("executive.sun"))
		if want := fmt.Sprint(c.rung, c.manager, c.head, c.exec); got != want {
			t.Errorf("%s: %s, want %s", c.when, got, want)
		}
	}
	if !d.Fresh(issue).GetBool("first_late") {
		t.Error("the first answer is not late")
	}
}

// TestHIssRepetitionNeedsPrevention: the third of a kind within 90 days.
//
// policy: R3.3e H-ISS
func TestHIssRepetitionNeedsPrevention(t *testing.T) {
	d := open(t)
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
		if got := d.Act(step[0], last, step[1], step[2]); got != "" {
			t.Fatal(got)
		}
	}
	if got := d.Act("service.qian", last, "close", `{}`); got != "customer_issue.prevention_required" {
		t.Error(got)
	}
	if got := d.Act("service.qian", last, "close", `{"action":"nosuchaction000"}`); got != "record.not_found action" {
		t.Error(got)
	}
}

// TestAnIssueGoesToWhoSolvesIt, and with it who sees it.
func TestAnIssueGoesToWhoSolvesIt(t *testing.T) {
	d := open(t)
	issue := d.raised("rep.chen", map[string]any{"kind": "billing"})
	sees := func(who string) bool {
		return d.Do(who, http.MethodGet, "/api/collections/cases/records/"+issue.Id, "").Code == http.StatusOK &&
			d.Do(who, http.MethodGet, "/api/collections/case_events/records?filter=issue='"+issue.Id+"'", "").Body.Len() > 100
	}
	if !sees("finance.zhao") || sees("product.guo") || sees("rep.he") || !sees("service.qian") {
		t.Error("seen by the wrong people")
	}
	if got := d.Act("finance.zhao", issue, "route", `{"dept":"`+d.As("product.guo").GetString("department")+`"}`); got != "" {
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
	if _, code := d.raise("rep.chen", map[string]any{"escalation": 3}); code != "field.locked escalation" {
		t.Error(code)
	}
}

// TestAnIssueIsMergedIntoAnother of the same account that is not over, and then
// goes nowhere.
//
// policy: R3.3e H-ISS
func TestAnIssueIsMergedIntoAnother(t *testing.T) {
	d := open(t)
	issue, other, over := d.raised("rep.chen", nil), d.raised("rep.chen", nil), d.raised("rep.chen", nil)
	foreign := d.raised("rep.ma", map[string]any{"account": d.AccountOf("rep.ma").Id})
	d.Force(over, "closed")
	into := func(r *core.Record) string { return `{"into":"` + r.Id + `"}` }
	for _, c := range []struct{ who, step, args, want string }{
		{"service.qian", "merge", `{}`, "record.not_found into"},
		{"service.qian", "merge", into(issue), "record.not_found into"},
		{"service.qian", "merge", into(over), "record.not_found into"},
		{"service.qian", "merge", into(foreign), "record.not_found into"},
		{"rep.chen", "route", `{}`, "customer_issue.not_party"},
		{"service.qian", "route", `{"dept":"nosuchdepartment"}`, "record.not_found dept"},
		{"service.qian", "route", `{"owner":"` + d.As("rep.chen").Id + `"}`, "record.not_found owner"},
		{"rep.chen", "merge", into(other), ""},
		{"service.qian", "route", `{}`, "customer_issue.locked"},
		{"rep.chen", "reopen", `{"note":"x"}`, "customer_issue.state"},
	} {
		t.Run(c.who+" "+c.step+" "+c.want, func(t *testing.T) {
			if got := d.Act(c.who, issue, c.step, c.args); got != c.want {
				t.Errorf("%s: %q", c.args, got)
			}
		})
	}
	if now := d.Fresh(issue); now.GetString("state") != "merged" || now.GetString("merged_into") != other.Id {
		t.Errorf("%v", now.PublicExport())
	}
	d.Expect("an edit of what is over", d.Set("rep.chen", issue, "title", "x"), "customer_issue.locked")
	entry := d.Blank("case_events", map[string]any{"issue": issue.Id, "kind": "note", "text": "x"})
	d.Expect("an entry of what is over", d.SaveBy("rep.chen", entry), "customer_issue.locked")
}
