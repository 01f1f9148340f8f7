package promotions_test

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// selling is a desk whose first product costs 10.00 and its second 5.00, at 13 %.
func selling(t *testing.T) *desk {
	d := open(t)
	for _, past := range []string{"UPDATE price_lists SET active = false", "UPDATE orders SET state = 'settled'", "UPDATE promotions SET active = false"} {
		if _, err := d.DB().NewQuery(past).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	list := d.Make("", "price_lists", map[string]any{"name": "L", "scope": "default", "active": true})
	for i, price := range []int{1000, 500} {
		d.Make("", "price_items", map[string]any{"list": list.Id, "product": d.products[i], "price_fen": price})
	}
	return d
}

// drafted is an order of rep.chen's for so much of the first product.
func (d *desk) drafted(qtyMilli int, more ...map[string]any) (order, line *core.Record) {
	d.t.Helper()
	d.n++
	order = d.Blank("orders", append([]map[string]any{{"no": fmt.Sprint("N", d.n), "account": d.account.Id}}, more...)...)
	d.Must(d.SaveBy("rep.chen", order))
	line = d.Blank("order_lines", map[string]any{"order": order.Id, "product": d.products[0], "qty_milli": qtyMilli})
	d.Must(d.SaveBy("rep.chen", line))
	return order, line
}

// free are the quantities that an order has free, by product.
func (d *desk) free(order *core.Record) string {
	d.t.Helper()
	lines, err := d.FindRecordsByFilter("order_lines", "order = {:o} && free = true", "product", 0, 0, dbx.Params{"o": order.Id})
	if err != nil {
		d.t.Fatal(err)
	}
	out := ""
	for _, l := range lines {
		if l.GetInt("price_fen")+l.GetInt("line_fen")+l.GetInt("tax_fen") != 0 || l.GetString("promotion") == "" || l.GetString("account") != d.account.Id {
			d.t.Errorf("%v", l.PublicExport())
		}
		out += fmt.Sprint(l.GetInt("qty_milli"), " ")
	}
	return out
}

// TestAnOrderTakesItsPart when it is submitted, and gives it back when it is
// withdrawn, returned, rejected or cancelled; free goods follow the quantity.
func TestAnOrderTakesItsPart(t *testing.T) {
	d := selling(t)
	gift := d.made(map[string]any{"cap_milli": 5000, "stackable": true, "rule": fmt.Sprintf(`{"kind":"buy_get","products":[%q],"buy_milli":10000,"get_milli":1000,"repeat":true}`, d.products[0])})
	tenth := d.made(map[string]any{"cap_fen": 5000, "stackable": true, "rule": `{"kind":"percent","min_milli":20000,"bp":1000}`})
	order, line := d.drafted(25_000)
	d.Must(d.Run("rep.chen", order, "submit", ``))
	if now := d.Fresh(order); now.GetInt("lines_fen") != 22_500 || now.GetInt("disc_fen") != 2500 || now.GetInt("total_fen") != 25_425 || d.free(order) != "2000 " {
		t.Errorf("%v, free %s", now.PublicExport(), d.free(order))
	}
	if got := d.used(gift) + ", " + d.used(tenth); got != "0 2000, 2500 25000" {
		t.Error(got)
	}
	d.Force(order, "submitted") // as if somebody was asked
	d.Must(d.Run("rep.chen", order, "withdraw", ``))
	if got := d.used(gift) + ", " + d.used(tenth); got != "0 0, 0 0" {
		t.Errorf("withdrawn: %s", got)
	}
	d.Must(d.Set("rep.chen", line, "qty_milli", 19_000))
	d.Must(d.Run("rep.chen", order, "submit", ``))
	if now := d.Fresh(order); now.GetInt("lines_fen") != 19_000 || now.GetInt("disc_fen") != 0 || d.free(order) != "1000 " {
		t.Errorf("with less: %v, free %s", now.PublicExport(), d.free(order))
	}
	if got := d.used(gift) + ", " + d.used(tenth); got != "0 1000, 0 0" {
		t.Errorf("with less: %s", got)
	}
	other, _ := d.drafted(90_000)
	d.Must(d.Run("rep.chen", other, "submit", ``))
	if now := d.Fresh(other); now.GetInt("disc_fen") != 5000 || d.free(other) != "4000 " { // of 9000 each
		t.Errorf("what was left: %v, free %s", now.PublicExport(), d.free(other))
	}
	d.Must(d.Run("manager.wu", order, "cancel", `{"reason":"客户取消"}`))
	d.Force(other, "rejected")
	if got := d.used(gift) + ", " + d.used(tenth); got != "0 0, 0 0" {
		t.Errorf("cancelled and rejected: %s", got)
	}
}

// TestTheLastTenUnits of a promotion go to ten of 64 phones that hand in at once:
// the others are told what it costs now, and keep their drafts.
func TestTheLastTenUnits(t *testing.T) {
	d := selling(t)
	half := d.made(map[string]any{"cap_milli": 100_000, "rule": `{"kind":"percent","bp":5000}`})
	before := d.order()
	d.Must(d.hold(before, usePart(half, 45_000, 90_000)))
	const phones = 64
	d.Setting("device.live_most", phones)
	answers := make([]string, phones)
	var all sync.WaitGroup
	for i := range phones {
		phone := d.Phone(d.Token("rep.chen"), fmt.Sprint("last", i))
		order, line := fmt.Sprintf("lastorder%06d", i), fmt.Sprintf("lastline%07d", i)
		all.Go(func() {
			mutations := []map[string]any{
				{"op": "create", "c": "orders", "r": order, "set": map[string]any{"no": "L" + order, "account": d.account.Id, "shown_total_fen": 565}},
				{"op": "create", "c": "order_lines", "r": line, "set": map[string]any{"order": order, "product": d.products[0], "qty_milli": 1000}},
				{"op": "action", "c": "orders", "r": order, "action": "submit", "args": map[string]any{}},
			}
			for k, m := range mutations {
				m["n"], m["id"] = k+1, fmt.Sprintf("last%02d%09d", i, k)
			}
			answer := phone.Post("/api/sync/push", map[string]any{"device": phone.Device, "schema": 1, "mutations": mutations})
			answers[i] = last(answer.Body.Bytes())
		})
	}
	all.Wait()
	told := map[string]int{}
	for _, said := range answers {
		told[said]++
	}
	if len(told) != 2 || told["applied"] != 10 || told[`order.total_rose {"lines":[{"line":"…"}],"now":1130,"shown":565}`] != phones-10 {
		t.Errorf("%v", told)
	}
	if got := d.used(half); got != "50000 100000" {
		t.Errorf("used %s", got)
	}
	states := map[string]int{}
	for i := range phones {
		row, err := d.FindRecordById("orders", fmt.Sprintf("lastorder%06d", i))
		if err != nil {
			t.Fatal(err)
		}
		states[fmt.Sprint(row.GetString("state"), " ", row.GetInt("total_fen"))]++
	}
	if states["approved 565"] != 10 || states["draft 0"] != phones-10 {
		t.Errorf("%v", states)
	}
}

// TestACapThatRanOutAtADesk: the draft that showed its part is told what it costs now,
// stays, and is taken for that once it is said.
func TestACapThatRanOutAtADesk(t *testing.T) {
	d := selling(t)
	half := d.made(map[string]any{"cap_milli": 1000, "rule": `{"kind":"percent","bp":5000}`})
	mine, _ := d.drafted(1000, map[string]any{"shown_total_fen": 565})
	other, _ := d.drafted(1000)
	d.Must(d.Act("rep.chen", other, "submit", `{}`))
	d.Expect("what had the rest", d.Act("rep.chen", mine, "submit", `{}`), "order.total_rose")
	if now := d.Fresh(mine); now.GetString("state") != "draft" || now.GetInt("total_fen") != 0 || d.used(half) != "500 1000" {
		t.Errorf("refused, it left %v and %s", now.PublicExport(), d.used(half))
	}
	d.Must(d.Act("rep.chen", mine, "submit", `{"accept_total_fen":1130}`))
	if now := d.Fresh(mine); now.GetString("state") != "approved" || now.GetInt("total_fen") != 1130 {
		t.Errorf("%v", now.PublicExport())
	}
}

// TestAGiftThatTheAccountMayNotHave is dropped and the line says why; the order goes
// its way, and the promotion counts nothing.
func TestAGiftThatTheAccountMayNotHave(t *testing.T) {
	d := selling(t)
	gift := d.made(map[string]any{"cap_milli": 5000, "rule": fmt.Sprintf(`{"kind":"buy_get","products":[%q],"buy_milli":10000,"get_milli":1000,"get_product":%q}`, d.products[0], d.products[1])})
	d.Make("manager.wu", "assortments", map[string]any{"account": d.account.Id, "product": d.products[1], "state": "delisted"})
	order, line := d.drafted(10_000)
	d.Must(d.Act("rep.chen", order, "submit", `{}`))
	why := d.Fresh(line).GetString("why")
	if d.free(order) != "" || d.used(gift) != "0 0" || !strings.Contains(why, fmt.Sprintf(`"withheld":[{"promotion":%q,"code":%q,"product":%q,"reason":"order.not_listed"}]`, gift.Id, gift.GetString("code"), d.products[1])) {
		t.Errorf("free %s, used %s, %s", d.free(order), d.used(gift), why)
	}
}

// last names the verdict of a push's last mutation, with what a refusal says of amounts.
func last(body []byte) string {
	var out struct {
		Results []struct {
			Verdict string         `json:"status"`
			Code    string         `json:"code"`
			Params  map[string]any `json:"params"`
		} `json:"results"`
	}
	if err := json.Unmarshal(body, &out); err != nil || len(out.Results) == 0 {
		return string(body)
	}
	r := out.Results[len(out.Results)-1]
	if r.Code == "" {
		return r.Verdict
	}
	if r.Params["lines"] != nil {
		r.Params["lines"] = []map[string]any{{"line": "…"}}
	}
	params, err := json.Marshal(r.Params, json.Deterministic(true))
	if err != nil {
		return err.Error()
	}
	return r.Code + " " + string(jsontext.Value(params))
}
