package visits

import (
	"context"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// reasonArgs is why.
type reasonArgs struct {
	Reason string `json:"reason"`
}

// required refuses a step without a reason: visit.reason_required.
func (a reasonArgs) required() error {
	if strings.TrimSpace(a.Reason) == "" {
		return gate.Refuse("visit.reason_required")
	}
	return nil
}

// plan takes a draft into the month's plan.
func (s *service) plan(ctx context.Context, tx core.App, visit records.Visit, _ kit.None) error {
	return s.done(ctx, tx, visit, step{action: field.VisitPlan, from: kit.StepOf(ctx).From})
}

// cancel says why a visit is not made.
func (s *service) cancel(ctx context.Context, tx core.App, visit records.Visit, args reasonArgs) error {
	if err := args.required(); err != nil {
		return err
	}
	visit.SetCancelReason(args.Reason)
	return s.done(ctx, tx, visit, asked(ctx, field.VisitCancel))
}

type answerArgs struct {
	Text string `json:"text"`
}

// answer is what the owner says to the questions: visit.report_incomplete.
func (s *service) answer(ctx context.Context, tx core.App, visit records.Visit, args answerArgs) error {
	if strings.TrimSpace(args.Text) == "" {
		return gate.Refuse("visit.report_incomplete", "missing", "text")
	}
	visit.SetAnswer(args.Text)
	visit.SetAnsweredAt(s.now())
	return s.done(ctx, tx, visit, asked(ctx, field.VisitAnswer))
}
