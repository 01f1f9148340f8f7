package advances

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// cancel gives an advance up that no run has yet.
func (s *Service) cancel(_ context.Context, tx core.App, row records.Advance, _ kit.None) error {
	planned, err := records.Payments.Count(tx, "advance = {:a} AND kind = 'advance' AND state IN ('planned', 'sent', 'paid')", dbx.Params{"a": row.ID()})
	if err != nil {
		return err
	}
	if planned > 0 {
		return gate.Refuse("payment.under_way")
	}
	return nil
}

// back is what came back of an advance.
type back struct {
	Fen int    `json:"fen"`
	Ref string `json:"ref"`
}

// giveBack books what its owner gave back; never what a payment on its way will clear.
func (s *Service) giveBack(ctx context.Context, tx core.App, row records.Advance, args back) error {
	open, err := s.Open(tx, row, "")
	if err != nil {
		return err
	}
	if args.Fen < 1 || args.Fen > open {
		return gate.Refuse("advance.back_invalid", "open_fen", open)
	}
	if err := s.GivenBack(ctx, tx, row, args.Fen, args.Ref); err != nil {
		return err
	}
	row.SetGivenBackFen(row.GivenBackFen() + args.Fen)
	s.settle(row)
	return nil
}

// Open is what a claim may still clear of an advance: what is open of it, less what other
// payments are about to clear.
func (s *Service) Open(tx core.App, row records.Advance, except records.ExpenseClaimID) (int, error) {
	if row.State() != expense.AdvancePaid {
		return 0, nil
	}
	var held int
	err := tx.DB().NewQuery(`SELECT COALESCE(SUM(cleared_fen), 0) FROM payments WHERE advance = {:a} AND kind = 'claim' AND claim <> {:c} AND state IN ('planned', 'sent')`).
		Bind(dbx.Params{"a": row.ID(), "c": except}).Row(&held)
	if err != nil {
		return 0, fmt.Errorf("read what is about to clear an advance: %w", err)
	}
	if s.Planted == syncer.PlantClearedTwice {
		held = 0
	}
	return sums(row).Open() - held, nil
}

// Paid books that an advance was paid.
func (s *Service) Paid(ctx context.Context, tx core.App, id records.AdvanceID, fen int, at time.Time) error {
	return s.step(ctx, tx, id, expense.AdvancePay, func(row records.Advance) error {
		row.SetPaidFen(fen)
		row.SetPaidAt(at)
		row.SetState(expense.AdvancePaid)
		return nil
	})
}

// Unpaid books that the payment of an advance came back, of which nothing was used, nor is
// about to be.
func (s *Service) Unpaid(ctx context.Context, tx core.App, id records.AdvanceID) error {
	return s.step(ctx, tx, id, expense.AdvanceReverse, func(row records.Advance) error {
		open, err := s.Open(tx, row, "")
		if err != nil {
			return err
		}
		if open < row.PaidFen() {
			return gate.Refuse("advance.used")
		}
		row.SetPaidFen(0)
		row.SetPaidAt(time.Time{})
		row.SetState(expense.AdvanceApproved)
		return nil
	})
}

// NotBack books that what came back of an advance did not.
func (s *Service) NotBack(ctx context.Context, tx core.App, id records.AdvanceID, fen int) error {
	return s.step(ctx, tx, id, expense.AdvanceReopen, func(row records.Advance) error {
		row.SetGivenBackFen(row.GivenBackFen() - fen)
		s.settle(row)
		return nil
	})
}

// Clear books what a claim that is paid takes of its advance; done again it changes nothing.
func (s *Service) Clear(ctx context.Context, tx core.App, claim records.ExpenseClaim, fen int) error {
	return s.cleared(ctx, tx, claim, expense.AdvanceClear, fen)
}

// Unclear takes that back.
func (s *Service) Unclear(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
	return s.cleared(ctx, tx, claim, expense.AdvanceReopen, 0)
}

// cleared counts what claims cleared of an advance anew: those that are paid, and one
// that is about to be, or is no more.
func (s *Service) cleared(ctx context.Context, tx core.App, claim records.ExpenseClaim, verb string, fen int) error {
	others := 0
	err := tx.DB().NewQuery(`SELECT COALESCE(SUM(cleared_fen), 0) FROM expense_claims WHERE advance = {:a} AND id <> {:c} AND state IN ('paid', 'archived')`).
		Bind(dbx.Params{"a": claim.Advance(), "c": claim.ID()}).Row(&others)
	if err != nil {
		return fmt.Errorf("read what claims cleared of an advance: %w", err)
	}
	return s.step(ctx, tx, claim.Advance(), verb, func(row records.Advance) error {
		row.SetClearedFen(others + fen)
		s.settle(row)
		return nil
	})
}

// settle says whether anything of an advance that was paid is open.
func (s *Service) settle(row records.Advance) {
	state := sums(row).State()
	row.SetState(records.AdvanceState(state))
	row.SetClosedAt(time.Time{})
	if state == expense.AdvanceCleared {
		row.SetClosedAt(s.Now())
	}
}

// step changes an advance by a step of the server's own.
func (s *Service) step(ctx context.Context, tx core.App, id records.AdvanceID, verb string, change func(records.Advance) error) error {
	row, err := records.Advances.Require(tx, id)
	if err != nil {
		return err
	}
	if _, err := expense.AdvanceMachine.Own(string(row.State()), verb); err != nil {
		return gate.WrapError(err)
	}
	if err := change(row); err != nil {
		return err
	}
	return gate.SaveChanged(ctx, tx, row.Raw())
}

// remind tells once of each advance that is overdue: its owner and his manager.
func (s *Service) remind(ctx context.Context, app core.App, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		rows, err := records.Advances.All(tx, "state = 'paid' AND due_on < {:d} AND told_at = ''", dbx.Params{"d": domain.BusinessDay(now)}, "id")
		if err != nil {
			return err
		}
		for _, row := range rows {
			row.SetToldAt(now)
			if err := gate.SaveChanged(ctx, tx, row.Raw()); err != nil {
				return err
			}
			params := map[string]any{"purpose": row.Purpose(), "due": row.DueOn(), "open": domain.Yuan(int64(sums(row).Open()))}
			for _, user := range []records.UserID{row.Owner(), row.Manager()} {
				if err := gate.Notify(ctx, tx, now, gate.Notice{User: string(user), Kind: "advance.overdue", Link: records.AdvanceTable + "/" + string(row.ID()), Params: params}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
