package demo

import (
	"fmt"

	"github.com/pocketbase/dbx"
)

// product is what prices and orders need of a row of products.
type product struct {
	id       string
	taxBP    int64
	priceFen int64 // of the default list, per case, without tax
	stopped  bool
}

// good is one kind, flavour and pack of a line.
type good struct {
	line
	pack
	name string
	nth  int // within its line
}

// catalogue lists all goods, taking one of each line in turn.
func catalogue() []good {
	perLine := make([][]good, len(lines))
	most := 0
	for i, l := range lines {
		for _, kind := range l.kinds {
			for _, flavour := range l.flavours {
				for _, p := range l.packs {
					perLine[i] = append(perLine[i], good{l, p, l.brand + flavour + kind, len(perLine[i])})
				}
			}
		}
		most = max(most, len(perLine[i]))
	}
	var out []good
	for n := range most {
		for _, goods := range perLine {
			if n < len(goods) {
				out = append(out, goods[n])
			}
		}
	}
	return out
}

func (b *builder) goods() error {
	r := b.rand("goods")
	for i, g := range catalogue() {
		if i == b.opt.Products {
			break
		}
		// Flavours of one pack differ a little in price, in whole tenths of a yuan.
		p := product{id: b.id("products", i), taxBP: g.taxBP, priceFen: g.priceFen + 10*r.Int64N(60), stopped: i%60 == 59}
		b.products = append(b.products, p)
		b.company.Products = append(b.company.Products, p.id)
		status := "active"
		if p.stopped {
			status = "stopped"
		}
		err := b.w.insert("products", dbx.Params{
			"id": p.id, "sku": fmt.Sprintf("%s%04d", g.prefix, 1001+g.nth), "name": g.name, "spec": g.spec,
			"unit": "箱", "pack": g.perCase, "tax_bp": p.taxBP, "category": g.category, "status": status,
			"created": b.founded, "updated": b.founded,
		})
		if err != nil {
			return err
		}
		err = b.w.insert("product_costs", dbx.Params{
			"id": b.id("product_costs", i), "product": p.id, "cost_fen": p.priceFen * (55 + r.Int64N(20)) / 100,
			"created": b.founded, "updated": b.founded,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
