// Package prices binds the rules of what goods cost and who may order them: lists
// with their items, units, and what is listed for an account.
package prices

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/domain/pricing"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Area is what prices are.
func Area() kit.Area {
	return kit.Area{
		Name: "prices",
		Collections: []kit.Collection{
			{
				Name:    records.PriceListTable,
				Follows: kit.Always,
				Audit: gate.Audit{Fields: []string{
					records.PriceListColActive, records.PriceListColValidFrom, records.PriceListColValidTo, records.PriceListColTaxIncluded,
				}},
				Rules: []kit.Rule{
					kit.On(kit.Create, records.PriceLists, "priceListCreate", listSaved),
					kit.On(kit.Update, records.PriceLists, "priceListUpdate", listSaved),
					kit.On(kit.UpdateExecute, records.PriceLists, "priceListMoved", listMoved),
				},
			},
			{
				Name:    records.PriceItemTable,
				Follows: kit.Always,
				Audit:   gate.Audit{Fields: []string{records.PriceItemColPriceFen, records.PriceItemColMinQtyMilli, records.PriceItemColUnit}},
				Rules: []kit.Rule{
					kit.On(kit.Create, records.PriceItems, "priceItemCreate", itemSaved),
					kit.On(kit.Update, records.PriceItems, "priceItemUpdate", itemSaved),
				},
			},
			{
				Name: records.ProductUnitTable,
				Once: []string{records.ProductUnitColProduct},
				Rules: []kit.Rule{
					kit.On(kit.Create, records.ProductUnits, "productUnitCreate", unitSaved),
					kit.On(kit.Update, records.ProductUnits, "productUnitUpdate", unitSaved),
				},
			},
			{
				Name:    records.AssortmentTable,
				Hung:    true,
				Once:    []string{records.AssortmentColAccount, records.AssortmentColProduct},
				Audit:   gate.Audit{Fields: []string{records.AssortmentColState, records.AssortmentColValidFrom, records.AssortmentColValidTo}, Create: true},
				Follows: kit.Always,
				Rules: []kit.Rule{
					kit.On(kit.Create, records.Assortments, "assortmentCreate", assortmentSaved),
					kit.On(kit.Update, records.Assortments, "assortmentUpdate", assortmentSaved),
				},
			},
		},
	}
}

// listSaved fills what decides who sees a price list, and holds it to its days:
// of lists for the same people only one is in force.
func listSaved(e *kit.Change[records.PriceList]) error {
	if err := gate.LockFields(e.RecordEvent, records.PriceListColDept); err != nil {
		return err
	}
	if e.Row.Scope() == pricing.ScopeContract {
		if err := ofContract(e); err != nil {
			return err
		}
	}
	account, found, err := records.Accounts.Find(e.App, e.Row.Account())
	if err != nil {
		return err
	}
	e.Row.SetDept("")
	if found {
		e.Row.SetDept(account.Dept())
	}
	if from, to := e.Row.ValidFrom(), e.Row.ValidTo(); from != "" && to != "" && to < from {
		return gate.RefuseField(records.PriceListColValidTo, "price_list.days_invalid")
	}
	if err := alone(e.App, e.Row); err != nil {
		return err
	}
	return e.Next()
}

// ofContract takes a contract's account, and its prices only while it binds.
func ofContract(e *kit.Change[records.PriceList]) error {
	contract, found, err := records.Contracts.Find(e.App, e.Row.Contract())
	if err != nil {
		return err
	}
	if !found || e.Row.Account() != "" && e.Row.Account() != contract.Account() {
		return gate.RefuseField(records.PriceListColContract, "record.not_found")
	}
	if e.Row.Active() && !customers.ContractBinds(string(contract.State())) {
		return gate.RefuseField(records.PriceListColContract, "price_list.contract_unbound", "from", contract.State())
	}
	e.Row.SetAccount(contract.Account())
	return nil
}

// alone refuses a list for the same people whose days lie upon another's.
func alone(app core.App, list records.PriceList) error {
	var of string
	switch list.Scope() {
	case pricing.ScopeContract:
		of = string(list.Contract())
	case pricing.ScopeAccount:
		of = string(list.Account())
	case pricing.ScopeTier:
		of = string(list.Tier())
	}
	if !list.Active() || of == "" && list.Scope() != pricing.ScopeDefault {
		return nil
	}
	other, found, err := records.PriceLists.First(app, `active AND id <> {:id} AND scope = {:scope}
		AND CASE scope WHEN 'contract' THEN contract WHEN 'account' THEN account WHEN 'tier' THEN tier ELSE '' END = {:of}
		AND (valid_to = '' OR valid_to >= {:from}) AND (valid_from = '' OR {:to} = '' OR valid_from <= {:to})`,
		dbx.Params{"id": list.ID(), "scope": list.Scope(), "of": of, "from": list.ValidFrom(), "to": list.ValidTo()}, "valid_from, id")
	if err != nil || !found {
		return err
	}
	return gate.Refuse("price_list.overlap", "other", other.Name(), "id", other.ID(), "from", other.ValidFrom(), "to", other.ValidTo())
}

// listMoved hands the list's account on to its items.
func listMoved(e *kit.Change[records.PriceList]) error {
	moved := e.Row.Account() != e.Before().Account()
	if err := e.Next(); err != nil || !moved {
		return err
	}
	_, err := e.App.DB().Update(records.PriceItemTable,
		dbx.Params{records.PriceItemColAccount: e.Row.Account(), records.PriceItemColDept: e.Row.Dept()},
		dbx.HashExp{records.PriceItemColList: e.Row.ID()}).Execute()
	return err
}

// itemSaved fills what decides who sees an item, from its list; its unit is one
// that the product has.
func itemSaved(e *kit.Change[records.PriceItem]) error {
	if err := gate.LockFields(e.RecordEvent, records.PriceItemColAccount, records.PriceItemColDept); err != nil {
		return err
	}
	if e.Row.PriceFen() < 0 || int64(e.Row.PriceFen()) > pricing.MaxFen {
		return gate.RefuseField(records.PriceItemColPriceFen, "order.amount_too_large")
	}
	if e.Row.MinQtyMilli() < 0 || int64(e.Row.MinQtyMilli()) > pricing.MaxQtyMilli {
		return quantity(e.App, records.PriceItemColMinQtyMilli, e.Row.Product())
	}
	if err := hasUnit(e.App, e.Row.Product(), e.Row.Unit()); err != nil {
		return err
	}
	list, found, err := records.PriceLists.Find(e.App, e.Row.List())
	if err != nil {
		return err
	}
	if found {
		e.Row.SetAccount(list.Account())
		e.Row.SetDept(list.Dept())
	}
	return e.Next()
}

// hasUnit refuses a unit that nobody can order the product in.
func hasUnit(app core.App, id records.ProductID, unit string) error {
	if unit == "" {
		return nil
	}
	product, found, err := records.Products.Find(app, id)
	if err != nil || !found || product.Unit() == unit { // a product that is not there is left to the relation
		return err
	}
	n, err := records.ProductUnits.Count(app, "product = {:p} AND unit = {:u}", dbx.Params{"p": id, "u": unit})
	if err != nil || n > 0 {
		return err
	}
	return gate.RefuseField(records.PriceItemColUnit, "order.unit_unknown", "product", product.Name(), "unit", unit)
}

// quantity refuses one of a product that nobody could count with.
func quantity(app core.App, field string, of records.ProductID) error {
	product, found, err := records.Products.Find(app, of)
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.PriceItemColProduct, "record.not_found")
	}
	return gate.RefuseField(field, "order.quantity_invalid", "product", product.Name())
}

// unitSaved holds a unit to a factor that can be counted with.
func unitSaved(e *kit.Change[records.ProductUnit]) error {
	if f := int64(e.Row.FactorMilli()); f <= 0 || f > pricing.MaxQtyMilli {
		return quantity(e.App, records.ProductUnitColFactorMilli, e.Row.Product())
	}
	product, found, err := records.Products.Find(e.App, e.Row.Product())
	if err != nil {
		return err
	}
	if found && product.Unit() == e.Row.Unit() {
		return gate.RefuseField(records.ProductUnitColUnit, "product_unit.own", "unit", product.Unit())
	}
	return e.Next()
}

// assortmentSaved holds a row to days.
func assortmentSaved(e *kit.Change[records.Assortment]) error {
	from, to := e.Row.ValidFrom(), e.Row.ValidTo()
	if from != "" && !domain.IsDay(from) || to != "" && (!domain.IsDay(to) || to < from) {
		return gate.RefuseField(records.AssortmentColValidTo, "price_list.days_invalid")
	}
	return e.Next()
}

func wrapped(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read %s: %w", what, err)
}
