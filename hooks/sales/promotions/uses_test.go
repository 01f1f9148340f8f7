package promotions_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// stored is what a table holds of a row: by column, with SQLite's type.
func (d *desk) stored(row *core.Record, but ...string) map[string]string {
	d.t.Helper()
	out := map[string]string{}
	for _, f := range row.Collection().Fields {
		var text string
		err := d.DB().NewQuery(fmt.Sprintf("SELECT typeof([[%[1]s]]) || ' ' || quote([[%[1]s]]) FROM {{%[2]s}} WHERE id = {:id}", f.GetName(), row.Collection().Name)).
			Bind(dbx.Params{"id": row.Id}).Row(&text)
		if err != nil {
			d.t.Fatal(err)
		}
		out[f.GetName()] = text
	}
	for _, column := range append(but, "id", "created", "updated") {
		delete(out, column)
	}
	return out
}

// TestUsesAreStoredAsRowsAre: the statements leave what saves of rows do, column by
// column, and phones are told of what a cap has left.
func TestUsesAreStoredAsRowsAre(t *testing.T) {
	d := open(t)
	capped := map[string]any{"cap_milli": 100_000}
	by := [2]*core.Record{d.made(capped), d.made(capped)}
	if _, err := d.DB().NewQuery("UPDATE promotions SET updated = '2020-01-01 00:00:00.000Z' WHERE id = {:id}").Bind(dbx.Params{"id": by[1].Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	saved, held := d.order(), d.order()
	asRow := d.Blank("promotion_uses", map[string]any{
		"promotion": by[0].Id, "order": string(saved.ID()), "account": d.account.Id, "owner": d.As("rep.chen").Id, "dept": d.account.GetString("dept"),
		"amount_fen": 600, "qty_milli": 20_000, "state": "held",
	})
	if err := d.SaveWithContext(gate.AsServer(t.Context()), asRow); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"held", "returned", "held"} {
		var before, after int
		log := d.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM _sync_log")
		if err := log.Row(&before); err != nil {
			t.Fatal(err)
		}
		if state == "held" {
			d.Must(d.hold(held, usePart(by[1], 600, 20_000)))
		} else {
			d.Must(d.giveBack(held))
		}
		if err := log.Row(&after); err != nil || after != before+1 { // the promotion: phones hold no uses
			t.Errorf("%d rows of the log, %v", after-before, err)
		}
		asRow.Set("state", state)
		if err := d.SaveWithContext(gate.AsServer(t.Context()), asRow); err != nil {
			t.Fatal(err)
		}
		use, err := d.FindFirstRecordByData("promotion_uses", "order", string(held.ID()))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := d.stored(use, "promotion", "order"), d.stored(asRow, "promotion", "order"); !maps.Equal(got, want) {
			t.Errorf("a use that is %s:\n%v\nnot\n%v", state, got, want)
		}
		if got, want := d.stored(by[1], "code"), d.stored(by[0], "code"); !maps.Equal(got, want) {
			t.Errorf("the promotion of a use that is %s:\n%v\nnot\n%v", state, got, want)
		}
		if d.Fresh(by[1]).GetDateTime("updated").Time().Before(d.Fresh(use).GetDateTime("created").Time()) || len(use.Id) != 15 {
			t.Errorf("%v of %v", d.Fresh(by[1]).PublicExport(), use.PublicExport())
		}
	}
}
