package activities

import (
	"context"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/market"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func activityLink(activity records.Activity) string {
	return records.ActivityTable + "/" + string(activity.ID())
}

// because is why something is given up.
type because struct {
	Reason string `json:"reason"`
}

func (b because) given() bool { return strings.TrimSpace(b.Reason) != "" }

// activityGuards says what must hold of an activity beside its state.
func activityGuards(ctx context.Context, tx core.App, activity records.Activity) (func(string) bool, error) {
	var why because
	if kit.StepOf(ctx).Action == market.ActivityCancel {
		if err := gate.Args(kit.StepOf(ctx).Raw, &why); err != nil {
			return nil, err
		}
	}
	open, err := records.ActivityTasks.Count(tx, "activity = {:a} AND state = 'open'", dbx.Params{"a": activity.ID()})
	if err != nil {
		return nil, err
	}
	return func(guard string) bool {
		switch guard {
		case market.ActivityReasonRequired:
			return why.given()
		case market.ActivityTasksOpen:
			return open == 0
		}
		return false
	}, nil
}

// closeActivity says that nothing more is spent on it, gives back what it did not need
// of its reservation, and counts what it brought.
func (s service) closeActivity(ctx context.Context, tx core.App, activity records.Activity, _ kit.None) error {
	activity.SetClosedAt(s.Now())
	if err := s.settle(ctx, tx, activity); err != nil {
		return err
	}
	return s.countReturn(ctx, tx, activity, s.Now())
}

// cancel gives an activity up: its tasks are dropped, and who counted on it is told.
func (s service) cancel(ctx context.Context, tx core.App, activity records.Activity, args because) error {
	activity.SetReason(args.Reason)
	tasks, err := records.ActivityTasks.All(tx, "activity = {:a} AND state = 'open'", dbx.Params{"a": activity.ID()}, "id")
	if err != nil {
		return err
	}
	for _, task := range tasks {
		task.SetState(market.TaskDropped)
		task.SetNote(args.Reason)
		if err := tx.SaveWithContext(gate.AsServer(ctx), task.Raw()); err != nil {
			return fmt.Errorf("drop a task: %w", err)
		}
		if err := s.dropped(ctx, tx, task); err != nil {
			return err
		}
	}
	if !market.ActivityAgreed(kit.StepOf(ctx).From) {
		return nil
	}
	if err := s.Budget.Release(ctx, tx, docOf(activity)); err != nil {
		return err
	}
	lines, err := linesOf(tx, activity.Accounts())
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, "activity.cancelled", activityLink(activity), map[string]any{"name": activity.Name(), "reason": args.Reason}, lines...)
}

func (s service) assignActivity(ctx context.Context, tx core.App, activity records.Activity, args assignment) error {
	if err := assign(tx, activity, args.Owner); err != nil {
		return err
	}
	return s.tell(ctx, tx, "activity.assigned", activityLink(activity), map[string]any{"name": activity.Name()}, activity.Owner())
}
