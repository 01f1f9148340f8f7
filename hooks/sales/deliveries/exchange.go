package deliveries

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/sales"
	"satchel/records"
)

// exchange makes the draft of the order by which goods that came back are sent
// anew; its owner submits it, which prices it.
func (b book) exchange(ctx context.Context, tx core.App, from records.Order, back records.Return, lines []records.ReturnLine) error {
	draft, err := records.Orders.New(tx)
	if err != nil {
		return err
	}
	no, err := nextNo(tx, records.OrderTable, records.OrderColCopiedFrom, from, "X")
	if err != nil {
		return err
	}
	draft.SetNo(no)
	draft.SetAccount(back.Account())
	draft.SetOwner(back.Owner())
	draft.SetManager(back.Manager())
	draft.SetDept(back.Dept())
	draft.SetCopiedFrom(from.ID())
	draft.SetShipTo(from.ShipTo())
	goods := make([]sales.Goods, len(lines))
	for i, row := range lines {
		was, err := lineOf(tx, row.Line(), from.ID())
		if err != nil {
			return err
		}
		goods[i] = sales.Goods{Product: string(row.Product()), Unit: was.Unit(), QtyMilli: -row.QtyMilli(), DiscBp: was.DiscBp()}
	}
	if err := b.Draft(ctx, tx, draft, goods); err != nil {
		return fmt.Errorf("make the order of an exchange: %w", err)
	}
	back.SetExchange(draft.ID())
	return nil
}
