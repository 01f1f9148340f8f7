package orders

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	maxDiscountKey     = "order.max_discount_bp"
	defaultMaxDiscount = 1000
)

// book knows today.
type book struct{ now func() time.Time }

// checkList refuses a price list that is not in force today, or not for the
// account: order.price_list_invalid.
func (b book) checkList(app core.App, order, account *core.Record) error {
	if listOf(order) == "" {
		return nil // the relation's own validation refuses it
	}
	list, err := app.FindRecordById("price_lists", listOf(order))
	if err != nil {
		return gate.RefuseField(fieldList, "order.price_list_invalid")
	}
	today := domain.BusinessDay(b.now())
	return gate.WrapError(domain.CheckPriceList(priceList(list), account.Id, account.GetString("tier"), today))
}

// price fills a line's price, tax rate and amounts from a list.
func price(app core.App, list string, line *core.Record) error {
	qty, discount := quantity(line)
	limit, err := discountLimit(app, discount)
	if err != nil {
		return err
	}
	if err := domain.CheckLine(qty, discount, limit); err != nil {
		return gate.WrapError(err)
	}
	var items []struct {
		Price int64 `db:"price_fen"`
		Min   int64 `db:"min_qty_milli"`
		Tax   int64 `db:"tax_bp"`
	}
	err = app.DB().NewQuery(`SELECT i.price_fen, i.min_qty_milli, p.tax_bp FROM price_items i JOIN products p ON p.id = i.product
		WHERE i.list = {:l} AND i.product = {:p}`).Bind(dbx.Params{"l": list, "p": productOf(line)}).All(&items)
	if err != nil {
		return err
	}
	offers := make([]domain.PriceItem, len(items))
	for i, it := range items {
		offers[i] = domain.PriceItem{PriceFen: it.Price, MinQtyMilli: it.Min}
	}
	best, ok := domain.PriceFor(offers, qty)
	if !ok {
		return unpriced(app, productOf(line))
	}
	lineFen, taxFen := domain.LineAmounts(qty, best.PriceFen, discount, items[0].Tax)
	setAmounts(line, best.PriceFen, items[0].Tax, lineFen, taxFen)
	return nil
}

// discountLimit reads the setting only for a line that asks for a discount.
func discountLimit(app core.App, discountBP int64) (int64, error) {
	if discountBP == 0 {
		return 0, nil
	}
	limit, err := gate.Setting(app, maxDiscountKey, defaultMaxDiscount)
	return int64(limit), err
}

func unpriced(app core.App, id string) error {
	product, err := app.FindRecordById("products", id)
	if err != nil {
		return gate.RefuseField("product", "record.not_found")
	}
	return gate.Refuse("order.price_missing", "product", product.GetString("name"))
}

// orderRepriced prices all lines anew when a draft names another list.
func (b book) orderRepriced(e *core.RecordEvent) error {
	other := listOf(e.Record) != listOf(e.Record.Original())
	if err := e.Next(); err != nil || !other {
		return err
	}
	return b.reprice(gate.AsServer(e.Context), e.App, e.Record)
}

// reprice prices every line of the order from its list, if that is still in
// force, and saves those that changed.
func (b book) reprice(server context.Context, app core.App, order *core.Record) error {
	account, err := app.FindRecordById("accounts", accountOf(order))
	if err != nil {
		return err
	}
	if err := b.checkList(app, order, account); err != nil {
		return err
	}
	all, err := app.FindAllRecords(lines, dbx.HashExp{"order": order.Id})
	if err != nil {
		return err
	}
	for _, line := range all {
		before := amounts(line)
		if err := price(app, listOf(order), line); err != nil {
			return err
		}
		if before == amounts(line) {
			continue
		}
		if err := app.SaveWithContext(server, line); err != nil {
			return err
		}
	}
	return nil
}

// retotal keeps an order's totals equal to the sums of its lines.
func retotal(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	order, err := e.App.FindRecordById(orders, e.Record.GetString("order"))
	if errors.Is(err, sql.ErrNoRows) {
		return nil // the order goes, and its lines with it
	}
	if err != nil {
		return err
	}
	linesFen, taxFen, err := sums(e.App, order.Id)
	if err != nil || !setTotals(order, linesFen, taxFen) {
		return err
	}
	return e.App.SaveNoValidateWithContext(gate.AsServer(e.Context), order)
}

// sums adds up an order's lines.
func sums(app core.App, order string) (linesFen, taxFen int, err error) {
	err = app.DB().NewQuery(`SELECT COALESCE(SUM(line_fen), 0), COALESCE(SUM(tax_fen), 0) FROM order_lines WHERE "order" = {:o}`).
		Bind(dbx.Params{"o": order}).Row(&linesFen, &taxFen)
	return linesFen, taxFen, err
}
