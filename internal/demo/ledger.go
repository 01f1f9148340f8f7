package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/sales"
)

// booked is an account with its ledger, as the rules would have written it.
type booked struct {
	ID      string `db:"id"`
	Owner   string `db:"owner"`
	Manager string `db:"manager"`
	Dept    string `db:"dept"`
	Days    int    `db:"payment_days"`
	Limit   int    `db:"credit_limit_fen"`
	Ordered int    `db:"ordered"`

	entries []bookedEntry
}

type bookedEntry struct {
	sales.Entry
	order, due, collection, ref string
	open                        int
	at                          time.Time
}

// ledger writes what accounts owe for what was delivered to them, what some of them
// paid and took off, a rebate, and two statements.
func (b *builder) ledger() error {
	if !b.opt.Customers {
		return nil
	}
	var accounts []*booked
	err := b.w.tx.NewQuery(`SELECT id, owner, manager, dept, payment_days, credit_limit_fen,
		(SELECT COALESCE(SUM(MAX(total_fen - delivered_fen, 0)), 0) FROM orders o WHERE o.account = a.id AND state IN
		('submitted', 'credit_review', 'approved', 'confirmed', 'processing', 'partly_delivered')) AS ordered FROM accounts a ORDER BY created, id`).All(&accounts)
	if err != nil {
		return fmt.Errorf("read the accounts: %w", err)
	}
	by := map[string]*booked{}
	for _, a := range accounts {
		by[a.ID] = a
	}
	if err := b.documents(by); err != nil {
		return err
	}
	owing := slices.DeleteFunc(slices.Clone(accounts), func(a *booked) bool { return len(a.entries) == 0 })
	slices.SortStableFunc(owing, func(a, b *booked) int { return len(b.entries) - len(a.entries) })
	if len(owing) == 0 { // nothing was delivered yet: they pay in advance
		owing = accounts[:min(4, len(accounts))]
	}
	for i, a := range owing[:min(4, len(owing))] {
		if err := b.pays(i, a); err != nil {
			return err
		}
	}
	for i, a := range owing[min(4, len(owing)):] {
		if err := b.paysInRuns(i, a); err != nil {
			return err
		}
	}
	for i, a := range accounts {
		slices.SortFunc(a.entries, func(x, y bookedEntry) int { // as statements have them
			return cmp.Or(cmp.Compare(x.On, y.On), x.at.Compare(y.at), cmp.Compare(x.ID, y.ID))
		})
		if err := b.close(i, a); err != nil {
			return err
		}
	}
	for _, row := range b.receipts {
		if err := b.w.insert("receipts", row); err != nil {
			return err
		}
	}
	if err := b.settled(owing); err != nil {
		return err
	}
	if err := b.rebate(owing[0]); err != nil {
		return err
	}
	for i, a := range owing[:min(2, len(owing))] {
		if err := b.stated(i, a); err != nil {
			return err
		}
	}
	return nil
}

// documents books what was delivered and what came back.
func (b *builder) documents(by map[string]*booked) error {
	for _, of := range []struct{ kind, collection, query string }{
		{sales.EntryDelivery, "deliveries", `SELECT id, no, account, "order", amount_fen, delivered_at AS at FROM deliveries WHERE state = 'delivered' AND amount_fen <> 0 ORDER BY delivered_at, id`},
		{sales.EntryReturn, "returns", `SELECT id, no, account, "order", -amount_fen AS amount_fen, returned_at AS at FROM returns WHERE state = 'returned' AND amount_fen <> 0 ORDER BY returned_at, id`},
	} {
		var rows []struct {
			ID      string `db:"id"`
			No      string `db:"no"`
			Account string `db:"account"`
			Order   string `db:"order"`
			Fen     int    `db:"amount_fen"`
			At      string `db:"at"`
		}
		if err := b.w.tx.NewQuery(of.query).All(&rows); err != nil {
			return fmt.Errorf("read what was delivered: %w", err)
		}
		for _, r := range rows {
			at, err := time.Parse(stampFormat, r.At)
			if err != nil {
				return fmt.Errorf("read when %s was: %w", r.No, err)
			}
			by[r.Account].book(b, of.kind, of.collection, r.ID, r.No, r.Order, r.Fen, at)
		}
	}
	return nil
}

// book adds an entry.
func (a *booked) book(b *builder, kind, collection, ref, no, order string, fen int, at time.Time) {
	day := at.In(shanghai).Format(dayFormat)
	e := bookedEntry{
		Entry: sales.Entry{ID: b.id("account_entries", len(b.entryIDs)), Kind: kind, No: no, On: day, Fen: sales.EntryAmount(kind, fen)},
		order: order, collection: collection, ref: ref, at: at,
	}
	b.entryIDs = append(b.entryIDs, e.ID)
	e.open = e.Fen
	if e.Fen > 0 {
		e.due = domain.AddDays(day, a.Days)
	}
	a.entries = append(a.entries, e)
}

// owes is the account's balance.
func (a *booked) owes() (fen int) {
	for _, e := range a.entries {
		fen += e.Fen
	}
	return fen
}

// pays lets the n-th of the accounts pay a part, or more than it owes, report a
// receipt that finance has not seen yet, and take something off.
func (b *builder) pays(n int, a *booked) error {
	parts := []int{max(100_000, a.owes()/3), max(200_000, a.owes()+50_000), 88_000, 66_000}
	states := []string{sales.ReceiptConfirmed, sales.ReceiptConfirmed, sales.ReceiptReported, sales.ReceiptConfirmed}
	finance, last := b.people["finance.zhao"], b.today.AddDate(0, 0, -3).Add(10*time.Hour)
	if n < 2 {
		last = b.today.AddDate(0, 0, -b.today.Day()).Add(10 * time.Hour) // of the month that is stated
	}
	row := a.whose(dbx.Params{
		"id": b.id("receipts", n), "amount_fen": parts[n], "method": "transfer", "received_on": last.Format(dayFormat), "payer": "总部财务",
		"reference": fmt.Sprintf("TT%s-%02d", last.Format("060102"), n+1), "state": states[n], "created": stamp(last), "updated": stamp(last),
	})
	if states[n] == sales.ReceiptConfirmed {
		row["decided_by"], row["decided_at"] = finance.id, stamp(last.Add(2*time.Hour))
		a.book(b, sales.EntryReceipt, "receipts", fmt.Sprint(row["id"]), fmt.Sprint(row["reference"]), "", parts[n], last)
	}
	b.received(row)
	cause := []string{"display", "shortage", "other", "rebate"}[n]
	state := []string{sales.DeductionAccepted, sales.DeductionAccepted, sales.DeductionReported, sales.DeductionRejected}[n]
	deduction := a.whose(dbx.Params{
		"id": b.id("deductions", n), "amount_fen": 12_000 + 1_500*n, "cause": cause, "state": state, "note": []string{"堆头陈列费", "到货短少一箱", "海报费", "返利未到期"}[n],
		"created": stamp(last), "updated": stamp(last),
	})
	if state != sales.DeductionReported {
		deduction["decided_by"], deduction["decided_at"] = finance.id, stamp(last.Add(3*time.Hour))
	}
	if state == sales.DeductionRejected {
		deduction["reason"] = "返利期未结束"
	}
	if state == sales.DeductionAccepted {
		a.book(b, sales.EntryDeduction, "deductions", fmt.Sprint(deduction["id"]), "", "", 12_000+1_500*n, last)
	}
	return b.w.insert("deductions", deduction)
}

func (a *booked) whose(row dbx.Params) dbx.Params {
	row["account"], row["owner"], row["manager"], row["dept"] = a.ID, a.Owner, a.Manager, a.Dept
	return row
}

// close writes an account's entries, what is set against what, and its credit.
func (b *builder) close(n int, a *booked) error {
	if len(a.entries) == 0 && a.Limit == 0 && a.Ordered == 0 {
		return nil
	}
	open, at := make([]sales.OpenEntry, len(a.entries)), map[string]*bookedEntry{}
	for i := range a.entries {
		e := &a.entries[i]
		open[i], at[e.ID] = sales.OpenEntry{ID: e.ID, Order: e.order, Day: e.due, Fen: e.Fen}, e
		if e.Fen < 0 {
			open[i].Day = e.On
		}
	}
	parts := sales.Allocate(open)
	for _, p := range parts {
		at[p.Credit].open += p.Fen
		at[p.Debit].open -= p.Fen
	}
	today, overdue := b.company.Today, 0
	for _, e := range a.entries {
		if e.open > 0 && e.due < today {
			overdue += e.open
		}
		if row := b.receiptOf[e.ref]; row != nil {
			row["open_fen"] = -e.open
		}
		err := b.w.insert("account_entries", dbx.Params{
			"id": e.ID, "account": a.ID, "dept": a.Dept, "kind": e.Kind, "ref_collection": e.collection, "ref_id": e.ref, "order": e.order, "no": e.No,
			"amount_fen": e.Fen, "open_fen": e.open, "on": e.On, "due_on": e.due, "at": stamp(e.at), "created": stamp(e.at), "updated": stamp(e.at),
		})
		if err != nil {
			return err
		}
	}
	for _, p := range parts {
		err := b.w.insert("receipt_allocations", dbx.Params{
			"id": b.id("receipt_allocations", b.allocated), "account": a.ID, "dept": a.Dept, "credit": p.Credit, "debit": p.Debit, "amount_fen": p.Fen,
			"at": stamp(b.today), "created": stamp(b.today), "updated": stamp(b.today),
		})
		if err != nil {
			return err
		}
		b.allocated++
	}
	credit := sales.Credit{LimitFen: int64(a.Limit), OpenFen: int64(a.Ordered + a.owes())}
	return b.w.insert("account_credits", dbx.Params{
		"id": b.id("account_credits", n), "account": a.ID, "dept": a.Dept, "limit_fen": a.Limit, "ordered_fen": a.Ordered, "ledger_fen": a.owes(),
		"open_fen": credit.OpenFen, "overdue_fen": overdue, "free_fen": credit.FreeFen(), "as_of": today, "created": stamp(b.today), "updated": stamp(b.today),
	})
}
