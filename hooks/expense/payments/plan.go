package payments

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/domain/numbers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// planned are what a run is to pay, in place of what it was.
type planned struct {
	Claims   []records.ExpenseClaimID `json:"claims"`
	Advances []records.AdvanceID      `json:"advances"`
}

// mostPaid is how many payments a run has at most.
const mostPaid = 1000

// plan takes claims and advances that are approved into a run.
func (s *Service) plan(ctx context.Context, tx core.App, run records.PaymentRun, args planned) error {
	if len(args.Claims)+len(args.Advances) > mostPaid {
		return gate.Refuse("payment_run.too_many", "most", mostPaid)
	}
	if err := isCompared(tx); err != nil {
		return err
	}
	if err := drop(ctx, tx, run.ID()); err != nil {
		return err
	}
	if run.No() == "" {
		no, err := s.runNo(tx)
		if err != nil {
			return err
		}
		run.SetNo(no)
	}
	seq, total := 0, 0
	add := func(row records.Payment) error {
		seq++
		row.SetRun(run.ID())
		row.SetSeq(seq)
		row.SetState(expense.PaymentPlanned)
		if err := s.ready(ctx, tx, row); err != nil {
			return err
		}
		total += row.AmountFen()
		return gate.SaveChanged(ctx, tx, row.Raw())
	}
	for _, id := range args.Claims {
		row, err := s.ofClaim(tx, id)
		if err != nil {
			return err
		}
		if err := add(row); err != nil {
			return err
		}
	}
	for _, id := range args.Advances {
		row, err := ofAdvance(tx, id)
		if err != nil {
			return err
		}
		if err := add(row); err != nil {
			return err
		}
	}
	run.SetCount(seq)
	run.SetTotalFen(total)
	return nil
}

// runNo is the next number of a run on a day.
func (s *Service) runNo(tx core.App) (string, error) {
	life, reborn, err := lifeOf(tx)
	if err != nil {
		return "", err
	}
	day, series := domain.BusinessDay(s.Now()), ""
	if reborn {
		series = numbers.Series(life)
	}
	n, err := records.PaymentRuns.Count(tx, "no LIKE {:p} || '%' AND taken_up = FALSE", dbx.Params{"p": expense.RunPrefix(day, series)})
	return expense.RunNo(day, series, n+1), err
}

// drop forgets what a run planned.
func drop(ctx context.Context, tx core.App, run records.PaymentRunID) error {
	rows, err := records.Payments.All(tx, "run = {:r} AND state = 'planned'", dbx.Params{"r": run}, "seq")
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := unplan(ctx, tx, row); err != nil {
			return err
		}
	}
	return nil
}

// unplan forgets a payment that is planned.
func unplan(ctx context.Context, tx core.App, row records.Payment) error {
	if err := tx.DeleteWithContext(gate.Removing(gate.AsServer(ctx), gate.PaymentsUnplanned), row.Raw()); err != nil {
		return fmt.Errorf("drop a planned payment: %w", err)
	}
	return nil
}

// live counts payments by which something is, or may yet be, paid.
func live(tx core.App, where string, params dbx.Params) (bool, error) {
	n, err := records.Payments.Count(tx, where+" AND state IN ('planned', 'sent', 'paid')", params)
	return n > 0, err
}

// ofClaim is the payment of a claim that waits for one: the difference to its advance.
func (s *Service) ofClaim(tx core.App, id records.ExpenseClaimID) (row records.Payment, err error) {
	claim, found, err := records.ExpenseClaims.Find(tx, id)
	if err != nil {
		return row, err
	}
	if !found || string(claim.State()) != expense.ClaimApproved {
		return row, gate.Refuse("payment.not_approved", "no", claimNo(claim, found))
	}
	if taken, err := live(tx, "claim = {:c}", dbx.Params{"c": id}); err != nil || taken {
		return row, orRefuse(err, "payment.already", claim.No())
	}
	if claim.Payee() == "" && string(claim.PayeeKind()) != expense.PayeeEmployee {
		return row, gate.Refuse("payment.no_payee", "no", claim.No())
	}
	if row, err = records.Payments.New(tx); err != nil {
		return row, err
	}
	clears, err := s.clears(tx, claim)
	if err != nil {
		return row, err
	}
	row.SetAdvance(claim.Advance())
	row.SetKind(expense.PaysClaim)
	row.SetClaim(id)
	row.SetOwner(claim.Owner())
	row.SetDept(claim.Dept())
	row.SetPayee(claim.Payee())
	row.SetAmountFen(claim.ApprovedFen() - clears)
	row.SetClearedFen(clears)
	return row, nil
}

// clears is what of a claim its advance bears.
func (s *Service) clears(tx core.App, claim records.ExpenseClaim) (int, error) {
	if claim.Advance() == "" {
		return 0, nil
	}
	advance, err := records.Advances.Require(tx, claim.Advance())
	if err != nil {
		return 0, err
	}
	open, err := s.Advances.Open(tx, advance, claim.ID())
	clears, _ := expense.PayDifference(claim.ApprovedFen(), open)
	return clears, err
}

func claimNo(claim records.ExpenseClaim, found bool) string {
	if !found {
		return ""
	}
	return claim.No()
}

func orRefuse(err error, code, no string) error {
	if err != nil {
		return err
	}
	return gate.Refuse(code, "no", no)
}

func ofAdvance(tx core.App, id records.AdvanceID) (row records.Payment, err error) {
	advance, found, err := records.Advances.Find(tx, id)
	if err != nil {
		return row, err
	}
	if !found || advance.State() != expense.AdvanceApproved {
		return row, gate.Refuse("payment.not_approved", "no", "")
	}
	if taken, err := live(tx, "advance = {:a} AND kind = 'advance'", dbx.Params{"a": id}); err != nil || taken {
		return row, orRefuse(err, "payment.already", advance.Purpose())
	}
	if row, err = records.Payments.New(tx); err != nil {
		return row, err
	}
	row.SetKind(expense.PaysAdvance)
	row.SetAdvance(id)
	row.SetOwner(advance.Owner())
	row.SetDept(advance.Dept())
	row.SetAmountFen(advance.AmountFen())
	return row, nil
}

// ready names the payee and his account as they stand, and judges who pays.
func (s *Service) ready(ctx context.Context, tx core.App, row records.Payment) error {
	payee, found, err := records.Payees.Find(tx, row.Payee())
	if row.Payee() == "" {
		payee, found, err = records.Payees.First(tx, "user = {:u}", dbx.Params{"u": row.Owner()}, "")
	}
	if err != nil {
		return err
	}
	if !found && row.AmountFen() > 0 || found && !payee.Active() {
		return gate.Refuse("payment.no_payee", "no", row.PayeeName())
	}
	payer := expense.Payer{ID: string(actor(ctx)), Owner: string(row.Owner())}
	if found {
		payer.PayeeUser = string(payee.User())
		row.SetPayee(payee.ID())
		row.SetPayeeName(payee.Name())
		account, has, err := accountOf(tx, payee.ID())
		if err != nil {
			return err
		}
		if !has && row.AmountFen() > 0 {
			return gate.Refuse("payment.no_account", "name", payee.Name())
		}
		if has {
			row.SetPayeeAccount(string(account.ID()))
			row.SetMasked(payee.Masked())
		}
	}
	if payer.Approved, err = approvedBy(tx, row, payer.ID); err != nil {
		return err
	}
	return gate.WrapError(expense.CheckPayer(payer))
}

// approvedBy reports whether somebody signed what a payment is of, in whichever step.
func approvedBy(tx core.App, row records.Payment, user string) (bool, error) {
	collection, id := records.ExpenseClaimTable, string(row.Claim())
	if row.Kind() != expense.PaysClaim {
		collection, id = records.AdvanceTable, string(row.Advance())
	}
	n, err := records.Approvals.Count(tx, "ref_collection = {:c} AND ref_id = {:i} AND state = 'approved' AND approver = {:u}",
		dbx.Params{"c": collection, "i": id, "u": user})
	return n > 0, err
}

// cancel gives a run up that the bank does not have.
func (s *Service) cancel(ctx context.Context, tx core.App, run records.PaymentRun, _ kit.None) error {
	run.SetCount(0)
	run.SetTotalFen(0)
	return drop(ctx, tx, run.ID())
}

// claims hold who is paid to what a claim says of him, and keep payments with a claim
// that is reversed.
func (s *Service) claims() kit.Collection {
	return kit.Collection{Name: records.ExpenseClaimTable, Rules: []kit.Rule{
		kit.On(kit.Create, records.ExpenseClaims, "claimPayee", claimPayee),
		kit.On(kit.Update, records.ExpenseClaims, "claimPayee", claimPayee),
		kit.On(kit.UpdateExecute, records.ExpenseClaims, "claimReversed", s.claimReversed),
	}}
}

// claimPayee: an employee is paid himself; a customer is one of those that he has.
func claimPayee(e *kit.Change[records.ExpenseClaim]) error {
	id := e.Row.Payee()
	if gate.ByServer(e.RecordEvent) || id == "" || e.Before().Payee() == id && e.Before().PayeeKind() == e.Row.PayeeKind() {
		return e.Next()
	}
	payee, found, err := records.Payees.Find(e.App, id)
	if err != nil {
		return err
	}
	if !found || string(payee.Kind()) != string(e.Row.PayeeKind()) || payee.User() != "" && payee.User() != e.Row.Owner() {
		return gate.RefuseField(records.ExpenseClaimColPayee, "claim.payee_invalid")
	}
	if payee.Account() != "" {
		author := gate.From(e.RecordEvent).Author()
		team, err := gate.TeamOf(e.App, string(payee.Account()))
		if err != nil {
			return err
		}
		if author != nil && !team.Has(author) {
			return gate.RefuseField(records.ExpenseClaimColPayee, "claim.payee_invalid")
		}
	}
	return e.Next()
}
