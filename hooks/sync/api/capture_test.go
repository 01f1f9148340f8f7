package api_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// TestRawSQLReachesPhones writes as the dashboard's console does: no hook fires.
func TestRawSQLReachesPhones(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	chen.pull()
	contact, err := app.FindFirstRecordByData("contacts", "account", app.AccountOf("rep.chen").Id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		sql          string
		puts, leaves int
	}{
		{"UPDATE contacts SET title = '店长' WHERE id = 'ID'", 1, 0},
		{"UPDATE contacts SET updated = '2030-01-01' WHERE id = 'ID'", 0, 0}, // noise makes no version
		{"UPDATE contacts SET id = 'renamed00000000' WHERE id = 'ID'", 1, 1},
		{"DELETE FROM contacts WHERE id = 'renamed00000000'", 0, 1},
	} {
		if _, err := app.DB().NewQuery(strings.ReplaceAll(c.sql, "ID", contact.Id)).Execute(); err != nil {
			t.Fatal(err)
		}
		if puts, leaves := chen.pull(); puts != c.puts || leaves != c.leaves {
			t.Errorf("%s: %d puts, %d leaves", c.sql, puts, leaves)
		}
	}
}

// TestCollectionsMayChangeUnderSync adds, renames and removes a field, renames
// the collection, and takes it away; phones follow each step.
func TestCollectionsMayChangeUnderSync(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	chen.pull()
	products := 0
	for key := range chen.rows {
		if strings.HasPrefix(key, "products ") {
			products++
		}
	}
	change := func(name string, fn func(c *core.Collection)) error {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			t.Fatal(err)
		}
		fn(c)
		return app.Save(c)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(change("products", func(c *core.Collection) { c.Fields.Add(&core.TextField{Name: "colour"}) }))
	if puts, _ := chen.pull(); puts != products {
		t.Errorf("a new field sent %d rows of %d", puts, products)
	}
	must(change("products", func(c *core.Collection) { c.Fields.GetByName("colour").SetName("shade") }))
	must(change("products", func(c *core.Collection) { c.Fields.RemoveByName("unit") }))
	chen.pull()
	for key, row := range chen.rows {
		_, early := row["shade"] // its app knows the field by the name that it had
		if strings.HasPrefix(key, "products ") && (early || row["unit"] != "" || row["colour"] != "") {
			t.Fatalf("the phone holds %v", row)
		}
	}
	must(change("products", func(c *core.Collection) { c.Name = "goods" }))
	chen.pull()
	for key := range chen.rows {
		if strings.HasPrefix(key, "products ") {
			t.Fatalf("the phone still holds %s under the old name", key)
		}
	}
	if _, err := app.DB().NewQuery("UPDATE goods SET spec = 'new'").Execute(); err != nil {
		t.Fatal(err)
	}
	if puts, _ := chen.pull(); puts != products {
		t.Errorf("after the rename the triggers see %d of %d rows", puts, products)
	}
	if err := change("accounts", func(c *core.Collection) { c.Fields.RemoveByName("owner") }); err == nil {
		t.Error("a field that a sync rule stands on could be removed")
	}
}

// TestSyncRuleIsCheckedAndTakesEffect edits rules as the dashboard does.
func TestSyncRuleIsCheckedAndTakesEffect(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	chen.pull()
	rule, err := app.FindFirstRecordByData("sync_rules", "name", "visit_templates")
	if err != nil {
		t.Fatal(err)
	}
	for field, bad := range map[string]any{
		"keys":      []map[string]any{{"key": "account:{nothing}"}},
		"policy":    map[string]string{"name": "coin"},
		"name":      "no_such_collection",
		"direction": "up",
	} {
		spoiled := rule.Fresh()
		spoiled.Set(field, bad)
		if err := app.Save(spoiled); err == nil {
			t.Errorf("a rule with %s %v was taken", field, bad)
		}
	}
	rule.Set("keys", []map[string]any{{"key": "role:finance"}})
	if err := app.Save(rule); err != nil {
		t.Fatal(err)
	}
	if puts, leaves := chen.pull(); puts != 0 || leaves == 0 {
		t.Errorf("%d puts, %d leaves after the templates became finance's", puts, leaves)
	}
	if rule, err = app.FindRecordById("sync_rules", rule.Id); err != nil {
		t.Fatal(err)
	}
	rule.Set("keys", []map[string]any{{"key": "all"}})
	if err := app.Save(rule); err != nil {
		t.Fatal(err)
	}
	if puts, leaves := chen.pull(); puts == 0 || leaves != 0 {
		t.Errorf("%d puts, %d leaves after they became everybody's again", puts, leaves)
	}
}

// TestRetentionTakesOldRowsOffPhones sets 90 days on visits, and sweeps.
func TestRetentionTakesOldRowsOffPhones(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	rule, err := app.FindFirstRecordByData("sync_rules", "name", "visits")
	if err != nil {
		t.Fatal(err)
	}
	rule.Set("retention_days", 90)
	rule.Set("retention_field", "planned_date")
	if err := app.Save(rule); err != nil {
		t.Fatal(err)
	}
	chen.pull()
	count := func() (n int) {
		for key := range chen.rows {
			if strings.HasPrefix(key, "visits ") {
				n++
			}
		}
		return n
	}
	if count() == 0 {
		t.Fatal("no visits to begin with")
	}
	app.Clock.Advance(100 * 24 * 60 * 60 * 1e9)
	if err := app.Bound.Sync.Sweep(app); err != nil {
		t.Fatal(err)
	}
	if _, leaves := chen.pull(); leaves == 0 || count() != 0 {
		t.Errorf("%d leaves, %d visits are still on the phone", leaves, count())
	}
}
