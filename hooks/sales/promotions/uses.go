package promotions

import (
	"context"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/pricing"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// States of a use.
const (
	held     = "held"
	returned = "returned"
)

// Hold takes an order's part of promotions in place of what it held:
// promotion.cap_reached if somebody had the rest meanwhile.
func Hold(ctx context.Context, tx core.App, order records.Order, uses []pricing.Use) error {
	had, err := usesOf(tx, order)
	if err != nil {
		return err
	}
	for _, row := range had {
		if !slices.ContainsFunc(uses, func(u pricing.Use) bool { return u.Promotion == string(row.Promotion()) }) {
			if err := giveBack(ctx, tx, row); err != nil {
				return err
			}
		}
	}
	for _, use := range uses {
		i := slices.IndexFunc(had, func(row records.PromotionUse) bool { return string(row.Promotion()) == use.Promotion })
		var row records.PromotionUse
		if i >= 0 {
			row = had[i]
		} else if row, err = records.PromotionUses.New(tx); err != nil {
			return err
		}
		if err := hold(ctx, tx, order, row, use); err != nil {
			return err
		}
	}
	return nil
}

// hold writes a use as long as its promotion has room for it.
func hold(ctx context.Context, tx core.App, order records.Order, row records.PromotionUse, use pricing.Use) error {
	promotion, err := records.Promotions.Require(tx, records.PromotionID(use.Promotion))
	if err != nil {
		return err
	}
	fen, milli := part(row)
	for _, bound := range []struct{ limit, used, asked int }{
		{promotion.CapFen(), promotion.UsedFen() - fen, int(use.AmountFen)},
		{promotion.CapMilli(), promotion.UsedMilli() - milli, int(use.QtyMilli)},
	} {
		if left := bound.limit - bound.used; bound.limit > 0 && bound.asked > left {
			return gate.Refuse("promotion.cap_reached", "code", promotion.Code(), "left", max(left, 0))
		}
	}
	row.SetPromotion(promotion.ID())
	row.SetOrder(order.ID())
	row.SetAccount(order.Account())
	row.SetOwner(order.Owner())
	row.SetDept(order.Dept())
	row.SetAmountFen(int(use.AmountFen))
	row.SetQtyMilli(int(use.QtyMilli))
	row.SetState(held)
	return tx.SaveWithContext(gate.AsServer(ctx), row.Raw())
}

// GiveBack returns an order's part of all promotions.
func GiveBack(ctx context.Context, tx core.App, order records.Order) error {
	had, err := usesOf(tx, order)
	if err != nil {
		return err
	}
	for _, row := range had {
		if err := giveBack(ctx, tx, row); err != nil {
			return err
		}
	}
	return nil
}

func giveBack(ctx context.Context, tx core.App, row records.PromotionUse) error {
	if row.State() == returned {
		return nil
	}
	row.SetState(returned)
	return tx.SaveWithContext(gate.AsServer(ctx), row.Raw())
}

func usesOf(tx core.App, order records.Order) ([]records.PromotionUse, error) {
	return records.PromotionUses.All(tx, `"order" = {:o}`, dbx.Params{"o": order.ID()}, "promotion")
}

// part is what a use has of its promotion's caps.
func part(use records.PromotionUse) (fen, milli int) {
	if use.State() != held {
		return 0, 0
	}
	return use.AmountFen(), use.QtyMilli()
}

// count keeps what a promotion's uses hold of it.
func count(e *kit.Change[records.PromotionUse]) error {
	var fen, milli int
	if !e.Row.IsNew() {
		fen, milli = part(e.Before())
	}
	if err := e.Next(); err != nil {
		return err
	}
	nowFen, nowMilli := part(e.Row)
	if nowFen == fen && nowMilli == milli {
		return nil
	}
	promotion, err := records.Promotions.Require(e.App, e.Row.Promotion())
	if err != nil {
		return err
	}
	promotion.SetUsedFen(promotion.UsedFen() + nowFen - fen)
	promotion.SetUsedMilli(promotion.UsedMilli() + nowMilli - milli)
	return e.App.SaveNoValidateWithContext(gate.AsServer(e.Context), promotion.Raw())
}
