package orders

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Draft stores the draft of an order with its lines, which the server makes of goods
// that were ordered before. Lines without a price of today come along without one:
// the submit prices all.
func (b *Book) Draft(ctx context.Context, tx core.App, draft records.Order, goods []sales.Goods) error {
	account, err := records.Accounts.Require(tx, draft.Account())
	if err != nil {
		return err
	}
	draft.SetState(sales.OrderDraft)
	server := gate.AsServer(ctx)
	if err := tx.SaveWithContext(server, draft.Raw()); err != nil {
		return err
	}
	of := head{draft.ID(), draft.Owner(), draft.Account(), draft.Dept(), string(account.Tier())}
	for _, g := range goods {
		line, err := records.OrderLines.New(tx)
		if err != nil {
			return err
		}
		line.SetOrder(of.ID)
		line.SetAccount(of.Account)
		line.SetOwner(of.Owner)
		line.SetDept(of.Dept)
		line.SetProduct(records.ProductID(g.Product))
		line.SetUnit(g.Unit)
		line.SetQtyMilli(g.QtyMilli)
		line.SetDiscBp(g.DiscBp)
		line.SetComment(g.Comment)
		if err := b.price(tx, of, line); err != nil && domain.CodeOf(err) == "" {
			return err
		}
		if err := tx.SaveWithContext(server, line.Raw()); err != nil {
			return fmt.Errorf("make a line of an order: %w", err)
		}
	}
	return nil
}

// copied names the draft that is to be made.
type copied struct {
	ID records.OrderID `json:"id"` // by the phone that makes it; else the server's
	No string          `json:"no"`
}

// copyLines makes a draft of what was rejected or cancelled.
func (b *Book) copyLines(ctx context.Context, tx core.App, order records.Order, args copied) error {
	author := gate.Of(ctx).Author()
	team, err := gate.TeamOf(tx, string(order.Account()))
	if err != nil {
		return err
	}
	if !team.Serves(author) {
		return gate.Refuse("record.not_allowed")
	}
	draft, err := records.Orders.New(tx)
	if err != nil {
		return err
	}
	if args.ID != "" {
		draft.Raw().Id = string(args.ID)
	}
	draft.SetNo(args.No)
	draft.SetAccount(order.Account())
	draft.SetOwner(order.Owner())
	draft.SetManager(records.UserID(team.Manager))
	draft.SetDept(records.DepartmentID(team.Dept))
	draft.SetCopiedFrom(order.ID())
	draft.SetShipTo(order.ShipTo())
	draft.SetNote(order.Note())
	w, err := read(tx, order)
	if err != nil {
		return err
	}
	goods := make([]sales.Goods, len(w.lines))
	for i, line := range w.lines {
		goods[i] = sales.Goods{
			Product: string(line.Product()), Unit: line.Unit(), QtyMilli: line.QtyMilli(), DiscBp: line.DiscBp(), Comment: line.Comment(),
		}
	}
	if err := b.Draft(ctx, tx, draft, goods); err != nil {
		return err
	}
	return b.note(ctx, tx, order, sales.OrderCopy, string(order.State()), map[string]any{"order": draft.ID()})
}
