package deliveries

import (
	"context"
	"fmt"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/pricing"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// gifts writes into a return which free goods the customer keeps without the goods
// that they were for, and what that takes off its credit: what they cost, less what
// returns before it took off. moved is what the return takes of the order's lines.
func gifts(tx core.App, back records.Return, moved map[records.OrderLineID]int64) (fen int, err error) {
	lines, err := records.OrderLines.All(tx, `"order" = {:o}`, dbx.Params{"o": back.Order()}, "id")
	if err != nil {
		return 0, err
	}
	sold := make([]pricing.Sold, len(lines))
	for i, line := range lines {
		if sold[i], err = soldOf(line, moved[line.ID()]); err != nil {
			return 0, err
		}
	}
	err = tx.DB().NewQuery(`SELECT COALESCE(-SUM(gift_fen), 0) FROM returns WHERE "order" = {:o} AND id <> {:id} AND state = 'returned'`).
		Bind(dbx.Params{"o": back.Order(), "id": back.ID()}).Row(&fen)
	if err != nil {
		return 0, fmt.Errorf("add up what gifts were taken off for: %w", err)
	}
	kept := pricing.GiftsKept(sold)
	for _, gift := range kept {
		fen += int(gift.Fen)
	}
	back.SetGiftDue(kept)
	back.SetGiftFen(fen)
	return fen, nil
}

// soldOf is an order's line as a return leaves it.
func soldOf(line records.OrderLine, moved int64) (pricing.Sold, error) {
	why, err := line.Why()
	if err != nil {
		return pricing.Sold{}, err
	}
	amount := line.LineFen() + line.PromoFen()
	if line.TaxIncluded() {
		amount += line.TaxFen()
	}
	return pricing.Sold{
		Line: string(line.ID()), Product: string(line.Product()), QtyMilli: toDeliver(line), BaseMilli: int64(line.BaseMilli()),
		OutMilli: int64(line.DeliveredMilli()), BackMilli: int64(line.ReturnedMilli()) + moved,
		AmountFen: int64(amount), Free: line.Free(), Promotion: string(line.Promotion()), Why: why,
	}, nil
}

// tellGifts tells who returns goods which gifts belong to them and are not along.
func (b book) tellGifts(ctx context.Context, tx core.App, back records.Return) error {
	if back.GiftFen() <= 0 {
		return nil
	}
	due, err := back.GiftDue()
	if err != nil {
		return err
	}
	for _, gift := range due {
		product, err := records.Products.Require(tx, records.ProductID(gift.Product))
		if err != nil {
			return err
		}
		err = gate.Notify(ctx, tx, b.Now(), gate.Notice{
			User: string(back.Owner()), Kind: "return.gift_due", Link: returnLink(back),
			Params: map[string]any{"no": back.No(), "product": product.Name(), "qty": pieces(gift.QtyMilli), "yuan": domain.Yuan(gift.Fen)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pieces writes thousandths as people read them.
func pieces(milli int64) string { return strconv.FormatFloat(float64(milli)/1000, 'f', -1, 64) }
