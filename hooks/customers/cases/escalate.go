package cases

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// escalateAll raises issues that are answered or solved too late, rung by rung:
// to the account's manager, the head of his department, the management. Each
// rung is told once.
func (a actions) escalateAll(_ context.Context, app core.App, now time.Time) error {
	late, err := lateIssues(app, now)
	if err != nil || len(late) == 0 {
		return err
	}
	steps, err := gate.SettingsOn(app, domain.BusinessDay(now)).IssueEscalateHours()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		late, err := lateIssues(txApp, now) // as they are now that nobody else writes
		if err != nil {
			return err
		}
		for _, issue := range late {
			if err := a.escalate(txApp, issue, now, steps); err != nil {
				return err
			}
		}
		return nil
	})
}

func lateIssues(app core.App, now time.Time) ([]records.Case, error) {
	return records.Cases.All(app, `(state = 'new' AND first_response_due < {:now})
		OR (state IN ('new', 'acknowledged', 'in_progress', 'reopened') AND resolve_due < {:now})`, dbx.Params{"now": gate.Stamp(now)}, "id")
}

func (a actions) escalate(txApp core.App, issue records.Case, now time.Time, steps []int) error {
	promise, _, err := a.promiseOf(txApp, issue)
	if err != nil {
		return err
	}
	rung := promise.SolveClock.Escalation(issue.ResolveDue(), now, steps)
	if issue.State() == customers.CaseNew {
		rung = max(rung, promise.FirstClock.Escalation(issue.FirstResponseDue(), now, steps))
	}
	reached := issue.Escalation()
	if rung <= reached {
		return nil
	}
	account, err := records.Accounts.Require(txApp, issue.Account())
	if err != nil {
		return err
	}
	ladder, err := ladderOf(txApp, account)
	if err != nil {
		return err
	}
	told := ladder[min(reached, len(ladder)):min(rung, len(ladder))]
	letRead(issue, slices.Concat(told...))
	setRung(issue, rung, now)
	ctx := gate.With(context.Background(), gate.Actor{Action: records.CaseTable + ".escalate"})
	if err := txApp.SaveWithContext(gate.AsServer(ctx), issue.Raw()); err != nil {
		return fmt.Errorf("escalate an issue: %w", err)
	}
	for i, users := range told {
		for _, user := range users {
			p := params(issue, account)
			p["rung"] = reached + i + 1
			if err := gate.Notify(ctx, txApp, now, gate.Notice{User: string(user), Kind: "issue.escalated", Link: linkOf(issue), Params: p}); err != nil {
				return err
			}
		}
	}
	return nil
}

// letRead: who is told may read it.
func letRead(issue records.Case, users []records.UserID) {
	readers := slices.Clone(issue.Told())
	for _, user := range users {
		if user != "" && !slices.Contains(readers, user) {
			readers = append(readers, user)
		}
	}
	issue.SetTold(readers)
}

func setRung(issue records.Case, rung int, now time.Time) {
	issue.SetEscalation(rung)
	if now.After(issue.FirstResponseDue()) && issue.RespondedAt().IsZero() {
		issue.SetFirstLate(true)
	}
	if now.After(issue.ResolveDue()) {
		issue.SetResolveLate(true)
	}
}

// ladderOf is who hears of each rung.
func ladderOf(app core.App, account records.Account) ([][]records.UserID, error) {
	head, err := headOf(app, account.Dept())
	if err != nil {
		return nil, err
	}
	executives, err := records.Users.All(app, "role = 'executive' AND active = TRUE", nil, "id")
	if err != nil {
		return nil, err
	}
	management := make([]records.UserID, len(executives))
	for i, user := range executives {
		management[i] = user.ID()
	}
	return [][]records.UserID{{account.Manager()}, {head}, management}, nil
}
