package ledger

import (
	"cmp"
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// receipts are what accounts paid, as somebody reports it: only what finance
// confirms counts.
func (b *Books) receipts() kit.Collection {
	return kit.Collection{
		Name:    records.ReceiptTable,
		Machine: &sales.ReceiptMachine,
		Parties: kit.Office(people.RoleFinance),
		Server: []string{
			records.ReceiptColManager, records.ReceiptColDept, records.ReceiptColOpenFen,
			records.ReceiptColDecidedBy, records.ReceiptColDecidedAt, records.ReceiptColReason,
		},
		Once:    []string{records.ReceiptColAccount},
		Audit:   gate.Audit{Fields: []string{records.ReceiptColState, records.ReceiptColAmountFen, records.ReceiptColReceivedOn}, Create: true},
		Follows: kit.Always,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Receipts, "receiptCreate", b.receiptSaved),
			kit.On(kit.Update, records.Receipts, "receiptUpdate", b.receiptSaved),
			kit.On(kit.CreateExecute, records.Receipts, "receiptMadeBooked", b.receiptBooked),
			kit.On(kit.UpdateExecute, records.Receipts, "receiptBooked", b.receiptBooked),
		},
	}
}

// receiptSaved holds a report to an amount, a day that has come, and to be the
// only one of its reference and amount.
func (b *Books) receiptSaved(e *kit.Change[records.Receipt]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := report(e, "receipt"); err != nil {
		return err
	}
	if err := sales.CheckLedgerAmount("receipt.amount_invalid", e.Row.AmountFen()); err != nil {
		return gate.WrapError(err)
	}
	today := domain.BusinessDay(gate.Config{Now: b.now}.Arrived(e.Context))
	e.Row.SetReceivedOn(cmp.Or(e.Row.ReceivedOn(), today))
	if e.Row.ReceivedOn() > today {
		return gate.RefuseField(records.ReceiptColReceivedOn, "receipt.day_invalid")
	}
	if e.Row.Paper() != e.Before().Paper() { // finance corrects what has another's
		if err := checkPaper(e.App, e.Row.Paper(), e.Row.Account(), gate.From(e.RecordEvent).Author(), "receipt.paper_invalid"); err != nil {
			return err
		}
	}
	if e.Row.Reference() != "" {
		other, found, err := records.Receipts.First(e.App, "account = {:a} AND reference = {:r} AND amount_fen = {:f} AND id <> {:id} AND state IN ('reported', 'confirmed')",
			dbx.Params{"a": e.Row.Account(), "r": e.Row.Reference(), "f": e.Row.AmountFen(), "id": e.Row.ID()}, "id")
		if err != nil {
			return err
		}
		if found {
			return gate.RefuseField(records.ReceiptColReference, "receipt.twice", "other", other.ID())
		}
	}
	return e.Next()
}

// confirmed is what finance says with a confirmation: what the receipt is for;
// the rest goes where it is due first.
type confirmed struct {
	Allocate []part `json:"allocate"`
}

type part struct {
	Entry records.AccountEntryID `json:"entry"`
	Fen   int                    `json:"amount_fen"`
}

func (b *Books) confirm(ctx context.Context, tx core.App, receipt records.Receipt, _ confirmed) error {
	return b.decideReceipt(ctx, tx, receipt, why{})
}

func (b *Books) decideReceipt(ctx context.Context, tx core.App, receipt records.Receipt, args why) error {
	return decide(ctx, tx, b, "receipt", receipt, args)
}

// receiptBooked writes the ledger of a receipt that is confirmed or reversed, and
// keeps what is in it as it is.
func (b *Books) receiptBooked(e *kit.Change[records.Receipt]) error {
	was, now := e.Before(), e.Row
	counted := was.State() == sales.ReceiptConfirmed || was.State() == sales.ReceiptReversed
	leaves := was.State() != now.State() && (was.State() != sales.ReceiptConfirmed || now.State() != sales.ReceiptReversed)
	if counted && (leaves || was.AmountFen() != now.AmountFen() || was.Account() != now.Account()) {
		return gate.Refuse("ledger.booked", "kind", sales.EntryReceipt)
	}
	state := was.State()
	if err := e.Next(); err != nil || state == now.State() {
		return err
	}
	d := document{
		kind: sales.EntryReceipt, collection: records.ReceiptTable, id: string(now.ID()), no: now.Reference(),
		account: now.Account(), fen: now.AmountFen(), day: now.ReceivedOn(),
	}
	switch now.State() {
	case sales.ReceiptConfirmed:
		named, err := namedParts(e.Context)
		if err != nil {
			return err
		}
		if err := b.post(e.Context, e.App, d, named); err != nil {
			return err
		}
	case sales.ReceiptReversed:
		d.day = domain.BusinessDay(b.now())
		if err := b.reverse(e.Context, e.App, d); err != nil {
			return err
		}
	default:
		return nil
	}
	entry, booked, err := entryOf(e.App, d.collection, d.id, sales.EntryReceipt)
	if err != nil || !booked {
		return err
	}
	now.SetOpenFen(-entry.OpenFen())
	return mirror(e.Context, e.App, entry)
}

// namedParts reads of a confirmation on its way what it is for.
func namedParts(ctx context.Context) (out []sales.Allocation, err error) {
	step := kit.StepOf(ctx)
	if step.Action != sales.ReceiptConfirm {
		return nil, nil
	}
	var args confirmed
	if err := gate.Args(step.Raw, &args); err != nil {
		return nil, err
	}
	for _, p := range args.Allocate {
		out = append(out, sales.Allocation{Debit: string(p.Entry), Fen: p.Fen})
	}
	return out, nil
}
