package orders

import (
	"context"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/pricing"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// whole is an order on its way to a price.
type whole struct {
	order   records.Order
	account records.Account
	lines   []records.OrderLine // that somebody asked for, by id
	free    []records.OrderLine // that promotions gave when it was priced last
	result  pricing.Result
}

// read takes an order's lines; nothing is cut of a draft's.
func read(app core.App, order records.Order) (w *whole, err error) {
	w = &whole{order: order}
	if w.account, err = records.Accounts.Require(app, order.Account()); err != nil {
		return nil, err
	}
	all, err := records.OrderLines.All(app, `"order" = {:o}`, dbx.Params{"o": order.ID()}, "id")
	for _, line := range all {
		if line.Free() {
			w.free = append(w.free, line)
			continue
		}
		if order.State() == sales.OrderDraft { // what was cut of it when it was decided on last
			line.SetCutMilli(0)
		}
		w.lines = append(w.lines, line)
	}
	return w, err
}

// offers reads what the order's goods cost on a day, with promotions.
func (b *Book) offers(app core.App, w *whole, day string) (in pricing.Input, err error) {
	var promotions []pricing.Promotion
	if b.Promotions != nil {
		if promotions, err = b.Promotions(app, w.account, day); err != nil {
			return in, err
		}
	}
	var products []string
	for _, line := range w.lines {
		products = append(products, string(line.Product()))
	}
	for _, p := range promotions {
		if p.Rule.GetProduct != "" {
			products = append(products, p.Rule.GetProduct)
		}
	}
	slices.Sort(products)
	if in, err = b.Offers(app, w.account.ID(), string(w.account.Tier()), day, slices.Compact(products)); err != nil {
		return in, err
	}
	in.Promotions, in.Basket.ID = promotions, string(w.order.ID())
	if in.TaxPerOrder, err = gate.SettingsNow(app).OrderTaxPerOrder(); err != nil {
		return in, err
	}
	for _, line := range w.lines {
		if line.CutMilli() < line.QtyMilli() { // nothing is left of what was cut whole
			in.Basket.Lines = append(in.Basket.Lines, asked(line, line.CutMilli()))
		}
	}
	return in, nil
}

// save writes what was priced: totals, lines that changed, free lines anew.
func (w *whole) save(ctx context.Context, tx core.App) error {
	server := gate.AsServer(ctx)
	t := w.result.Totals
	w.order.SetLinesFen(int(t.LinesFen))
	w.order.SetTaxFen(int(t.TaxFen))
	w.order.SetTotalFen(int(t.TotalFen))
	w.order.SetDiscFen(int(t.DiscFen))
	by := map[string]pricing.Priced{}
	for _, p := range w.result.Lines {
		by[p.ID] = p
	}
	var changed []records.OrderLine
	for _, line := range w.lines {
		fill(line, by[string(line.ID())]) // nothing if it was cut whole
		if gate.HasChanged(line.Raw()) {
			changed = append(changed, line)
		}
	}
	if err := store(ctx, tx, changed); err != nil {
		return err
	}
	given := w.result.Lines[len(w.result.Lines):]
	for i, p := range w.result.Lines {
		if p.Free {
			given = w.result.Lines[i:]
			break
		}
	}
	return w.give(server, tx, given)
}

// give keeps the free lines that are given still, and makes or removes others.
func (w *whole) give(server context.Context, tx core.App, given []pricing.Priced) error {
	for _, line := range w.free {
		if slices.ContainsFunc(given, func(p pricing.Priced) bool { return p.ID == string(line.ID()) }) {
			continue
		}
		if err := tx.DeleteWithContext(server, line.Raw()); err != nil {
			return err
		}
	}
	for _, p := range given {
		i := slices.IndexFunc(w.free, func(line records.OrderLine) bool { return p.ID == string(line.ID()) })
		var line records.OrderLine
		if i >= 0 {
			line = w.free[i]
		} else {
			var err error
			if line, err = records.OrderLines.New(tx); err != nil {
				return err
			}
			line.Raw().Id = p.ID
			line.SetOrder(w.order.ID())
			line.SetAccount(w.order.Account())
			line.SetOwner(w.order.Owner())
			line.SetDept(w.order.Dept())
			line.SetFree(true)
		}
		line.SetPromotion(records.PromotionID(p.Promotion))
		line.SetProduct(records.ProductID(p.Product))
		line.SetUnit(p.Unit)
		line.SetQtyMilli(int(p.QtyMilli))
		fill(line, p)
		if !line.IsNew() && !gate.HasChanged(line.Raw()) {
			continue
		}
		if err := tx.SaveNoValidateWithContext(server, line.Raw()); err != nil {
			return err
		}
	}
	return nil
}
