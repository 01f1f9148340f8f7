package hooks_test

import (
	"strings"
	"testing"
	"time"

	"satchel/domain/sales"
	"satchel/internal/testapp"
)

// TestOrderOnTheLastDay: an order of the list's last day that arrives the day
// after is priced by it where the phone's cursor shows that the list was in force,
// else by the day of arrival; nothing of it is lost, and its number is kept.
func TestOrderOnTheLastDay(t *testing.T) {
	for _, c := range []struct {
		cursor, basis string
		linesFen      int
	}{{"of that day", "cursor", 3702}, {"none", "arrived", 4500}} {
		t.Run(c.basis, func(t *testing.T) {
			w := newWitness(t)
			w.Clock.Set(time.Date(2026, 3, 15, 1, 0, 0, 0, time.UTC))
			account := theOne(t, w, "accounts", "name = '南边门店'")
			product := theOne(t, w, "products", "status = 'active'")
			m := &matrix{t: t, app: w.App}
			list := func(name string, price int, from, to string) string {
				id := m.make("price_lists", map[string]any{"name": name, "scope": "account", "account": account, "active": true, "valid_from": from, "valid_to": to}).Id
				m.make("price_items", map[string]any{"list": id, "product": product, "price_fen": price})
				return id
			}
			ended := list("旧", 1234, "2026-03-01", "2026-03-15")
			list("新", 1500, "2026-03-16", "")
			if err := w.Bound.Sync.Fold(w.App); err != nil {
				t.Fatal(err)
			}
			cursor := ""
			if c.cursor != "none" {
				w.phone.Pull()
				cursor = w.phone.Cursor
			}
			w.Clock.Set(testapp.Start)
			w.words = strings.NewReplacer("$cursor", cursor, "$account", account, "$product", product, "$list_ended", ended, "$device", w.phone.Device)
			for i, status := range w.push("p5-order-on-last-day", false) {
				if status != "applied" {
					t.Errorf("mutation %d: %s", i+1, status)
				}
			}
			order, err := w.FindRecordById("orders", "p5row0000000001")
			if err != nil {
				t.Fatal(err)
			}
			if order.GetInt("lines_fen") != c.linesFen || order.GetString("day_basis") != c.basis || order.GetString("state") == sales.OrderDraft ||
				order.GetString("no") != "SO-P5" && order.GetString("former_no") != "SO-P5" {
				t.Errorf("%v", order.PublicExport())
			}
		})
	}
}

// theOne is the id of the first row that a filter finds.
func theOne(t *testing.T, w *witness, collection, filter string) string {
	t.Helper()
	row, err := w.FindFirstRecordByFilter(collection, filter)
	if err != nil {
		t.Fatal(err)
	}
	return row.Id
}
