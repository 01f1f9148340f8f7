package scope_test

import "github.com/pocketbase/dbx"

// Units are everybody's; what an account may order is its people's, whoever comes
// next among them; an order's steps are seen like its lines.
func init() {
	columns["product_units"], columns["assortments"], columns["order_events"] = nil, []string{"account", "dept"}, []string{"account", "dept", "released"}
	fieldSees["product_units"] = func(*facts, string, map[string]string) bool { return true }
	fieldSees["order_events"] = or(or(atAccount, is("finance")), func(f *facts, person string, row map[string]string) bool {
		return is("ops")(f, person, row) && row["released"] == "1"
	})
	fieldSees["assortments"] = atAccount
	texts["assortments"], texts["order_events"] = "note", "note"
}

// makePrices adds units, assortments and steps of orders.
func (o *org) makePrices(tx dbx.Builder) error {
	for _, product := range o.products {
		if _, err := o.row(tx, "product_units", dbx.Params{"product": product, "unit": o.id(), "factor_milli": 2000}); err != nil {
			return err
		}
	}
	for _, account := range o.accounts {
		var dept string
		if err := tx.Select("dept").From("accounts").Where(dbx.HashExp{"id": account}).Row(&dept); err != nil {
			return err
		}
		_, err := o.row(tx, "assortments", dbx.Params{"account": account, "dept": dept, "product": o.one(o.products, 0), "state": "listed", "note": "@mark"})
		if err != nil {
			return err
		}
	}
	for _, order := range o.orders {
		var of struct{ Account, Owner, Dept string }
		if err := tx.Select("account", "owner", "dept").From("orders").Where(dbx.HashExp{"id": order}).One(&of); err != nil {
			return err
		}
		_, err := o.row(tx, "order_events", dbx.Params{
			"order": order, "account": of.Account, "owner": of.Owner, "dept": of.Dept, "kind": "submit", "note": "@mark", "released": o.dice.IntN(2) == 0,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
