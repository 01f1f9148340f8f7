package promotions

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/pricing"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// held is the state of a use that counts; else it is returned.
const held = "held"

// share is what an order holds of a promotion, or what is added to that.
type share struct {
	Promotion string `db:"promotion"`
	Fen       int64  `db:"amount_fen"`
	Milli     int64  `db:"qty_milli"`
	Use       string `db:"-"` // id of the row, should there be none yet
}

// Hold takes an order's part of promotions in place of what it held:
// promotion.cap_reached if somebody had the rest meanwhile.
func Hold(_ context.Context, tx core.App, order records.Order, uses []pricing.Use) error {
	had, err := heldBy(tx, order.ID())
	if err != nil {
		return err
	}
	asked := make([]share, len(uses))
	for i, use := range uses {
		asked[i] = share{use.Promotion, use.AmountFen, use.QtyMilli, core.GenerateDefaultRandomId()}
	}
	if len(asked)+len(had) == 0 {
		return nil
	}
	if err := checkRoom(tx, asked, had); err != nil {
		return err
	}
	if err := write(tx, order, asked, had); err != nil {
		return err
	}
	return count(tx, moves(asked, had))
}

// GiveBack returns an order's part of all promotions.
func GiveBack(ctx context.Context, tx core.App, order records.Order) error {
	return Hold(ctx, tx, order, nil)
}

func heldBy(tx core.App, order records.OrderID) (had []share, err error) {
	err = tx.DB().NewQuery(`SELECT promotion, amount_fen, qty_milli FROM promotion_uses WHERE "order" = {:o} AND state = 'held' ORDER BY promotion`).
		Bind(dbx.Params{"o": order}).All(&had)
	if err != nil {
		return nil, fmt.Errorf("read what an order holds of promotions: %w", err)
	}
	return had, nil
}

// checkRoom refuses what caps have no room for, beside what others hold.
func checkRoom(tx core.App, asked, had []share) error {
	var rows []struct {
		ID        string `db:"id"`
		Code      string `db:"code"`
		CapFen    int64  `db:"cap_fen"`
		CapMilli  int64  `db:"cap_milli"`
		UsedFen   int64  `db:"used_fen"`
		UsedMilli int64  `db:"used_milli"`
	}
	err := tx.DB().NewQuery(`SELECT id, code, cap_fen, cap_milli, used_fen, used_milli FROM promotions
		WHERE (cap_fen > 0 OR cap_milli > 0) AND id IN (SELECT value ->> 0 FROM json_each({:asked})) ORDER BY id`).
		Bind(dbx.Params{"asked": listed(asked)}).All(&rows)
	if err != nil {
		return fmt.Errorf("read the caps of promotions: %w", err)
	}
	for _, p := range rows {
		mine, part := of(had, p.ID), of(asked, p.ID)
		for _, bound := range []struct{ limit, used, asked int64 }{
			{p.CapFen, p.UsedFen - mine.Fen, part.Fen},
			{p.CapMilli, p.UsedMilli - mine.Milli, part.Milli},
		} {
			if left := bound.limit - bound.used; bound.limit > 0 && bound.asked > left {
				return gate.Refuse("promotion.cap_reached", "code", p.Code, "left", max(left, 0))
			}
		}
	}
	return nil
}

// of is what shares have of a promotion.
func of(shares []share, promotion string) share {
	if i := slices.IndexFunc(shares, func(s share) bool { return s.Promotion == promotion }); i >= 0 {
		return shares[i]
	}
	return share{}
}

// moves are what is added to promotions when an order has what it asked for in
// place of what it had.
func moves(asked, had []share) []share {
	out := slices.Clone(asked)
	for _, h := range had {
		i := slices.IndexFunc(out, func(s share) bool { return s.Promotion == h.Promotion })
		if i < 0 {
			i, out = len(out), append(out, share{Promotion: h.Promotion})
		}
		out[i].Fen -= h.Fen
		out[i].Milli -= h.Milli
	}
	return slices.DeleteFunc(out, func(s share) bool { return s.Fen == 0 && s.Milli == 0 })
}

// counted keeps promotions' sums with a use that is written as a row is.
func counted(e *kit.Change[records.PromotionUse]) error {
	var had []share
	if !e.Row.IsNew() {
		had = part(e.Before())
	}
	if err := e.Next(); err != nil {
		return err
	}
	return count(e.App, moves(part(e.Row), had))
}

// part is what a use has of its promotion; nothing if it was returned.
func part(use records.PromotionUse) []share {
	if use.State() != held {
		return nil
	}
	return []share{{Promotion: string(use.Promotion()), Fen: int64(use.AmountFen()), Milli: int64(use.QtyMilli())}}
}
