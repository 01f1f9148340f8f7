// Package cases binds the rules of customers' issues: who solves them, by when,
// who hears of it when they are late, and that the customer has the last word.
package cases

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	// Standard is the service standard in force on a day, Channel the active
	// channel of an account; not found where there is none.
	Standard func(app core.App, day string) (records.ServiceStandard, bool, error)
	Channel  func(app core.App, account records.AccountID) (records.ServiceChannel, bool, error)
}

// Area is what customers' issues are.
func Area(cfg Config) kit.Area {
	a := actions{now: cfg.Now, standard: cfg.Standard, channel: cfg.Channel}
	return kit.Area{
		Name: "cases",
		Collections: []kit.Collection{
			{
				Name:    records.CaseTable,
				Machine: &customers.CaseMachine,
				Parties: kit.Parties(records.Cases, parties),
				Server: []string{
					records.CaseColFirstResponseDue, records.CaseColResolveDue, records.CaseColRespondedAt, records.CaseColPausedAt,
					records.CaseColResolvedAt, records.CaseColConfirmedAt, records.CaseColConfirmedBy, records.CaseColClosedAt,
					records.CaseColFirstLate, records.CaseColResolveLate, records.CaseColEscalation, records.CaseColTold,
					records.CaseColCause, records.CaseColSolution, records.CaseColRepeats, records.CaseColPrevention,
					records.CaseColMergedInto, records.CaseColOwner, records.CaseColSource, records.CaseColStandard,
					records.CaseColFault, records.CaseColResponsible, records.CaseColResponsibleBy, records.CaseColResponsibleAt, records.CaseColResponsibleNote,
				},
				Once: []string{records.CaseColAccount, records.CaseColDept, records.CaseColOwnerDept, records.CaseColRaisedAt},
				Audit: gate.Audit{
					Fields: []string{
						records.CaseColState, records.CaseColLevel, records.CaseColOwnerDept, records.CaseColOwner, records.CaseColEscalation,
						records.CaseColFault, records.CaseColResponsible, records.CaseColResponsibleNote,
					},
					Create: true,
				},
				Follows: "t.state NOT IN ('closed', 'merged')",
				Open:    kit.Open(records.Cases, "owner = {:user} AND state NOT IN ('closed', 'merged')"),
				Rules: []kit.Rule{
					kit.On(kit.Create, records.Cases, "issueCreate", a.raised),
					kit.On(kit.Update, records.Cases, "issueUpdate", a.edited),
				},
			},
			events(a),
		},
		Actions: []kit.Action{
			a.step(customers.CaseAcknowledge, a.respond),
			a.step(customers.CaseStart, a.respond),
			a.step(customers.CaseWait, a.wait),
			a.step(customers.CaseResume, a.resume),
			a.step(customers.CaseResolve, a.resolve),
			a.step(customers.CaseConfirm, a.confirm),
			a.step(customers.CaseReopen, a.reopen),
			kit.Guarded(records.Cases, a.step(customers.CaseClose, a.close), guards),
			a.step(customers.CaseMerge, merge),
			kit.Guarded(records.Cases, kit.Do(records.Cases, customers.CaseRoute, a.route), guards),
			kit.Do(records.Cases, customers.CaseAttribute, a.attribute),
		},
		Jobs:  []gate.Job{{Name: "issuesEscalate", Schedule: "*/10 * * * *", Run: a.escalateAll}},
		Takes: gate.Routes{field.RouteIssue: routed},
	}
}

type actions struct {
	now      func() time.Time
	standard func(app core.App, day string) (records.ServiceStandard, bool, error)
	channel  func(app core.App, account records.AccountID) (records.ServiceChannel, bool, error)
}

// raised gives an issue its department, its clock and its number of repeats, and
// tells who is to solve it.
func (a actions) raised(e *kit.Change[records.Case]) error {
	issue := e.Row
	account, found, err := records.Accounts.Find(e.App, issue.Account())
	if err != nil {
		return err
	}
	if !found {
		return e.Next() // the relation's own validation refuses it
	}
	server := gate.ByServer(e.RecordEvent)
	if actor := gate.From(e.RecordEvent).User; actor != nil && !server && !gate.OnTeam(actor, account.Raw()) && !serves(records.Users.Of(actor)) {
		return gate.Refuse("record.not_allowed")
	}
	if !server || issue.RaisedAt().IsZero() {
		begin(issue, account, gate.From(e.RecordEvent).Author(), a.now())
	}
	if issue.OwnerDept() == "" {
		if err := setSolver(e.App, issue); err != nil {
			return err
		}
	}
	if err := a.setStandard(e.App, issue); err != nil {
		return err
	}
	if err := a.setDue(e.App, issue); err != nil {
		return err
	}
	if err := countRepeats(e.App, issue); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	ctx := gate.With(e.Context, gate.From(e.RecordEvent))
	if err := a.log(ctx, e.App, issue, "raised", issue.Text()); err != nil {
		return err
	}
	return a.tellSolvers(ctx, e.App, issue, account)
}

// tellSolvers tells the head of the department that solves it, and who answers
// the account's channel.
func (a actions) tellSolvers(ctx context.Context, app core.App, issue records.Case, account records.Account) error {
	head, err := headOf(app, issue.OwnerDept())
	if err != nil {
		return err
	}
	notices := []gate.Notice{{User: string(head), Kind: "issue.raised", Link: linkOf(issue), Params: params(issue, account)}}
	channel, found, err := a.channel(app, account.ID())
	if err != nil {
		return err
	}
	if found && channel.Owner() != head {
		notices = append(notices, gate.Notice{User: string(channel.Owner()), Kind: "issue.raised", Link: linkOf(issue), Params: params(issue, account)})
	}
	return gate.Notify(ctx, app, a.now(), notices...)
}

// credible is how long ago an issue may have been raised, as the phone says.
const credible = 30 * 24 * time.Hour

func begin(issue records.Case, account records.Account, author *core.Record, now time.Time) {
	issue.SetDept(account.Dept())
	if author != nil {
		issue.SetBy(records.UserID(author.Id))
	}
	if at := issue.RaisedAt(); at.After(now) || now.Sub(at) > credible { // a phone's clock, or none
		issue.SetRaisedAt(now)
	}
}

// edited keeps all of what is over, and the due times to the level.
func (a actions) edited(e *kit.Change[records.Case]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if over(e.Before()) {
		return gate.Refuse(customers.CaseLocked)
	}
	if e.Row.Level() != e.Before().Level() {
		if err := a.setDue(e.App, e.Row); err != nil {
			return err
		}
	}
	return e.Next()
}

func linkOf(issue records.Case) string { return records.CaseTable + "/" + string(issue.ID()) }

func params(issue records.Case, account records.Account) map[string]any {
	return map[string]any{"account": account.Name(), "title": issue.Title(), "level": string(issue.Level())}
}
