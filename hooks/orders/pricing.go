package orders

import (
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

// businessZone is where the company's days begin and end.
var businessZone = time.FixedZone("Asia/Shanghai", 8*60*60)

// book knows today.
type book struct{ now func() time.Time }

// pricing prices the lines of one order.
type pricing struct {
	app         core.App
	list        string
	maxDiscount int64
}

// pricing checks that the order's list is in force for its account today.
func (b book) pricing(app core.App, order *core.Record) (pricing, error) {
	p := pricing{app: app, list: order.GetString(fieldList)}
	list, err := app.FindRecordById("price_lists", p.list)
	if err != nil {
		return p, gate.Refuse("order.price_list_invalid")
	}
	account, err := app.FindRecordById("accounts", accountOf(order))
	if err != nil {
		return p, err
	}
	today := b.now().In(businessZone).Format(time.DateOnly)
	if err := domain.CheckPriceList(priceList(list), account.Id, account.GetString("tier"), today); err != nil {
		return p, gate.WrapError(err)
	}
	limit, err := gate.Setting(app, maxDiscountKey, defaultMaxDiscount)
	p.maxDiscount = int64(limit)
	return p, err
}

// price fills a line's price, tax rate and amounts.
func (p pricing) price(line *core.Record) error {
	qty, discount := quantity(line)
	if err := domain.CheckLine(qty, discount, p.maxDiscount); err != nil {
		return gate.WrapError(err)
	}
	product, err := p.app.FindRecordById("products", productOf(line))
	if err != nil {
		return gate.RefuseField("product", "record.not_found")
	}
	var items []struct {
		Price int64 `db:"price_fen"`
		Min   int64 `db:"min_qty_milli"`
	}
	err = p.app.DB().NewQuery("SELECT price_fen, min_qty_milli FROM price_items WHERE list = {:l} AND product = {:p}").
		Bind(dbx.Params{"l": p.list, "p": product.Id}).All(&items)
	if err != nil {
		return err
	}
	offers := make([]domain.PriceItem, len(items))
	for i, it := range items {
		offers[i] = domain.PriceItem{PriceFen: it.Price, MinQtyMilli: it.Min}
	}
	best, ok := domain.PriceFor(offers, qty)
	if !ok {
		return gate.Refuse("order.price_missing", "product", product.GetString("name"))
	}
	tax := int64(product.GetInt("tax_bp"))
	lineFen, taxFen := domain.LineAmounts(qty, best.PriceFen, discount, tax)
	setAmounts(line, best.PriceFen, tax, lineFen, taxFen)
	return nil
}

// orderRepriced prices all lines anew when a draft names another list.
func (b book) orderRepriced(e *core.RecordEvent) error {
	other := e.Record.GetString(fieldList) != e.Record.Original().GetString(fieldList)
	if err := e.Next(); err != nil || !other {
		return err
	}
	return b.reprice(e.App, e.Record, func(line *core.Record) error {
		return e.App.SaveWithContext(gate.AsServer(e.Context), line)
	})
}

// reprice prices every line of the order and saves those that changed.
func (b book) reprice(app core.App, order *core.Record, save func(line *core.Record) error) error {
	all, err := app.FindRecordsByFilter(lines, "order = {:o}", "", 0, 0, dbx.Params{"o": order.Id})
	if err != nil || len(all) == 0 {
		return err
	}
	p, err := b.pricing(app, order)
	if err != nil {
		return err
	}
	for _, line := range all {
		before := [3]int{line.GetInt("price_fen"), line.GetInt("line_fen"), line.GetInt("tax_fen")}
		if err := p.price(line); err != nil {
			return err
		}
		if before == [3]int{line.GetInt("price_fen"), line.GetInt("line_fen"), line.GetInt("tax_fen")} {
			continue
		}
		if err := save(line); err != nil {
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
	if err != nil {
		return nil //nolint:nilerr // the order goes, and its lines with it
	}
	var sum struct {
		Lines int `db:"lines"`
		Tax   int `db:"tax"`
	}
	err = e.App.DB().NewQuery(`SELECT COALESCE(SUM(line_fen), 0) AS lines, COALESCE(SUM(tax_fen), 0) AS tax
		FROM order_lines WHERE "order" = {:o}`).Bind(dbx.Params{"o": order.Id}).One(&sum)
	if err != nil || !setTotals(order, sum.Lines, sum.Tax) {
		return err
	}
	return e.App.SaveWithContext(gate.AsServer(e.Context), order)
}
