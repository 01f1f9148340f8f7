package prices

import (
	"encoding/json/v2"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/pricing"
	"satchel/records"
)

// Offers reads all that goods cost an account on a day but the promotions: four
// queries, however many lines and lists there are.
func Offers(app core.App, account records.AccountID, tier, day string, products []string) (in pricing.Input, err error) {
	wanted, err := json.Marshal(products)
	if err != nil {
		return in, wrapped(err, "what is ordered")
	}
	p := dbx.Params{"p": string(wanted), "a": account, "t": tier, "d": day}
	in.Basket = pricing.Basket{Account: string(account), Tier: tier, Day: day}
	if in.Products, in.Units, err = goods(app, p); err != nil {
		return in, err
	}
	if in.Lists, err = lists(app, p); err != nil {
		return in, err
	}
	for _, l := range in.Lists {
		if l.Scope == pricing.ScopeContract {
			in.Basket.Contracts = append(in.Basket.Contracts, l.Contract)
		}
	}
	var rows []struct {
		Product string `db:"product"`
		State   string `db:"state"`
	}
	err = app.DB().NewQuery(`SELECT product, state FROM assortments WHERE account = {:a}
		AND (valid_from = '' OR valid_from <= {:d}) AND (valid_to = '' OR valid_to >= {:d})`).Bind(p).All(&rows)
	for _, r := range rows {
		if r.State == "listed" {
			in.Basket.Listed = append(in.Basket.Listed, r.Product)
		} else {
			in.Basket.Delisted = append(in.Basket.Delisted, r.Product)
		}
	}
	return in, wrapped(err, "an assortment")
}

// goods reads products with their units.
func goods(app core.App, p dbx.Params) (products []pricing.Product, units []pricing.Unit, err error) {
	var rows []struct {
		ID     string `db:"id"`
		Unit   string `db:"unit"`
		Tax    int64  `db:"tax_bp"`
		Status string `db:"status"`
		Min    int64  `db:"min_qty_milli"`
		Step   int64  `db:"step_milli"`
	}
	err = app.DB().NewQuery(`SELECT id, unit, tax_bp, status, min_qty_milli, step_milli FROM products
		WHERE id IN (SELECT value FROM json_each({:p}))`).Bind(p).All(&rows)
	if err != nil {
		return nil, nil, wrapped(err, "products")
	}
	for _, r := range rows {
		products = append(products, pricing.Product{ID: r.ID, Unit: r.Unit, TaxBP: r.Tax, Sellable: r.Status == "active", MinQtyMilli: r.Min, StepMilli: r.Step})
	}
	var others []struct {
		Product string `db:"product"`
		Unit    string `db:"unit"`
		Factor  int64  `db:"factor_milli"`
	}
	err = app.DB().NewQuery(`SELECT product, unit, factor_milli FROM product_units WHERE product IN (SELECT value FROM json_each({:p}))`).Bind(p).All(&others)
	for _, r := range others {
		units = append(units, pricing.Unit{Product: r.Product, Unit: r.Unit, FactorMilli: r.Factor})
	}
	return products, units, wrapped(err, "units")
}

// lists reads those in force for an account with their items of the goods; a
// contract's only if it bound on the day, whatever became of it since.
func lists(app core.App, p dbx.Params) (out []pricing.List, err error) {
	var rows []struct {
		ID       string `db:"id"`
		Scope    string `db:"scope"`
		Contract string `db:"contract"`
		Account  string `db:"account"`
		Tier     string `db:"tier"`
		From     string `db:"valid_from"`
		To       string `db:"valid_to"`
		Included bool   `db:"tax_included"`
		Item     string `db:"item"`
		Product  string `db:"product"`
		Unit     string `db:"unit"`
		Min      int64  `db:"min_qty_milli"`
		Price    int64  `db:"price_fen"`
	}
	err = app.DB().NewQuery(`SELECT l.id, l.scope, l.contract, l.account, l.tier, l.valid_from, l.valid_to, l.tax_included,
			i.id AS item, i.product, i.unit, i.min_qty_milli, i.price_fen
		FROM price_lists l JOIN price_items i ON i.list = l.id AND i.product IN (SELECT value FROM json_each({:p}))
		LEFT JOIN contracts c ON c.id = l.contract
		WHERE l.active AND (l.scope = 'default' OR l.scope = 'tier' AND l.tier = {:t} OR l.scope = 'account' AND l.account = {:a}
			OR l.scope = 'contract' AND l.account = {:a} AND c.account = {:a}
				AND (c.state IN ('effective', 'expiring', 'expired', 'renewed') OR c.state = 'terminated' AND {:d} < DATE(c.ended_at, '+8 hours'))
				AND c.start_date <= {:d} AND c.end_date >= {:d})
			AND (l.valid_from = '' OR l.valid_from <= {:d}) AND (l.valid_to = '' OR l.valid_to >= {:d})
		ORDER BY l.id, i.id`).Bind(p).All(&rows)
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].ID != r.ID {
			out = append(out, pricing.List{
				ID: r.ID, Scope: r.Scope, Contract: r.Contract, Account: r.Account, Tier: r.Tier, From: r.From, To: r.To, TaxIncluded: r.Included,
			})
		}
		last := &out[len(out)-1]
		last.Items = append(last.Items, pricing.Item{ID: r.Item, Product: r.Product, Unit: r.Unit, MinQtyMilli: r.Min, PriceFen: r.Price})
	}
	return out, wrapped(err, "price lists")
}
