package demo

import (
	"github.com/pocketbase/dbx"

	"satchel/domain/pricing"
)

// priceList is a row of price_lists with its prices by product.
type priceList struct {
	pricing.List
	products []product
}

// bulkMilli is the quantity from which some goods are cheaper: 50 cases.
const bulkMilli = 50_000

// prices makes the default list of all goods, a list of every third for tier A,
// and lists of every fifth for a few accounts.
func (b *builder) prices() error {
	if err := b.priceList("标准价格表", priceList{List: pricing.List{Scope: pricing.ScopeDefault}}, 1, 100); err != nil {
		return err
	}
	if err := b.priceList("A类客户价格表", priceList{List: pricing.List{Scope: pricing.ScopeTier, Tier: "A"}}, 3, 96); err != nil {
		return err
	}
	// The account lists go to accounts that lie apart, the first to rep.chen's first.
	for i := range min(b.opt.AccountLists, len(b.accounts)) {
		a := b.accounts[i*len(b.accounts)/b.opt.AccountLists]
		if err := b.priceList(a.name+"专供价", priceList{List: pricing.List{Scope: pricing.ScopeAccount, Account: a.id}}, 5, 92); err != nil {
			return err
		}
	}
	return nil
}

// priceList adds a list of every nth product at percent of the default price.
func (b *builder) priceList(name string, l priceList, nth int, percent int64) error {
	i := len(b.lists)
	l.ID = b.id("price_lists", i)
	var dept string
	if l.Account != "" {
		dept = b.depts["ka"]
	}
	err := b.w.insert("price_lists", dbx.Params{
		"id": l.ID, "name": name, "scope": l.Scope, "tier": l.Tier, "account": l.Account, "dept": dept,
		"valid_from": b.today.AddDate(-1, 0, 0).Format("2006") + "-01-01",
		"valid_to":   b.today.AddDate(1, 0, 0).Format("2006") + "-12-31",
		"active":     true, "created": b.founded, "updated": b.founded,
	})
	if err != nil {
		return err
	}
	for k, p := range b.products {
		if k%nth != 0 {
			continue
		}
		offers := []pricing.Item{{PriceFen: p.priceFen * percent / 100}}
		if k%4 == 0 {
			offers = append(offers, pricing.Item{PriceFen: p.priceFen * (percent - 5) / 100, MinQtyMilli: bulkMilli})
		}
		if !p.stopped {
			l.products = append(l.products, p)
		}
		for n, offer := range offers {
			offer.ID, offer.Product = b.id("price_items", (i*1000+k)*2+n), p.id
			l.Items = append(l.Items, offer)
			err := b.w.insert("price_items", dbx.Params{
				"id": offer.ID, "list": l.ID, "product": p.id, "account": l.Account, "dept": dept,
				"price_fen": offer.PriceFen, "min_qty_milli": offer.MinQtyMilli, "created": b.founded, "updated": b.founded,
			})
			if err != nil {
				return err
			}
		}
	}
	b.lists = append(b.lists, l)
	return nil
}

// listFor picks the dearest claim an account has to a list: its own, its tier's, or the default.
func (b *builder) listFor(a account) priceList {
	best := b.lists[0]
	for _, l := range b.lists[1:] {
		switch {
		case l.Account == a.id:
			return l
		case l.Scope == "tier" && l.Tier == a.tier:
			best = l
		}
	}
	return best
}
