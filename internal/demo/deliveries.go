package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/pricing"
	"satchel/domain/sales"
)

// sent is what left of an order, and what came back.
type sent struct {
	o         *ordered
	delivered map[string]int64 // by line
	returned  map[string]int64
	rows      []row     // after the order's own
	no        int       // deliveries
	last      time.Time // when goods came last
}

type row struct {
	table  string
	values dbx.Params
}

// deliver takes an order that is being processed as far as its age lets expect:
// most whole and in time, some in parts, late, short, or refused at first.
func (b *builder) deliver(o *ordered) (*sent, error) {
	s := &sent{o: o, delivered: map[string]int64{}, returned: map[string]int64{}}
	if o.row["state"] != sales.OrderProcessing {
		return s, nil
	}
	r := b.rand("delivery of " + o.no)
	promised, err := time.ParseInLocation(dayFormat, o.row["promised_on"].(string), shanghai)
	if err != nil {
		return nil, err
	}
	at := promised.Add(time.Duration(-10+r.IntN(9)) * time.Hour) // the day before
	luck := r.IntN(100)
	switch {
	case luck < 6:
		at = at.AddDate(0, 0, 2+r.IntN(3)) // late
	case luck < 20:
		b.send(s, r, at, 50, 100, sales.DeliveryDelivered)
		at = at.AddDate(0, 0, 1)
	case luck < 25:
		b.send(s, r, at, 100, 0, sales.DeliveryRefused)
		at = at.AddDate(0, 0, 1)
	}
	taken := int64(100)
	if luck >= 95 {
		taken = 80 // the rest is out of stock
	}
	b.send(s, r, at, 100, taken, sales.DeliveryDelivered)
	if taken < 100 && o.row["state"] == sales.OrderPartlyDelivered && o.at.Before(b.today.AddDate(0, 0, -2)) {
		b.step(o, sales.OrderCloseShort, sales.OrderDelivered, b.people["ops.luo"], 26*time.Hour, "断货，余量取消")
	}
	b.judge(s, promised)
	if o.row["state"] == sales.OrderDelivered && (r.IntN(12) == 0 || b.returns == 0) {
		err = b.back(s, r)
	}
	return s, err
}

// send writes a delivery of so much of all that is left, in percent, and what of it
// was taken; one whose day has not come is on its way.
func (b *builder) send(s *sent, r *rand.Rand, at time.Time, part, taken int64, state string) {
	o := s.o
	left, ops := at.Add(-18*time.Hour), b.people["ops.bai"]
	if left.Before(o.at) {
		left = o.at.Add(time.Hour)
		at = later(at, left.Add(3*time.Hour))
	}
	if left.After(b.today) {
		return
	}
	if at.After(b.today) {
		state = sales.DeliveryDispatched
	}
	s.no++
	id := b.id("delivery of "+o.no, s.no)
	whose := dbx.Params{"account": o.account.id, "owner": o.who.id, "manager": o.who.managerID, "dept": o.who.deptID}
	head := with(whose, dbx.Params{
		"id": id, "order": o.id, "no": fmt.Sprintf("%s-D%d", o.no, s.no), "state": state, "planned_on": left.Format(dayFormat), "carrier": one(r, carriers),
		"dispatched_at": stamp(left), "created": stamp(left), "updated": stamp(left),
	})
	fen, short := int64(0), false
	for i, l := range o.lines {
		qty := portion(l.QtyMilli-s.delivered[l.ID], part)
		line := with(whose, dbx.Params{
			"id": b.id("delivery line of "+o.no, s.no*100+i), "delivery": id, "line": l.ID, "product": l.Product, "qty_milli": qty,
			"lot": left.AddDate(0, -2, 0).Format("L060102"), "created": stamp(left), "updated": stamp(left),
		})
		if qty <= 0 {
			continue
		}
		if state == sales.DeliveryDelivered {
			got := portion(qty, taken)
			worth := pricing.Share(l.LineFen+l.TaxFen, got, l.QtyMilli, s.delivered[l.ID])
			tax := pricing.Share(l.TaxFen, got, l.QtyMilli, s.delivered[l.ID])
			line["accepted_milli"], line["amount_fen"], line["tax_fen"], line["updated"] = got, worth, tax, stamp(at)
			s.delivered[l.ID] += got
			short = short || got < qty
			fen += worth
		}
		s.rows = append(s.rows, row{"delivery_lines", line})
	}
	promised := o.row["promised_on"].(string)
	switch state {
	case sales.DeliveryRefused:
		head["reason"], head["by"], head["updated"] = one(r, refusals), ops.id, stamp(at)
	case sales.DeliveryDelivered:
		head["delivered_at"], head["late"], head["short"], head["quality"] = stamp(at), sales.Late(promised, at.Format(dayFormat)), short, "good"
		head["signed_by"], head["amount_fen"], head["by"], head["updated"] = one(r, signers), fen, ops.id, stamp(at)
		to := sales.OrderDelivered
		for _, l := range o.lines {
			if s.delivered[l.ID] < l.QtyMilli {
				to = sales.OrderPartlyDelivered
			}
		}
		b.step(o, sales.OrderDeliver, to, ops, max(at.Sub(o.at), 0), "")
		before, _ := o.row["delivered_fen"].(int64)
		o.row["delivered_fen"], o.row["delivered_at"], s.last = before+fen, stamp(at), at
	}
	s.rows = append(s.rows, row{"deliveries", head})
}

// judge says whether an order came on time and in full.
func (b *builder) judge(s *sent, promised time.Time) {
	o := s.o
	if o.row["state"] != sales.OrderDelivered {
		return
	}
	var left int64
	for _, l := range o.lines {
		left += l.QtyMilli - s.delivered[l.ID]
	}
	onTime, inFull := sales.OnTimeInFull(promised.Format(dayFormat), s.last.In(shanghai).Format(dayFormat), left)
	o.row["on_time"], o.row["in_full"] = map[bool]string{true: "yes", false: "no"}[onTime], map[bool]string{true: "yes", false: "no"}[inFull]
}

// portion is a part of a quantity, in percent and whole packs, of at least one.
func portion(qty, percent int64) int64 {
	if percent == 100 || qty <= 0 {
		return qty
	}
	return max(1000, qty*percent/100/1000*1000)
}

func (b *builder) insertAll(rows []row) error {
	for _, r := range rows {
		if err := b.w.insert(r.table, r.values); err != nil {
			return err
		}
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func with(base, more dbx.Params) dbx.Params {
	out := dbx.Params{}
	for _, part := range []dbx.Params{base, more} {
		for k, v := range part {
			out[k] = v
		}
	}
	return out
}
