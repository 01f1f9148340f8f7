package payments

import (
	"context"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// askReversal: finance says that the money of a payment came back.
func (s *Service) askReversal(ctx context.Context, _ core.App, row records.Payment, args said) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("payment.reason_required")
	}
	row.SetReversalBy(actor(ctx))
	row.SetReversalReason(args.Reason)
	return nil
}

// dropReversal takes that back.
func (s *Service) dropReversal(_ context.Context, _ core.App, row records.Payment, _ kit.None) error {
	if row.ReversalBy() == "" {
		return gate.Refuse("payment.reversal_not_asked")
	}
	row.SetReversalBy("")
	row.SetReversalReason("")
	return nil
}

// reverse takes a payment back: what it was of may be paid by another.
func (s *Service) reverse(ctx context.Context, tx core.App, row records.Payment, _ kit.None) error {
	switch {
	case row.ReversalBy() == "":
		return gate.Refuse("payment.reversal_not_asked")
	case row.ReversalBy() == actor(ctx):
		return gate.Refuse("payment.reversal_alone")
	}
	if err := s.takenBack(ctx, tx, row); err != nil {
		return err
	}
	switch row.Kind() {
	case expense.PaysClaim:
		claim, err := records.ExpenseClaims.Require(tx, row.Claim())
		if err != nil {
			return err
		}
		return s.Claims.Unpay(ctx, tx, claim, row.ReversalReason())
	case expense.PaysAdvance:
		return s.Advances.Unpaid(ctx, tx, row.Advance())
	}
	return s.Advances.NotBack(ctx, tx, row.Advance(), row.AmountFen())
}

// takenBack books the reversal under a voucher of its own.
func (s *Service) takenBack(ctx context.Context, tx core.App, row records.Payment) error {
	no, err := s.voucher(tx)
	if err != nil {
		return err
	}
	row.SetState(expense.PaymentReversed)
	row.SetReversedBy(actor(ctx))
	row.SetReversedAt(s.Now())
	row.SetReversalVoucherNo(no)
	return gate.SaveChanged(ctx, tx, row.Raw())
}

// reference is by what the bank knows money.
type reference struct {
	Ref string `json:"ref"`
}

// cameBack books what was owed for a claim that was reversed, once the bank has it.
func (s *Service) cameBack(ctx context.Context, tx core.App, row records.Payment, args reference) error {
	switch {
	case !row.Owed():
		return gate.Refuse("payment.not_owed")
	case strings.TrimSpace(args.Ref) == "":
		return gate.Refuse("payment.ref_required")
	}
	no, err := s.voucher(tx)
	if err != nil {
		return err
	}
	row.SetOwed(false)
	row.SetBackBy(actor(ctx))
	row.SetBackAt(s.Now())
	row.SetBackRef(strings.TrimSpace(args.Ref))
	row.SetBackVoucherNo(no)
	return nil
}

// claimReversed keeps payments with a claim that finance and the department took back:
// one on its way to the bank refuses it, a planned one is dropped, one that was paid is
// reversed, and owed until the money is back.
func (s *Service) claimReversed(e *kit.Change[records.ExpenseClaim]) error {
	was, now := string(e.Before().State()), string(e.Row.State())
	if now != expense.ClaimReversed || was == now {
		return e.Next()
	}
	row, found, err := records.Payments.First(e.App, "claim = {:c} AND state IN ('planned', 'sent', 'paid')", dbx.Params{"c": e.Row.ID()}, "")
	if err != nil {
		return err
	}
	if found {
		switch row.State() {
		case expense.PaymentSent:
			return gate.Refuse("payment.under_way")
		case expense.PaymentPlanned:
			run, err := records.PaymentRuns.Require(e.App, row.Run())
			if err != nil {
				return err
			}
			run.SetCount(run.Count() - 1)
			run.SetTotalFen(run.TotalFen() - row.AmountFen())
			if err := gate.SaveChanged(e.Context, e.App, run.Raw()); err != nil {
				return err
			}
			if err := unplan(e.Context, e.App, row); err != nil {
				return err
			}
		default:
			row.SetReversalBy(e.Row.ReversalBy())
			row.SetReversalReason(e.Row.ReversalReason())
			row.SetOwed(row.AmountFen() > 0) // nobody said that the bank has it back
			if err := s.takenBack(e.Context, e.App, row); err != nil {
				return err
			}
		}
	}
	return e.Next()
}

// GivenBack writes down what came back of an advance, with a voucher.
func (s *Service) GivenBack(ctx context.Context, tx core.App, advance records.Advance, fen int, ref string) error {
	row, err := records.Payments.New(tx)
	if err != nil {
		return err
	}
	no, err := s.voucher(tx)
	if err != nil {
		return err
	}
	row.SetKind(expense.PaysReturn)
	row.SetAdvance(advance.ID())
	row.SetOwner(advance.Owner())
	row.SetDept(advance.Dept())
	row.SetAmountFen(fen)
	row.SetState(expense.PaymentPaid)
	row.SetVoucherNo(no)
	row.SetBankRef(ref)
	row.SetPaidBy(actor(ctx))
	row.SetPaidAt(s.Now())
	return s.book(ctx, tx, row)
}
