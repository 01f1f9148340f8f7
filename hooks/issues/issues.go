// Package issues binds the rules of customers' issues: who solves them, by when,
// who hears of it when they are late, and that the customer has the last word.
package issues

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Bind registers the area's events.
func Bind(app core.App, cfg gate.Config) {
	a := actions{now: cfg.Now}
	app.OnRecordCreate(issues).Bind(gate.Named("issueCreate", gate.Atomic(a.raised)))
	app.OnRecordUpdate(issues).Bind(gate.Named("issueUpdate", gate.Atomic(issueEdited)))
	app.OnRecordCreate(events).Bind(gate.Named("issueEventCreate", gate.Atomic(a.noted)))
	app.OnRecordUpdate(events).Bind(gate.Named("issueEventUpdate", eventKept))
}

// Keeps declares that what was said of an issue stays said.
func Keeps() gate.Keeps {
	return gate.Keeps{events: {Log: true, Moves: []string{"dept", "owner_dept"}}}
}

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	a := actions{now: cfg.Now}
	out := gate.Actions{}
	for _, step := range []string{
		domain.CaseAcknowledge, domain.CaseStart, domain.CaseWait, domain.CaseResume, domain.CaseResolve,
		domain.CaseConfirm, domain.CaseReopen, domain.CaseClose, domain.CaseMerge,
	} {
		out[issues+"."+step] = a.step(step)
	}
	out[issues+".route"] = a.route
	return out
}

// Jobs are the area's work of the clock.
func Jobs() []gate.Job {
	return []gate.Job{{Name: "issuesEscalate", Schedule: "*/10 * * * *", Run: Escalate}}
}

// Hangs declares that the history of an issue ends with it.
func Hangs() []gate.Hangs {
	return []gate.Hangs{{Child: events, Field: "issue", Parent: issues, Open: domain.CaseOpen, Code: "customer_issue.locked"}}
}

// OpenWork is what people solve, until it is closed.
func OpenWork() []gate.OpenWork {
	return []gate.OpenWork{{Collection: issues, Count: func(app core.App, user string) (int64, error) {
		return app.CountRecords(issues, dbx.HashExp{"owner": user}, dbx.Not(dbx.In("state", domain.CaseClosed, domain.CaseMerged)))
	}}}
}

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{issues: {Fields: []string{"state", "level", "owner_dept", "owner", "escalation"}, Create: true}}
}

type actions struct{ now func() time.Time }

// raised gives an issue its department, its clock and its number of repeats, and
// tells who is to solve it.
func (a actions) raised(e *core.RecordEvent) error {
	if err := gate.LockFields(e, filled...); err != nil {
		return err
	}
	account, err := gate.AccountOf(e.App, e.Record)
	if err != nil {
		return e.Next() // the relation's own validation refuses it
	}
	actor := gate.From(e).User
	if actor != nil && !gate.ByServer(e) && !gate.InLine(actor, account) && !serves(actor) {
		return gate.Refuse("record.not_allowed")
	}
	if state := stateOf(e.Record); !gate.ByServer(e) && state != "" && state != domain.CaseNew {
		return gate.RefuseField("state", "field.locked")
	}
	if !gate.ByServer(e) || stateOf(e.Record) == "" {
		begin(e.Record, account, gate.From(e).Author(), a.now())
	}
	if solverDept(e.Record) == "" {
		dept, err := deptOfKind(e.App, domain.CaseDepartment(kindOf(e.Record)))
		if err != nil {
			return err
		}
		setSolver(e.Record, dept)
	}
	if err := setDue(e.App, e.Record); err != nil {
		return err
	}
	if err := countRepeats(e.App, e.Record); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	ctx := gate.With(e.Context, gate.From(e))
	if err := a.log(ctx, e.App, e.Record, "raised", textOf(e.Record)); err != nil {
		return err
	}
	head, err := headOf(e.App, solverDept(e.Record))
	if err != nil {
		return err
	}
	return gate.Notify(ctx, e.App, a.now(), gate.Notice{User: head, Kind: "issue.raised", Link: linkOf(e.Record), Params: params(e.Record, account)})
}

// issueEdited keeps what steps and the server write, and all of what is over.
func issueEdited(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, append([]string{"state", "account", "dept", "owner_dept", "raised_at"}, filled...)...); err != nil {
		return err
	}
	if over(stateOf(e.Record.Original())) {
		return gate.Refuse("customer_issue.locked")
	}
	if levelOf(e.Record) != levelOf(e.Record.Original()) {
		if err := setDue(e.App, e.Record); err != nil {
			return err
		}
	}
	return e.Next()
}

// noted hangs an entry of the history on its issue.
func (a actions) noted(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, "account", "dept", "owner_dept", "at", "by"); err != nil {
		return err
	}
	issue, err := e.App.FindRecordById(issues, issueOf(e.Record))
	if err != nil {
		return gate.RefuseField("issue", "record.not_found")
	}
	hang(e.Record, issue, gate.From(e).Author(), a.now())
	return e.Next()
}

// eventKept: what was said stays said.
func eventKept(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	return gate.Refuse("customer_issue.event_kept")
}
