package control_test

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
)

// TestNothingInForceIsWrittenOverREST: whoever tries whatever field of what was approved,
// issued or sent, by hand and past the steps, it stays as it was; and so do sums and entries.
func TestNothingInForceIsWrittenOverREST(t *testing.T) {
	effort.Late(t)
	d := open(t)
	d.spend(d.chen, "2026-03-10", 300_00)
	raise := d.submitted("manager.wu", "raise", nil, d.chen, 100_00)
	for _, who := range []string{"director.lin", "finance.zhao", "executive.sun"} {
		d.Must(d.Decide(who, raise, "approve", ""))
	}
	waiting := d.submitted("manager.wu", "raise", nil, d.he, 100_00)
	letter := d.Make("manager.wu", "target_letters", map[string]any{"subject": d.As("rep.chen").Id, "year": "2026"})
	d.Must(d.Act("manager.wu", letter, "send", ""))
	rows := []*core.Record{d.budget, d.chen, d.top, raise, waiting}
	for _, c := range []struct{ table, where string }{
		{"budget_entries", "kind = 'spend'"},
		{"targets", "state = 'issued'"},
		{"targets", "state = 'cascaded'"},
		{"target_letters", "state = 'sent'"},
		{"target_progress", "TRUE"},
	} {
		var id string
		if err := d.DB().NewQuery("SELECT id FROM " + c.table + " WHERE " + c.where + " ORDER BY id DESC LIMIT 1").Row(&id); err != nil {
			t.Fatalf("no %s with %s: %v", c.table, c.where, err)
		}
		rows = append(rows, d.Row(c.table, id))
	}
	tables := []string{"budgets", "budget_nodes", "budget_entries", "budget_balances", "budget_adjustments", "targets", "target_letters", "target_progress", "approvals"}
	before := d.dump(tables)
	people := []string{"rep.chen", "manager.wu", "director.lin", "finance.zhao", "executive.sun", "admin.fang"}
	for _, who := range people {
		for _, row := range rows {
			path := "/api/collections/" + row.Collection().Name + "/records"
			for _, f := range row.Collection().Fields {
				if value, known := another(row, f); known {
					body, err := json.Marshal(map[string]any{f.GetName(): value})
					if err != nil {
						t.Fatal(err)
					}
					d.Do(who, "PATCH", path+"/"+row.Id, string(body))
				}
			}
			d.Do(who, "DELETE", path+"/"+row.Id, "")
			copied := row.PublicExport()
			for _, field := range []string{"id", "collectionId", "collectionName", "created", "updated"} {
				delete(copied, field)
			}
			body, err := json.Marshal(copied)
			if err != nil {
				t.Fatal(err)
			}
			d.Do(who, "POST", path, string(body))
			if now := d.dump(tables); !slices.Equal(now, before) {
				t.Errorf("%s changed something through %s %s: %s", who, row.Collection().Name, row.GetString("state"), differ(before, now))
				before = now
			}
		}
	}
}

// another is a value that a field does not have, of its kind.
func another(row *core.Record, f core.Field) (value any, known bool) {
	switch f := f.(type) {
	case *core.NumberField:
		return row.GetInt(f.Name) + 1, true
	case *core.TextField:
		return map[bool]string{true: "2031-01-01", false: "x"}[len(row.GetString(f.Name)) == 10], f.Name != "id"
	case *core.BoolField:
		return !row.GetBool(f.Name), true
	case *core.SelectField:
		at := slices.IndexFunc(f.Values, func(v string) bool { return v != row.GetString(f.Name) })
		return f.Values[at], true
	case *core.RelationField:
		if f.MaxSelect > 1 {
			return []string{}, len(row.GetStringSlice(f.Name)) > 0
		}
		return "", row.GetString(f.Name) != ""
	case *core.JSONField:
		return []int{1, 2, 3}, true
	case *core.DateField:
		return "2031-01-01 00:00:00.000Z", true
	}
	return nil, false
}

// dump is all that tables hold, but for when a row was written.
func (d *desk) dump(tables []string) (out []string) {
	d.t.Helper()
	for _, table := range tables {
		var rows []dbx.NullStringMap
		if err := d.DB().NewQuery("SELECT * FROM " + table).All(&rows); err != nil {
			d.t.Fatal(err)
		}
		for _, row := range rows {
			delete(row, "updated")
			out = append(out, fmt.Sprint(table, " ", row))
		}
	}
	slices.Sort(out)
	return out
}

// differ are the rows that two dumps do not share.
func differ(a, b []string) (out []string) {
	for _, row := range append(slices.Clone(a), b...) {
		if !slices.Contains(a, row) || !slices.Contains(b, row) {
			out = append(out, row)
		}
	}
	return out
}
