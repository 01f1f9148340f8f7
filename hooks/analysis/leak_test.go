package analysis_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/analysis"
	"satchel/internal/effort"
)

// answers are all that somebody is told: of every figure, by every dimension, through
// every filter, compared and cut, refusals among them.
func (d *trade) answers(who string) map[string]string {
	d.t.Helper()
	out, token, n := map[string]string{}, d.Token(who), 0
	for _, f := range slices.Concat([]analysis.Figure{{Key: "nothing"}}, analysis.Figures) {
		for i, dim := range slices.Concat([]analysis.Dimension{""}, analysis.Dimensions) {
			for j, filter := range slices.Concat([]analysis.Dimension{""}, analysis.Dimensions) {
				for _, more := range []string{"", "&compare=prior", "&compare=year&limit=2"} {
					if n++; n%effort.Times(193, 7) != 0 { // some of all
						continue
					}
					asked := url.Values{"from": {"2025-12-01"}, "to": {"2026-12-31"}}
					if dim != "" {
						asked.Set("by", string(dim))
					}
					if filter != "" {
						asked.Set(string(filter), d.book[i*j%40].key(filter))
					}
					path := "/api/ka/analysis/" + f.Key + "?" + asked.Encode() + more
					got := d.DoBy(token, http.MethodGet, path, "")
					out[path] = fmt.Sprint(got.Code, got.Body)
				}
			}
		}
	}
	return out
}

// tells says which answer is another after something was done that nobody is to learn of.
func (d *trade) tells(who string, do func()) string {
	d.t.Helper()
	before, now := d.answers(who), d.Clock.Now()
	do()
	d.Clock.Set(now)
	after := d.answers(who)
	for _, path := range slices.Sorted(maps.Keys(before)) {
		if before[path] != after[path] {
			return fmt.Sprintf("%s learns from %s:\n%s\n%s", who, path, before[path], after[path])
		}
	}
	return ""
}

// elsewhere sells to, takes back from and collects from accounts that are nobody's but
// another team's, of another department, and agrees on a rebate.
func (d *trade) elsewhere() {
	d.t.Helper()
	all, open, had, paid := d.accounts, d.open, d.had, d.paid
	d.accounts, d.open, d.had, d.paid = nil, nil, nil, nil
	other := d.As("market.tang").GetString("department")
	for _, a := range d.hidden {
		d.accounts = append(d.accounts, d.Fresh(a))
	}
	d.agree()
	for range 6 {
		order := d.order()
		order.Set("dept", other)
		d.save(order)
		d.open = []*core.Record{order}
		d.whenever(d.deliver)
	}
	for range 4 {
		d.takeBack()
		d.collect()
	}
	d.reverse()
	d.noteRebates()
	d.accounts, d.open, d.had, d.paid = all, open, had, paid
}

// hide takes accounts aside whose every row is another team's and department's.
func (d *trade) hide() {
	d.t.Helper()
	d.Handler() // a server that begins to serve sets departments right
	other, zeng := d.As("market.tang").GetString("department"), d.As("rep.zeng")
	for _, a := range d.all("accounts", "owner = {:o} ORDER BY id LIMIT 2", dbx.Params{"o": zeng.Id}) {
		d.exec("UPDATE accounts SET dept = {:d} WHERE id = {:a}", dbx.Params{"d": other, "a": a.Id})
		d.hidden = append(d.hidden, a)
	}
}

// rename gives another name to each account that somebody neither has nor, as other
// departments, knows by its name.
func (d *trade) rename(who string) {
	d.t.Helper()
	me := d.As(who)
	switch me.GetString("role") {
	case "product", "service", "ops":
		return
	}
	for _, a := range slices.Concat(d.accounts, d.hidden) {
		a = d.Fresh(a)
		leads := me.GetString("role") == "dept_manager" && a.GetString("dept") == me.GetString("department")
		if leads || slices.Contains([]string{a.GetString("owner"), a.GetString("manager"), a.GetString("next_owner")}, me.Id) {
			continue
		}
		d.n++
		d.exec("UPDATE accounts SET name = {:n} WHERE id = {:a}", dbx.Params{"n": fmt.Sprint("改名", d.n), "a": a.Id})
	}
}

// TestNobodyLearnsOfHiddenRows: whatever is sold elsewhere, no answer and no refusal
// changes by a byte for whom it is hidden from.
func TestNobodyLearnsOfHiddenRows(t *testing.T) {
	d := openTrade(t, 7)
	d.hide()
	for range effort.Times(60, 300) {
		d.throw()
	}
	d.Clock.Advance(24 * time.Hour)
	d.elsewhere() // what is hidden is there before, too
	people := []string{"rep.chen", "rep.peng", "manager.wu", "director.lin", "service.qian", "product.guo", "ops.luo", "reviewer.shen"}
	for _, who := range effort.Some(people, 4, 0) {
		if got := d.tells(who, func() { d.elsewhere(); d.rename(who) }); got != "" {
			t.Error(got)
		}
	}
	if got := d.tells("finance.zhao", d.elsewhere); got == "" {
		t.Error("nobody learns of it: the test shows nothing")
	}
}

// policy: R4.14 sales_figures
//
// TestNobodyLearnsWhatGoodsCost who may not know profit: another cost, of any day,
// changes no answer; a manager's it does.
func TestNobodyLearnsWhatGoodsCost(t *testing.T) {
	d := openTrade(t, 8)
	for range effort.Times(60, 300) {
		d.throw()
	}
	dearer := func() {
		for _, product := range d.goods {
			d.exec("DELETE FROM product_costs WHERE product = {:p} AND from_date = '2026-01-02'", dbx.Params{"p": product.Id})
			d.Make("admin.fang", "product_costs", map[string]any{"product": product.Id, "cost_fen": 1 + d.dice.IntN(90_000), "from_date": "2026-01-02"})
		}
	}
	for _, who := range []string{"rep.chen", "rep.peng", "market.tang", "service.qian"} {
		if got := d.tells(who, dearer); got != "" {
			t.Error(got)
		}
	}
	for _, who := range []string{"manager.wu", "director.lin", "auditor.jin"} {
		if d.tells(who, dearer) == "" {
			t.Errorf("%s learns nothing: the test shows nothing", who)
		}
	}
}
