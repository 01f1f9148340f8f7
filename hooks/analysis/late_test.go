package analysis_test

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/internal/effort"
)

// policy: R2.5 metric_snapshots
//
// TestLateCorrectionsMoveNoFrozenMonth: returns, deliveries that were made, changed or
// called off, receipts, costs and assignments that are learnt of after a month was
// frozen, a thousand of each, leave its answers as they were to the byte. What they
// change is in the open month, and nothing is lost.
func TestLateCorrectionsMoveNoFrozenMonth(t *testing.T) {
	d := openTrade(t, 24)
	changes := effort.Times(40, 300)
	d.step = 150 * 24 * time.Hour / time.Duration(changes)
	for range changes {
		d.throw()
	}
	d.on("2026-09-08")
	d.noted = d.today()
	d.Job("analysisClose")
	before := frozenAnswers(t, d.App, lateMonths)
	frozen, known := len(d.book), d.months("amount")
	if frozen == 0 || known == "" {
		t.Fatal("there is nothing to move")
	}
	kinds := []func(){d.deliverLate, d.returnLate, d.collectLate, d.cost, d.assign}
	var todo []int
	for kind := range kinds {
		todo = append(todo, slices.Repeat([]int{kind}, effort.Times(20, 1_000))...)
	}
	d.dice.Shuffle(len(todo), func(i, j int) { todo[i], todo[j] = todo[j], todo[i] })
	for i, kind := range todo {
		if i > 0 && i%(len(todo)/4) == 0 {
			d.Clock.Advance(24 * time.Hour)
			d.Job("analysisClose")
		}
		d.noted = d.today()
		kinds[kind]()
		d.noteRebates()
	}
	d.Clock.Advance(24 * time.Hour)
	d.Job("analysisClose")
	for what, was := range before {
		if is := frozenAnswer(t, d.App, what); is != was {
			t.Errorf("%v moved:\nwas %s\nis  %s", what, was, is)
		}
	}
	d.nothingIsLost(frozen)
}

// lateMonths are periods of frozen months.
var lateMonths = [][2]string{{"2026-02-01", "2026-02-28"}, {"2026-03-01", "2026-05-31"}, {"2026-04-10", "2026-08-20"}}

// past is a day of a month that is frozen.
func (d *trade) past() string { return domain.AddDays("2026-08-31", -d.dice.IntN(208)) }

// happened writes down what a document says, of the day on which it happened.
func (d *trade) happened(note func(*core.Record), doc *core.Record, day string) {
	from := len(d.book)
	note(doc)
	for i := range d.book[from:] {
		d.book[from+i].day = day
	}
}

// deliverLate tells of a delivery of months ago: one of four was called off instead,
// one of four was taken short.
func (d *trade) deliverLate() {
	day, account := d.past(), d.Fresh(pick(d, d.accounts))
	qty := 1000 * (1 + d.dice.IntN(9))
	d.n++
	whose := merged(whoseOf(account), map[string]any{"account": account.Id})
	order := d.force("orders", merged(whose, map[string]any{"no": fmt.Sprint("L", d.n), "state": "processing", "promised_on": day}))
	line := d.force("order_lines", map[string]any{
		"order": order.Id, "account": account.Id, "owner": whose["owner"], "dept": whose["dept"], "product": pick(d, d.goods).Id,
		"qty_milli": qty, "base_milli": qty, "line_fen": d.dice.IntN(90_000), "tax_fen": d.dice.IntN(9_000),
	})
	head := d.force("deliveries", merged(whose, map[string]any{"order": order.Id, "state": "dispatched", "no": fmt.Sprint("LD", d.n)}))
	took, how := qty, d.dice.IntN(4)
	if how == 1 {
		took = 1000 * d.dice.IntN(qty/1000+1)
	}
	d.force("delivery_lines", merged(whose, map[string]any{
		"delivery": head.Id, "line": line.Id, "product": line.GetString("product"), "qty_milli": qty, "accepted_milli": took,
		"amount_fen": took * 7, "tax_fen": took,
	}))
	if how == 0 {
		d.Must(d.Run("ops.bai", head, "cancel", `{"reason":"未发出"}`))
		return
	}
	head.Set("state", "delivered")
	head.Set("amount_fen", took*7)
	head.Set("delivered_at", day+" 04:00:00.000Z")
	d.save(head)
	d.happened(d.noteDelivery, head, day)
	if took > 0 {
		d.late = append(d.late, taken{line, took, day})
	}
}

// taken is what a customer has of a line.
type taken struct {
	line  *core.Record
	milli int
	day   string
}

// returnLate tells of goods that came back months ago, of those that were told of late.
func (d *trade) returnLate() {
	if len(d.late) == 0 {
		d.deliverLate()
		return
	}
	at := d.dice.IntN(len(d.late))
	of := d.late[at]
	qty := 1000 * (1 + d.dice.IntN(of.milli/1000))
	if d.late[at].milli -= qty; d.late[at].milli == 0 {
		d.late = slices.Delete(d.late, at, at+1)
	}
	day := max(d.past(), of.day)
	order := d.Row("orders", of.line.GetString("order"))
	d.n++
	whose := whoseOf(order)
	back := d.force("returns", merged(whose, map[string]any{"order": order.Id, "no": fmt.Sprint("LR", d.n), "kind": "return", "cause": "unsold", "state": "approved"}))
	d.force("return_lines", merged(whose, map[string]any{
		"return_doc": back.Id, "line": of.line.Id, "product": of.line.GetString("product"), "qty_milli": -qty, "amount_fen": -qty * 7, "tax_fen": -qty,
	}))
	back.Set("state", "returned")
	back.Set("amount_fen", -qty*7)
	back.Set("returned_at", day+" 05:00:00.000Z")
	d.save(back)
	d.happened(d.noteReturn, back, day)
}

// collectLate confirms a receipt of months ago, or takes one back.
func (d *trade) collectLate() {
	if d.dice.IntN(5) == 0 && len(d.paid) > 0 {
		d.reverse()
		return
	}
	account := d.Fresh(pick(d, d.accounts))
	receipt := d.force("receipts", map[string]any{
		"account": account.Id, "owner": d.As("director.lin").Id, "dept": account.GetString("dept"), "amount_fen": 1 + d.dice.IntN(50_000), "method": "transfer",
		"received_on": d.past(), "state": "reported",
	})
	d.Must(d.Run("finance.zhao", receipt, "confirm", "{}"))
	d.paid = append(d.paid, receipt)
	d.noteReceipt(receipt, "receipt")
}

// nothingIsLost compares the figures of all days with the documents, and what they say
// of frozen months with what was told of late: the lines of the book from one on.
func (d *trade) nothingIsLost(from int) {
	d.t.Helper()
	book := d.costed()
	late := map[string]int64{}
	for _, s := range book[from:] {
		if s.kind == "delivery" || s.kind == "return" {
			late[s.day[:7]] += s.amount
		}
	}
	slices.SortStableFunc(book, func(a, b sold) int { return cmp.Compare(a.day, b.day) })
	whole := domain.Period{From: "2025-01-01", To: "2026-12-31"}
	asked := url.Values{"from": {whole.From}, "to": {whole.To}}
	for _, key := range []string{"amount", "delivered", "returned", "volume", "profit", "margin", "collected", "collected_ratio", "rebates"} {
		f, err := analysis.Find(key)
		if err != nil {
			d.t.Fatal(err)
		}
		a, refused := readSales(d.Desk, d.t, "finance.zhao", key, asked)
		d.Must(refused)
		if err := sameTotal(f, a.Total.Value, count(key, book, whole, nil, nil)); err != nil {
			d.t.Errorf("%s in all: %v", key, err)
		}
		if key != "amount" {
			continue
		}
		told := map[string]int64{}
		for _, c := range a.Corrections {
			told[c.Month] = c.Value
		}
		for _, corrections := range []map[string]int64{told, late} {
			maps.DeleteFunc(corrections, func(_ string, fen int64) bool { return fen == 0 })
		}
		if !maps.Equal(told, late) || len(told) == 0 {
			d.t.Errorf("corrections %v, documents say %v", told, late)
		}
	}
}
