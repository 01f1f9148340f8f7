package orders

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/pricing"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// head is what lines take from their order, and from its account.
type head struct {
	ID      records.OrderID      `db:"id"`
	Owner   records.UserID       `db:"owner"`
	Account records.AccountID    `db:"account"`
	Dept    records.DepartmentID `db:"dept"`
	Tier    string               `db:"tier"`
}

// headOfOrder reads it alone: a push asks for each of its lines.
func headOfOrder(app core.App, id records.OrderID) (h head, found bool, err error) {
	err = app.DB().NewQuery("SELECT o.id, o.owner, o.account, o.dept, a.tier FROM orders o JOIN accounts a ON a.id = o.account WHERE o.id = {:o}").
		Bind(dbx.Params{"o": id}).One(&h)
	if errors.Is(err, sql.ErrNoRows) {
		return h, false, nil
	}
	if err != nil {
		return h, false, fmt.Errorf("find the order of a line: %w", err)
	}
	return h, true, nil
}

// lineSaved looks up the price of a line of its owner's draft. It is his to see
// at once: what counts is priced at the submit, with promotions.
func (b *Book) lineSaved(e *kit.Change[records.OrderLine]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	order, found, err := headOfOrder(e.App, e.Row.Order())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.OrderLineColOrder, "record.not_found")
	}
	if err := mustOwn(e, order); err != nil {
		return err
	}
	if e.Row.Free() { // it follows from the others
		return gate.RefuseField(records.OrderLineColFree, "field.locked")
	}
	e.Row.SetAccount(order.Account)
	e.Row.SetOwner(order.Owner)
	e.Row.SetDept(order.Dept)
	if err := b.price(e.App, order, e.Row); err != nil {
		return err
	}
	return e.Next()
}

// price fills a line alone. A list that ended while the order waited on its phone
// serves still: the submit knows the day.
func (b *Book) price(app core.App, order head, line records.OrderLine) error {
	if err := checkDiscounts(app, refuseField, line); err != nil {
		return err
	}
	back := -1
	today := domain.BusinessDay(b.now())
	for i, day := 0, today; ; i, day = i+1, domain.AddDays(day, -1) {
		in, err := b.Offers(app, order.Account, order.Tier, day, []string{string(line.Product())})
		if err != nil {
			return err
		}
		in.Basket.ID, in.Basket.Lines = string(order.ID), []pricing.Line{asked(line, 0)}
		result, faults := pricing.Price(in)
		if len(faults) == 0 {
			fill(line, result.Lines[0])
			return nil
		}
		if back < 0 {
			if back, err = gate.SettingsNow(app).OrderPriceDaysBack(); err != nil {
				return err
			}
		}
		if faults[0].Problem.Code != "order.price_missing" || i >= back {
			return refuseField(app, faults[0].Problem)
		}
	}
}

// asked is a line as it is priced, but for what was cut of it.
func asked(line records.OrderLine, cut int) pricing.Line {
	return pricing.Line{
		ID: string(line.ID()), Product: string(line.Product()), Unit: line.Unit(), QtyMilli: int64(line.QtyMilli() - cut), DiscBP: int64(line.DiscBp()),
	}
}

// fill writes what a line costs, and why.
func fill(line records.OrderLine, p pricing.Priced) {
	line.SetBaseMilli(int(p.BaseMilli))
	line.SetList(records.PriceListID(p.List))
	line.SetTaxIncluded(p.TaxIncluded)
	line.SetPriceFen(int(p.PriceFen))
	line.SetTaxBp(int(p.TaxBP))
	line.SetPromoFen(int(p.PromoFen))
	line.SetLineFen(int(p.LineFen))
	line.SetTaxFen(int(p.TaxFen))
	line.SetWhy(p.Why)
}

// checkDiscounts holds lines to the most that anybody may give, and answers by refused;
// the setting is read only for one that gives any.
func checkDiscounts(app core.App, refused func(core.App, domain.Problem) error, lines ...records.OrderLine) error {
	most := -1
	for _, line := range lines {
		if line.DiscBp() == 0 {
			continue
		}
		if most < 0 {
			var err error
			if most, err = gate.SettingsNow(app).OrderMaxDiscountBp(); err != nil {
				return err
			}
		}
		if line.DiscBp() < 0 || line.DiscBp() > most {
			return refused(app, domain.Problem{Code: "order.discount_too_high", Params: map[string]any{
				"limit": most, "line": line.ID(), "product": string(line.Product()),
			}})
		}
	}
	return nil
}

// faulty names the field of a line that a refusal is about.
var faulty = map[string]string{
	"order.product_stopped":   records.OrderLineColProduct,
	"order.not_listed":        records.OrderLineColProduct,
	"order.price_missing":     records.OrderLineColProduct,
	"order.unit_unknown":      records.OrderLineColUnit,
	"order.quantity_invalid":  records.OrderLineColQtyMilli,
	"order.quantity_fraction": records.OrderLineColQtyMilli,
	"order.quantity_step":     records.OrderLineColQtyMilli,
	"order.quantity_min":      records.OrderLineColQtyMilli,
	"order.amount_too_large":  records.OrderLineColQtyMilli,
	"order.discount_too_high": records.OrderLineColDiscBp,
}

// refuse answers why a line has no price: which line, and its product's name.
func refuse(app core.App, p domain.Problem) error {
	if err := named(app, &p); err != nil {
		return err
	}
	return gate.Wrap(p, nil)
}

// refuseField answers that of the line which is being saved, by field.
func refuseField(app core.App, p domain.Problem) error {
	if err := named(app, &p); err != nil {
		return err
	}
	p.Params["field"] = faulty[p.Code]
	return gate.Wrap(p, map[string]string{faulty[p.Code]: p.Code})
}

// named puts the name of a line's product in the place of its id.
func named(app core.App, p *domain.Problem) error {
	id, _ := p.Params["product"].(string)
	product, found, err := records.Products.Find(app, records.ProductID(id))
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.OrderLineColProduct, "record.not_found")
	}
	p.Params["product"] = product.Name()
	return nil
}

func lineDelete(e *kit.Change[records.OrderLine]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	order, found, err := headOfOrder(e.App, e.Row.Order())
	if err != nil {
		return err
	}
	if found { // else the order goes, and its lines with it
		if err := mustOwn(e, order); err != nil {
			return err
		}
	}
	return e.Next()
}

func mustOwn(e *kit.Change[records.OrderLine], order head) error {
	if author := gate.From(e.RecordEvent).Author(); author != nil && string(order.Owner) != author.Id {
		return gate.Refuse("order.not_owner")
	}
	return nil
}
