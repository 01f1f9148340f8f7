package suggestions_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// desk is a company in which one account has ordered.
type desk struct {
	testapp.Desk
	t       *testing.T
	account *core.Record // of rep.chen; without a history of its own
	goods   []*core.Record
}

func open(t *testing.T) *desk {
	d := &desk{Desk: testapp.Open(t), t: t}
	d.account = d.AccountOf("rep.chen")
	for _, stmt := range []string{"DELETE FROM order_lines", "DELETE FROM orders", "DELETE FROM visits", "DELETE FROM store_checks"} {
		if _, err := d.DB().NewQuery(stmt).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 4 {
		d.goods = append(d.goods, d.Make("", "products", map[string]any{"sku": fmt.Sprint("0T", i), "name": fmt.Sprint("货", i), "status": "active", "step_milli": 6000}))
	}
	return d
}

// put writes a row as no person can.
func (d *desk) put(collection string, values map[string]any) *core.Record {
	d.t.Helper()
	r := d.Blank(collection, values)
	if err := d.SaveWithContext(gate.AsServer(d.t.Context()), r); err != nil {
		d.t.Fatalf("%s: %v", collection, err)
	}
	return r
}

// order writes an order of a day with a line of each product.
func (d *desk) order(day, state string, lines ...map[string]any) {
	d.t.Helper()
	o := d.put("orders", map[string]any{
		"account": d.account.Id, "owner": d.account.GetString("owner"), "manager": d.account.GetString("manager"), "dept": d.account.GetString("dept"),
		"state": state, "submitted_at": day + " 02:00:00.000Z",
	})
	for _, l := range lines {
		l["order"], l["account"] = o.Id, d.account.Id
		d.put("order_lines", l)
	}
}

func (d *desk) line(product, milli int, more ...any) map[string]any {
	l := map[string]any{"product": d.goods[product].Id, "qty_milli": milli, "base_milli": milli}
	for i := 0; i < len(more); i += 2 {
		l[more[i].(string)] = more[i+1]
	}
	return l
}

// suggested lists "name quantity unit reason" and the next visit.
func (d *desk) suggested(who string) string {
	d.t.Helper()
	answer := d.Do(who, "GET", "/api/ka/suggested_order?account="+d.account.Id, "")
	if answer.Code != http.StatusOK {
		return fmt.Sprint(answer.Code)
	}
	var out struct {
		NextVisit string `json:"next_visit"`
		Lines     []struct {
			Sku, Unit string
			QtyMilli  int64                         `json:"qty_milli"`
			Reason    struct{ Code, Zh, En string } `json:"reason"`
		} `json:"lines"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out, json.MatchCaseInsensitiveNames(true)); err != nil {
		d.t.Fatal(err)
	}
	all := []string{"until " + out.NextVisit}
	for _, l := range out.Lines {
		all = append(all, strings.TrimSpace(fmt.Sprint(l.Sku, " ", l.QtyMilli/1000, " ", l.Unit))+" "+strings.TrimPrefix(l.Reason.Code, "suggest."))
		if strings.ContainsAny(l.Reason.Zh+l.Reason.En, "{}") || l.Reason.Zh == "" {
			d.t.Errorf("%+v", l.Reason)
		}
	}
	return strings.Join(all, ", ")
}

// TestASuggestedOrder by what was ordered, what was delivered of it, the shelf and
// the next visit.
func TestASuggestedOrder(t *testing.T) {
	d := open(t)
	d.Expect("nothing was ordered", d.suggested("rep.chen"), "until ")
	for _, day := range []string{"2026-03-02", "2026-03-09"} {
		d.order(day, "approved", d.line(0, 12_000), d.line(1, 24_000, "unit", "case", "qty_milli", 2000))
		d.order(day, "delivered", d.line(2, 12_000, "delivered_milli", 8000, "returned_milli", 2000), d.line(3, 6000, "free", true))
		for _, state := range []string{"draft", "rejected", "cancelled"} {
			d.order(day, state, d.line(3, 6000))
		}
	}
	d.Expect("each week; six of twelve stayed", d.suggested("manager.wu"), "until , 0T0 12 cadence, 0T1 24 cadence, 0T2 6 cadence")
	d.put("product_units", map[string]any{"product": d.goods[1].Id, "unit": "case", "factor_milli": 12_000})
	visit := map[string]any{
		"account": d.account.Id, "owner": d.account.GetString("owner"), "manager": d.account.GetString("manager"), "dept": d.account.GetString("dept"),
		"type": "planned", "planned_date": "2026-03-30", "state": "planned",
	}
	d.put("visits", visit)
	visit["planned_date"], visit["state"] = "2026-03-20", "cancelled"
	d.put("visits", visit)
	d.Expect("two weeks until the next visit, in the unit of the last order", d.suggested("rep.chen"), "until 2026-03-30, 0T0 24 cadence, 0T1 4 case cadence, 0T2 12 cadence")
	visit["planned_date"], visit["state"] = "2026-03-16", "accepted"
	seen := d.put("visits", visit)
	check := func(product int, more map[string]any) {
		row := map[string]any{"visit": seen.Id, "account": d.account.Id, "owner": seen.GetString("owner"), "product": d.goods[product].Id, "at": "2026-03-16 00:10:00.000Z"}
		for name, value := range more {
			row[name] = value
		}
		d.put("store_checks", row)
	}
	check(0, map[string]any{"stock_milli": 10_000})
	check(1, map[string]any{"out_of_stock": true})
	check(2, map[string]any{"stock_milli": 90_000})
	d.Expect("by the shelf", d.suggested("rep.chen"), "until 2026-03-30, 0T0 18 shelf, 0T1 4 case out_of_stock")
	d.put("assortments", map[string]any{"account": d.account.Id, "product": d.goods[0].Id, "state": "delisted"})
	d.Expect("delisted", d.suggested("rep.chen"), "until 2026-03-30, 0T1 4 case out_of_stock")
	d.put("assortments", map[string]any{"account": d.account.Id, "product": d.goods[2].Id, "state": "listed", "valid_from": "2026-04-01"})
	d.Expect("listed from April", d.suggested("rep.chen"), "until 2026-03-30, 0T1 4 case out_of_stock")
	d.put("assortments", map[string]any{"account": d.account.Id, "product": d.goods[3].Id, "state": "listed", "valid_to": "2026-03-31"})
	d.Expect("only what is listed", d.suggested("rep.chen"), "until 2026-03-30")
}

// TestStoppedGoodsAreNotSuggested, however often they were ordered.
func TestStoppedGoodsAreNotSuggested(t *testing.T) {
	d := open(t)
	d.order("2026-03-09", "approved", d.line(0, 12_000))
	d.order("2026-03-02", "approved", d.line(0, 12_000))
	d.Must(d.Set("", d.goods[0], "status", "stopped"))
	d.Expect("stopped", d.suggested("rep.chen"), "until ")
}

// TestWhoOrdersIsSuggestedTo, and nobody else.
func TestWhoOrdersIsSuggestedTo(t *testing.T) {
	d := open(t)
	for who, want := range map[string]string{
		"rep.chen": "until ", "manager.wu": "until ", "director.lin": "403", "finance.zhao": "403", "admin.fang": "403",
		"rep.he": "404", "manager.xu": "404", "market.tang": "404",
	} {
		d.Expect(who, d.suggested(who), want)
	}
}

// TestTheGreatestOrderIsStillRead: of as much as a line may have, in packs.
func TestTheGreatestOrderIsStillRead(t *testing.T) {
	d := open(t)
	d.order("2026-03-02", "delivered", d.line(0, 1_000_000_000_000, "unit", "case", "qty_milli", 1_000_000_000, "delivered_milli", 1_000_000_000))
	d.Expect("more than a line takes", d.suggested("rep.chen"), "until ")
}
