package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/pricing"
	"satchel/domain/sales"
)

// ordered is an order on its way through the company.
type ordered struct {
	id, no  string
	who     person
	row     dbx.Params
	asked   pricing.Input
	lines   []orderLine
	used    []pricing.Use
	sum     pricing.Totals
	at      time.Time // of the last step
	dear    bool      // a line's discount is above what a rep gives alone
	events  []dbx.Params
	account account
}

// orderLine is a line with its price.
type orderLine struct {
	pricing.Priced
	discBP int64
}

// repDiscountBP is the setting order.rep_discount_bp.
const repDiscountBP = 500

// order writes an order taken in a visit, with three to eight lines, and as far as
// its age lets expect.
func (b *builder) order(r *rand.Rand, v visit, who person) error {
	n := b.company.Orders
	b.company.Orders++
	list := b.listFor(v.account)
	o := &ordered{id: b.id("orders", n), who: who, account: v.account, at: v.out.Add(-time.Duration(2+r.IntN(8)) * time.Minute)}
	o.no = b.number(who, o.at)
	b.pick(r, o, list, n, v.day.Format(dayFormat))
	b.offered(&o.asked)
	if err := o.price(); err != nil {
		return err
	}
	o.row = dbx.Params{
		"id": o.id, "no": o.no, "account": v.account.id, "visit": v.id, "owner": who.id, "manager": who.managerID, "dept": who.deptID,
		"state": sales.OrderDraft, "price_list": list.ID, "shown_total_fen": o.sum.TotalFen, "note": one(r, orderNotes),
		"created": stamp(o.at), "updated": stamp(o.at),
	}
	if err := b.along(r, o, v.day); err != nil {
		return err
	}
	if o.asked.Promotions != nil && o.row["state"] == sales.OrderDraft { // promotions come at the submit
		o.asked.Promotions = nil
		if err := o.price(); err != nil {
			return err
		}
	}
	goods, err := b.deliver(o)
	if err != nil {
		return err
	}
	if err := b.w.insert("orders", o.row); err != nil {
		return err
	}
	released := o.row["released"] == true
	for _, l := range o.lines {
		row := dbx.Params{
			"id": l.ID, "order": o.id, "account": v.account.id, "owner": who.id, "dept": who.deptID,
			"product": l.Product, "unit": l.Unit, "qty_milli": l.QtyMilli, "base_milli": l.BaseMilli, "promo_fen": l.PromoFen, "free": l.Free, "promotion": l.Promotion, "disc_bp": l.discBP, "price_fen": l.PriceFen, "tax_bp": l.TaxBP,
			"line_fen": l.LineFen, "tax_fen": l.TaxFen, "list": l.List, "why": toJSON(l.Why), "released": released, "created": stamp(v.out), "updated": stamp(v.out),
			"delivered_milli": goods.delivered[l.ID], "returned_milli": goods.returned[l.ID],
		}
		if err := b.w.insert("order_lines", row); err != nil {
			return err
		}
	}
	if err := b.uses(o); err != nil {
		return err
	}
	for _, e := range o.events {
		e["released"] = released
		if err := b.w.insert("order_events", e); err != nil {
			return err
		}
	}
	return b.insertAll(goods.rows)
}

// along takes the order as far as its age lets expect.
func (b *builder) along(r *rand.Rand, o *ordered, day time.Time) error {
	old, luck := b.today.Sub(day) > 10*24*time.Hour, r.IntN(100)
	if !old && luck < 8 {
		return nil
	}
	o.row["approval_round"], o.row["priced_on"], o.row["day_basis"] = 1, day.Format(dayFormat), "arrived"
	o.row["lines_fen"], o.row["tax_fen"], o.row["total_fen"], o.row["disc_fen"] = o.sum.LinesFen, o.sum.TaxFen, o.sum.TotalFen, o.sum.DiscFen
	if r.IntN(30) == 0 { // the phone's prices were old, and dearer
		o.row["shown_total_fen"], o.row["price_changed"] = o.sum.TotalFen+100*(1+r.Int64N(50)), true
	}
	if !o.dear {
		b.step(o, sales.OrderSubmit, sales.OrderApproved, o.who, 90*time.Second, "")
		o.row["submitted_at"] = stamp(o.at)
	} else {
		b.step(o, sales.OrderSubmit, sales.OrderSubmitted, o.who, 90*time.Second, "")
		o.row["submitted_at"], o.row["route_reasons"] = stamp(o.at), toJSON([]string{"discount"})
		if passed, err := b.reviewed(r, o, old, luck); err != nil || !passed {
			return err
		}
	}
	switch {
	case luck > 94:
		b.step(o, sales.OrderCancel, sales.OrderCancelled, b.byID(o.who.managerID), time.Duration(20+r.IntN(200))*time.Minute, one(r, orderCancelReasons))
		o.row["cancelled_at"] = stamp(o.at)
	case old || luck < 60:
		o.row["promised_on"] = o.at.AddDate(0, 0, 3+r.IntN(4)).Format(dayFormat)
		b.step(o, sales.OrderConfirm, sales.OrderConfirmed, b.people["ops.luo"], time.Duration(1+r.IntN(4))*time.Hour, "")
		o.row["confirmed_at"] = stamp(o.at)
		if old || luck < 30 {
			b.step(o, sales.OrderRelease, sales.OrderProcessing, b.people["ops.bai"], time.Duration(1+r.IntN(16))*time.Hour, "")
		}
	}
	return nil
}

// step notes one of an order.
func (b *builder) step(o *ordered, step, to string, by person, after time.Duration, note string) {
	from := o.row["state"].(string)
	o.at = o.at.Add(after)
	dept := sales.OrderWaitsFor[from]
	if dept == "" {
		dept = "ka"
	}
	o.events = append(o.events, dbx.Params{
		"id": b.id("order_events", b.events), "order": o.id, "account": o.account.id, "owner": o.who.id, "dept": o.who.deptID, "kind": step, "at": stamp(o.at),
		"step_dept": dept, "by": by.id, "note": note, "facts": toJSON(map[string]any{"from": from, "to": to}), "created": stamp(o.at), "updated": stamp(o.at),
	})
	b.events++
	o.row["state"], o.row["updated"], o.row["step_dept"] = to, stamp(o.at), sales.OrderWaitsFor[to]
	o.row["released"] = o.row["released"] == true || sales.OrderReleased(to)
	o.row["step_due_at"], o.row["step_told_at"] = "", ""
	if sales.OrderWaitsFor[to] != "" { // whoever is late was told long ago
		due := o.at.AddDate(0, 0, 2)
		o.row["step_due_at"] = stamp(due)
		if due.Before(b.today) {
			o.row["step_told_at"] = stamp(due)
		}
	}
	if note != "" && step == sales.OrderCancel {
		o.row["reason"] = note
	}
}

// pick draws three to eight different goods of a list.
func (b *builder) pick(r *rand.Rand, o *ordered, list priceList, n int, day string) {
	o.asked = pricing.Input{
		Basket: pricing.Basket{ID: o.id, Account: o.account.id, Tier: o.account.tier, Day: day}, Lists: []pricing.List{list.List},
	}
	for i, k := range r.Perm(len(list.products))[:min(3+r.IntN(6), len(list.products))] {
		p := list.products[k]
		l := pricing.Line{ID: b.id("order_lines", n*16+i), Product: p.id, QtyMilli: 1000 * (2 + r.Int64N(30))}
		if r.IntN(8) == 0 {
			l.QtyMilli *= 3
		}
		if r.IntN(4) == 0 {
			l.DiscBP = 100 * (1 + r.Int64N(8))
		}
		o.dear = o.dear || l.DiscBP > repDiscountBP
		o.asked.Products = append(o.asked.Products, pricing.Product{ID: p.id, Unit: "箱", TaxBP: p.taxBP, Sellable: true})
		o.asked.Basket.Lines = append(o.asked.Basket.Lines, l)
	}
}

// price prices what is asked for.
func (o *ordered) price() error {
	priced, faults := pricing.Price(o.asked)
	if len(faults) > 0 {
		return fmt.Errorf("price order %s: %w", o.no, faults[0].Problem)
	}
	disc := map[string]int64{}
	for _, l := range o.asked.Basket.Lines {
		disc[l.ID] = l.DiscBP
	}
	o.lines = nil
	for _, p := range priced.Lines {
		o.lines = append(o.lines, orderLine{p, disc[p.ID]})
	}
	o.used, o.sum = priced.Uses, priced.Totals
	return nil
}
