package api_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// TestChangesOfFieldsAreNobodysEdit: whatever fields are renamed, added and
// removed, under names that were another's before, and however many of these
// changes one fold sees, no row counts as edited.
func TestChangesOfFieldsAreNobodysEdit(t *testing.T) {
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Manual = true }))
	fold := func() {
		t.Helper()
		if err := app.Bound.Sync.Fold(app); err != nil {
			t.Fatal(err)
		}
	}
	coll, err := app.FindCollectionByNameOrId("contacts")
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(16, 1))
	fold()
	for round := range effort.Times(2, 24) {
		contact := core.NewRecord(coll)
		contact.Load(map[string]any{"account": app.AccountOf("rep.chen").Id, "name": "someone", "wechat": "139", "phone": "138"})
		if err := app.Save(contact); err != nil {
			t.Fatal(err)
		}
		contact.Set("wechat", "140") // a history of its own, beside that of the row
		fold()
		if err := app.Save(contact); err != nil {
			t.Fatal(err)
		}
		fold()
		base, told := app.Bound.Sync.Head(), ""
		names := []string{"wechat", "fax", "telex"}
		for range 4 {
			from, to := names[rng.IntN(3)], names[rng.IntN(3)]
			if coll, err = app.FindCollectionByNameOrId("contacts"); err != nil {
				t.Fatal(err)
			}
			switch has, other := coll.Fields.GetByName(from), coll.Fields.GetByName(to); {
			case has == nil:
				coll.Fields.Add(&core.TextField{Name: from})
				told += " +" + from
			case other == nil:
				has.SetName(to)
				told += " " + from + ">" + to
			case from == to:
				coll.Fields.RemoveByName(from)
				told += " -" + from
			}
			if err := app.Save(coll); err != nil {
				t.Fatal(err)
			}
			if rng.IntN(2) == 0 {
				fold()
				told += " fold"
			}
		}
		fold()
		var text string
		if err := app.DB().NewQuery("SELECT fields FROM _sync_doc WHERE rec = {:r}").Bind(map[string]any{"r": contact.Id}).Row(&text); err != nil {
			t.Fatal(err)
		}
		stamps := map[string][2]any{}
		if err := json.Unmarshal([]byte(text), &stamps); err != nil {
			t.Fatal(err)
		}
		for f, s := range stamps {
			if s[0].(float64) > float64(base) {
				t.Errorf("round %d,%s: %s counts as edited: %s", round, told, f, text)
			}
			if f != "*" && coll.Fields.GetByName(f) == nil {
				t.Errorf("round %d,%s: %s has a history and is no field: %s", round, told, f, text)
			}
		}
		if coll.Fields.GetByName("wechat") == nil {
			coll.Fields.Add(&core.TextField{Name: "wechat"})
			if err := app.Save(coll); err != nil {
				t.Fatal(fmt.Errorf("wechat again: %w", err))
			}
		}
		fold()
	}
}
