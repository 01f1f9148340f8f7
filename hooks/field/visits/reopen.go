package visits

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// reopen takes a report back to have it corrected: its owner, or his superior
// what was accepted. What the visit said stays in its chain; it counts again once
// it is reported again.
func (s *service) reopen(ctx context.Context, tx core.App, visit records.Visit, args reasonArgs) error {
	if err := args.required(); err != nil {
		return err
	}
	taken, other := asked(ctx, field.VisitReopen), visit.Manager()
	if taken.from == field.VisitAccepted {
		other = visit.Owner()
	}
	visit.SetState(records.VisitState(field.VisitReopened(!visit.OutAt().IsZero())))
	if err := takeBack(visit); err != nil {
		return err
	}
	if err := s.done(ctx, tx, visit, taken); err != nil {
		return err
	}
	if other == "" || other == idOf(gate.Of(ctx).User) {
		return nil
	}
	return s.tell(ctx, tx, other, "visit.reopened", visit, linkOf(visit))
}

// takeBack undoes the report and what was said of it. Whether it was late stays:
// a correction is no later record.
func takeBack(visit records.Visit) error {
	visit.SetReportAt(time.Time{})
	visit.SetVerdict("")
	visit.SetVerdictBy("")
	visit.SetVerdictAt(time.Time{})
	visit.SetVerdictNote("")
	visit.SetAnswer("")
	visit.SetAnsweredAt(time.Time{})
	visit.SetAskedScore(0)
	return addFlag(visit, flagCorrected)
}
