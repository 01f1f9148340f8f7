package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// allocate sets what is open of an account against each other, so that never both
// sides are open: first what finance names for a credit, then the oldest.
func (b *Books) allocate(ctx context.Context, tx core.App, account records.AccountID, credit records.AccountEntryID, named []sales.Allocation) error {
	var rows []struct {
		ID    string `db:"id"`
		Order string `db:"order"`
		Due   string `db:"due_on"`
		On    string `db:"on"`
		Fen   int    `db:"open_fen"`
	}
	err := tx.DB().NewQuery(`SELECT id, "order", due_on, "on", open_fen FROM account_entries WHERE account = {:a} AND open_fen != 0`).
		Bind(dbx.Params{"a": account}).All(&rows)
	if err != nil {
		return fmt.Errorf("read what is open: %w", err)
	}
	open := make([]sales.OpenEntry, len(rows))
	at := map[string]int{}
	for i, r := range rows {
		open[i] = sales.OpenEntry{ID: r.ID, Order: r.Order, Day: r.Due, Fen: r.Fen}
		if r.Fen < 0 {
			open[i].Day = r.On
		}
		at[r.ID] = i
	}
	if len(named) > 0 {
		if err := sales.CheckAllocations(-open[at[string(credit)]].Fen, named, open); err != nil {
			return gate.WrapError(err)
		}
	}
	for i := range named {
		named[i].Credit = string(credit)
		open[at[named[i].Credit]].Fen += named[i].Fen
		open[at[named[i].Debit]].Fen -= named[i].Fen
	}
	return b.set(ctx, tx, account, slices.Concat(named, sales.Allocate(open)))
}

// set writes parts of credits against debits, takes them off what is open of
// both, and tells receipts and orders. A part below zero takes one back.
func (b *Books) set(ctx context.Context, tx core.App, account records.AccountID, parts []sales.Allocation) error {
	if len(parts) == 0 {
		return nil
	}
	open := map[string]int{}
	dept := records.DepartmentID("")
	for _, p := range parts {
		open[p.Credit] += p.Fen
		open[p.Debit] -= p.Fen
	}
	orders := map[records.OrderID]bool{}
	for _, id := range slices.Sorted(maps.Keys(open)) {
		entry, err := records.AccountEntries.Require(tx, records.AccountEntryID(id))
		if err != nil {
			return err
		}
		dept = entry.Dept()
		entry.SetOpenFen(entry.OpenFen() + open[id])
		if err := tx.SaveWithContext(gate.AsServer(ctx), entry.Raw()); err != nil {
			return fmt.Errorf("write what is open of an entry: %w", err)
		}
		switch entry.Kind() {
		case sales.EntryDelivery:
			orders[entry.Order()] = true
		case sales.EntryReceipt:
			if err := mirror(ctx, tx, entry); err != nil {
				return err
			}
		}
	}
	for _, p := range parts {
		row, err := records.ReceiptAllocations.New(tx)
		if err != nil {
			return err
		}
		row.SetAccount(account)
		row.SetDept(dept)
		row.SetCredit(records.AccountEntryID(p.Credit))
		row.SetDebit(records.AccountEntryID(p.Debit))
		row.SetAmountFen(p.Fen)
		row.SetAt(b.now())
		if user := gate.Of(ctx).User; user != nil {
			row.SetBy(records.UserID(user.Id))
		}
		if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
			return fmt.Errorf("write an allocation: %w", err)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(orders)) {
		if err := b.paid(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// mirror says on a receipt what of it is not allocated.
func mirror(ctx context.Context, tx core.App, entry records.AccountEntry) error {
	receipt, err := records.Receipts.Require(tx, records.ReceiptID(entry.RefID()))
	if err != nil {
		return err
	}
	receipt.SetOpenFen(-entry.OpenFen())
	return gate.SaveChanged(ctx, tx, receipt.Raw())
}

// reverse takes back what a receipt did: what it was set against is open again,
// and the entry that takes it off stands against its own alone.
func (b *Books) reverse(ctx context.Context, tx core.App, d document) error {
	entry, booked, err := entryOf(tx, d.collection, d.id, sales.EntryReceipt)
	if err != nil || !booked {
		return err
	}
	d.kind = sales.EntryReversal
	reversal, err := b.write(ctx, tx, d)
	if err != nil {
		return err
	}
	parts, err := b.partsOf(tx, entry.ID())
	if err != nil {
		return err
	}
	parts = append(parts, sales.Allocation{Credit: string(entry.ID()), Debit: string(reversal.ID()), Fen: d.fen})
	if b.planted != syncer.PlantReversalKept {
		if err := b.set(ctx, tx, d.account, parts); err != nil {
			return err
		}
	}
	if err := b.allocate(ctx, tx, d.account, "", nil); err != nil {
		return err
	}
	return b.refresh(ctx, tx, d.account)
}

// partsOf are the parts of a credit that stand, to be taken back.
func (b *Books) partsOf(tx core.App, credit records.AccountEntryID) (parts []sales.Allocation, err error) {
	var rows []struct {
		Debit string `db:"debit"`
		Fen   int    `db:"fen"`
	}
	err = tx.DB().NewQuery(`SELECT debit, SUM(amount_fen) AS fen FROM receipt_allocations WHERE credit = {:c} GROUP BY debit HAVING SUM(amount_fen) != 0 ORDER BY debit`).
		Bind(dbx.Params{"c": credit}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the parts of a credit: %w", err)
	}
	for _, r := range rows {
		parts = append(parts, sales.Allocation{Credit: string(credit), Debit: r.Debit, Fen: -r.Fen})
	}
	return parts, nil
}
