package api_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// TestDeleteAgainstEdit in both orders, under both settings of the rule, which
// take effect at once.
func TestDeleteAgainstEdit(t *testing.T) {
	app, server := serve(t)
	chen, wu := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu")
	account := app.AccountOf("rep.chen").Id
	for i, restores := range []bool{false, true, false} {
		if err := setRule(t, app, "contacts", map[string]any{"edit_restores": restores}); err != nil {
			t.Fatal(err)
		}
		a, b, c := id("a"+string(rune('0'+i))), id("b"+string(rune('0'+i))), id("c"+string(rune('0'+i)))
		made := map[string]any{"set": map[string]any{"account": account, "name": "王", "phone": "1", "title": "店长"}}
		chen.expect("made", chen.push(chen.mutation("create", "contacts", a, made), chen.mutation("create", "contacts", b, made), chen.mutation("create", "contacts", c, made)), "applied", "applied", "applied")
		chen.pull()
		wu.pull()
		edit := func(d *desk, r string) map[string]any {
			return d.mutation("update", "contacts", r, map[string]any{"base": d.rows["contacts "+r]["@v"], "set": map[string]any{"phone": "2"}})
		}
		remove := func(d *desk, r string) map[string]any {
			return d.mutation("delete", "contacts", r, map[string]any{"base": d.rows["contacts "+r]["@v"]})
		}
		wu.expect("deleted first", wu.push(remove(wu, a)), "applied")
		late := edit(chen, a)
		wu.expect("edited first", wu.push(edit(wu, b)), "applied")
		gone := remove(chen, b)
		if restores {
			chen.expect("the edit stands", chen.push(late, gone), "merged", "merged")
		} else {
			chen.expect("the delete stands", chen.push(late, gone), "rejected record.not_found", "applied")
			stateIs(t, app, late, "rejected", "open", "record.not_found")
		}
		for _, r := range []string{a, b} {
			got, err := app.FindRecordById("contacts", r)
			if (err == nil) != restores || restores && (got.GetString("phone") != "2" || got.GetString("title") != "店长" || got.GetString("account") != account) {
				t.Errorf("with %v, %s is %v, %v", restores, r, got, err)
			}
		}
		chen.pull()
		if chen.rows["contacts "+a] != nil != restores || chen.rows["contacts "+b] != nil != restores {
			t.Errorf("with %v the phone holds %v and %v", restores, chen.rows["contacts "+a], chen.rows["contacts "+b])
		}
		chen.expect("own delete, own edit", chen.push(remove(chen, c), edit(chen, c)), "applied", "rejected record.not_found")
	}
}

// TestAnEditRestoresOnlyWhatItsAuthorMayEdit.
func TestAnEditRestoresOnlyWhatItsAuthorMayEdit(t *testing.T) {
	app, server := serve(t)
	if err := setRule(t, app, "contacts", map[string]any{"edit_restores": true}); err != nil {
		t.Fatal(err)
	}
	chen, ma := sit(t, app, server, "rep.chen"), sit(t, app, server, "rep.ma")
	account := app.AccountOf("rep.chen").Id
	chen.expect("made", chen.push(chen.contact(id("c1"), account, "王", nil)), "applied")
	chen.pull()
	r, err := app.FindRecordById("contacts", id("c1"))
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Bound.Sync.Fold(app); err != nil {
		t.Fatal(err)
	}
	if err := app.Delete(r); err != nil {
		t.Fatal(err)
	}
	edit := func(d *desk) map[string]any {
		return d.mutation("update", "contacts", id("c1"), map[string]any{"base": 1, "set": map[string]any{"phone": "2"}})
	}
	ma.expect("a stranger", ma.push(edit(ma), ma.contact(id("c2"), app.AccountOf("rep.ma").Id, "李", nil)), "rejected record.not_found", "applied")
	there(t, app, "contacts", "c1", false)
	if err := setRule(t, app, "contacts", map[string]any{"edit_restores": false}); err != nil {
		t.Fatal(err)
	}
	chen.expect("not any more", chen.push(edit(chen)), "rejected record.not_found")
	if err := setRule(t, app, "contacts", map[string]any{"edit_restores": true}); err != nil {
		t.Fatal(err)
	}
	move(t, app, account, "rep.ma")
	chen.expect("not his any more", chen.push(edit(chen)), "rejected record.not_found")
	there(t, app, "contacts", "c1", false)
	move(t, app, account, "rep.chen")
	chen.expect("his", chen.push(edit(chen)), "merged")
	there(t, app, "contacts", "c1", true)
}

// TestARuleThatCannotRestoreIsRefused with the reason.
func TestARuleThatCannotRestoreIsRefused(t *testing.T) {
	app := testapp.New(t)
	for name, fault := range map[string]string{"products": "phones write", "account_handovers": ""} {
		err := setRule(t, app, name, map[string]any{"edit_restores": true})
		if (err == nil) != (fault == "") || err != nil && !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := setRule(t, app, "contacts", map[string]any{"edit_restores": true, "omit": []string{"name"}}); err == nil || !strings.Contains(err.Error(), "name is required") {
		t.Errorf("a row that could not be whole: %v", err)
	}
}

// setRule changes a sync rule as an administrator does in the dashboard.
func setRule(t *testing.T, app *testapp.App, name string, set map[string]any) error {
	t.Helper()
	rule, err := app.FindFirstRecordByData("sync_rules", "name", name)
	if err != nil {
		t.Fatal(err)
	}
	rule.Load(set)
	return app.Save(rule)
}

func there(t *testing.T, app *testapp.App, collection, name string, want bool) {
	t.Helper()
	if _, err := app.FindRecordById(collection, id(name)); (err == nil) != want {
		t.Errorf("%s %s: there is %v, want %v", collection, name, err == nil, want)
	}
}

// issueOf finds the one issue of a mutation.
func issueOf(t *testing.T, app *testapp.App, m map[string]any) *core.Record {
	t.Helper()
	found, err := app.FindRecordsByFilter("sync_issues", "mutation = {:m} && record = {:r}", "", 0, 0, map[string]any{"m": m["id"], "r": m["r"]})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d issues of %s, %v", len(found), m["id"], err)
	}
	return found[0]
}

func stateIs(t *testing.T, app *testapp.App, m map[string]any, kind, state, code string) *core.Record {
	t.Helper()
	i := issueOf(t, app, m)
	if i.GetString("kind") != kind || i.GetString("state") != state || i.GetString("code") != code {
		t.Errorf("the issue of %s is %s %s %s, want %s %s %s", m["id"], i.GetString("kind"), i.GetString("state"), i.GetString("code"), kind, state, code)
	}
	return i
}
