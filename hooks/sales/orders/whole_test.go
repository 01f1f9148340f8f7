package orders_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// stored is what the table holds of a line: by column, with SQLite's type.
func (d *desk) stored(t *testing.T, line *core.Record) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, f := range line.Collection().Fields {
		var text string
		err := d.DB().NewQuery(fmt.Sprintf("SELECT typeof([[%[1]s]]) || ' ' || quote([[%[1]s]]) FROM order_lines WHERE id = {:id}", f.GetName())).
			Bind(dbx.Params{"id": line.Id}).Row(&text)
		if err != nil {
			t.Fatal(err)
		}
		out[f.GetName()] = text
	}
	return out
}

// TestPricedLinesAreStoredAsSaved: what a submit and a cut write of lines is what
// saves of the rows would leave, column by column, with when; phones are told of it,
// and no rule on lines is passed over that looks at the server's own writes.
func TestPricedLinesAreStoredAsSaved(t *testing.T) {
	d := open(t)
	d.Setting("order.rep_discount_bp", 0)
	order := d.order()
	lines := []*core.Record{d.line(order, 0, 3000, map[string]any{"disc_bp": 300}), d.line(order, 1, 2000)}
	for _, line := range lines {
		d.Must(d.SaveBy("rep.chen", line))
	}
	if _, err := d.DB().NewQuery("UPDATE order_lines SET updated = '2020-01-01 00:00:00.000Z', price_fen = 1 WHERE `order` = {:o}").Bind(dbx.Params{"o": order.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	equal := func(what string) {
		t.Helper()
		for _, line := range lines {
			got := d.stored(t, line)
			if at := d.Fresh(line).GetDateTime("updated").Time(); at.Year() == 2020 || !strings.HasSuffix(got["updated"], "Z'") || got["updated"][:6] != "text '" {
				t.Errorf("%s: updated %s", what, got["updated"])
			}
			if err := d.SaveNoValidateWithContext(gate.AsServer(t.Context()), d.Fresh(line)); err != nil {
				t.Fatal(err)
			}
			want := d.stored(t, line)
			delete(got, "updated")
			delete(want, "updated")
			if !maps.Equal(got, want) {
				t.Errorf("%s:\n%v\nnot\n%v", what, got, want)
			}
		}
	}
	var before, after int
	log := d.DB().NewQuery("SELECT COUNT(*) FROM _sync_log WHERE rec IN (SELECT id FROM order_lines WHERE `order` = {:o})").Bind(dbx.Params{"o": order.Id})
	if err := log.Row(&before); err != nil {
		t.Fatal(err)
	}
	d.Must(d.Act("rep.chen", order, "submit", ""))
	if err := log.Row(&after); err != nil || after != before+2 {
		t.Errorf("%d changes of lines are captured, %v", after-before, err)
	}
	if price := d.Fresh(lines[0]).GetInt("price_fen"); price != 1000 {
		t.Errorf("priced at %d", price)
	}
	equal("a submit")
	d.Must(d.Decide("manager.wu", order, "approve", fmt.Sprintf(`{"data":{"lines":[{"line":%q,"qty_milli":1000,"comment":"缺货"}]}}`, lines[0].Id)))
	if row := d.Fresh(lines[0]); row.GetInt("cut_milli") != 2000 || row.GetString("comment") != "缺货" || row.GetInt("line_fen") != 970 {
		t.Errorf("%v", row.PublicExport())
	}
	equal("a cut")
	of := slices.DeleteFunc(slices.Clone(d.Bound.Rules), func(rule string) bool { return !strings.HasPrefix(rule, "order_lines update") })
	if want := []string{"order_lines update: fixed orderLineUpdate"}; !slices.Equal(of, want) {
		t.Errorf("a rule that prices pass over? %v", of)
	}
}
