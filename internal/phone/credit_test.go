package phone

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestCreditCountsOwnOrders: drafts and what was handed in are on top of the row,
// each once; what the row counts, what ended and what is a colleague's is not.
func TestCreditCountsOwnOrders(t *testing.T) {
	store, err := OpenStore("")
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	p := New(Config{Now: func() time.Time { return time.Unix(0, 0) }, Rand: rand.New(rand.NewPCG(1, 2))}, store)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(store.setMeta("user", "me"))
	pulled := func(collection, id, body string) {
		t.Helper()
		_, err := store.db.Exec("INSERT OR REPLACE INTO base (c, id, v, body, sum) VALUES (?, ?, 1, ?, 0)", collection, id, body)
		must(err)
	}
	own := func(what string, ownFen, free int64) {
		t.Helper()
		if c, err := p.Credit("shop"); err != nil || c.OwnFen != ownFen || c.FreeFen != free {
			t.Errorf("%s: %+v, %v, want %d of its own and %d free", what, c, err, ownFen, free)
		}
	}
	own("nothing is known", 0, 0)
	pulled("orders", "counted", `{"id":"counted","account":"shop","owner":"me","state":"approved","shown_total_fen":300}`)
	pulled("orders", "delivered", `{"id":"delivered","account":"shop","owner":"me","state":"accepted","shown_total_fen":5}`)
	pulled("orders", "colleague", `{"id":"colleague","account":"shop","owner":"him","state":"draft","shown_total_fen":7}`)
	pulled("orders", "elsewhere", `{"id":"elsewhere","account":"other","owner":"me","state":"draft","shown_total_fen":11}`)
	pulled("orders", "draft", `{"id":"draft","account":"shop","owner":"me","state":"draft","shown_total_fen":0}`)
	pulled("order_lines", "line", `{"id":"line","order":"draft","line_fen":100,"tax_fen":13}`)
	own("no limit is set", 113, 0)
	pulled("account_credits", "row", `{"id":"row","account":"shop","limit_fen":1000,"open_fen":300,"overdue_fen":20,"as_of":"2026-03-16"}`)
	own("a draft that was priced", 113, 587)
	must(p.Create("orders", "fresh", Row{"account": "shop", "owner": "me", "state": "draft", "shown_total_fen": 200}))
	own("one that has not left", 313, 387)
	must(p.Act("orders", "fresh", "submit", Row{}))
	must(p.Act("orders", "draft", "submit", Row{}))
	own("handed in", 313, 387)
	pulled("orders", "draft", `{"id":"draft","account":"shop","owner":"me","state":"submitted","shown_total_fen":0}`)
	pulled("account_credits", "row", `{"id":"row","account":"shop","limit_fen":1000,"open_fen":413,"overdue_fen":20,"as_of":"2026-03-16"}`)
	own("one came back", 200, 387)
	must(p.Act("orders", "fresh", "cancel", Row{"reason": "x"}))
	own("one is called off", 0, 587)
	if c, err := p.Credit("shop"); err != nil || c.AsOf != "2026-03-16" || c.OverdueFen != 20 {
		t.Errorf("%+v, %v", c, err)
	}
}
