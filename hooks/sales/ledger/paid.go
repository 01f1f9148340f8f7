package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// paid says on an order what of its deliveries is covered, by whatever credit,
// and settles it once that is all of it; one that cost nothing as it is accepted.
func (b *Books) paid(ctx context.Context, tx core.App, id records.OrderID) error {
	order, found, err := records.Orders.Find(tx, id)
	if err != nil || !found {
		return err
	}
	var covered, open int
	err = tx.DB().NewQuery(`SELECT COALESCE(SUM(amount_fen - open_fen), 0), COALESCE(SUM(open_fen), 0) FROM account_entries WHERE "order" = {:o} AND kind = 'delivery'`).
		Bind(dbx.Params{"o": id}).Row(&covered, &open)
	if err != nil {
		return fmt.Errorf("read what is paid of an order: %w", err)
	}
	order.SetPaidFen(covered)
	if verb := b.settle(order, open == 0 && covered == order.DeliveredFen() && (covered > 0 || order.TotalFen() == 0 && order.State() == sales.OrderAccepted)); verb != "" {
		ctx = gate.Acting(ctx, records.OrderTable+"."+verb)
	}
	return gate.SaveChanged(ctx, tx, order.Raw())
}

// settle takes the order to the state that its payment asks for, if its machine
// lets it, and returns the step: a receipt that is reversed opens what it settled.
func (b *Books) settle(order records.Order, whole bool) (verb string) {
	verb = sales.OrderReopen
	if whole {
		verb = sales.OrderSettle
	}
	if _, err := sales.OrderMachine.Own(string(order.State()), verb); err != nil {
		return ""
	}
	switch {
	case whole:
		order.SetState(sales.OrderSettled)
		order.SetSettledAt(b.now())
		return verb
	case order.AcceptedAt().IsZero():
		order.SetState(sales.OrderDelivered)
	default:
		order.SetState(sales.OrderAccepted)
	}
	order.SetSettledAt(time.Time{})
	return verb
}

// reached settles an order that is paid by the time that it may be settled, after
// all that its step does.
func (b *Books) reached(e *kit.Change[records.Order]) error {
	state := e.Before().State()
	if err := e.Next(); err != nil || e.Row.State() == state {
		return err
	}
	if _, err := sales.OrderMachine.Own(string(e.Row.State()), sales.OrderSettle); err != nil {
		return nil //nolint:nilerr // its machine does not let it yet
	}
	return b.paid(e.Context, e.App, e.Row.ID())
}
