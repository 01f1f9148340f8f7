package ledger

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// deductions are what accounts take off what they owe: only what finance accepts counts.
func (b *Books) deductions() kit.Collection {
	return kit.Collection{
		Name:    records.DeductionTable,
		Machine: &sales.DeductionMachine,
		Parties: kit.Office(people.RoleFinance),
		Server: []string{
			records.DeductionColManager, records.DeductionColDept,
			records.DeductionColDecidedBy, records.DeductionColDecidedAt, records.DeductionColReason,
		},
		Once:    []string{records.DeductionColAccount},
		Audit:   gate.Audit{Fields: []string{records.DeductionColState, records.DeductionColAmountFen, records.DeductionColCause}, Create: true},
		Follows: kit.Always,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Deductions, "deductionCreate", deductionSaved),
			kit.On(kit.Update, records.Deductions, "deductionUpdate", deductionSaved),
			kit.On(kit.CreateExecute, records.Deductions, "deductionMadeBooked", b.deductionBooked),
			kit.On(kit.UpdateExecute, records.Deductions, "deductionBooked", b.deductionBooked),
		},
	}
}

// deductionSaved holds a report to an amount and to an order of its account.
func deductionSaved(e *kit.Change[records.Deduction]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := report(e, "deduction"); err != nil {
		return err
	}
	if err := sales.CheckLedgerAmount("deduction.amount_invalid", e.Row.AmountFen()); err != nil {
		return gate.WrapError(err)
	}
	if e.Row.Order() != "" {
		order, found, err := records.Orders.Find(e.App, e.Row.Order())
		if err != nil {
			return err
		}
		if !found || order.Account() != e.Row.Account() {
			return gate.RefuseField(records.DeductionColOrder, "deduction.order_invalid")
		}
	}
	if e.Row.Paper() != e.Before().Paper() { // finance corrects what has another's
		if err := checkPaper(e.App, e.Row.Paper(), e.Row.Account(), gate.From(e.RecordEvent).Author(), "deduction.paper_invalid"); err != nil {
			return err
		}
	}
	return e.Next()
}

func (b *Books) accept(ctx context.Context, tx core.App, deduction records.Deduction, _ kit.None) error {
	return b.decideDeduction(ctx, tx, deduction, why{})
}

func (b *Books) decideDeduction(ctx context.Context, tx core.App, deduction records.Deduction, args why) error {
	return decide(ctx, tx, b, "deduction", deduction, args)
}

// deductionBooked writes the ledger of a deduction that is accepted, and keeps
// what is in it as it is.
func (b *Books) deductionBooked(e *kit.Change[records.Deduction]) error {
	was, now := e.Before(), e.Row
	state := was.State()
	if state == sales.DeductionAccepted && (now.State() != state || was.AmountFen() != now.AmountFen() || was.Account() != now.Account()) {
		return gate.Refuse("ledger.booked", "kind", sales.EntryDeduction)
	}
	if err := e.Next(); err != nil || state == now.State() || now.State() != sales.DeductionAccepted {
		return err
	}
	return b.post(e.Context, e.App, document{
		kind: sales.EntryDeduction, collection: records.DeductionTable, id: string(now.ID()),
		account: now.Account(), order: now.Order(), fen: now.AmountFen(), day: domain.BusinessDay(b.now()),
	}, nil)
}
