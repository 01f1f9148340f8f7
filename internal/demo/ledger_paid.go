package demo

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/sales"
)

// received notes a receipt that is written later.
func (b *builder) received(row dbx.Params) {
	if b.receiptOf == nil {
		b.receiptOf = map[string]dbx.Params{}
	}
	b.receipts = append(b.receipts, row)
	b.receiptOf[row["id"].(string)] = row
}

// payRun is how many days lie between the runs in which an account pays.
const payRun = 10

// pays in runs what falls due before the next; every ninth account has stopped a
// month ago.
func (b *builder) paysInRuns(n int, a *booked) error {
	finance, paid, first, last := b.people["finance.zhao"], 0, a.entries[0].On, b.company.Today
	for _, e := range a.entries {
		first = min(first, e.On)
	}
	if n%9 == 4 {
		last = domain.AddDays(last, -30)
	}
	for run := domain.AddDays(first, payRun); run < last; run = domain.AddDays(run, payRun) {
		due := -paid
		for _, e := range a.entries {
			if e.Kind == sales.EntryDelivery && e.due <= domain.AddDays(run, payRun) || e.Kind == sales.EntryReturn && e.On <= run {
				due += e.Fen
			}
		}
		if due <= 0 {
			continue
		}
		day, err := time.ParseInLocation(dayFormat, run, shanghai)
		if err != nil {
			return fmt.Errorf("read the day of a payment: %w", err)
		}
		at := day.Add(16 * time.Hour)
		id, no := b.id("receipts of "+a.ID, len(b.receipts)), fmt.Sprintf("TT%s-%03d", at.Format("060102"), n+10)
		a.book(b, sales.EntryReceipt, "receipts", id, no, "", due, at)
		paid += due
		b.received(a.whose(dbx.Params{
			"id": id, "amount_fen": due, "method": "transfer", "received_on": run, "payer": "总部财务", "reference": no, "state": sales.ReceiptConfirmed,
			"decided_by": finance.id, "decided_at": stamp(at), "created": stamp(at), "updated": stamp(at),
		}))
	}
	return nil
}

// settled says on orders what of them is paid, and ends those that are paid whole.
func (b *builder) settled(accounts []*booked) error {
	for _, a := range accounts {
		covered, open := map[string]int{}, map[string]int{}
		for _, e := range a.entries {
			if e.Kind == sales.EntryDelivery {
				covered[e.order] += e.Fen - e.open
				open[e.order] += e.open
			}
		}
		for _, order := range slices.Sorted(maps.Keys(covered)) {
			set := dbx.Params{"paid_fen": covered[order]}
			var state, dept string
			err := b.w.tx.NewQuery("SELECT state, dept FROM orders WHERE id = {:id}").Bind(dbx.Params{"id": order}).Row(&state, &dept)
			if err != nil {
				return fmt.Errorf("read an order that is paid: %w", err)
			}
			if open[order] == 0 && state == sales.OrderDelivered {
				at := stamp(b.today)
				set["state"], set["settled_at"], set["step_dept"], set["step_due_at"], set["step_told_at"] = sales.OrderSettled, at, "", "", ""
				err := b.w.insert("order_events", dbx.Params{
					"id": b.id("order_events", b.events), "order": order, "account": a.ID, "owner": a.Owner, "dept": dept, "kind": sales.OrderSettle, "at": at,
					"step_dept": sales.OrderWaitsFor[state], "by": b.people["finance.zhao"].id, "note": "", "released": true,
					"facts": toJSON(map[string]any{"from": state, "to": sales.OrderSettled}), "created": at, "updated": at,
				})
				if err != nil {
					return err
				}
				b.events++
			}
			if _, err := b.w.tx.Update("orders", set, dbx.HashExp{"id": order}).Execute(); err != nil {
				return fmt.Errorf("write what is paid of an order: %w", err)
			}
		}
	}
	return nil
}
