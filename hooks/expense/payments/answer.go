package payments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// answered is the bank's answer: a file of CSV in base64, and its encoding.
type answered struct {
	File     string `json:"file"`
	Encoding string `json:"encoding"`
}

// answer takes what the bank says of a run's payments, whole or not at all. The same said
// again changes nothing.
func (s *Service) answer(ctx context.Context, tx core.App, run records.PaymentRun, args answered) error {
	if args.Encoding != utf8Text && args.Encoding != gbkText {
		return gate.Refuse("payment_run.encoding")
	}
	cells, raw, err := decode(args.File, args.Encoding)
	if err != nil {
		return err
	}
	lines, err := expense.ReadAnswer(cells)
	if err != nil {
		return gate.WrapError(err)
	}
	if len(lines) == 0 {
		return gate.Refuse("payment_run.answer_unreadable")
	}
	rows, err := records.Payments.All(tx, "run = {:r}", dbx.Params{"r": run.ID()}, "seq")
	if err != nil {
		return err
	}
	sent := make([]expense.SentPayment, len(rows))
	for i, row := range rows {
		sent[i] = expense.SentPayment{Seq: row.Seq(), Fen: row.AmountFen(), State: string(row.State())}
	}
	told, same, err := expense.MatchAnswer(run.No(), sent, lines)
	if err != nil {
		return gate.WrapError(err)
	}
	read := expense.AnswerRead{SHA256: hashOf(raw), By: string(actor(ctx)), At: s.Now(), Same: same}
	for _, row := range rows {
		line, now := told[row.Seq()]
		if !now && s.Planted == syncer.PlantPaidTwice && row.State() == expense.PaymentSent {
			line, now = expense.AnswerLine{Reason: "不在回单中"}, true
		}
		if !now {
			continue
		}
		if err := s.mayPay(ctx, tx, row); err != nil {
			return err
		}
		if line.Paid {
			read.Paid++
			run.SetPaidFen(run.PaidFen() + row.AmountFen())
			err = s.paid(ctx, tx, row, line.Ref)
		} else {
			read.Failed++
			err = s.failed(ctx, tx, run, row, line)
		}
		if err != nil {
			return err
		}
	}
	before, err := run.Answers()
	if err != nil {
		return err
	}
	run.SetPaidCount(run.PaidCount() + read.Paid)
	run.SetFailedCount(run.FailedCount() + read.Failed)
	run.SetAnswers(append(before, read))
	return nil
}

func hashOf(raw []byte) string {
	hash := sha256.Sum256(raw)
	return hex.EncodeToString(hash[:])
}

// mayPay holds who says what the bank did to the same as who sent it: what failed is paid
// again.
func (s *Service) mayPay(ctx context.Context, tx core.App, row records.Payment) error {
	payer := expense.Payer{ID: string(actor(ctx)), Owner: string(row.Owner())}
	payee, found, err := records.Payees.Find(tx, row.Payee())
	if err != nil {
		return err
	}
	if found {
		payer.PayeeUser = string(payee.User())
	}
	if payer.Approved, err = approvedBy(tx, row, payer.ID); err != nil {
		return err
	}
	return gate.WrapError(expense.CheckPayer(payer))
}

// paid books a payment, under the next number of a voucher (H-EXP-6).
func (s *Service) paid(ctx context.Context, tx core.App, row records.Payment, ref string) error {
	no, err := s.voucher(tx)
	if err != nil {
		return err
	}
	now := s.Now()
	row.SetState(expense.PaymentPaid)
	row.SetVoucherNo(no)
	row.SetBankRef(ref)
	row.SetPaidBy(actor(ctx))
	row.SetPaidAt(now)
	link, title := records.AdvanceTable+"/"+string(row.Advance()), ""
	if row.Kind() == expense.PaysClaim {
		claim, err := records.ExpenseClaims.Require(tx, row.Claim())
		if err != nil {
			return err
		}
		if row.ClearedFen() == 0 && claim.Advance() != "" { // it was taken up before it was approved again
			row.SetClearedFen(max(0, claim.ApprovedFen()-row.AmountFen()))
		}
		if err := s.book(ctx, tx, row); err != nil {
			return err
		}
		if err := s.Claims.Pay(ctx, tx, claim, row.AmountFen(), no, now); err != nil {
			return err
		}
		link, title = records.ExpenseClaimTable+"/"+string(claim.ID()), claim.Title()
	} else {
		if err := s.book(ctx, tx, row); err != nil {
			return err
		}
		if err := s.Advances.Paid(ctx, tx, row.Advance(), row.AmountFen(), now); err != nil {
			return err
		}
		advance, err := records.Advances.Require(tx, row.Advance())
		if err != nil {
			return err
		}
		title = advance.Purpose()
	}
	return gate.Notify(ctx, tx, now, gate.Notice{
		User: string(row.Owner()), Kind: "payment.paid", Link: link,
		Params: map[string]any{"title": title, "amount": domain.Yuan(int64(row.AmountFen())), "voucher": no},
	})
}

// book saves a payment that is paid, with what the journal says of it from now on.
func (s *Service) book(ctx context.Context, tx core.App, row records.Payment) error {
	posting, err := s.Posting(tx, row)
	if err != nil {
		return err
	}
	row.SetPosting(&posting)
	return gate.SaveChanged(ctx, tx, row.Raw())
}

// failed lets what a payment was of be paid by another, and tells who made the run.
func (s *Service) failed(ctx context.Context, tx core.App, run records.PaymentRun, row records.Payment, line expense.AnswerLine) error {
	row.SetState(expense.PaymentFailed)
	row.SetBankRef(line.Ref)
	row.SetReason(line.Reason)
	if err := gate.SaveChanged(ctx, tx, row.Raw()); err != nil {
		return err
	}
	return gate.Notify(ctx, tx, s.Now(), gate.Notice{
		User: string(run.Owner()), Kind: "payment.failed", Link: records.PaymentRunTable + "/" + string(run.ID()),
		Params: map[string]any{"no": run.No(), "seq": row.Seq(), "reason": line.Reason},
	})
}

// voucher is the next number of the month; each is given once, to a payment or its reversal.
func (s *Service) voucher(tx core.App) (string, error) {
	day := domain.BusinessDay(s.Now())
	var last int // by its number: 10000 comes after 9999
	err := tx.DB().NewQuery(`SELECT COALESCE(MAX(CAST(SUBSTR(no, LENGTH({:p}) + 1) AS INTEGER)), 0) FROM (
		SELECT voucher_no AS no FROM payments WHERE voucher_no >= {:p} AND voucher_no < {:end}
		UNION ALL SELECT reversal_voucher_no FROM payments WHERE reversal_voucher_no >= {:p} AND reversal_voucher_no < {:end}
		UNION ALL SELECT back_voucher_no FROM payments WHERE back_voucher_no >= {:p} AND back_voucher_no < {:end})`).
		Bind(dbx.Params{"p": expense.VoucherPrefix(day), "end": expense.VoucherPrefix(day) + ":"}).Row(&last)
	if err != nil {
		return "", fmt.Errorf("find the last voucher of a month: %w", err)
	}
	return expense.VoucherNo(day, last+1), nil
}

// closable asks whether the bank answered all of a run.
func (s *Service) closable(_ context.Context, tx core.App, run records.PaymentRun) (func(string) bool, error) {
	open, err := records.Payments.Count(tx, "run = {:r} AND state IN ('planned', 'sent')", dbx.Params{"r": run.ID()})
	return func(string) bool { return open == 0 }, err
}

func (s *Service) close(ctx context.Context, _ core.App, run records.PaymentRun, _ kit.None) error {
	run.SetClosedBy(actor(ctx))
	run.SetClosedAt(s.Now())
	return nil
}
