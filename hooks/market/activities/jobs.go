package activities

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/market"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// byTheDay moves activities on whose day has come, and tells once what is overdue.
func (s service) byTheDay(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	for _, work := range []func(context.Context, core.App, string) error{s.moveOn, s.resultsOverdue, s.tasksOverdue} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := app.RunInTransaction(func(tx core.App) error { return work(gate.AsServer(ctx), tx, today) }); err != nil {
			return err
		}
	}
	return nil
}

// moveOn begins and ends activities, those of a day that nobody looked at both at once.
func (s service) moveOn(ctx context.Context, tx core.App, today string) error {
	rows, err := records.Activities.All(tx, "state = 'approved' AND from_date <= {:d} OR state = 'running' AND to_date < {:d}", dbx.Params{"d": today}, "id")
	if err != nil {
		return fmt.Errorf("look for activities whose day has come: %w", err)
	}
	for _, activity := range rows {
		for {
			verb, due := market.ActivityOn(string(activity.State()), activity.FromDate(), activity.ToDate(), today)
			if !due {
				break
			}
			next, err := market.ActivityMachine.OwnNext(string(activity.State()), verb)
			if err != nil {
				return gate.WrapError(err)
			}
			activity.SetState(records.ActivityState(next))
		}
		if err := tx.SaveWithContext(ctx, activity.Raw()); err != nil {
			return fmt.Errorf("move an activity on: %w", err)
		}
		if activity.State() != market.ActivityEnded {
			continue
		}
		err := s.tell(ctx, tx, "activity.result_due", activityLink(activity), map[string]any{"name": activity.Name(), "due": activity.ResultDue()}, activity.Owner())
		if err != nil {
			return err
		}
	}
	return nil
}

// resultsOverdue tells who has an activity whose result is late, and who heads him.
func (s service) resultsOverdue(ctx context.Context, tx core.App, today string) error {
	rows, err := records.Activities.All(tx, "state = 'ended' AND result_due <> '' AND result_due < {:d} AND result_told_at = ''", dbx.Params{"d": today}, "id")
	if err != nil {
		return fmt.Errorf("look for results that are overdue: %w", err)
	}
	for _, activity := range rows {
		activity.SetResultToldAt(s.Now())
		if err := tx.SaveWithContext(ctx, activity.Raw()); err != nil {
			return fmt.Errorf("note an overdue result: %w", err)
		}
		users := []records.UserID{activity.Owner()}
		dept, found, err := records.Departments.Find(tx, activity.Dept())
		if err != nil {
			return err
		}
		if found && dept.Head() != activity.Owner() {
			users = append(users, dept.Head())
		}
		params := map[string]any{"name": activity.Name(), "due": activity.ResultDue()}
		if err := s.tell(ctx, tx, "activity.result_overdue", activityLink(activity), params, users...); err != nil {
			return err
		}
	}
	return nil
}

// tasksOverdue tells who has a task that is late, and the activity's owner.
func (s service) tasksOverdue(ctx context.Context, tx core.App, today string) error {
	rows, err := records.ActivityTasks.All(tx, "state = 'open' AND due < {:d} AND overdue_told_at = ''", dbx.Params{"d": today}, "id")
	if err != nil {
		return fmt.Errorf("look for tasks that are overdue: %w", err)
	}
	for _, task := range rows {
		activity, err := records.Activities.Require(tx, task.Activity())
		if err != nil {
			return err
		}
		task.SetOverdueToldAt(s.Now())
		if err := tx.SaveWithContext(ctx, task.Raw()); err != nil {
			return fmt.Errorf("note an overdue task: %w", err)
		}
		users := []records.UserID{task.Owner()}
		if activity.Owner() != task.Owner() {
			users = append(users, activity.Owner())
		}
		if err := s.tell(ctx, tx, "activity_task.overdue", taskLink(task), map[string]any{"title": task.Title(), "due": task.Due()}, users...); err != nil {
			return err
		}
	}
	return nil
}
