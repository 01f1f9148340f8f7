package payments

import (
	"context"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// A server that goes on from an older copy does not know which runs the bank has had since.
// Nothing is paid by it until finance took these up and said so.

// lifeOf is the server's history, and whether it goes on from an older copy.
func lifeOf(tx core.App) (life string, reborn bool, err error) {
	if reborn, err = syncer.Reborn(tx.DB()); err != nil {
		return "", false, err
	}
	life, err = syncer.Life(tx.DB())
	return life, reborn, err
}

// isCompared refuses to pay after a restore until the bank's runs were compared.
func isCompared(tx core.App) error {
	life, reborn, err := lifeOf(tx)
	if err != nil || !reborn {
		return err
	}
	n, err := records.PaymentRuns.Count(tx, "compared_life = {:l}", dbx.Params{"l": life})
	if err == nil && n == 0 {
		return gate.Refuse("payment_run.restored")
	}
	return err
}

// noted is what somebody found.
type noted struct {
	Note string `json:"note"`
}

// compare: finance says that all runs which the bank had since the copy are known here.
func (s *Service) compare(ctx context.Context, tx core.App, run records.PaymentRun, args noted) error {
	life, reborn, err := lifeOf(tx)
	switch {
	case err != nil:
		return err
	case !reborn:
		return gate.Refuse("payment_run.not_restored")
	case strings.TrimSpace(args.Note) == "":
		return gate.Refuse("payment_run.note_required")
	}
	run.SetComparedLife(life)
	run.SetComparedNote(strings.TrimSpace(args.Note))
	run.SetComparedBy(actor(ctx))
	run.SetComparedAt(s.Now())
	return nil
}

// lostRun is a run that the bank has and the server lost.
type lostRun struct {
	No       string                `json:"no"`
	Payments []expense.LostPayment `json:"payments"`
}

// takeUp makes a draft the run that the bank has: its payments are on their way, and what
// they are of is paid by no other, whether or not it was approved again by now. The bank's
// answer to it is imported as any other.
func (s *Service) takeUp(ctx context.Context, tx core.App, run records.PaymentRun, args lostRun) error {
	_, reborn, err := lifeOf(tx)
	if err != nil {
		return err
	}
	if !reborn {
		return gate.Refuse("payment_run.not_restored")
	}
	if len(args.Payments) > mostPaid {
		return gate.Refuse("payment_run.too_many", "most", mostPaid)
	}
	if err := expense.CheckLost(args.No, args.Payments); err != nil {
		return gate.WrapError(err)
	}
	known, err := records.PaymentRuns.Count(tx, "no = {:n} AND id <> {:id}", dbx.Params{"n": args.No, "id": run.ID()})
	if err != nil {
		return err
	}
	if known > 0 {
		return gate.Refuse("payment_run.known", "no", args.No)
	}
	if err := drop(ctx, tx, run.ID()); err != nil {
		return err
	}
	total := 0
	for _, p := range args.Payments {
		row, err := s.lost(tx, p)
		if err != nil {
			return err
		}
		row.SetRun(run.ID())
		row.SetSeq(p.Seq)
		row.SetState(expense.PaymentPlanned)
		if err := gate.SaveChanged(ctx, tx, row.Raw()); err != nil {
			return err
		}
		row.SetState(expense.PaymentSent)
		if err := gate.SaveChanged(ctx, tx, row.Raw()); err != nil {
			return err
		}
		total += p.Fen
	}
	run.SetNo(args.No)
	run.SetTakenUp(true)
	run.SetCount(len(args.Payments))
	run.SetTotalFen(total)
	return nil
}

// lost is a payment that the bank has. Of what is approved again it is for what that comes to.
func (s *Service) lost(tx core.App, p expense.LostPayment) (row records.Payment, err error) {
	if p.Advance != "" {
		return lostAdvance(tx, p)
	}
	claim, found, err := records.ExpenseClaims.Find(tx, records.ExpenseClaimID(p.Claim))
	if err != nil {
		return row, err
	}
	if !found {
		return row, gate.Refuse("payment_run.lost_line", "seq", p.Seq)
	}
	if taken, err := live(tx, "claim = {:c}", dbx.Params{"c": claim.ID()}); err != nil || taken {
		return row, orRefuse(err, "payment.already", claim.No())
	}
	if row, err = records.Payments.New(tx); err != nil {
		return row, err
	}
	if string(claim.State()) == expense.ClaimApproved {
		clears, err := s.clears(tx, claim)
		if err != nil {
			return row, err
		}
		if claim.ApprovedFen()-clears != p.Fen {
			return row, gate.Refuse("payment_run.lost_amount", "seq", p.Seq, "no", claim.No())
		}
		row.SetClearedFen(clears)
	}
	row.SetKind(expense.PaysClaim)
	row.SetClaim(claim.ID())
	row.SetAdvance(claim.Advance())
	row.SetOwner(claim.Owner())
	row.SetDept(claim.Dept())
	row.SetAmountFen(p.Fen)
	return row, toWhom(tx, row, claim.Payee())
}

func lostAdvance(tx core.App, p expense.LostPayment) (row records.Payment, err error) {
	advance, found, err := records.Advances.Find(tx, records.AdvanceID(p.Advance))
	if err != nil {
		return row, err
	}
	if !found {
		return row, gate.Refuse("payment_run.lost_line", "seq", p.Seq)
	}
	if taken, err := live(tx, "advance = {:a} AND kind = 'advance'", dbx.Params{"a": advance.ID()}); err != nil || taken {
		return row, orRefuse(err, "payment.already", advance.Purpose())
	}
	if advance.AmountFen() != p.Fen {
		return row, gate.Refuse("payment_run.lost_amount", "seq", p.Seq, "no", advance.Purpose())
	}
	if row, err = records.Payments.New(tx); err != nil {
		return row, err
	}
	row.SetKind(expense.PaysAdvance)
	row.SetAdvance(advance.ID())
	row.SetOwner(advance.Owner())
	row.SetDept(advance.Dept())
	row.SetAmountFen(p.Fen)
	return row, toWhom(tx, row, "")
}

// toWhom names the payee as far as he is known by now.
func toWhom(tx core.App, row records.Payment, named records.PayeeID) error {
	payee, found, err := records.Payees.Find(tx, named)
	if named == "" {
		payee, found, err = records.Payees.First(tx, "user = {:u}", dbx.Params{"u": row.Owner()}, "")
	}
	if err != nil || !found {
		return err
	}
	row.SetPayee(payee.ID())
	row.SetPayeeName(payee.Name())
	row.SetMasked(payee.Masked())
	return nil
}
