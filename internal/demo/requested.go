package demo

import (
	"github.com/pocketbase/dbx"

	"satchel/domain/customers"
)

// requested weighs the product requests by what their accounts bought; of a demo with
// customers the first is promised.
func (b *builder) requested() error {
	var rows []struct{ ID, Account, Dept string }
	if err := b.w.tx.Select("id", "account", "dept").From("product_requests").OrderBy("id").All(&rows); err != nil {
		return err
	}
	fen, accounts := standard[customers.PriorityFrom]("product_request.priority_fen"), standard[customers.PriorityFrom]("product_request.priority_accounts")
	for i, r := range rows {
		var bought int64
		err := b.w.tx.NewQuery("SELECT COALESCE(SUM(amount_fen), 0) FROM sales_facts WHERE account = {:a}").
			Bind(dbx.Params{"a": r.Account}).Row(&bought)
		if err != nil {
			return err
		}
		priority, rank := customers.ProductPriority(customers.ProductDemand{RevenueFen: bought, Accounts: 1}, fen, accounts)
		weight := dbx.Params{"priority": priority, "rank": rank, "asking": 1}
		if i == 0 && b.opt.Customers {
			weight["state"], weight["version_promised"], weight["promised_on"] = customers.ProductPlanned, "2026 秋季版", b.dayAhead(60)
			weight["handled_by"] = b.people["product.guo"].id
		}
		if _, err := b.w.tx.Update("product_requests", weight, dbx.HashExp{"id": r.ID}).Execute(); err != nil {
			return err
		}
		made := stamp(b.at(0, 0))
		err = b.w.insert("product_request_values", dbx.Params{
			"id": b.id("product_request_values", i), "request": r.ID, "account": r.Account, "dept": r.Dept, "revenue_fen": bought, "as_of": b.company.Today,
			"created": made, "updated": made,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
