package orders

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// listFor finds the list by which an order is priced: its account's own before
// its tier's before the default; order.price_list_invalid if none is in force.
func (b book) listFor(app core.App, order records.Order) (records.PriceListID, error) {
	account, err := records.Accounts.Require(app, order.Account())
	if err != nil {
		return "", err
	}
	lists, err := records.PriceLists.All(app, `active AND (account = {:a} OR scope = 'tier' AND tier = {:t} OR scope = 'default') AND
		(valid_from = '' OR valid_from <= {:d}) AND (valid_to = '' OR valid_to >= {:d})`,
		dbx.Params{"a": account.ID(), "t": account.Tier(), "d": domain.BusinessDay(b.now())}, "scope")
	if err != nil {
		return "", err
	}
	if len(lists) == 0 {
		return "", gate.Refuse("order.price_list_invalid")
	}
	return lists[0].ID(), nil
}

// price fills a line's price, tax rate and amounts from a list.
func price(app core.App, list records.PriceListID, line records.OrderLine) error {
	qty, discount := int64(line.QtyMilli()), int64(line.DiscBp())
	limit, err := discountLimit(app, discount)
	if err != nil {
		return err
	}
	if err := sales.CheckLine(qty, discount, limit); err != nil {
		return gate.WrapError(err)
	}
	var items []struct {
		Price int64 `db:"price_fen"`
		Min   int64 `db:"min_qty_milli"`
		Tax   int64 `db:"tax_bp"`
	}
	err = app.DB().NewQuery(`SELECT i.price_fen, i.min_qty_milli, p.tax_bp FROM price_items i JOIN products p ON p.id = i.product
		WHERE i.list = {:l} AND i.product = {:p}`).Bind(dbx.Params{"l": list, "p": line.Product()}).All(&items)
	if err != nil {
		return err
	}
	offers := make([]sales.PriceItem, len(items))
	for i, it := range items {
		offers[i] = sales.PriceItem{PriceFen: it.Price, MinQtyMilli: it.Min}
	}
	best, ok := sales.PriceFor(offers, qty)
	if !ok {
		return unpriced(app, line.Product())
	}
	lineFen, taxFen := sales.LineAmounts(qty, best.PriceFen, discount, items[0].Tax)
	line.SetPriceFen(int(best.PriceFen))
	line.SetTaxBp(int(items[0].Tax))
	line.SetLineFen(int(lineFen))
	line.SetTaxFen(int(taxFen))
	return nil
}

// discountLimit reads the setting only for a line that asks for a discount.
func discountLimit(app core.App, discountBP int64) (int64, error) {
	if discountBP == 0 {
		return 0, nil
	}
	limit, err := gate.SettingsNow(app).OrderMaxDiscountBp()
	return int64(limit), err
}

func unpriced(app core.App, id records.ProductID) error {
	product, found, err := records.Products.Find(app, id)
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.OrderLineColProduct, "record.not_found")
	}
	return gate.Refuse("order.price_missing", "product", product.Name())
}

// reprice prices every line of the order from its list, if that is still in
// force, and saves those that changed.
func (b book) reprice(server context.Context, app core.App, order records.Order) error {
	list, err := b.listFor(app, order)
	if err != nil {
		return err
	}
	lines, err := records.OrderLines.All(app, `"order" = {:o}`, dbx.Params{"o": order.ID()}, "")
	if err != nil {
		return err
	}
	for _, line := range lines {
		if err := price(app, list, line); err != nil {
			return err
		}
		if !gate.HasChanged(line.Raw()) {
			continue
		}
		if err := app.SaveWithContext(server, line.Raw()); err != nil {
			return err
		}
	}
	return nil
}
