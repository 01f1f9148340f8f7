package scope_test

import (
	"fmt"

	"github.com/pocketbase/dbx"
)

// Promotions are everybody's; what an order had of them is who sees what its
// account is charged, and the department's at its time.
func init() {
	columns["promotions"], columns["promotion_uses"] = nil, []string{"account", "dept"}
	fieldSees["promotions"] = func(*facts, string, map[string]string) bool { return true }
	fieldSees["promotion_uses"] = or(atAccount, is("finance"))
	texts["promotions"] = "name"
}

// makePromotions adds promotions with what orders hold of them.
func (o *org) makePromotions(tx dbx.Builder) error {
	var promotions []string
	err := o.into(&promotions, 6, func() (string, error) {
		return o.row(tx, "promotions", dbx.Params{"code": o.id(), "name": "@mark", "active": true, "rule": `{"kind":"percent","bp":1000}`, "accounts": "[]", "tiers": "[]"})
	})
	if err != nil {
		return err
	}
	for _, order := range o.orders {
		var of struct {
			Account string `db:"account"`
			Owner   string `db:"owner"`
			Dept    string `db:"dept"`
		}
		if err := tx.Select("account", "owner", "dept").From("orders").Where(dbx.HashExp{"id": order}).One(&of); err != nil {
			return fmt.Errorf("read an order: %w", err)
		}
		_, err := o.row(tx, "promotion_uses", dbx.Params{
			"promotion": o.one(promotions, 0), "order": order, "account": of.Account, "owner": of.Owner, "dept": of.Dept, "amount_fen": 100,
			"state": o.one([]string{"held", "returned"}, 0),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
