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
		Name: records.IssueEventTable,
		Server: []string{
			records.IssueEventColAccount, records.IssueEventColDept, records.IssueEventColOwnerDept, records.IssueEventColAt, records.IssueEventColBy,
		},
		Within:  &kit.Within{Field: records.IssueEventColIssue, Parent: records.IssueTable, Open: customers.CaseMachine.Editable(), Refusal: customers.CaseLocked},
		Keep:    &gate.Keep{Log: true, Moves: []string{records.IssueEventColDept, records.IssueEventColOwnerDept}},
		Follows: "EXISTS (SELECT 1 FROM issues i WHERE i.id = t.issue AND i.state NOT IN ('closed', 'merged'))",
		Rules: []kit.Rule{
			kit.On(kit.Create, records.IssueEvents, "issueEventCreate", a.noted),
			kit.On(kit.Update, records.IssueEvents, "issueEventUpdate", kept),
		},
	}
}

// noted hangs an entry of the history on its issue.
func (a actions) noted(e *kit.Change[records.IssueEvent]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	issue, found, err := records.Issues.Find(e.App, e.Row.Issue())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.IssueEventColIssue, "record.not_found")
	}
	hang(e.Row, issue, gate.From(e.RecordEvent).Author(), a.now())
	return e.Next()
}

// kept: what was said stays said.
func kept(e *kit.Change[records.IssueEvent]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	return gate.Refuse("customer_issue.event_kept")
}

// hang fills what an entry needs to be found by those who see its issue.
func hang(entry records.IssueEvent, issue records.Issue, author *core.Record, at time.Time) {
	entry.SetAccount(issue.Account())
	entry.SetDept(issue.Dept())
	entry.SetOwnerDept(issue.OwnerDept())
	entry.SetAt(at)
	if author != nil {
		entry.SetBy(records.UserID(author.Id))
	}
}

// log adds an entry to the history.
func (a actions) log(ctx context.Context, tx core.App, issue records.Issue, kind, text string) error {
	entry, err := records.IssueEvents.New(tx)
	if err != nil {
		return err
	}
	entry.SetIssue(issue.ID())
	entry.SetKind(kind)
	entry.SetText(text)
	hang(entry, issue, gate.Of(ctx).Author(), a.now())
	if err := tx.SaveWithContext(gate.AsServer(ctx), entry.Raw()); err != nil {
		return fmt.Errorf("failed to log a step of an issue: %w", err)
	}
	return nil
}

// follow shows the history to the department that the issue went to.
func follow(tx core.App, issue records.Issue) error {
	entries, err := records.IssueEvents.All(tx, "issue = {:i}", dbx.Params{"i": issue.ID()}, "")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		entry.SetOwnerDept(issue.OwnerDept())
		if err := tx.SaveWithContext(gate.AsServer(context.Background()), entry.Raw()); err != nil {
			return fmt.Errorf("failed to hand on the history of an issue: %w", err)
		}
	}
	return nil
}
