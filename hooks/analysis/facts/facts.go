// Package facts writes the facts of what was sold: what each delivery, return, rebate
// and receipt moved, with whose and of which kind everything was then. Facts are
// written in the transaction of what they tell of, and never changed: what is learnt
// later is a fact of its own, in a month that is open.
package facts

import (
	"fmt"

	"github.com/pocketbase/dbx"
)

// Book writes facts through a transaction.
type Book struct {
	db    dbx.Builder
	today string
}

// In writes through a transaction; today is the company's day (YYYY-MM-DD), on which
// counts what belongs into a month that is frozen.
func In(tx dbx.Builder, today string) Book { return Book{tx, today} }

// Delivered writes what a delivery brought, by the lines of its order.
func (b Book) Delivered(delivery string) error {
	return b.post(func() error { return b.write("delivery", deliveries("d.id = {:id}"), delivery) })
}

// Returned writes what a return took back, and what that cost.
func (b Book) Returned(back string) error {
	return b.post(func() error {
		if err := b.write("return", returns("r.id = {:id}"), back); err != nil {
			return err
		}
		return b.recost("line IN (SELECT line FROM sales_facts WHERE ref = {:id})", back)
	})
}

// Rebated writes by how much a rebate that accrues came to be another.
func (b Book) Rebated(accrual string) error {
	return b.post(func() error { return b.write("rebate", rebates("r.id = {:id}"), accrual) })
}

// Received writes what an entry of the ledger says was paid, or was not after all.
func (b Book) Received(entry string) error {
	return b.post(func() error {
		if err := b.write("receipt", receipts("e.id = {:id}"), entry); err != nil {
			return err
		}
		return b.write("receipt", reversals("e.id = {:id}"), entry)
	})
}

// Recost writes by how much the cost of a product came to be another, of all that was
// delivered of it and came back.
func (b Book) Recost(product string) error {
	return b.post(func() error { return b.recost("product = {:id}", product) })
}

// All writes the facts of all documents, of which there are none yet.
func (b Book) All() error {
	return b.post(func() error {
		for _, kind := range []struct{ kind, of string }{
			{"delivery", deliveries("{:id} = ''")},
			{"return", returns("{:id} = ''")},
			{"rebate", rebates("{:id} = ''")},
			{"receipt", receipts("{:id} = ''")},
			{"receipt", reversals("{:id} = ''")},
		} {
			if err := b.write(kind.kind, kind.of, ""); err != nil {
				return err
			}
		}
		return b.recost("{:id} = ''", "")
	})
}

// columns of a fact but the three that follow from the day.
const columns = `ref, line, ord, owner, manager, dept, account, tier, region, product, category, promotion,
	base_milli, amount_fen, tax_fen, cost_fen, uncosted, rebate_fen, receipt_fen`

// write writes facts of a kind, as a SELECT of happened and columns gives them.
func (b Book) write(kind, of, id string) error {
	_, err := b.db.NewQuery(`INSERT INTO sales_facts (kind, day, happened, corrects, ` + columns + `)
		SELECT {:kind}, CASE WHEN m.month IS NULL THEN happened ELSE {:today} END, happened, COALESCE(m.month, ''), ` + columns + `
		FROM (` + of + `) LEFT JOIN analysis_months m ON m.month = substr(happened, 1, 7)
		ORDER BY happened, ref, line`).Bind(dbx.Params{"kind": kind, "today": b.today, "id": id}).Execute()
	if err != nil {
		return fmt.Errorf("write facts of a %s: %w", kind, err)
	}
	return nil
}

// post writes facts, and adds them to the sums by month.
func (b Book) post(write func() error) error {
	var before int64
	if err := b.db.NewQuery("SELECT COALESCE(MAX(seq), 0) FROM sales_facts").Row(&before); err != nil {
		return fmt.Errorf("find the last fact: %w", err)
	}
	if err := write(); err != nil {
		return err
	}
	_, err := b.db.NewQuery(`INSERT INTO sales_months (month, account, owner, manager, dept, tier, amount_fen, tax_fen, cost_fen, base_milli, rebate_fen, receipt_fen)
		SELECT substr(day, 1, 7), account, owner, manager, dept, tier,
			SUM(amount_fen), SUM(tax_fen), SUM(cost_fen), SUM(base_milli), SUM(rebate_fen), SUM(receipt_fen)
		FROM sales_facts WHERE seq > {:before} GROUP BY 1, 2, 3, 4, 5, 6
		ON CONFLICT DO UPDATE SET amount_fen = amount_fen + excluded.amount_fen, tax_fen = tax_fen + excluded.tax_fen,
			cost_fen = cost_fen + excluded.cost_fen, base_milli = base_milli + excluded.base_milli,
			rebate_fen = rebate_fen + excluded.rebate_fen, receipt_fen = receipt_fen + excluded.receipt_fen`).Bind(dbx.Params{"before": before}).Execute()
	if err != nil {
		return fmt.Errorf("add facts to their month: %w", err)
	}
	return nil
}
