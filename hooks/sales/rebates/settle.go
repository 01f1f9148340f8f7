package rebates

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// settlement names the voucher of a payment.
type settlement struct {
	VoucherNo string `json:"voucher_no"`
}

// guards wants a voucher of what is paid out.
func guards(ctx context.Context, tx core.App, accrual records.RebateAccrual) (func(string) bool, error) {
	var args settlement
	if err := gate.Args(kit.StepOf(ctx).Raw, &args); err != nil {
		return nil, err
	}
	term, err := records.RebateTerms.Require(tx, accrual.Term())
	if err != nil {
		return nil, err
	}
	return func(guard string) bool {
		return guard == "rebate.voucher_required" &&
			(term.Settle() != sales.RebateByPayment || accrual.AccruedFen() == 0 || strings.TrimSpace(args.VoucherNo) != "")
	}, nil
}

// settle makes a deduction that is accepted at once, or takes the voucher of the payment.
func (d desk) settle(ctx context.Context, tx core.App, accrual records.RebateAccrual, args settlement) error {
	term, err := records.RebateTerms.Require(tx, accrual.Term())
	if err != nil {
		return err
	}
	account, err := records.Accounts.Require(tx, accrual.Account())
	if err != nil {
		return err
	}
	by := records.UserID(gate.Of(ctx).User.Id)
	accrual.SetSettledAt(d.now())
	accrual.SetSettledBy(by)
	accrual.SetVoucherNo(args.VoucherNo)
	if term.Settle() == sales.RebateByDeduction && accrual.AccruedFen() > 0 {
		deduction, err := records.Deductions.New(tx)
		if err != nil {
			return err
		}
		deduction.SetAccount(account.ID())
		deduction.SetOwner(account.Owner())
		deduction.SetManager(account.Manager())
		deduction.SetDept(account.Dept())
		deduction.SetAmountFen(accrual.AccruedFen())
		deduction.SetCause("rebate")
		deduction.SetNote(term.Name() + " " + accrual.Period())
		deduction.SetState(sales.DeductionAccepted)
		deduction.SetDecidedBy(by)
		deduction.SetDecidedAt(d.now())
		if err := tx.SaveWithContext(gate.AsServer(ctx), deduction.Raw()); err != nil {
			return fmt.Errorf("write the deduction of a rebate: %w", err)
		}
		accrual.SetDeduction(deduction.ID())
	}
	return gate.Notify(ctx, tx, d.now(), gate.Notice{
		User: string(account.Owner()), Kind: "rebate.settled", Link: records.RebateAccrualTable + "/" + string(accrual.ID()),
		Params: map[string]any{"account": account.Name(), "period": accrual.Period(), "yuan": domain.Yuan(int64(accrual.AccruedFen()))},
	})
}

// close closes the periods that have been over for so many days: no document is
// booked in them any more.
func (d desk) close(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	wait, err := gate.SettingsOn(app, today).RebateCloseDays()
	if err != nil {
		return err
	}
	ctx = gate.With(ctx, gate.Actor{Action: records.RebateAccrualTable + "." + sales.AccrualClose})
	return app.RunInTransaction(func(tx core.App) error {
		open, err := records.RebateAccruals.All(tx, "state = 'open'", nil, "id")
		if err != nil {
			return err
		}
		for _, accrual := range open {
			term, err := records.RebateTerms.Require(tx, accrual.Term())
			if err != nil {
				return err
			}
			if end := sales.RebateWithin(accrual.Period(), term.ValidFrom(), term.ValidTo()).To; today <= domain.AddDays(end, wait) {
				continue
			}
			next, err := sales.AccrualMachine.OwnNext(string(accrual.State()), sales.AccrualClose)
			if err != nil {
				return err
			}
			accrual.SetState(records.RebateAccrualState(next))
			if err := tx.SaveWithContext(gate.AsServer(ctx), accrual.Raw()); err != nil {
				return fmt.Errorf("close a rebate: %w", err)
			}
		}
		return nil
	})
}
