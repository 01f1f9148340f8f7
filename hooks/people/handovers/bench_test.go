package handovers_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// BenchmarkHandoverOf300Accounts moves 300 accounts with 6,000 visits to and
// fro: the transaction on its own, and the fold that makes it visible.
func BenchmarkHandoverOf300Accounts(b *testing.B) {
	app := testapp.New(b)
	chen, he, wu := app.As("rep.chen"), app.As("rep.he"), app.As("manager.wu")
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	var ids []string
	must(app.RunInTransaction(func(tx core.App) error {
		for i := range 300 {
			id := fmt.Sprintf("bench%010d", i)
			ids = append(ids, id)
			_, err := tx.DB().Insert("accounts", dbx.Params{
				"id": id, "name": "客户" + id, "kind": "ka", "status": "active", "owner": chen.Id, "manager": wu.Id,
				"dept": chen.GetString("department"), "created": "2026-01-01 00:00:00.000Z",
			}).Execute()
			if err != nil {
				return err
			}
			for j := range 20 {
				_, err := tx.DB().Insert("visits", dbx.Params{
					"id": fmt.Sprintf("v%04d%010d", j, i), "account": id, "owner": chen.Id, "manager": wu.Id, "dept": chen.GetString("department"),
					"type": "planned", "state": "planned", "planned_date": "2026-03-20",
				}).Execute()
				if err != nil {
					return err
				}
			}
		}
		return nil
	}))
	must(app.Bound.Handovers.Run(app))
	must(app.Bound.Sync.Fold(app))
	from, to := chen, he
	var writing, folding time.Duration
	for b.Loop() {
		b.StopTimer()
		day := app.Clock.Now().Add(24 * time.Hour).Format(time.DateOnly)
		coll, err := app.FindCollectionByNameOrId("account_handovers")
		must(err)
		r := core.NewRecord(coll)
		r.Load(map[string]any{"from_rep": from.Id, "to_rep": to.Id, "accounts": ids, "planned_date": day})
		must(app.Save(r))
		must(app.Bound.Sync.Fold(app))
		app.Clock.Advance(24 * time.Hour)
		b.StartTimer()
		start := time.Now()
		must(app.Bound.Handovers.Run(app))
		writing += time.Since(start)
		start = time.Now()
		must(app.Bound.Sync.Fold(app))
		folding += time.Since(start)
		b.StopTimer()
		_, err = app.DB().NewQuery("UPDATE account_handovers SET state = 'done', drain_until = ''").Execute()
		must(err)
		from, to = to, from
		b.StartTimer()
	}
	b.ReportMetric(writing.Seconds()*1000/float64(b.N), "write-ms")
	b.ReportMetric(folding.Seconds()*1000/float64(b.N), "fold-ms")
}
