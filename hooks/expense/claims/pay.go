package claims

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Ready judges whether a claim may be paid now: approved, and its invoices are still what
// they were. Asked right before a payment leaves.
func (s *Service) Ready(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
	if _, err := expense.ClaimMachine.Own(string(claim.State()), expense.ClaimPay); err != nil {
		return gate.WrapError(err)
	}
	return s.Invoices.Recheck(ctx, tx, claim)
}

// Pay notes that a claim was paid (H-EXP-6): once, with a voucher, and with what its
// advance clears to the fen what was approved. What it reserved is spent.
func (s *Service) Pay(ctx context.Context, tx core.App, claim records.ExpenseClaim, fen int, voucher string, at time.Time) error {
	state, err := expense.ClaimMachine.OwnNext(string(claim.State()), expense.ClaimPay)
	if err != nil {
		return gate.WrapError(err)
	}
	if isBlank(voucher) {
		return gate.Refuse("claim.voucher_required")
	}
	clear, err := expense.ClaimDue(claim.ApprovedFen(), fen, claim.Advance() != "")
	if err != nil {
		return gate.WrapError(err)
	}
	w, err := read(tx, claim)
	if err != nil {
		return err
	}
	costs := w.costs()
	if _, err := s.Budget.Spend(ctx, tx, docOf(claim), costs, at); err != nil {
		return w.ofLine(tx, costs, err)
	}
	if clear > 0 {
		if err := s.Advances.Clear(ctx, tx, claim, clear); err != nil {
			return err
		}
	}
	claim.SetState(records.ExpenseClaimState(state))
	claim.SetPaidFen(fen)
	claim.SetClearedFen(clear)
	claim.SetPaidAt(at)
	claim.SetVoucherNo(voucher)
	if err := markUses(tx, claim, expense.UsePaid); err != nil {
		return err
	}
	if err := s.Invoices.Paid(ctx, tx, claim); err != nil {
		return err
	}
	return gate.SaveChanged(ctx, tx, claim.Raw())
}

// Unpay takes back that a claim was paid: the bank did not. It waits for its payment again.
func (s *Service) Unpay(ctx context.Context, tx core.App, claim records.ExpenseClaim, why string) error {
	state, err := expense.ClaimMachine.OwnNext(string(claim.State()), expense.ClaimUnpay)
	if err != nil {
		return gate.WrapError(err)
	}
	if err := s.Budget.Reverse(ctx, tx, docOf(claim), why); err != nil {
		return err
	}
	w, err := read(tx, claim)
	if err != nil {
		return err
	}
	costs := w.costs()
	for i := range costs { // it was free a moment ago, and what was drawn once is not drawn again
		costs[i].From = expense.BudgetDoc{}
	}
	if err := s.hold(ctx, tx, w, costs, true); err != nil {
		return err
	}
	if err := s.unclear(ctx, tx, claim); err != nil {
		return err
	}
	claim.SetState(records.ExpenseClaimState(state))
	claim.SetReason(why)
	claim.SetPaidFen(0)
	claim.SetPaidAt(time.Time{})
	claim.SetArchivedAt(time.Time{})
	claim.SetVoucherNo("")
	if err := markUses(tx, claim, expense.UseActive); err != nil {
		return err
	}
	if err := s.Invoices.Unpaid(ctx, tx, claim); err != nil {
		return err
	}
	return gate.SaveChanged(ctx, tx, claim.Raw())
}

// unclear lets an advance owe again what a claim cleared of it.
func (s *Service) unclear(ctx context.Context, tx core.App, claim records.ExpenseClaim) error {
	if claim.ClearedFen() == 0 {
		return nil
	}
	if err := s.Advances.Unclear(ctx, tx, claim); err != nil {
		return err
	}
	claim.SetClearedFen(0)
	return nil
}
