package demo_test

import (
	"testing"

	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// TestDeliveriesAddUp: what orders and their lines say of what came and went is
// what the documents say, and there is one of each kind to look at.
func TestDeliveriesAddUp(t *testing.T) {
	effort.Late(t)
	app := testapp.New(t, testapp.Company(demo.Full(testapp.Start)))
	count := func(query string) (n int) {
		if err := app.DB().NewQuery(query).Row(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for what, query := range map[string]string{
		"orders that were delivered for something else": `SELECT COUNT(*) FROM orders o WHERE delivered_fen <>
			(SELECT COALESCE(SUM(amount_fen), 0) FROM deliveries d WHERE d."order" = o.id AND d.state = 'delivered')`,
		"orders of which something else came back": `SELECT COUNT(*) FROM orders o WHERE -returned_fen <>
			(SELECT COALESCE(SUM(amount_fen), 0) FROM returns r WHERE r."order" = o.id AND r.state = 'returned')`,
		"deliveries worth something else than their lines": `SELECT COUNT(*) FROM deliveries d WHERE amount_fen <>
			(SELECT COALESCE(SUM(amount_fen), 0) FROM delivery_lines l WHERE l.delivery = d.id)`,
		"lines of which something else was taken": `SELECT COUNT(*) FROM order_lines l WHERE delivered_milli <>
			(SELECT COALESCE(SUM(accepted_milli), 0) FROM delivery_lines d WHERE d.line = l.id)`,
		"lines of which something else came back": `SELECT COUNT(*) FROM order_lines l WHERE -returned_milli <>
			(SELECT COALESCE(SUM(r.qty_milli), 0) FROM return_lines r JOIN returns b ON b.id = r.return_doc WHERE r.line = l.id AND b.state = 'returned')`,
		"orders that are delivered, and not whole or closed": `SELECT COUNT(*) FROM orders WHERE state IN ('delivered', 'accepted', 'settled') AND
			((in_full = 'yes') <> (delivered_fen = total_fen) OR on_time = '' OR delivered_at = '')`,
		"late ones that are not":                `SELECT COUNT(*) FROM deliveries d JOIN orders o ON o.id = d."order" WHERE d.state = 'delivered' AND d.late <> (date(d.delivered_at, '+8 hours') > o.promised_on)`,
		"deliveries that came before they left": `SELECT COUNT(*) FROM deliveries WHERE delivered_at <> '' AND delivered_at < dispatched_at`,
	} {
		if n := count(query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	for what, query := range map[string]string{
		"late":        `SELECT COUNT(*) FROM deliveries WHERE late`,
		"short":       `SELECT COUNT(*) FROM deliveries WHERE short`,
		"refused":     `SELECT COUNT(*) FROM deliveries WHERE state = 'refused'`,
		"on its way":  `SELECT COUNT(*) FROM deliveries WHERE state = 'dispatched'`,
		"in parts":    `SELECT COUNT(*) FROM deliveries WHERE no LIKE '%-D2' AND state = 'delivered'`,
		"returned":    `SELECT COUNT(*) FROM returns WHERE kind = 'return' AND cause = 'damaged' AND photos <> '[]'`,
		"exchanged":   `SELECT COUNT(*) FROM returns WHERE kind = 'exchange' AND exchange <> ''`,
		"not in full": `SELECT COUNT(*) FROM orders WHERE in_full = 'no'`,
	} {
		if n := count(query); n == 0 {
			t.Errorf("nothing is %s", what)
		} else {
			t.Logf("%s: %d", what, n)
		}
	}
}
