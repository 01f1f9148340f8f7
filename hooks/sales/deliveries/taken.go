package deliveries

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/pricing"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// take writes what was taken of each line, and what that is worth, into the
// delivery's lines and the order's. It returns whether that is less than was
// sent, and the sum.
func take(ctx context.Context, tx core.App, delivery records.Delivery, said []taken) (short bool, fen int, err error) {
	lines, err := records.DeliveryLines.All(tx, "delivery = {:d}", dbx.Params{"d": delivery.ID()}, "line, lot, id")
	if err != nil {
		return false, 0, err
	}
	named := map[records.DeliveryLineID]taken{}
	for _, t := range said {
		if _, twice := named[t.Line]; twice {
			return false, 0, gate.RefuseField("lines", "args.invalid")
		}
		named[t.Line] = t
	}
	server := gate.AsServer(ctx)
	for _, line := range lines {
		qty := int64(line.QtyMilli())
		if t, ok := named[line.ID()]; ok {
			delete(named, line.ID())
			if t.AcceptedMilli != nil {
				qty = *t.AcceptedMilli
			}
			if t.Lot != "" {
				line.SetLot(t.Lot)
			}
		}
		worth, tax, err := takeLine(server, tx, delivery.Order(), line, qty)
		if err != nil {
			return false, 0, err
		}
		line.SetAcceptedMilli(int(qty))
		line.SetAmountFen(worth)
		line.SetTaxFen(tax)
		if err := tx.SaveWithContext(server, line.Raw()); err != nil {
			return false, 0, fmt.Errorf("save a line of a delivery: %w", err)
		}
		short = short || qty < int64(line.QtyMilli())
		fen += worth
	}
	if len(named) > 0 {
		return false, 0, gate.RefuseField("lines", "record.not_found")
	}
	return short, fen, nil
}

// takeLine counts a quantity for the order's line, with its tax: what is delivered of
// it in any number of parts comes to what it costs.
func takeLine(server context.Context, tx core.App, order records.OrderID, sent records.DeliveryLine, qty int64) (fen, tax int, err error) {
	line, err := lineOf(tx, sent.Line(), order)
	if err != nil {
		return 0, 0, err
	}
	step, err := stepOf(tx, line)
	if err != nil {
		return 0, 0, err
	}
	if err := sales.CheckMilli("delivery.quantity_invalid", qty, 0, step); err != nil {
		return 0, 0, gate.WrapError(err)
	}
	if qty > int64(sent.QtyMilli()) {
		return 0, 0, gate.Refuse("delivery.too_much", "line", line.ID(), "left", sent.QtyMilli())
	}
	whole, done := toDeliver(line), int64(line.DeliveredMilli())
	if err := sales.CheckDelivered(string(line.ID()), whole, done, qty); err != nil {
		return 0, 0, gate.WrapError(err)
	}
	if qty == 0 {
		return 0, 0, nil
	}
	line.SetDeliveredMilli(int(done + qty))
	if err := tx.SaveWithContext(server, line.Raw()); err != nil {
		return 0, 0, fmt.Errorf("save a line of an order: %w", err)
	}
	amounts := amountsOf(line)
	return int(pricing.Share(amounts.TotalFen, qty, whole, done)), int(pricing.Share(amounts.TaxFen, qty, whole, done)), nil
}
