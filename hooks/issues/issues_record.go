package issues

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	issues       = "issues"
	events       = "issue_events"
	improvements = "improvement_actions"
)

// filled is what steps and the server write.
var filled = []string{
	"first_response_due", "resolve_due", "responded_at", "paused_at", "resolved_at", "confirmed_at", "confirmed_by", "closed_at",
	"first_late", "resolve_late", "escalation", "told", "cause", "solution", "repeats", "prevention", "merged_into", "owner", "source",
}

func accountOf(r *core.Record) string        { return r.GetString("account") }
func ownerOf(r *core.Record) string          { return r.GetString("owner") }
func managerOf(r *core.Record) string        { return r.GetString("manager") }
func deptOf(r *core.Record) string           { return r.GetString("dept") }
func stateOf(r *core.Record) string          { return r.GetString("state") }
func kindOf(r *core.Record) string           { return r.GetString("kind") }
func levelOf(r *core.Record) string          { return r.GetString("level") }
func textOf(r *core.Record) string           { return r.GetString("text") }
func issueOf(r *core.Record) string          { return r.GetString("issue") }
func solverDept(r *core.Record) string       { return r.GetString("owner_dept") }
func raisedAt(r *core.Record) time.Time      { return r.GetDateTime("raised_at").Time() }
func firstDue(r *core.Record) time.Time      { return r.GetDateTime("first_response_due").Time() }
func resolveDue(r *core.Record) time.Time    { return r.GetDateTime("resolve_due").Time() }
func pausedAt(r *core.Record) time.Time      { return r.GetDateTime("paused_at").Time() }
func repeatsOf(r *core.Record) int           { return r.GetInt("repeats") }
func rungOf(r *core.Record) int              { return r.GetInt("escalation") }
func preventionOf(r *core.Record) string     { return r.GetString("prevention") }
func setState(r *core.Record, state string)  { r.Set("state", state) }
func setSolver(r *core.Record, dept string)  { r.Set("owner_dept", dept) }
func setOwner(r *core.Record, user string)   { r.Set("owner", user) }
func setRepeats(r *core.Record, n int)       { r.Set("repeats", n) }
func setPaused(r *core.Record, at time.Time) { r.Set("paused_at", at) }
func setMerged(r *core.Record, into string)  { r.Set("merged_into", into) }
func setClosed(r *core.Record, at time.Time) { r.Set("closed_at", at) }
func linkOf(r *core.Record) string           { return issues + "/" + r.Id }

func setPrevention(r *core.Record, action string) { r.Set("prevention", action) }

// serves tells whether a user is of the service, which looks after every issue.
func serves(user *core.Record) bool { return user.GetString("role") == "service" }

func worksIn(user *core.Record, dept string) bool {
	return dept != "" && user.GetString("department") == dept
}

func over(state string) bool { return state == domain.CaseClosed || state == domain.CaseMerged }

// credible is how long ago an issue may have been raised, as the phone says.
const credible = 30 * 24 * time.Hour

func begin(r, account, author *core.Record, now time.Time) {
	r.Set("state", domain.CaseNew)
	r.Set("dept", deptOf(account))
	if author != nil {
		r.Set("by", author.Id)
	}
	if at := raisedAt(r); at.After(now) || now.Sub(at) > credible { // a phone's clock, or none
		r.Set("raised_at", now)
	}
}

func setDueTimes(r *core.Record, first, solve time.Time) {
	r.Set("first_response_due", first)
	r.Set("resolve_due", solve)
}

// setResponded stops the first clock, once.
func setResponded(r *core.Record, by string, at time.Time) {
	if !r.GetDateTime("responded_at").IsZero() {
		return
	}
	r.Set("responded_at", at)
	r.Set("first_late", at.After(firstDue(r)))
	if ownerOf(r) == "" {
		setOwner(r, by)
	}
}

func setResumed(r *core.Record, due time.Time) {
	r.Set("resolve_due", due)
	r.Set("paused_at", "")
}

func setResolved(r *core.Record, cause, solution string, at time.Time) {
	r.Set("cause", cause)
	r.Set("solution", solution)
	r.Set("resolved_at", at)
	r.Set("resolve_late", at.After(resolveDue(r)))
}

func setConfirmed(r *core.Record, contact string, at time.Time) {
	r.Set("confirmed_by", contact)
	r.Set("confirmed_at", at)
}

// setDueAgain: what was not solved has the time of its level once more.
func setDueAgain(app core.App, r *core.Record, now time.Time) error {
	raised := raisedAt(r)
	first := firstDue(r)
	r.Set("raised_at", now)
	if err := setDue(app, r); err != nil {
		return err
	}
	r.Set("raised_at", raised)
	r.Set("first_response_due", first)
	for _, field := range []string{"resolved_at", "confirmed_at", "confirmed_by", "closed_at", "paused_at"} {
		r.Set(field, "")
	}
	r.Set("escalation", 0)
	return nil
}

func setRung(r *core.Record, rung int, now time.Time) {
	r.Set("escalation", rung)
	if now.After(firstDue(r)) && r.GetDateTime("responded_at").IsZero() {
		r.Set("first_late", true)
	}
	if now.After(resolveDue(r)) {
		r.Set("resolve_late", true)
	}
}

// hang fills what an entry needs to be found by those who see its issue.
func hang(r, issue, author *core.Record, at time.Time) {
	for _, f := range []string{"account", "dept", "owner_dept"} {
		r.Set(f, issue.GetString(f))
	}
	r.Set("at", at)
	if author != nil {
		r.Set("by", author.Id)
	}
}

// follow shows the history to the department that the issue went to.
func follow(txApp core.App, issue *core.Record) error {
	rows, err := txApp.FindAllRecords(events, dbx.HashExp{"issue": issue.Id})
	if err != nil {
		return fmt.Errorf("failed to read the history of an issue: %w", err)
	}
	for _, r := range rows {
		r.Set("owner_dept", solverDept(issue))
		if err := txApp.SaveWithContext(gate.AsServer(context.Background()), r); err != nil {
			return fmt.Errorf("failed to hand on the history of an issue: %w", err)
		}
	}
	return nil
}

func params(issue, account *core.Record) map[string]any {
	return map[string]any{"account": account.GetString("name"), "title": issue.GetString("title"), "level": levelOf(issue)}
}

// fromRouted is an issue that came out of something else.
func fromRouted(r *core.Record, in gate.Routed) {
	title := []rune(in.Text)
	r.Load(map[string]any{
		"account": in.Account, "by": in.Owner, "visit": in.Visit, "product": in.Product, "kind": domain.CaseKind(in.Theme), "level": "normal",
		"channel": "visit", "title": string(title[:min(len(title), 40)]), "text": in.Text, "owner_dept": in.Department, "source": in.Source,
	})
}
