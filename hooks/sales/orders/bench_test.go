package orders_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// goods are so many products with a price and so many promotions for each, and lines of them.
func (d *desk) goods(n, promoted int) (lines []map[string]any) {
	for i := range n {
		p := d.Make("", "products", map[string]any{"sku": fmt.Sprint("B", i), "name": fmt.Sprint("货", i), "tax_bp": 1300, "status": "active"})
		d.Make("", "price_items", map[string]any{"list": d.list.Id, "product": p.Id, "price_fen": 1000 + i})
		for k := range promoted {
			d.Make("admin.fang", "promotions", map[string]any{
				"code": fmt.Sprint("B", i, "-", k), "name": "促", "active": true, "stackable": true, "rule": fmt.Sprintf(`{"kind":"percent","products":[%q],"bp":10}`, p.Id),
			})
		}
		lines = append(lines, map[string]any{"product": p.Id, "qty_milli": 2000})
	}
	return lines
}

func (d *desk) bench(t testing.TB) {
	d.Desk = testapp.Open(t)
	d.account = d.AccountOf("rep.chen")
	for _, past := range []string{"UPDATE price_lists SET active = false", "UPDATE orders SET state = 'settled'"} {
		if _, err := d.DB().NewQuery(past).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	d.products = []*core.Record{d.Make("", "products", map[string]any{"sku": "T", "name": "货", "tax_bp": 1300, "status": "active"})}
	d.list = d.Make("", "price_lists", map[string]any{"name": "L", "scope": "default", "active": true})
}

// eachLoad runs a benchmark as orders and promotions grow; of all promotions each
// takes off one line.
func eachLoad(b *testing.B, run func(b *testing.B, d *desk, lines []map[string]any)) {
	for _, load := range []struct{ lines, promotions int }{{40, 0}, {40, 40}, {40, 200}, {40, 800}, {10, 200}, {100, 200}} {
		b.Run(fmt.Sprint(load.lines, " lines ", load.promotions, " promotions"), func(b *testing.B) {
			d := &desk{}
			d.bench(b)
			run(b, d, d.goods(load.lines, load.promotions/load.lines))
		})
	}
}

// BenchmarkPushOrder pushes an order with its lines and its submit.
func BenchmarkPushOrder(b *testing.B) { eachLoad(b, pushOrders) }

func pushOrders(b *testing.B, d *desk, lines []map[string]any) {
	phone := d.phone("rep.chen", "bench")
	before := processCPU(b)
	for b.Loop() {
		_, all := d.captured(phone, nil, lines...)
		if codes := d.handIn(phone, all); codes[len(codes)-1] != "applied" {
			b.Fatal(codes)
		}
	}
	b.ReportMetric(float64((processCPU(b)-before).Milliseconds())/float64(b.N), "CPU-ms/order")
}

// BenchmarkSubmitRepriced submits an order all of whose lines have another price by now.
func BenchmarkSubmitRepriced(b *testing.B) { eachLoad(b, submitRepriced) }

func submitRepriced(b *testing.B, d *desk, lines []map[string]any) {
	phone := d.phone("rep.chen", "bench")
	var used time.Duration
	for i := 0; b.Loop(); i++ {
		_, all := d.captured(phone, nil, lines...)
		d.handIn(phone, all[:len(all)-1])
		if _, err := d.DB().NewQuery("UPDATE price_items SET price_fen = price_fen + 1").Execute(); err != nil {
			b.Fatal(err)
		}
		if err := d.Bound.Sync.Fold(d); err != nil { // the prices themselves go to phones before
			b.Fatal(err)
		}
		before := processCPU(b)
		if codes := d.handIn(phone, all[len(all)-1:]); codes[0] != "applied" {
			b.Fatal(codes)
		}
		used += processCPU(b) - before
	}
	b.ReportMetric(float64(used.Milliseconds())/float64(b.N), "CPU-ms/submit")
}

// processCPU is what the process has used, user and system.
func processCPU(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
