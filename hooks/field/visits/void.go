package visits

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// claimed answers the guards of steps that a claim of a fraud asks for, or forbids.
func claimed(_ context.Context, _ core.App, visit records.Visit) (func(guard string) bool, error) {
	pending := visit.VoidBy() != ""
	return func(guard string) bool {
		switch guard {
		case "visit.void_missing":
			return pending
		case "visit.void_pending":
			return !pending
		}
		return false
	}, nil
}

// void holds a visit for a fraud. The state stays until the head of the
// department has confirmed it.
func (s *service) void(ctx context.Context, tx core.App, visit records.Visit, args reasonArgs) error {
	if err := args.required(); err != nil {
		return err
	}
	by := idOf(gate.Of(ctx).User)
	s.setVerdict(ctx, visit, field.VerdictFraud, args.Reason)
	visit.SetVoidBy(by)
	visit.SetVoidAt(s.now())
	visit.SetVoidReason(args.Reason)
	if err := s.done(ctx, tx, visit, asked(ctx, field.VisitVoid)); err != nil {
		return err
	}
	dept, found, err := records.Departments.Find(tx, visit.Dept())
	if err != nil || !found || dept.Head() == by {
		return err
	}
	return s.tell(ctx, tx, dept.Head(), "visit.void", visit, linkOf(visit))
}

func (s *service) confirmVoid(ctx context.Context, tx core.App, visit records.Visit, _ kit.None) error {
	return s.done(ctx, tx, visit, step{action: field.VisitConfirmVoid, from: kit.StepOf(ctx).From})
}

// refuseVoid leaves the visit as doubtful as before.
func (s *service) refuseVoid(ctx context.Context, tx core.App, visit records.Visit, args reasonArgs) error {
	if err := args.required(); err != nil {
		return err
	}
	taken := asked(ctx, field.VisitRefuseVoid)
	verdict := records.VisitVerdict(field.VerdictDoubtful)
	if taken.from == field.VisitAccepted {
		verdict = field.VerdictOK
	}
	s.setVerdict(ctx, visit, verdict, args.Reason)
	visit.SetVoidBy("")
	visit.SetVoidReason("")
	return s.done(ctx, tx, visit, taken)
}
