package ledger

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// document is what becomes an entry.
type document struct {
	kind, collection, id, no string
	account                  records.AccountID
	order                    records.OrderID
	fen                      int    // above zero; a return's is below if gifts that stay cost more than what came back
	day                      string // on which it happened
}

// post writes a document's entry, once, sets it against what is open and brings
// the account's credit up to date. One of nothing leaves none.
func (b *Books) post(ctx context.Context, tx core.App, d document, named []sales.Allocation) error {
	if _, booked, err := entryOf(tx, d.collection, d.id, d.kind); err != nil || booked || d.fen == 0 {
		return err
	}
	entry, err := b.write(ctx, tx, d)
	if err != nil {
		return err
	}
	if err := b.allocate(ctx, tx, d.account, entry.ID(), named); err != nil {
		return err
	}
	return b.refresh(ctx, tx, d.account)
}

// write writes a document's entry, all of it open.
func (b *Books) write(ctx context.Context, tx core.App, d document) (entry records.AccountEntry, err error) {
	account, err := records.Accounts.Require(tx, d.account)
	if err != nil {
		return entry, err
	}
	closed, err := closedThrough(tx, d.account)
	if err != nil {
		return entry, err
	}
	if entry, err = records.AccountEntries.New(tx); err != nil {
		return entry, err
	}
	amount := sales.EntryAmount(d.kind, d.fen)
	if d.kind == sales.EntryReturn && b.planted == syncer.PlantReturnAdds {
		amount = d.fen
	}
	entry.SetAccount(d.account)
	entry.SetDept(account.Dept())
	entry.SetKind(records.AccountEntryKind(d.kind))
	entry.SetRefCollection(d.collection)
	entry.SetRefID(d.id)
	entry.SetOrder(d.order)
	entry.SetNo(d.no)
	entry.SetAmountFen(amount)
	entry.SetOpenFen(amount)
	entry.SetOn(sales.BookedOn(d.day, closed))
	if amount > 0 {
		entry.SetDueOn(domain.AddDays(d.day, account.PaymentDays()))
	}
	entry.SetAt(b.now())
	if err := tx.SaveWithContext(gate.AsServer(ctx), entry.Raw()); err != nil {
		return entry, fmt.Errorf("write an entry: %w", err)
	}
	return entry, nil
}

// entryOf finds the entry that a document left.
func entryOf(tx core.App, collection, id, kind string) (records.AccountEntry, bool, error) {
	return records.AccountEntries.First(tx, "ref_collection = {:c} AND ref_id = {:i} AND kind = {:k}", dbx.Params{"c": collection, "i": id, "k": kind}, "")
}

// closedThrough is the last day for which an account's books are closed: by its
// last statement, or by a rebate whose period is closed. Empty if none is.
func closedThrough(tx core.App, account records.AccountID) (day string, err error) {
	last, err := lastStated(tx, account)
	if err != nil {
		return "", err
	}
	day = sales.MonthEnd(last)
	var closed []struct {
		Period string `db:"period"`
		From   string `db:"valid_from"`
		To     string `db:"valid_to"`
	}
	err = tx.DB().NewQuery(`SELECT a.period, t.valid_from, t.valid_to FROM rebate_accruals a JOIN rebate_terms t ON t.id = a.term
		WHERE a.account = {:a} AND a.state <> 'open'`).Bind(dbx.Params{"a": account}).All(&closed)
	if err != nil {
		return "", fmt.Errorf("find what is closed: %w", err)
	}
	for _, c := range closed {
		day = max(day, sales.RebateWithin(c.Period, c.From, c.To).To)
	}
	return day, nil
}

// delivered books what was delivered and taken.
func (b *Books) delivered(e *kit.Change[records.Delivery]) error {
	const state = "delivered"
	was, now := e.Before(), e.Row
	if was.State() == state && (now.State() != state || now.AmountFen() != was.AmountFen() || now.Account() != was.Account()) {
		return gate.Refuse("ledger.booked", "kind", sales.EntryDelivery)
	}
	if err := e.Next(); err != nil || now.State() != state || was.State() == state {
		return err
	}
	err := b.post(e.Context, e.App, document{
		kind: sales.EntryDelivery, collection: records.DeliveryTable, id: string(now.ID()), no: now.No(),
		account: now.Account(), order: now.Order(), fen: now.AmountFen(), day: domain.BusinessDay(now.DeliveredAt()),
	}, nil)
	if err != nil {
		return err
	}
	return b.paid(e.Context, e.App, now.Order()) // what comes after it was settled opens it again
}

// returned books what came back, less what gifts cost that stayed: its amount is
// below zero, unless those cost more.
func (b *Books) returned(e *kit.Change[records.Return]) error {
	const state = "returned"
	was, now := e.Before(), e.Row
	if was.State() == state && (now.State() != state || now.AmountFen() != was.AmountFen() || now.Account() != was.Account()) {
		return gate.Refuse("ledger.booked", "kind", sales.EntryReturn)
	}
	if err := e.Next(); err != nil || now.State() != state || was.State() == state {
		return err
	}
	return b.post(e.Context, e.App, document{
		kind: sales.EntryReturn, collection: records.ReturnTable, id: string(now.ID()), no: now.No(),
		account: now.Account(), order: now.Order(), fen: -now.AmountFen(), day: domain.BusinessDay(now.ReturnedAt()),
	}, nil)
}
