package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// paid says on an order what of its deliveries is covered, by whatever credit,
// and settles it once that is all of it.
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
	b.settle(order, open == 0 && covered == order.DeliveredFen())
	if !gate.HasChanged(order.Raw()) {
		return nil
	}
	if err := tx.SaveWithContext(gate.AsServer(ctx), order.Raw()); err != nil {
		return fmt.Errorf("write what is paid of an order: %w", err)
	}
	return nil
}

// orderSettle and orderReopen are the server's own steps of an order.
const (
	orderSettle = "settle"
	orderReopen = "reopen"
)

// settle takes the order to the state that its payment asks for, if its machine
// lets it: a receipt that is reversed opens what it settled.
func (b *Books) settle(order records.Order, whole bool) {
	verb := orderReopen
	if whole {
		verb = orderSettle
	}
	step, err := sales.OrderMachine.Own(string(order.State()), verb)
	if err != nil {
		return
	}
	order.SetState(records.OrderState(step.Next(string(order.State()))))
	if whole {
		order.SetSettledAt(b.now())
	} else {
		order.SetSettledAt(time.Time{})
	}
}

// maySettle reports whether an order is in a state in which it may be settled.
func (b *Books) maySettle(order records.Order) bool {
	_, err := sales.OrderMachine.Own(string(order.State()), orderSettle)
	return err == nil
}
