package cases

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// events are the history of an issue: it ends with it, and what was said stays said.
func events(a actions) kit.Collection {
	return kit.Collection{
		Name: records.CaseEventTable,
		Server: []string{
			records.CaseEventColAccount, records.CaseEventColDept, records.CaseEventColOwnerDept, records.CaseEventColAt, records.CaseEventColBy,
		},
		Within:  &kit.Within{Field: records.CaseEventColIssue, Parent: records.CaseTable, Open: customers.CaseMachine.Editable(), Refusal: customers.CaseLocked},
		Keep:    &gate.Keep{Log: true, Moves: []string{records.CaseEventColDept, records.CaseEventColOwnerDept}},
		Follows: "EXISTS (SELECT 1 FROM cases i WHERE i.id = t.issue AND i.state NOT IN ('closed', 'merged'))",
		Rules: []kit.Rule{
			kit.On(kit.Create, records.CaseEvents, "issueEventCreate", a.noted),
			kit.On(kit.Update, records.CaseEvents, "issueEventUpdate", kept),
		},
	}
}

// noted hangs an entry of the history on its issue.
func (a actions) noted(e *kit.Change[records.CaseEvent]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	issue, found, err := records.Cases.Find(e.App, e.Row.Issue())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.CaseEventColIssue, "record.not_found")
	}
	hang(e.Row, issue, gate.From(e.RecordEvent).Author(), a.now())
	return e.Next()
}

// kept: what was said stays said.
func kept(e *kit.Change[records.CaseEvent]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	return gate.Refuse("customer_issue.event_kept")
}

// hang fills what an entry needs to be found by those who see its issue.
func hang(entry records.CaseEvent, issue records.Case, author *core.Record, at time.Time) {
	entry.SetAccount(issue.Account())
	entry.SetDept(issue.Dept())
	entry.SetOwnerDept(issue.OwnerDept())
	entry.SetAt(at)
	if author != nil {
		entry.SetBy(records.UserID(author.Id))
	}
}

// log adds an entry to the history.
func (a actions) log(ctx context.Context, tx core.App, issue records.Case, kind, text string) error {
	entry, err := records.CaseEvents.New(tx)
	if err != nil {
		return err
	}
	entry.SetIssue(issue.ID())
	entry.SetKind(kind)
	entry.SetText(text)
	hang(entry, issue, gate.Of(ctx).Author(), a.now())
	if err := tx.SaveWithContext(gate.AsServer(ctx), entry.Raw()); err != nil {
		return fmt.Errorf("log a step of an issue: %w", err)
	}
	return nil
}

// follow shows the history to the department that the issue went to.
func follow(tx core.App, issue records.Case) error {
	entries, err := records.CaseEvents.All(tx, "issue = {:i}", dbx.Params{"i": issue.ID()}, "")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		entry.SetOwnerDept(issue.OwnerDept())
		if err := tx.SaveWithContext(gate.AsServer(context.Background()), entry.Raw()); err != nil {
			return fmt.Errorf("hand on the history of an issue: %w", err)
		}
	}
	return nil
}
