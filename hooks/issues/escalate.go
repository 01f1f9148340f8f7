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

// Escalate raises issues that are answered or solved too late, rung by rung: to
// the account's manager, the head of his department, the management. Each rung
// is told once.
func Escalate(app core.App, now time.Time) error {
	late, err := lateIssues(app, now)
	if err != nil || len(late) == 0 {
		return err
	}
	var steps []int
	if err := gate.SettingsOn(app, domain.BusinessDay(now)).Decode("issue.escalate_hours", &steps); err != nil {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		late, err := lateIssues(txApp, now) // as they are now that nobody else writes
		if err != nil {
			return err
		}
		for _, issue := range late {
			if err := escalate(txApp, issue, now, steps); err != nil {
				return err
			}
		}
		return nil
	})
}

func lateIssues(app core.App, now time.Time) ([]*core.Record, error) {
	var late []*core.Record
	err := app.RecordQuery(issues).AndWhere(dbx.NewExp(`(state = 'new' AND first_response_due < {:now})
		OR (state IN ('new', 'acknowledged', 'in_progress', 'reopened') AND resolve_due < {:now})`, dbx.Params{"now": gate.Stamp(now)})).OrderBy("id").All(&late)
	if err != nil {
		return nil, fmt.Errorf("failed to read issues that are late: %w", err)
	}
	return late, nil
}

func escalate(txApp core.App, issue *core.Record, now time.Time, steps []int) error {
	clock, err := clockOf(txApp, levelOf(issue))
	if err != nil {
		return err
	}
	rung := clock.Escalation(resolveDue(issue), now, steps)
	if stateOf(issue) == domain.CaseNew {
		rung = max(rung, clock.Escalation(firstDue(issue), now, steps))
	}
	reached := rungOf(issue)
	if rung <= reached {
		return nil
	}
	account, err := gate.AccountOf(txApp, issue)
	if err != nil {
		return fmt.Errorf("failed to find the account of an issue: %w", err)
	}
	ladder, err := ladderOf(txApp, account)
	if err != nil {
		return err
	}
	for at := reached; at < rung && at < len(ladder); at++ {
		issue.Set("told+", ladder[at]) // who is told may read it
	}
	setRung(issue, rung, now)
	ctx := gate.With(context.Background(), gate.Actor{Action: issues + ".escalate"})
	if err := txApp.SaveWithContext(gate.AsServer(ctx), issue); err != nil {
		return fmt.Errorf("failed to escalate an issue: %w", err)
	}
	for at := reached; at < rung && at < len(ladder); at++ {
		for _, user := range ladder[at] {
			p := params(issue, account)
			p["rung"] = at + 1
			if err := gate.Notify(ctx, txApp, now, gate.Notice{User: user, Kind: "issue.escalated", Link: linkOf(issue), Params: p}); err != nil {
				return err
			}
		}
	}
	return nil
}

// ladderOf is who hears of each rung.
func ladderOf(app core.App, account *core.Record) ([][]string, error) {
	head, err := headOf(app, deptOf(account))
	if err != nil {
		return nil, err
	}
	var management []string
	err = app.DB().NewQuery("SELECT id FROM users WHERE role = 'executive' AND active = TRUE ORDER BY id").Column(&management)
	if err != nil {
		return nil, fmt.Errorf("failed to find the management: %w", err)
	}
	return [][]string{{managerOf(account)}, {head}, management}, nil
}
