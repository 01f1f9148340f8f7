package orders

import (
	"cmp"
	"context"
	"encoding/json/v2"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/pricing"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// submission are the arguments of a submit: the total that is taken though it
// rose, and when the order was captured.
type submission struct {
	AcceptTotalFen int64                 `json:"accept_total_fen"`
	At             time.Time             `json:"at"`
	Clock          *domain.ClockEvidence `json:"clock"`
}

// submit prices the whole order, takes its part of promotions and finds out who is
// to be asked. Refused, it changes nothing: the draft stays as it is (H-ORD-1, H-ORD-2).
func (b *Book) submit(ctx context.Context, tx core.App, subject *core.Record, args submission) error {
	order := records.Orders.Of(subject)
	if order.State() != sales.OrderDraft {
		return gate.Refuse("order.state", "from", order.State(), "action", sales.OrderSubmit)
	}
	if args.AcceptTotalFen < 0 || args.AcceptTotalFen > pricing.MaxFen {
		return gate.RefuseField("accept_total_fen", "order.accept_invalid")
	}
	w, err := read(tx, order)
	if err != nil {
		return err
	}
	if len(w.lines) == 0 {
		return gate.Refuse("order.empty")
	}
	if err := checkDiscounts(tx, refuse, w.lines...); err != nil {
		return err
	}
	d, err := b.dayOf(ctx, tx, args.At, args.Clock)
	if err != nil {
		return err
	}
	if err := b.priceWhole(tx, w, &d); err != nil {
		return err
	}
	if err := w.rose(args.AcceptTotalFen); err != nil {
		return err
	}
	total := w.result.Totals.TotalFen
	least, err := gate.SettingsNow(tx).OrderMinTotalFen()
	if err != nil {
		return err
	}
	if total < int64(least) {
		return gate.Refuse("order.total_min", "min", least, "total", total)
	}
	shown := int64(order.ShownTotalFen())
	order.SetPriceChanged(shown != 0 && shown != total)
	order.SetAcceptedTotalFen(int(args.AcceptTotalFen))
	order.SetPricedOn(d.on)
	order.SetDayBasis(records.OrderDayBasis(d.basis))
	order.SetReason("")
	if err := w.save(ctx, tx); err != nil {
		return err
	}
	if b.Hold != nil {
		if err := b.Hold(ctx, tx, order, w.result.Uses); err != nil {
			return err
		}
	}
	return b.reasons(tx, w)
}

// priceWhole prices an order as of its day, or as of the arrival if lists do not hold.
func (b *Book) priceWhole(app core.App, w *whole, d *day) error {
	in, err := b.offers(app, w, d.on)
	if err != nil {
		return err
	}
	if !d.holds(in.Lists) {
		d.on, d.basis = d.arrived, dayArrived
		if in, err = b.offers(app, w, d.on); err != nil {
			return err
		}
	}
	var faults []pricing.Fault
	if w.result, faults = pricing.Price(in); len(faults) > 0 {
		return refuse(app, faults[0].Problem)
	}
	return nil
}

// shownLine is what a phone showed of a line; evidence, as it came.
type shownLine struct {
	Line     string `json:"line"`
	TotalFen int64  `json:"total_fen"`
}

// rose refuses a total above the one that was shown and the one that is taken:
// order.total_rose says which lines rose (hard case d).
func (w *whole) rose(accepted int64) error {
	shown, now := int64(w.order.ShownTotalFen()), w.result.Totals.TotalFen
	if shown == 0 || now <= max(shown, accepted) {
		return nil
	}
	var told struct {
		Lines []shownLine `json:"lines"`
	}
	_ = json.Unmarshal(w.order.Shown(), &told) // of any form, or none
	was := map[string]int64{}
	for _, line := range w.lines {
		was[string(line.ID())] = int64(line.LineFen() + line.TaxFen())
	}
	for _, line := range told.Lines {
		was[line.Line] = cmp.Or(line.TotalFen, was[line.Line])
	}
	rose := []map[string]any{}
	for _, p := range w.result.Lines {
		if total := p.LineFen + p.TaxFen; total > was[p.ID] {
			rose = append(rose, map[string]any{"line": p.ID, "product": p.Product, "shown": was[p.ID], "now": total})
		}
	}
	return gate.Refuse("order.total_rose", "shown", shown, "now", now, "lines", rose)
}
