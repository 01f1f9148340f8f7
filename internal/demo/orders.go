package demo

import (
	"math/rand/v2"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/sales"
)

// order writes an order taken in a visit, with three to eight lines.
func (b *builder) order(r *rand.Rand, v visit, who person) error {
	n := b.company.Orders
	b.company.Orders++
	id, list := b.id("orders", n), b.listFor(v.account)
	at := v.out.Add(-time.Duration(2+r.IntN(8)) * time.Minute)
	lines := b.pick(r, list)
	var sum totals
	for _, l := range lines {
		sum.add(l)
	}
	row := dbx.Params{
		"id": id, "no": b.number(who, at), "account": v.account.id, "visit": v.id, "owner": who.id,
		"manager": who.managerID, "dept": who.deptID, "state": sales.OrderDraft,
		"shown_total_fen": sum.total, "lines_fen": sum.lines, "tax_fen": sum.tax, "total_fen": sum.total, "price_changed": false,
		"submitted_at": "", "reason": "", "note": one(r, orderNotes),
		"created": stamp(at), "updated": stamp(at),
	}
	b.decide(r, row, who, v.day, at)
	if err := b.w.insert("orders", row); err != nil {
		return err
	}
	for i, l := range lines {
		err := b.w.insert("order_lines", dbx.Params{
			"id": b.id("order_lines", n*16+i), "order": id, "account": v.account.id, "owner": who.id, "dept": who.deptID,
			"product": l.product.id, "qty_milli": l.qtyMilli, "disc_bp": l.discBP, "price_fen": l.priceFen, "tax_bp": l.product.taxBP,
			"line_fen": l.lineFen, "tax_fen": l.taxFen, "created": stamp(at), "updated": stamp(at),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// decide takes the order as far as its age lets expect.
func (b *builder) decide(r *rand.Rand, row dbx.Params, who person, day, at time.Time) {
	old, luck := b.today.Sub(day) > 10*24*time.Hour, r.IntN(100)
	if !old && luck < 8 {
		return
	}
	submitted := at.Add(90 * time.Second)
	row["state"], row["submitted_at"], row["updated"] = sales.OrderSubmitted, stamp(submitted), stamp(submitted)
	if r.IntN(30) == 0 { // the phone's prices were old
		row["shown_total_fen"], row["price_changed"] = row["total_fen"].(int64)-100*(1+r.Int64N(50)), true
	}
	if !old && luck < 45 {
		return
	}
	decided := stamp(submitted.Add(time.Duration(20+r.IntN(200)) * time.Minute))
	row["updated"] = decided
	switch {
	case luck > 94:
		row["state"], row["reason"] = sales.OrderCancelled, one(r, orderCancelReasons)
	case luck > 88:
		row["state"], row["reason"] = sales.OrderRejected, one(r, orderRejectReasons)
	default:
		row["state"] = sales.OrderApproved
	}
}

// orderLine is a line with its price and amounts.
type orderLine struct {
	product                                     product
	qtyMilli, discBP, priceFen, lineFen, taxFen int64
}

// pick draws three to eight different goods of a list.
func (b *builder) pick(r *rand.Rand, list priceList) []orderLine {
	var out []orderLine
	for _, i := range r.Perm(len(list.products))[:min(3+r.IntN(6), len(list.products))] {
		l := orderLine{product: list.products[i], qtyMilli: 1000 * (2 + r.Int64N(30))}
		if r.IntN(8) == 0 {
			l.qtyMilli *= 3
		}
		if r.IntN(4) == 0 {
			l.discBP = 100 * (1 + r.Int64N(8))
		}
		if offer, ok := sales.PriceFor(list.offers[l.product.id], l.qtyMilli); ok {
			l.priceFen = offer.PriceFen
		}
		l.lineFen, l.taxFen = sales.LineAmounts(l.qtyMilli, l.priceFen, l.discBP, l.product.taxBP)
		out = append(out, l)
	}
	return out
}

// totals are the sums of an order in fen.
type totals struct{ lines, tax, total int64 }

func (t *totals) add(l orderLine) {
	t.lines += l.lineFen
	t.tax += l.taxFen
	t.total += l.lineFen + l.taxFen
}
