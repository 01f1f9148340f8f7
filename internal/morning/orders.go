package morning

import (
	"fmt"

	"satchel/internal/phone"
)

// orderLines is how many goods the customer orders.
const orderLines = 5

// takeOrder orders five goods by the account's price list and submits.
func (p *play) takeOrder(s *stop) error {
	p.pass(5)
	list, err := p.listFor(s.account)
	if err != nil {
		return err
	}
	priced, err := p.goodsOf(list.Text("id"))
	if err != nil {
		return err
	}
	if len(priced) < orderLines {
		return fmt.Errorf("price list %s has only %d goods on sale", list.Text("name"), len(priced))
	}
	var cases int64
	for _, k := range p.rng.Perm(len(priced))[:orderLines] {
		qty := 2 + p.rng.Int64N(20)
		cases += qty
		p.order.lines = append(p.order.lines, phone.OrderLine{Product: priced[k], QtyMilli: qty * 1000})
	}
	if p.order.id, err = p.phone.NewOrder(s.account, s.visit, list.Text("id"), p.order.lines); err != nil {
		return err
	}
	p.c.say("%s 下单：%d 行 %d 箱", "%s an order of %d lines, %d cases", p.clock.Format("15:04"), orderLines, cases)
	p.c.say("　　　按价格表 %s", "by the price list %s", list.Text("name"))
	return p.phone.SubmitOrder(p.order.id, nil)
}

// listFor picks the account's own price list, else its tier's, else the default.
func (p *play) listFor(account string) (phone.Row, error) {
	row, err := p.phone.Get("accounts", account)
	if err != nil {
		return nil, err
	}
	lists, err := p.phone.List("price_lists")
	if err != nil {
		return nil, err
	}
	var best phone.Row
	rank := map[string]int{"default": 1, "tier": 2, "account": 3}
	for _, l := range lists {
		fits := l.Text("scope") == "default" || l.Text("scope") == "account" && l.Text("account") == account ||
			l.Text("scope") == "tier" && l.Text("tier") == row.Text("tier")
		if fits && l["active"] == true && (best == nil || rank[l.Text("scope")] > rank[best.Text("scope")]) {
			best = l
		}
	}
	if best == nil {
		return nil, fmt.Errorf("there is no price list for %s", row.Text("name"))
	}
	return best, nil
}

// goodsOf lists the products on sale that a price list names.
func (p *play) goodsOf(list string) ([]string, error) {
	items, err := p.phone.List("price_items")
	if err != nil {
		return nil, err
	}
	products, err := p.phone.List("products")
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, i := range items {
		if i.Text("list") == list && i.Number("min_qty_milli") == 0 {
			named[i.Text("product")] = true
		}
	}
	var out []string
	for _, g := range products {
		if g.Text("status") == "active" && named[g.Text("id")] {
			out = append(out, g.Text("id"))
		}
	}
	return out, nil
}
