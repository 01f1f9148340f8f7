package analysis_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	domainAnalysis "satchel/domain/analysis"
	"satchel/hooks/analysis"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/records"
)

// delivered delivers a line of a product; the server hears of it now. It returns the
// order's line.
func (d *trade) delivered(account, product *core.Record, day string, qty, line, tax int) *core.Record {
	d.t.Helper()
	d.n++
	whose := merged(whoseOf(account), map[string]any{"account": account.Id})
	order := d.force("orders", merged(whose, map[string]any{"no": fmt.Sprint("F", d.n), "state": "processing", "promised_on": day}))
	of := d.force("order_lines", map[string]any{
		"order": order.Id, "account": account.Id, "owner": whose["owner"], "dept": whose["dept"],
		"product": product.Id, "qty_milli": qty, "base_milli": qty, "line_fen": line, "tax_fen": tax, "delivered_milli": qty,
	})
	head := d.force("deliveries", merged(whose, map[string]any{"order": order.Id, "state": "dispatched", "no": fmt.Sprint("FD", d.n)}))
	d.force("delivery_lines", merged(whose, map[string]any{
		"delivery": head.Id, "line": of.Id, "product": product.Id, "qty_milli": qty, "accepted_milli": qty, "amount_fen": line + tax, "tax_fen": tax,
	}))
	head.Set("state", "delivered")
	head.Set("amount_fen", line+tax)
	head.Set("delivered_at", day+" 04:00:00.000Z")
	d.save(head)
	return of
}

// back takes some of a line back on a day.
func (d *trade) back(line *core.Record, day string, qty int) {
	d.t.Helper()
	d.on(day)
	d.n++
	order := d.Row("orders", line.GetString("order"))
	back := d.force("returns", merged(whoseOf(order), map[string]any{"order": order.Id, "no": fmt.Sprint("FR", d.n), "kind": "return", "cause": "unsold", "state": "approved"}))
	d.force("return_lines", merged(whoseOf(order), map[string]any{"return_doc": back.Id, "line": line.Id, "product": line.GetString("product"), "qty_milli": -qty}))
	d.Must(d.Run("ops.bai", back, "receive", ""))
}

// on puts the clock at noon of a day.
func (d *trade) on(day string) {
	d.t.Helper()
	at, err := time.ParseInLocation(time.DateOnly, day, domain.BusinessZone)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Clock.Set(at.Add(12 * time.Hour))
}

// costs sets what a product costs from a day on.
func (d *trade) costs(product *core.Record, from string, fen int) *core.Record {
	d.t.Helper()
	return d.Make("admin.fang", "product_costs", map[string]any{"product": product.Id, "cost_fen": fen, "from_date": from})
}

// months writes what a figure comes to by month, as finance sees it: month=value …
func (d *trade) months(key string) string {
	d.t.Helper()
	a, refused := readSales(d.Desk, d.t, "finance.zhao", key, url.Values{"from": {"2026-01-01"}, "to": {"2026-12-31"}, "by": {"month"}})
	d.Must(refused)
	var out []string
	for _, row := range a.Rows {
		out = append(out, row.By["month"]+"="+text(row.Value))
	}
	for _, c := range a.Corrections {
		out = append(out, fmt.Sprintf("corrects %s=%d", c.Month, c.Value))
	}
	if a.Uncosted > 0 {
		out = append(out, fmt.Sprint("uncosted ", a.Uncosted))
	}
	return strings.Join(out, " ")
}

// policy: R4.14 sales_figures
//
// TestCostsHaveDays: what is delivered costs what was in force on its day, what comes
// back what it cost then; a cost that is learnt later counts where the goods did.
func TestCostsHaveDays(t *testing.T) {
	d := openTrade(t, 0)
	account, product := d.AccountOf("rep.chen"), d.goods[0]
	february := d.delivered(account, product, "2026-02-10", 10_000, 10_000, 1_300)
	if got := d.months("profit"); got != "2026-02=10000 uncosted 1" {
		t.Errorf("of unknown cost: %s", got)
	}
	d.costs(product, "2026-02-01", 500)
	d.costs(product, "2026-03-01", 700)
	d.delivered(account, product, "2026-03-02", 10_000, 10_000, 1_300)
	d.back(february, "2026-04-05", 4_000)
	if got := d.months("profit"); got != "2026-02=5000 2026-03=3000 2026-04=-2000" {
		t.Errorf("by its days: %s", got)
	}
	late := d.costs(product, "2026-02-05", 600)
	if got := d.months("profit"); got != "2026-02=4000 2026-03=3000 2026-04=-1600" {
		t.Errorf("learnt later: %s", got)
	}
	d.Must(testapp.Code(d.Delete(late)))
	if got := d.months("profit"); got != "2026-02=5000 2026-03=3000 2026-04=-2000" {
		t.Errorf("and taken back: %s", got)
	}
	if got := d.months("margin"); got != "2026-02=5000 2026-03=3000 2026-04=nothing" {
		t.Errorf("margin: %s", got)
	}
	net, _, err := analysis.SoldTo(d, records.AccountID(account.Id), domain.Period{From: "2026-02-01", To: "2026-04-30"})
	if err != nil || net != 2*11_300-4_520 {
		t.Errorf("net sales of the account: %d, %v", net, err)
	}
	for what, fen := range map[string]int{"below zero": -1, "too much": domainAnalysis.MaxCostFen + 1} {
		row := d.Blank("product_costs", map[string]any{"product": product.Id, "cost_fen": fen, "from_date": "2026-05-01"})
		d.Expect(what, d.SaveBy("admin.fang", row), "product_cost.amount_invalid cost_fen")
	}
}

// policy: R2.5 sales_facts
//
// TestWhatIsLearntOfAFrozenMonth counts today, and says which month it corrects.
func TestWhatIsLearntOfAFrozenMonth(t *testing.T) {
	d := openTrade(t, 0)
	account, product := d.AccountOf("rep.chen"), d.goods[0]
	d.costs(product, "2026-01-01", 500)
	line := d.delivered(account, product, "2026-02-10", 10_000, 10_000, 0)
	d.exec("INSERT INTO analysis_months (month, frozen_at, frozen_by) VALUES ('2026-01', '', ''), ('2026-02', '', '')", nil)
	was := d.months("amount") + " / " + d.months("profit")
	if was != "2026-02=10000 / 2026-02=5000" {
		t.Fatal(was)
	}
	d.on("2026-03-20")
	d.costs(product, "2026-02-01", 600)
	d.back(line, "2026-03-21", 1_000)
	d.delivered(account, product, "2026-02-20", 1_000, 700, 0)
	if got := d.months("amount"); got != "2026-02=10000 2026-03=-300 corrects 2026-02=700" {
		t.Errorf("amount: %s", got)
	}
	if got := d.months("profit"); got != "2026-02=5000 2026-03=-1300 corrects 2026-02=-900" {
		t.Errorf("profit: %s", got)
	}
}

// TestAReaderSeesWhatIsCommitted: a transaction sees its own facts and leaves nothing
// behind when it is taken back; who began to read before others wrote sees none of it.
func TestAReaderSeesWhatIsCommitted(t *testing.T) {
	d := openTrade(t, 0)
	store, account, product := analysis.NewStore(), d.AccountOf("rep.chen"), d.goods[0]
	q, err := domainAnalysis.Read("amount", map[string][]string{"from": {"2026-01"}, "to": {"2026-12"}}, d.today())
	if err != nil {
		t.Fatal(err)
	}
	amount := func(db dbx.Builder, committed bool) string {
		t.Helper()
		view, _, err := analysis.View(store, t.Context(), db, committed)
		if err != nil {
			t.Fatal(err)
		}
		cells, err := view.Count(q, nil)
		if err != nil {
			t.Fatal(err)
		}
		return text(q.Figure.Kind.Value(cells.Total))
	}
	d.delivered(account, product, "2026-03-01", 1_000, 100, 0)
	reader, err := d.ConcurrentDB().(*dbx.DB).Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Rollback()
	if got := amount(reader, true); got != "100" {
		t.Errorf("first: %s", got)
	}
	fact := func(db dbx.Builder, fen int) {
		_, err := db.NewQuery(`INSERT INTO sales_facts (day, happened, corrects, kind, ref, line, ord, owner, manager, dept, account, tier, region, product, category, promotion,
			base_milli, amount_fen, tax_fen, cost_fen, uncosted, rebate_fen, receipt_fen)
			VALUES ('2026-04-01', '2026-04-01', '', 'delivery', {:ref}, '', '', '', '', '', '', '', '', '', '', '', 0, {:fen}, 0, 0, 0, 0, 0)`).
			Bind(dbx.Params{"fen": fen, "ref": fmt.Sprint(fen)}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	taken := errors.New("taken back")
	err = d.RunInTransaction(func(tx core.App) error {
		fact(tx.DB(), 7)
		if got := amount(tx.DB(), false); got != "107" {
			t.Errorf("its own: %s", got)
		}
		return taken
	})
	if !errors.Is(err, taken) {
		t.Fatal(err)
	}
	if got := amount(d.ConcurrentDB(), true); got != "100" {
		t.Errorf("taken back: %s", got)
	}
	fact(d.DB(), 1000)
	if got := amount(d.ConcurrentDB(), true); got != "1100" {
		t.Errorf("after another: %s", got)
	}
	if got := amount(reader, true); got != "100" {
		t.Errorf("as of its beginning: %s", got)
	}
}

// TestColumnsAreBuiltBeforeAnybodyAsks, with the server's start.
func TestColumnsAreBuiltBeforeAnybodyAsks(t *testing.T) {
	d := openTrade(t, 0)
	d.delivered(d.AccountOf("rep.chen"), d.goods[0], "2026-03-01", 1_000, 100, 0)
	s := analysis.New(analysis.Config{Config: gate.Config{Now: d.Clock.Now}})
	s.Area().Bind(d.TestApp)
	if s.Upto() != 0 {
		t.Fatal("built before the start")
	}
	d.Handler()
	for range 500 {
		if s.Upto() > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("nothing was built")
}

// policy: R4.15 sales_figures
//
// TestFiguresAreAnswered with names, shares, and what the caller may know.
func TestFiguresAreAnswered(t *testing.T) {
	d := openTrade(t, 0)
	chen, peng := d.AccountOf("rep.chen"), d.AccountOf("rep.peng")
	d.delivered(chen, d.goods[0], "2026-03-02", 1_000, 300, 0)
	d.delivered(peng, d.goods[1], "2026-03-02", 1_000, 100, 0)
	d.delivered(chen, d.goods[1], "2026-02-02", 1_000, 200, 0)
	asked := url.Values{"from": {"2026-03"}, "to": {"2026-03"}, "by": {"person"}, "compare": {"prior"}}
	a, refused := readSales(d.Desk, t, "director.lin", "amount", asked)
	d.Must(refused)
	if len(a.Rows) != 2 || a.Rows[0].Label["person"] != "陈立" || *a.Rows[0].Value != 300 || *a.Rows[0].ShareBP != 7500 || *a.Rows[0].Prior != 200 || *a.Rows[0].ChangeBP != 5000 ||
		a.Rows[1].Prior != nil || *a.Total.Value != 400 || a.Seq != nil || a.AsOf == "" {
		t.Errorf("%+v", a)
	}
	if a, _ = readSales(d.Desk, t, "rep.chen", "amount", asked); len(a.Rows) != 1 || *a.Total.Value != 300 {
		t.Errorf("%+v", a)
	}
	if a, _ = readSales(d.Desk, t, "auditor.jin", "accounts", url.Values{"from": {"2026-03"}, "by": {"product"}}); a.Seq == nil || *a.Seq != 3 || len(a.Rows) != 2 || *a.Total.Value != 2 {
		t.Errorf("%+v", a)
	}
	for _, c := range []struct{ who, key, query, code string }{
		{"market.tang", "amount", "", "analysis.not_allowed"},
		{"rep.chen", "profit", "", "analysis.not_allowed"},
		{"rep.chen", "gold", "", "analysis.figure_unknown"},
		{"rep.chen", "amount", "by=theme", "analysis.dimension_invalid"},
		{"rep.chen", "amount", "from=2026-04-01&to=2026-03-01", "analysis.period_invalid"},
		{"rep.chen", "amount", "limit=-1", "analysis.argument_invalid"},
	} {
		asked, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		_, refused := readSales(d.Desk, t, c.who, c.key, asked)
		d.Expect(c.who+" "+c.key+"?"+c.query, refused, c.code)
	}
	for who, knows := range map[string]bool{"rep.chen": false, "manager.wu": true, "market.tang": false} {
		body := d.Do(who, "GET", "/api/ka/analysis", "").Body.String()
		if strings.Contains(body, `"margin"`) != knows || strings.Contains(body, `"amount"`) != slices.Contains([]string{"rep.chen", "manager.wu"}, who) {
			t.Errorf("%s is told of %s", who, body)
		}
	}
}
