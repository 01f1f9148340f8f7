package analysis_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// trade is a company at work: dice deliver, take back, collect, and change whose
// everything is and what it costs, all through the rules. What each document says
// is written down as it was then.
type trade struct {
	testapp.Desk
	t                             *testing.T
	dice                          *rand.Rand
	step                          time.Duration
	n                             int
	reps, accounts, goods, promos []*core.Record
	hidden                        []*core.Record // accounts apart
	open                          []*core.Record // orders of which something is to be delivered
	had                           []*core.Record // lines of which somebody has something
	paid                          []*core.Record
	late                          []taken // of deliveries that were told of late
	book                          []sold
	accrued                       map[string]int
	noted                         string // the day on which the last change was made
}

// openTrade opens a company that has sold nothing yet.
func openTrade(t *testing.T, seed uint64, opts ...testapp.Option) *trade {
	t.Helper()
	d := &trade{Desk: testapp.Open(t, opts...), t: t, dice: rand.New(rand.NewPCG(seed, 24)), step: 15 * time.Hour, accrued: map[string]int{}}
	d.on("2026-01-01")
	d.Setting("delivery.signature", false)
	d.Clock.Set(testapp.Start)
	for _, table := range []string{"rebate_accruals", "rebate_terms", "sales_facts", "sales_months", "product_costs"} {
		d.exec("DELETE FROM "+table, nil)
	}
	for _, name := range []string{"rep.chen", "rep.he", "rep.ma", "rep.peng"} {
		d.reps = append(d.reps, d.As(name))
		d.accounts = append(d.accounts, d.all("accounts", "owner = {:o} ORDER BY id LIMIT 2", dbx.Params{"o": d.As(name).Id})...)
	}
	for i := range 6 {
		d.goods = append(d.goods, d.force("products", map[string]any{"sku": fmt.Sprint("T", i), "name": fmt.Sprint("货", i), "status": "active", "category": fmt.Sprint("C", i%2)}))
	}
	for i := range 2 {
		d.promos = append(d.promos, d.force("promotions", map[string]any{"code": fmt.Sprint("TP", i), "name": "促销"}))
	}
	return d
}

func (d *trade) exec(sql string, params dbx.Params) {
	d.t.Helper()
	if _, err := d.DB().NewQuery(sql).Bind(params).Execute(); err != nil {
		d.t.Fatal(sql, err)
	}
}

func (d *trade) all(table, where string, params dbx.Params) (out []*core.Record) {
	d.t.Helper()
	var ids []string
	if err := d.DB().NewQuery("SELECT id FROM " + table + " WHERE " + where).Bind(params).Column(&ids); err != nil {
		d.t.Fatal(err)
	}
	rows, err := d.FindRecordsByIds(table, ids)
	if err != nil || len(rows) != len(ids) {
		d.t.Fatal(table, len(rows), err)
	}
	slices.SortFunc(rows, func(a, b *core.Record) int { return cmp.Compare(slices.Index(ids, a.Id), slices.Index(ids, b.Id)) })
	return rows
}

// force saves a row as the server does.
func (d *trade) force(collection string, values map[string]any) *core.Record {
	d.t.Helper()
	row := d.Blank(collection, values)
	d.save(row)
	return d.Fresh(row)
}

func (d *trade) save(row *core.Record) {
	d.t.Helper()
	if err := d.SaveWithContext(gate.AsServer(d.By("")), row); err != nil {
		d.t.Fatal(row.Collection().Name, testapp.Code(err))
	}
}

func pick[T any](d *trade, of []T) T { return of[d.dice.IntN(len(of))] }

func (d *trade) today() string { return domain.BusinessDay(d.Clock.Now()) }

// whenever does something on a day up to some weeks ago: phones come late.
func (d *trade) whenever(do func()) {
	now := d.Clock.Now()
	if d.dice.IntN(3) == 0 {
		d.Clock.Set(now.Add(-time.Duration(d.dice.IntN(50*24)) * time.Hour))
	}
	d.noted = d.today()
	do()
	d.Clock.Set(now)
}

// throw makes one change of any kind.
func (d *trade) throw() {
	d.t.Helper()
	d.Clock.Advance(time.Duration(d.dice.Int64N(int64(2 * d.step))))
	d.noted = d.today()
	switch n := d.dice.IntN(100); {
	case n < 40:
		d.whenever(d.deliver)
	case n < 52:
		d.whenever(d.takeBack)
	case n < 62:
		d.collect()
	case n < 65:
		d.reverse()
	case n < 75:
		d.cost()
	case n < 84:
		d.assign()
	case n < 95:
		d.change()
	default:
		d.agree()
	}
	d.noteRebates()
}

// order makes an order that is to be delivered; its department may be another's.
func (d *trade) order() *core.Record {
	d.n++
	account := d.Fresh(pick(d, d.accounts))
	whose := map[string]any{"account": account.Id, "owner": account.GetString("owner"), "dept": account.GetString("dept")}
	head := map[string]any{"no": fmt.Sprint("T", d.n), "manager": account.GetString("manager"), "state": "processing", "promised_on": d.today()}
	if d.dice.IntN(6) == 0 {
		whose["dept"] = d.As("market.tang").GetString("department")
	}
	order := d.force("orders", merged(head, whose))
	for range 1 + d.dice.IntN(3) {
		qty := 1000 * (2 + d.dice.IntN(9))
		line := map[string]any{
			"order": order.Id, "product": pick(d, d.goods).Id, "qty_milli": qty, "base_milli": qty, "line_fen": d.dice.IntN(90_000), "tax_fen": d.dice.IntN(9_000),
		}
		switch d.dice.IntN(5) {
		case 0:
			line["unit"], line["base_milli"] = "箱", 12*qty
		case 1:
			line["promotion"] = pick(d, d.promos).Id
		case 2:
			line["free"], line["line_fen"], line["tax_fen"] = true, 0, 0
		case 3:
			line["cut_milli"] = 1000
		}
		d.force("order_lines", merged(line, whose))
	}
	return order
}

func merged(maps ...map[string]any) map[string]any {
	out := map[string]any{}
	for _, m := range maps {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// deliver delivers what is left of an order, or a part of it, in one lot or two.
func (d *trade) deliver() {
	if len(d.open) == 0 || d.dice.IntN(2) == 0 {
		d.open = append(d.open, d.order())
	}
	at := d.dice.IntN(len(d.open))
	order := d.open[at]
	whose := whoseOf(order)
	head := d.force("deliveries", merged(whose, map[string]any{"order": order.Id, "state": "dispatched", "no": fmt.Sprint(order.Id, "-", d.n), "dispatched_at": d.Clock.Now()}))
	d.n++
	left := false
	for _, line := range d.all("order_lines", `"order" = {:o} ORDER BY id`, dbx.Params{"o": order.Id}) {
		rest := line.GetInt("qty_milli") - line.GetInt("cut_milli") - line.GetInt("delivered_milli")
		send := 1000 * (rest / 1000)
		if d.dice.IntN(3) == 0 {
			send = 1000 * d.dice.IntN(rest/1000+1)
		}
		left = left || send < rest
		for lot, qty := range []int{send / 2000 * 1000, send - send/2000*1000} {
			if qty > 0 {
				d.force("delivery_lines", merged(whose, map[string]any{"delivery": head.Id, "line": line.Id, "product": line.GetString("product"), "qty_milli": qty, "lot": fmt.Sprint("L", lot)}))
				d.had = append(d.had, line)
			}
		}
	}
	if !left {
		d.open = append(d.open[:at], d.open[at+1:]...)
	}
	d.Must(d.Run("ops.bai", head, "deliver", `{"signed_by":"王店长"}`))
	d.noteDelivery(head)
}

func whoseOf(row *core.Record) map[string]any {
	return map[string]any{"account": row.GetString("account"), "owner": row.GetString("owner"), "manager": row.GetString("manager"), "dept": row.GetString("dept")}
}

// takeBack takes back some of what was delivered, or all that is left of it.
func (d *trade) takeBack() {
	if len(d.had) == 0 {
		return
	}
	at := d.dice.IntN(len(d.had))
	line := d.Fresh(d.had[at])
	rest := (line.GetInt("delivered_milli") - line.GetInt("returned_milli")) / 1000
	if rest == 0 {
		return
	}
	qty := 1000 * rest
	if d.dice.IntN(2) == 0 {
		qty = 1000 * (1 + d.dice.IntN(rest))
	}
	order := d.Row("orders", line.GetString("order"))
	d.n++
	whose := merged(whoseOf(order), map[string]any{"owner": d.Row("accounts", order.GetString("account")).GetString("owner")}) // who has it now
	back := d.force("returns", merged(whose, map[string]any{"order": order.Id, "no": fmt.Sprint("R", d.n), "kind": "return", "cause": "unsold", "state": "approved"}))
	d.force("return_lines", merged(whose, map[string]any{"return_doc": back.Id, "line": line.Id, "product": line.GetString("product"), "qty_milli": -qty}))
	d.Must(d.Run("ops.bai", back, "receive", ""))
	d.noteReturn(back)
}

// collect reports a receipt, whoever does, and has finance confirm it.
func (d *trade) collect() {
	account := pick(d, d.accounts)
	receipt := d.force("receipts", map[string]any{
		"account": account.Id, "owner": d.As("director.lin").Id, "dept": account.GetString("dept"), "amount_fen": 1 + d.dice.IntN(50_000), "method": "transfer",
		"received_on": domain.AddDays(d.today(), -d.dice.IntN(20)), "state": "reported",
	})
	d.Must(d.Run("finance.zhao", receipt, "confirm", "{}"))
	d.paid = append(d.paid, receipt)
	d.noteReceipt(receipt, "receipt")
}

func (d *trade) reverse() {
	if len(d.paid) == 0 {
		return
	}
	at := d.dice.IntN(len(d.paid))
	d.Must(d.Run("finance.zhao", d.paid[at], "reverse", `{"reason":"退票"}`))
	d.noteReceipt(d.paid[at], "reversal")
	d.paid = append(d.paid[:at], d.paid[at+1:]...)
}

// cost makes, changes or drops what a product costs from some day on.
func (d *trade) cost() {
	product := pick(d, d.goods)
	from := domain.AddDays(d.today(), 5-d.dice.IntN(90))
	rows := d.all("product_costs", "product = {:p} ORDER BY id", dbx.Params{"p": product.Id})
	switch n := d.dice.IntN(10); {
	case n == 0 && len(rows) > 0:
		if err := d.Delete(pick(d, rows)); err != nil {
			d.t.Fatal(err)
		}
	case n < 4 && len(rows) > 0:
		row := pick(d, rows)
		row.Set("cost_fen", d.dice.IntN(6_000))
		d.Must(d.SaveBy("admin.fang", row))
	case len(d.all("product_costs", "product = {:p} AND from_date = {:f}", dbx.Params{"p": product.Id, "f": from})) == 0:
		d.Make("admin.fang", "product_costs", map[string]any{"product": product.Id, "cost_fen": d.dice.IntN(6_000), "from_date": from})
	}
}

// assign gives an account to another rep, who is delivered orders of his own.
func (d *trade) assign() {
	account, rep := d.Fresh(pick(d, d.accounts)), pick(d, d.reps)
	d.open = slices.DeleteFunc(d.open, func(order *core.Record) bool { return order.GetString("account") == account.Id })
	account.Set("owner", rep.Id)
	account.Set("manager", rep.GetString("manager"))
	d.save(account)
}

// change changes what an account or a product is like.
func (d *trade) change() {
	if d.dice.IntN(3) == 0 {
		product := d.Fresh(pick(d, d.goods))
		product.Set("category", fmt.Sprint("C", d.dice.IntN(3)))
		d.save(product)
		return
	}
	account := d.Fresh(pick(d, d.accounts))
	account.Set("tier", pick(d, []string{"A", "B", "C"}))
	account.Set("region", pick(d, []string{"华东", "华北", ""}))
	d.save(account)
}

// agree agrees on a rebate with an account.
func (d *trade) agree() {
	d.force("rebate_terms", map[string]any{
		"account": pick(d, d.accounts).Id, "name": "返利", "period": pick(d, []string{"month", "quarter", "year"}), "valid_from": "2026-01-01", "valid_to": "2029-12-31",
		"settle": "payment", "active": true, "tiers": []sales.RebateTier{{FromFen: 10_000, BP: 100}, {FromFen: 300_000, BP: 250}},
	})
}
