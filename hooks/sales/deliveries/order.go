package deliveries

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
)

// arrived moves a delivery's order on: it is delivered once nothing is left. One
// that was closed or accepted meanwhile stays what it is, and counts what came.
func (b book) arrived(ctx context.Context, tx core.App, order records.Order, delivery records.Delivery) error {
	order.SetDeliveredFen(order.DeliveredFen() + delivery.AmountFen())
	if at := delivery.DeliveredAt(); at.After(order.DeliveredAt()) {
		order.SetDeliveredAt(at)
	}
	if _, err := sales.OrderMachine.Own(string(order.State()), sales.OrderDeliver); err == nil {
		left, err := leftOf(tx, order.ID())
		if err != nil {
			return err
		}
		order.SetState(sales.OrderPartlyDelivered)
		if left == 0 {
			order.SetState(sales.OrderDelivered)
		}
	}
	if err := tx.SaveWithContext(gate.AsServer(ctx), order.Raw()); err != nil {
		return fmt.Errorf("move an order on: %w", err)
	}
	return nil
}

// leftOf is how much of an order is still to be delivered, of all its lines.
func leftOf(app core.App, order records.OrderID) (left int64, err error) {
	err = app.DB().NewQuery(`SELECT COALESCE(SUM(qty_milli - cut_milli - delivered_milli), 0) FROM order_lines WHERE "order" = {:o}`).
		Bind(dbx.Params{"o": order}).Row(&left)
	if err != nil {
		return 0, fmt.Errorf("count what is left of an order: %w", err)
	}
	return left, nil
}

// orderDelivered says how an order was delivered once it is, and takes back what
// was planned for one that takes no more.
func (b book) orderDelivered(e *kit.Change[records.Order]) error {
	order, was := e.Row, e.Before()
	over := in(order, sales.DeliveredOrderStates)
	if over && (!in(was, sales.DeliveredOrderStates) || !order.DeliveredAt().Equal(was.DeliveredAt()) || order.DeliveredFen() != was.DeliveredFen()) {
		if err := setOTIF(e.App, order); err != nil {
			return err
		}
	}
	ended := over && !in(was, sales.DeliveredOrderStates) || order.State() == sales.OrderCancelled && was.State() != sales.OrderCancelled
	if err := e.Next(); err != nil || !ended {
		return err
	}
	planned, err := records.Deliveries.All(e.App, `"order" = {:o} AND state = 'planned'`, dbx.Params{"o": order.ID()}, "id")
	if err != nil {
		return err
	}
	for _, delivery := range planned {
		delivery.SetState(sales.DeliveryCancelled)
		delivery.SetReason("order: " + string(order.State()))
		if err := e.App.SaveWithContext(gate.AsServer(e.Context), delivery.Raw()); err != nil {
			return fmt.Errorf("take back a planned delivery: %w", err)
		}
	}
	return nil
}

// setOTIF writes whether an order was delivered on time and in full.
func setOTIF(app core.App, order records.Order) error {
	left, err := leftOf(app, order.ID())
	if err != nil {
		return err
	}
	last := ""
	if at := order.DeliveredAt(); !at.IsZero() {
		last = domain.BusinessDay(at)
	}
	onTime, inFull := sales.OnTimeInFull(order.PromisedOn(), last, left)
	order.SetOnTime(records.OrderOnTime(yesNo(onTime)))
	order.SetInFull(records.OrderInFull(yesNo(inFull)))
	return nil
}

func yesNo(so bool) string {
	if so {
		return "yes"
	}
	return "no"
}
