package deliveries

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// exchange makes the draft of the order by which goods that came back are sent
// anew; its owner submits it, which prices it.
func (b book) exchange(ctx context.Context, tx core.App, from records.Order, back records.Return, lines []records.ReturnLine) error {
	order, err := records.Orders.New(tx)
	if err != nil {
		return err
	}
	no, err := nextNo(tx, records.OrderTable, records.OrderColCopiedFrom, from, "X")
	if err != nil {
		return err
	}
	server := gate.AsServer(ctx)
	order.SetNo(no)
	order.SetAccount(back.Account())
	order.SetOwner(back.Owner())
	order.SetManager(back.Manager())
	order.SetDept(back.Dept())
	order.SetState(sales.OrderDraft)
	order.SetCopiedFrom(from.ID())
	order.SetShipTo(from.ShipTo())
	if err := tx.SaveWithContext(server, order.Raw()); err != nil {
		return fmt.Errorf("make the order of an exchange: %w", err)
	}
	for _, row := range lines {
		was, err := lineOf(tx, row.Line(), from.ID())
		if err != nil {
			return err
		}
		line, err := records.OrderLines.New(tx)
		if err != nil {
			return err
		}
		line.SetOrder(order.ID())
		line.SetAccount(order.Account())
		line.SetOwner(order.Owner())
		line.SetDept(order.Dept())
		line.SetProduct(row.Product())
		line.SetUnit(was.Unit())
		line.SetQtyMilli(-row.QtyMilli())
		line.SetDiscBp(was.DiscBp())
		if err := tx.SaveWithContext(server, line.Raw()); err != nil {
			return fmt.Errorf("make a line of the order of an exchange: %w", err)
		}
	}
	back.SetExchange(order.ID())
	return nil
}
