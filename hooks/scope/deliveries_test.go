package scope_test

import (
	"maps"

	"github.com/pocketbase/dbx"
)

// What logistics does: who serves the account, finance, and logistics, of returns
// once they are approved.
func init() {
	released := func(f *facts, person string, row map[string]string) bool {
		return is("ops")(f, person, row) && row["released"] == "1"
	}
	delivered, returned := or(or(atAccount, is("finance")), is("ops")), or(or(atAccount, is("finance")), released)
	for _, collection := range []string{"deliveries", "delivery_lines"} {
		columns[collection], fieldSees[collection] = []string{"account", "dept"}, delivered
	}
	for _, collection := range []string{"returns", "return_lines"} {
		columns[collection], fieldSees[collection] = []string{"account", "dept", "released"}, returned
	}
	actions["deliveries"], actions["returns"] = "dispatch", "approve"
	for _, collection := range []string{"deliveries", "delivery_lines", "returns", "return_lines"} {
		texts[collection] = "note"
	}
}

// makeDeliveries adds orders that logistics has, what it sent of them and what
// came back.
func (o *org) makeDeliveries(tx dbx.Builder) error {
	for range 40 {
		account := o.one(o.accounts, 0)
		var team struct{ Owner, Manager, Dept string }
		if err := tx.Select("owner", "manager", "dept").From("accounts").Where(dbx.HashExp{"id": account}).One(&team); err != nil {
			return err
		}
		released := o.dice.IntN(3) > 0
		whose := func(more dbx.Params) dbx.Params {
			out := dbx.Params{"account": account, "owner": team.Owner, "manager": team.Manager, "dept": team.Dept}
			maps.Copy(out, more)
			return out
		}
		order, err := o.row(tx, "orders", whose(dbx.Params{"no": o.id(), "state": "processing", "note": "@mark", "released": released}))
		if err != nil {
			return err
		}
		ofOrder := whose(dbx.Params{"order": order, "product": o.one(o.products, 0), "qty_milli": 1000, "released": released})
		delete(ofOrder, "manager")
		line, err := o.row(tx, "order_lines", ofOrder)
		if err != nil {
			return err
		}
		delivery, err := o.row(tx, "deliveries", whose(dbx.Params{"order": order, "no": o.id(), "state": "planned", "note": "@mark"}))
		if err != nil {
			return err
		}
		back, err := o.row(tx, "returns", whose(dbx.Params{"order": order, "no": o.id(), "kind": "return", "cause": "other", "state": "draft", "note": "@mark", "released": released}))
		if err != nil {
			return err
		}
		err = o.insertAll(tx, map[string]dbx.Params{
			"delivery_lines": whose(dbx.Params{"delivery": delivery, "line": line, "qty_milli": 1000, "note": "@mark"}),
			"return_lines":   whose(dbx.Params{"return_doc": back, "line": line, "qty_milli": -1000, "note": "@mark", "released": released}),
			"blobs": whose(dbx.Params{
				"sha256": o.id(), "size": 1, "mime": "image/jpeg", "purpose": "goods", "state": "pending", "code": "@mark", "logistics": released,
			}),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
