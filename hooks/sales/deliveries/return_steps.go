package deliveries

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/domain/pricing"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// requestReturn hands a return in: it has lines of goods that the customer has,
// and photos, where the cause is to be seen.
func (b book) requestReturn(ctx context.Context, tx core.App, back records.Return, _ kit.None) error {
	order, err := records.Orders.Require(tx, back.Order())
	if err != nil {
		return err
	}
	if !in(order, sales.ReturnOrderStates) {
		return gate.Refuse("return.order_state", "from", order.State())
	}
	if sales.ReturnNeedsPhoto(string(back.Cause())) && len(back.Photos()) == 0 {
		return gate.RefuseField(records.ReturnColPhotos, "return.photo_required")
	}
	if err := showGoods(ctx, tx, records.ReturnColPhotos, back.Account(), false, back.Photos()...); err != nil {
		return err
	}
	lines, err := linesOf(tx, back)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return gate.Refuse("return.empty")
	}
	if err := worth(ctx, tx, back, lines); err != nil {
		return err
	}
	back.SetReason("")
	back.SetRequestedAt(b.Now())
	if err := b.tellGifts(ctx, tx, back); err != nil {
		return err
	}
	account, err := records.Accounts.Require(tx, back.Account())
	if err != nil {
		return err
	}
	return b.tell(ctx, tx, "return.requested", returnLink(back), map[string]any{"no": back.No(), "account": account.Name()}, account.Manager())
}

func linesOf(tx core.App, back records.Return) ([]records.ReturnLine, error) {
	return records.ReturnLines.All(tx, "return_doc = {:r}", dbx.Params{"r": back.ID()}, "line, lot, id")
}

// worth writes into the lines of a return what they were sold for, all of it below
// zero, and into the return the sum, less what gifts cost that stay behind.
func worth(ctx context.Context, tx core.App, back records.Return, lines []records.ReturnLine) error {
	fen, taken := 0, map[records.OrderLineID]int64{} // of the lines before
	for _, row := range lines {
		line, err := lineOf(tx, row.Line(), back.Order())
		if err != nil {
			return err
		}
		qty := -int64(row.QtyMilli())
		if err := checkReturned(tx, back.ID(), line, taken[line.ID()]+qty); err != nil {
			return err
		}
		part := pricing.Return(amountsOf(line), qty, toDeliver(line), int64(line.ReturnedMilli())+taken[line.ID()])
		taken[line.ID()] += qty
		row.SetPromoFen(int(part.PromoFen))
		row.SetLineFen(int(part.LineFen))
		row.SetTaxFen(int(part.TaxFen))
		row.SetAmountFen(int(part.TotalFen))
		row.SetReleased(back.Released())
		if err := gate.SaveChanged(ctx, tx, row.Raw()); err != nil {
			return err
		}
		fen += row.AmountFen()
	}
	kept, err := gifts(tx, back, taken)
	back.SetAmountFen(fen + kept)
	return err
}

// approveReturn lets the goods come back: logistics sees the return and its photos.
func (b book) approveReturn(ctx context.Context, tx core.App, back records.Return, args because) error {
	lines, err := linesOf(tx, back)
	if err != nil {
		return err
	}
	back.SetReleased(true)
	if err := worth(ctx, tx, back, lines); err != nil {
		return err
	}
	b.decided(ctx, back, args)
	if err := showGoods(ctx, tx, records.ReturnColPhotos, back.Account(), true, back.Photos()...); err != nil {
		return err
	}
	logistics, found, err := records.Departments.First(tx, "kind = {:k} AND head <> ''", dbx.Params{"k": people.DeptLogistics}, "id")
	if err != nil {
		return err
	}
	params := map[string]any{"no": back.No()}
	if err := b.tell(ctx, tx, "return.approved", returnLink(back), params, back.Owner()); err != nil || !found {
		return err
	}
	return b.tell(ctx, tx, "return.released", returnLink(back), params, logistics.Head())
}

// rejectReturn says no, and why.
func (b book) rejectReturn(ctx context.Context, tx core.App, back records.Return, args because) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("return.reason_required")
	}
	b.decided(ctx, back, args)
	return b.tell(ctx, tx, "return.rejected", returnLink(back), map[string]any{"no": back.No(), "reason": args.Reason}, back.Owner())
}

func (b book) decided(ctx context.Context, back records.Return, args because) {
	back.SetDecidedBy(records.UserID(gate.Of(ctx).User.Id))
	back.SetDecidedAt(b.Now())
	back.SetReason(args.Reason)
}

// cancelReturn leaves the goods with the customer.
func (b book) cancelReturn(ctx context.Context, tx core.App, back records.Return, args because) error {
	if strings.TrimSpace(args.Reason) == "" {
		return gate.Refuse("return.reason_required")
	}
	back.SetReason(args.Reason)
	return b.tell(ctx, tx, "return.cancelled", returnLink(back), map[string]any{"no": back.No(), "reason": args.Reason}, back.Owner())
}

type receiveArgs struct {
	At    time.Time             `json:"at"`
	Clock *domain.ClockEvidence `json:"clock"`
}

// receiveReturn takes the goods: now the return counts, and only now.
func (b book) receiveReturn(ctx context.Context, tx core.App, back records.Return, args receiveArgs) error {
	at, err := b.read(ctx, tx, moment(args), back.DecidedAt())
	if err != nil {
		return err
	}
	order, err := records.Orders.Require(tx, back.Order())
	if err != nil {
		return err
	}
	lines, err := linesOf(tx, back)
	if err != nil {
		return err
	}
	if err := worth(ctx, tx, back, lines); err != nil {
		return err
	}
	server := gate.AsServer(ctx)
	for _, row := range lines {
		line, err := lineOf(tx, row.Line(), back.Order())
		if err != nil {
			return err
		}
		line.SetReturnedMilli(line.ReturnedMilli() - row.QtyMilli())
		if err := tx.SaveWithContext(server, line.Raw()); err != nil {
			return fmt.Errorf("save a line of an order: %w", err)
		}
	}
	order.SetReturnedFen(order.ReturnedFen() - back.AmountFen())
	if err := tx.SaveWithContext(server, order.Raw()); err != nil {
		return fmt.Errorf("save an order: %w", err)
	}
	back.SetReturnedAt(at)
	if back.Kind() == sales.ReturnForExchange {
		if err := b.exchange(ctx, tx, order, back, lines); err != nil {
			return err
		}
	}
	return b.tell(ctx, tx, "return.returned", returnLink(back), map[string]any{"no": back.No()}, back.Owner())
}

func returnLink(back records.Return) string { return records.ReturnTable + "/" + string(back.ID()) }
