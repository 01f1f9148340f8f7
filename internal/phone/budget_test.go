package phone

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestBudgetCountsOwnDocuments: drafts and what was handed in are on top of the row,
// each once; what the row holds, what ended and what is a colleague's is not.
func TestBudgetCountsOwnDocuments(t *testing.T) {
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
	if _, err := p.Budget("leaf"); err == nil {
		t.Error("a node that is not there has something free")
	}
	free := func(what string, own, left int64) {
		t.Helper()
		if b, err := p.Budget("leaf"); err != nil || b.OwnFen != own || b.FreeFen != left || b.AsOf != "2026-03-16 01:00:00.000Z" || b.Name != "礼品" {
			t.Errorf("%s: %+v, %v, want %d of its own and %d free", what, b, err, own, left)
		}
	}
	pulled("budget_nodes", "leaf", `{"id":"leaf","name":"礼品","free_fen":1000,"as_of":"2026-03-16 01:00:00.000Z"}`)
	free("nothing of its own", 0, 1000)
	pulled("activities", "held", `{"id":"held","owner":"me","state":"approved"}`)
	pulled("activity_costs", "held1", `{"id":"held1","activity":"held","node":"leaf","planned_fen":300}`)
	pulled("activities", "his", `{"id":"his","owner":"him","state":"draft"}`)
	pulled("activity_costs", "his1", `{"id":"his1","activity":"his","node":"leaf","planned_fen":7}`)
	pulled("activities", "over", `{"id":"over","owner":"me","state":"cancelled"}`)
	pulled("activity_costs", "over1", `{"id":"over1","activity":"over","node":"leaf","planned_fen":5}`)
	free("what the row holds", 0, 1000)
	must(p.Create("activities", "mine", Row{"owner": "me", "state": "draft"}))
	must(p.Create("activity_costs", "mine1", Row{"activity": "mine", "node": "leaf", "planned_fen": 200}))
	must(p.Create("activity_costs", "mine2", Row{"activity": "mine", "node": "other", "planned_fen": 11}))
	free("one that has not left", 200, 800)
	must(p.Act("activities", "mine", "submit", Row{}))
	free("handed in", 200, 800)
	pulled("activities", "mine", `{"id":"mine","owner":"me","state":"approved"}`)
	pulled("budget_nodes", "leaf", `{"id":"leaf","name":"礼品","free_fen":800,"as_of":"2026-03-16 01:00:00.000Z"}`)
	free("it came back", 0, 800)
}
