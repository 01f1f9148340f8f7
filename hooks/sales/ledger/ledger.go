// Package ledger binds the rules of what accounts owe: entries that deliveries,
// returns, receipts and deductions leave, what is set against what, what an
// account may still order, and its monthly statements.
//
// Entries are written in the transaction of their document, by rules on its
// collection, and never changed but for what of them is open.
package ledger

import (
	"time"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	Planted syncer.Planted // a fault, for tests of the tests
}

// Books are the accounts' ledgers.
type Books struct {
	now     func() time.Time
	planted syncer.Planted
}

// New makes the books.
func New(cfg Config) *Books { return &Books{now: cfg.Now, planted: cfg.Planted} }

// Area is what the ledger is.
func (b *Books) Area() kit.Area {
	return kit.Area{
		Name: "ledger",
		Collections: []kit.Collection{
			b.receipts(), b.deductions(), b.statements(),
			{
				Name: records.AccountEntryTable, Follows: kit.Always,
				Keep:  &gate.Keep{Log: true, Moves: []string{records.AccountEntryColOpenFen, records.AccountEntryColDept}},
				Rules: serverMakes(records.AccountEntryTable),
			},
			{
				Name: records.ReceiptAllocationTable, Follows: kit.Always,
				Keep:  &gate.Keep{Log: true, Moves: []string{records.ReceiptAllocationColDept}},
				Rules: serverMakes(records.ReceiptAllocationTable),
			},
			{Name: records.AccountCreditTable, Follows: kit.Always, Rules: serverMakes(records.AccountCreditTable)},
			{Name: records.DeliveryTable, Rules: []kit.Rule{
				kit.On(kit.CreateExecute, records.Deliveries, "deliveryMadeBooked", b.delivered),
				kit.On(kit.UpdateExecute, records.Deliveries, "deliveryBooked", b.delivered),
			}},
			{Name: records.ReturnTable, Rules: []kit.Rule{
				kit.On(kit.CreateExecute, records.Returns, "returnMadeBooked", b.returned),
				kit.On(kit.UpdateExecute, records.Returns, "returnBooked", b.returned),
			}},
			{Name: records.OrderTable, Rules: []kit.Rule{
				kit.On(kit.CreateExecute, records.Orders, "orderMadeCredit", b.ordered),
				kit.On(kit.UpdateExecute, records.Orders, "orderCredit", b.ordered),
				kit.On(kit.Update, records.Orders, "orderReached", b.reached),
			}},
			{Name: records.AccountTable, Rules: []kit.Rule{
				kit.On(kit.CreateExecute, records.Accounts, "accountMadeCredit", b.limited),
				kit.On(kit.UpdateExecute, records.Accounts, "accountCredit", b.limited),
			}},
		},
		Actions: []kit.Action{
			byAnother(records.Receipts, kit.Do(records.Receipts, sales.ReceiptConfirm, b.confirm), sales.ReceiptOwn),
			reasoned(records.Receipts, sales.ReceiptReject, "receipt.reason_required", b.decideReceipt),
			reasoned(records.Receipts, sales.ReceiptReverse, "receipt.reason_required", b.decideReceipt),
			byAnother(records.Deductions, kit.Do(records.Deductions, sales.DeductionAccept, b.accept), sales.DeductionOwn),
			reasoned(records.Deductions, sales.DeductionReject, "deduction.reason_required", b.decideDeduction),
			kit.DoAny(records.AccountTable, sales.StatementIssue, b.issueAsked),
			answered(sales.StatementConfirm, b.answer),
			answered(sales.StatementDispute, b.dispute),
		},
		Jobs: []gate.Job{
			{Name: "creditsAsOfToday", Schedule: "5 16 * * *", Run: b.creditsAsOfToday}, // 00:05 in Shanghai
			{Name: "statementsIssued", Schedule: "20 16 * * *", Run: b.statementsIssued},
		},
		Routes: b.routes(),
	}
}

// serverMakes keeps everybody from making rows that our own code makes of documents.
func serverMakes(collection string) []kit.Rule {
	return []kit.Rule{{On: kit.Create, Collection: collection, Name: "serverMakes", Run: gate.OnlyServer}}
}
