package demo_test

import (
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// smallest is the small company with all that the generator fills.
var smallest = func() demo.Options {
	opt := demo.Small(testapp.Start)
	opt.Customers = true
	return opt
}()

// Every row would pass the rules that a write by REST or sync meets.
func TestRowsAreValid(t *testing.T) {
	app := testapp.New(t, testapp.Company(smallest))
	eachRecord(t, app, func(record *core.Record) {
		if err := app.Validate(record); err != nil {
			t.Errorf("%s %s: %v", record.Collection().Name, record.Id, err)
		}
	})
}

// Every relation leads to a row.
func TestReferences(t *testing.T) {
	app := testapp.New(t, testapp.Company(smallest))
	known := map[string]bool{}
	all, err := app.FindAllCollections(core.CollectionTypeBase, core.CollectionTypeAuth)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		var ids []string
		if err := app.DB().Select("id").From(c.Name).Column(&ids); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			known[c.Id+id] = true
		}
	}
	eachRecord(t, app, func(record *core.Record) {
		for _, field := range record.Collection().Fields {
			relation, ok := field.(*core.RelationField)
			if !ok {
				continue
			}
			for _, id := range record.GetStringSlice(relation.Name) {
				if !known[relation.CollectionId+id] {
					t.Errorf("%s %s: %s = %s leads nowhere", record.Collection().Name, record.Id, relation.Name, id)
				}
			}
		}
	})
}

// What hangs on a parent carries the parent's account, owner and department.
func TestRowsFollowTheirParents(t *testing.T) {
	app := testapp.New(t, testapp.Company(smallest))
	for _, c := range []struct {
		child, parent string
		fields        map[string]string // of the child → of the parent
	}{
		{"accounts", "owner", map[string]string{"manager": "manager", "dept": "department"}},
		{"contacts", "account", map[string]string{"dept": "dept"}},
		{"visits", "account", map[string]string{"owner": "owner", "manager": "manager", "dept": "dept"}},
		{"visit_steps", "visit", map[string]string{"account": "account", "owner": "owner", "dept": "dept"}},
		{"orders", "account", map[string]string{"owner": "owner", "manager": "manager", "dept": "dept"}},
		{"orders", "visit", map[string]string{"account": "account", "owner": "owner"}},
		{"order_lines", "order", map[string]string{"account": "account", "owner": "owner", "dept": "dept"}},
		{"improvement_actions", "owner", map[string]string{"manager": "manager", "dept": "department"}},
		{"policy_acks", "user", map[string]string{"manager": "manager", "dept": "department"}},
		{"trainings", "owner", map[string]string{"manager": "manager", "dept": "department"}},
		{"training_records", "user", map[string]string{"manager": "manager", "dept": "department"}},
		{"training_keys", "training", map[string]string{"owner": "owner"}},
		{"product_request_values", "account", map[string]string{"dept": "dept"}},
		{"annual_plans", "owner", map[string]string{"dept": "department"}},
		{"budgets", "owner", map[string]string{"dept": "department"}},
		{"budget_nodes", "budget", map[string]string{"dept": "dept"}},
		{"budget_entries", "node", map[string]string{"dept": "dept", "budget": "budget"}},
		{"budget_adjustments", "owner", map[string]string{"manager": "manager", "dept": "department"}},
		{"preapprovals", "owner", map[string]string{"manager": "manager", "dept": "department"}},
		{"cost_savings", "owner", map[string]string{"manager": "manager", "dept": "department"}},
		{"price_items", "list", map[string]string{"account": "account", "dept": "dept"}},
	} {
		records, err := app.FindAllRecords(c.child)
		if err != nil {
			t.Fatal(err)
		}
		if errs := app.ExpandRecords(records, []string{c.parent}, nil); len(errs) > 0 {
			t.Fatal(errs)
		}
		for _, record := range records {
			parent := record.ExpandedOne(c.parent)
			if parent == nil {
				t.Errorf("%s %s has no %s", c.child, record.Id, c.parent)
				continue
			}
			for field, of := range c.fields {
				if got, want := record.GetString(field), parent.GetString(of); got != want {
					t.Errorf("%s %s: %s = %q, its %s has %q", c.child, record.Id, field, got, c.parent, want)
				}
			}
		}
	}
}

// Nobody and nothing goes without a name.
func TestTexts(t *testing.T) {
	effort.Late(t)
	app := testapp.New(t, testapp.Company(demo.Full(testapp.Start)))
	for table, fields := range map[string][]string{
		"departments":     {"name"},
		"users":           {"name", "email", "emp_no", "phone"},
		"accounts":        {"name", "short_name", "uscc", "industry", "region", "address", "note"},
		"contacts":        {"name", "title", "phone", "email", "wechat", "birthday"},
		"products":        {"name", "sku", "spec", "unit", "category"},
		"price_lists":     {"name", "valid_from", "valid_to"},
		"visit_templates": {"name"},
		"visits":          {"objective", "prep_note"},
	} {
		for _, field := range fields {
			var empty int
			err := app.DB().Select("count(*)").From(table).Where(dbx.HashExp{field: ""}).Row(&empty)
			if err != nil {
				t.Fatal(err)
			}
			if empty > 0 {
				t.Errorf("%d rows of %s have no %s", empty, table, field)
			}
		}
	}
	for table, field := range map[string]string{"accounts": "name", "products": "name || spec", "contacts": "phone"} {
		var all, different int
		err := app.DB().NewQuery("SELECT count(*), count(DISTINCT "+field+") FROM "+table).Row(&all, &different)
		if err != nil {
			t.Fatal(err)
		}
		if all != different {
			t.Errorf("%s: %d rows share %d values of %s", table, all, different, field)
		}
	}
}

func eachRecord(t *testing.T, app core.App, visit func(*core.Record)) {
	t.Helper()
	for _, table := range tables {
		records, err := app.FindAllRecords(table)
		if err != nil {
			t.Fatal(err)
		}
		if len(records) == 0 {
			t.Errorf("%s is empty", table)
		}
		for _, r := range records {
			visit(r)
		}
	}
}
