package claims

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// parties is what the actor is to a claim: its owner, of finance, or who heads its
// department, where nobody else does another of finance; finance and heads have no part
// in their own.
func parties(ctx context.Context, tx core.App, claim records.ExpenseClaim) (out []domain.Party, err error) {
	actor := gate.Of(ctx)
	if actor.User == nil {
		return nil, nil
	}
	if actor.Author().Id == string(claim.Owner()) {
		return []domain.Party{domain.PartyOwner}, nil
	}
	heads := gate.Heads(actor.User, string(claim.Dept()))
	if records.Users.Of(actor.User).Role() == "finance" {
		out = append(out, domain.PartyOffice)
		if heads, err = gate.Headless(tx, string(claim.Dept()), string(claim.Owner())); err != nil {
			return nil, err
		}
	}
	if heads {
		out = append(out, domain.PartyHead)
	}
	return out, nil
}

// because is why somebody takes a step.
type because struct {
	Reason string `json:"reason"`
}

// reversalGuards: a reversal has a reason, and two people of whom neither is the owner.
func reversalGuards(ctx context.Context, _ core.App, claim records.ExpenseClaim) (func(string) bool, error) {
	var args because
	if err := gate.Args(kit.StepOf(ctx).Raw, &args); err != nil && kit.StepOf(ctx).Action == expense.ClaimAskReversal {
		return nil, err
	}
	return func(guard string) bool {
		switch guard {
		case expense.ClaimReasonRequired:
			return !isBlank(args.Reason)
		case expense.ClaimReversalNotAsked:
			return claim.ReversalBy() != ""
		case expense.ClaimReversalAlone:
			return string(claim.ReversalBy()) != gate.Of(ctx).Author().Id
		}
		return false
	}, nil
}

func (s *Service) cancel(context.Context, core.App, records.ExpenseClaim, kit.None) error { return nil }

func (s *Service) archive(_ context.Context, _ core.App, claim records.ExpenseClaim, _ kit.None) error {
	claim.SetArchivedAt(s.Now())
	return nil
}

// askReversal asks who heads the department to take back what was approved or paid.
func (s *Service) askReversal(ctx context.Context, tx core.App, claim records.ExpenseClaim, args because) error {
	claim.SetReversalBy(records.UserID(gate.Of(ctx).Author().Id))
	claim.SetReversalReason(args.Reason)
	dept, found, err := records.Departments.Find(tx, claim.Dept())
	if err != nil || !found || dept.Head() == "" {
		return err
	}
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(dept.Head()), Kind: "claim.reversal_asked", Link: link(claim), Params: map[string]any{"no": claim.No(), "reason": args.Reason},
	})
}

// dropReversal takes that back.
func (s *Service) dropReversal(_ context.Context, _ core.App, claim records.ExpenseClaim, _ kit.None) error {
	claim.SetReversalBy("")
	claim.SetReversalReason("")
	return nil
}

// reverse takes back what a claim reserved or spent; its invoices are its owner's again.
func (s *Service) reverse(ctx context.Context, tx core.App, claim records.ExpenseClaim, _ kit.None) error {
	if kit.StepOf(ctx).From == expense.ClaimPaid {
		if err := s.Budget.Reverse(ctx, tx, docOf(claim), claim.ReversalReason()); err != nil {
			return err
		}
		if err := s.unclear(ctx, tx, claim); err != nil {
			return err
		}
	}
	claim.SetReversedAt(s.Now())
	if err := s.giveBack(ctx, tx, claim); err != nil {
		return err
	}
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(claim.Owner()), Kind: "claim.reversed", Link: link(claim), Params: map[string]any{"no": claim.No(), "reason": claim.ReversalReason()},
	})
}

func link(claim records.ExpenseClaim) string {
	return records.ExpenseClaimTable + "/" + string(claim.ID())
}
