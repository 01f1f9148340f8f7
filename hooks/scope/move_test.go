package scope_test

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// ways are how the organisation changes: by an administrator's request, by our
// own code, and by a raw statement, which the job of the next minute makes up for.
var ways = map[string]func(t *testing.T, app *testapp.App, table, id string, fields map[string]any){
	"REST": func(t *testing.T, app *testapp.App, table, id string, fields map[string]any) {
		t.Helper()
		method, path, body := http.MethodPatch, "/api/collections/"+table+"/records/"+id, fields
		if table == "users" { // past the rules of the organisation, which is what an override is for
			method, path, body = http.MethodPost, "/api/ka/users/"+id+"/override", map[string]any{"reason": "重组", "set": fields}
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if got := app.Do("admin.fang", method, path, string(text)); got.Code != http.StatusOK {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
	},
	"save": func(t *testing.T, app *testapp.App, table, id string, fields map[string]any) {
		t.Helper()
		record, err := app.FindRecordById(table, id)
		if err != nil {
			t.Fatal(err)
		}
		record.Load(fields)
		save := app.Save
		if table == "users" {
			save = func(core.Model) error { return app.Override(record) }
		}
		if err := save(record); err != nil {
			t.Fatal(err)
		}
	},
	"raw statement": func(t *testing.T, app *testapp.App, table, id string, fields map[string]any) {
		t.Helper()
		if _, err := app.DB().Update(table, fields, dbx.HashExp{"id": id}).Execute(); err != nil {
			t.Fatal(err)
		}
		if err := app.Bound.Handovers.Run(app); err != nil {
			t.Fatal(err)
		}
	},
}

// TestChangesOfTheOrganisationMoveScope: on the next pull of everybody whom a
// change concerns, rows enter and leave, and REST shows the same.
func TestChangesOfTheOrganisationMoveScope(t *testing.T) {
	type seen struct{ who, collection, row string }
	for i, c := range []struct {
		name         string
		whom         string
		change       map[string]any // a value "@name" is that person's id, "@dept:name" his department
		enter, leave []seen         // row "of name" stands for those of his accounts
	}{
		{
			name: "another manager", whom: "rep.chen", change: map[string]any{"manager": "@manager.xu"},
			enter: []seen{{"manager.xu", "users", "rep.chen"}, {"manager.xu", "accounts", "of rep.chen"}, {"manager.xu", "visits", "of rep.chen"}, {"manager.xu", "contacts", "of rep.chen"}},
			leave: []seen{{"manager.wu", "users", "rep.chen"}, {"manager.wu", "accounts", "of rep.chen"}, {"manager.wu", "visits", "of rep.chen"}, {"manager.wu", "orders", "of rep.chen"}},
		},
		{
			name: "no manager", whom: "rep.chen", change: map[string]any{"manager": ""},
			leave: []seen{{"manager.wu", "users", "rep.chen"}, {"manager.wu", "accounts", "of rep.chen"}},
		},
		{
			name: "another department", whom: "rep.chen", change: map[string]any{"department": "@dept:market.tang"},
			enter: []seen{{"market.tang", "users", "rep.chen"}, {"market.tang", "accounts", "of rep.chen"}, {"market.tang", "contacts", "of rep.chen"}},
			leave: []seen{{"director.lin", "users", "rep.chen"}, {"director.lin", "accounts", "of rep.chen"}, {"director.lin", "contacts", "of rep.chen"}},
		},
		{
			name: "no department", whom: "rep.chen", change: map[string]any{"department": ""},
			leave: []seen{{"director.lin", "users", "rep.chen"}, {"director.lin", "accounts", "of rep.chen"}},
		},
		{
			name: "a rep becomes finance", whom: "rep.chen", change: map[string]any{"role": "finance"},
			enter: []seen{{"rep.chen", "accounts", "of rep.ma"}, {"rep.chen", "orders", "of rep.ma"}, {"rep.chen", "product_costs", ""}},
		},
		{
			name: "a rep becomes auditor", whom: "rep.chen", change: map[string]any{"role": "auditor"},
			enter: []seen{{"rep.chen", "visits", "of rep.ma"}, {"rep.chen", "users", "manager.xu"}, {"rep.chen", "contacts", "of rep.ma"}},
		},
		{
			name: "finance becomes a rep", whom: "finance.zhao", change: map[string]any{"role": "rep"},
			leave: []seen{{"finance.zhao", "accounts", "of rep.chen"}, {"finance.zhao", "orders", "of rep.ma"}, {"finance.zhao", "product_costs", ""}},
		},
		{
			name: "a manager becomes a rep", whom: "manager.wu", change: map[string]any{"role": "rep"},
			leave: []seen{{"manager.wu", "product_costs", ""}},
		},
		{
			name: "the head is head no more", whom: "director.lin", change: map[string]any{"role": "executive"},
			leave: []seen{{"director.lin", "users", "rep.chen"}, {"director.lin", "visits", "of rep.ma"}, {"director.lin", "accounts", "of rep.ma"}},
		},
		{
			name: "the head of another department", whom: "director.lin", change: map[string]any{"department": "@dept:market.tang"},
			enter: []seen{{"director.lin", "users", "market.tang"}},
			leave: []seen{{"director.lin", "users", "rep.chen"}, {"director.lin", "visits", "of rep.ma"}},
		},
		{
			name: "an account of another rep", whom: "account of rep.chen", change: map[string]any{"owner": "@rep.ma"},
			enter: []seen{{"rep.ma", "visits", "of rep.chen"}, {"manager.xu", "contacts", "of rep.chen"}},
			leave: []seen{{"rep.chen", "accounts", "of rep.chen"}, {"manager.wu", "visits", "of rep.chen"}, {"rep.chen", "contacts", "of rep.chen"}},
		},
	} {
		for _, way := range effort.Some(slices.Sorted(maps.Keys(ways)), 1, i) {
			change := ways[way]
			t.Run(c.name+" by "+way, func(t *testing.T) {
				t.Parallel()
				app := testapp.New(t)
				ways["save"](t, app, "users", app.As("market.tang").Id, map[string]any{"role": "dept_manager"})
				phones := map[string]*testapp.Phone{}
				concerned := []string{"rep.chen", "rep.he"}
				for _, s := range slices.Concat(c.enter, c.leave) {
					concerned = append(concerned, s.who)
				}
				for _, name := range concerned {
					if phones[name] == nil {
						phones[name] = app.Phone(app.Token(name), name)
						phones[name].Pull()
					}
				}
				rows := map[seen]string{} // what is looked for, as an id
				for _, s := range slices.Concat(c.enter, c.leave) {
					rows[s] = find(t, app, s.collection, s.row)
				}
				table, id := "users", ""
				if of, ok := strings.CutPrefix(c.whom, "account of "); ok {
					table, id = "accounts", app.AccountOf(of).Id
				} else {
					id = app.As(c.whom).Id
				}
				fields := map[string]any{}
				for name, value := range c.change {
					fields[name] = value
					if of, ok := strings.CutPrefix(fmt.Sprint(value), "@dept:"); ok {
						fields[name] = app.As(of).GetString("department")
					} else if of, ok := strings.CutPrefix(fmt.Sprint(value), "@"); ok {
						fields[name] = app.As(of).Id
					}
				}
				had := func(s seen) bool { _, ok := phones[s.who].Rows[s.collection][rows[s]]; return ok }
				for _, s := range c.enter {
					if had(s) {
						t.Fatalf("%s has %s %s before", s.who, s.collection, s.row)
					}
				}
				for _, s := range c.leave {
					if !had(s) {
						t.Fatalf("%s has no %s %s before", s.who, s.collection, s.row)
					}
				}
				change(t, app, table, id, fields)
				for name, p := range phones {
					p.Login(app.Token(name)) // another role ends what was given before
					p.Pull()
					for _, collection := range synced(t, app) {
						if rest, held := restIDs(t, app, app.Token(name), collection), idsOf(p.Rows[collection]); !slices.Equal(rest, held) {
							t.Errorf("%s: REST shows %d %s, the phone holds %d", name, len(rest), collection, len(held))
						}
					}
				}
				for _, s := range c.enter {
					if !had(s) {
						t.Errorf("%s did not get %s %s", s.who, s.collection, s.row)
					}
				}
				for _, s := range c.leave {
					if had(s) {
						t.Errorf("%s keeps %s %s", s.who, s.collection, s.row)
					}
				}
			})
		}
	}
}

// turnedAway reports whether an answer ends a session: by its token, or, if that
// was left as it is, by a look at the user.
func turnedAway(answer *httptest.ResponseRecorder, raw bool) bool {
	code := "auth_required"
	if raw {
		code = "user_disabled"
	}
	return answer.Code == http.StatusUnauthorized && (raw == strings.Contains(answer.Body.String(), `"wipe":true`)) &&
		(strings.Contains(answer.Body.String(), code) || !raw)
}

// TestDisabledAndBack: whoever is disabled is turned away everywhere and told
// to wipe; what was his stays with his managers; once back, he has all of it.
func TestDisabledAndBack(t *testing.T) {
	for way, change := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			app := testapp.New(t)
			chen := app.As("rep.chen").Id
			token := app.Token("rep.chen")
			phone, wu := app.Phone(token, "rep.chen"), app.Phone(app.Token("manager.wu"), "manager.wu")
			phone.Pull()
			wu.Pull()
			visits := len(wu.Rows["visits"])
			before := idsOf(phone.Rows["visits"])
			change(t, app, "users", chen, map[string]any{"active": false})
			if way == "raw statement" {
				app.Clock.Advance(10 * time.Second) // for which a pull may remember whom it admitted
			}
			for path, body := range map[string]any{
				"/api/sync/pull": map[string]any{"device": phone.Device, "schema": 1}, "/api/ka/blobs/sign": map[string]any{},
			} {
				answer := phone.Post(path, body)
				if !turnedAway(answer, way == "raw statement") {
					t.Errorf("a disabled user at %s: %d %s", path, answer.Code, answer.Body)
				}
			}
			if answer := send(app, token, http.MethodGet, "/api/collections/visits/records", nil); answer.Code == http.StatusOK && !strings.Contains(answer.Body.String(), `"items":[]`) {
				t.Errorf("a disabled user lists %d %s", answer.Code, answer.Body)
			}
			wu.Pull()
			if !strings.Contains(wu.Rows["users"][chen], `"active":false`) || len(wu.Rows["visits"]) != visits {
				t.Errorf("the manager holds %s and %d visits of %d", wu.Rows["users"][chen], len(wu.Rows["visits"]), visits)
			}
			change(t, app, "users", chen, map[string]any{"active": true})
			phone.Login(app.Token("rep.chen"))
			phone.Pull()
			token = app.Token("rep.chen")
			if got := idsOf(phone.Rows["visits"]); !slices.Equal(got, before) || !slices.Equal(got, restIDs(t, app, token, "visits")) {
				t.Errorf("back, he has %d visits of %d", len(got), len(before))
			}
			app.Clock.Advance(10 * time.Second)
			change(t, app, "users", app.As("manager.wu").Id, map[string]any{"active": false})
			phone.Pull()
			if got := idsOf(phone.Rows["visits"]); !slices.Equal(got, before) {
				t.Errorf("his manager is disabled and he has %d visits of %d", len(got), len(before))
			}
		})
	}
}

// find returns the id of a row: a person's by name, one of his accounts' ("of
// name"), or any ("").
func find(t *testing.T, app *testapp.App, collection, row string) string {
	t.Helper()
	if name, ok := strings.CutPrefix(row, "of "); ok {
		account := app.AccountOf(name)
		if collection == "accounts" {
			return account.Id
		}
		r, err := app.FindFirstRecordByData(collection, "account", account.Id)
		if err != nil {
			r, err = app.FindFirstRecordByFilter(collection, "account.owner = {:owner}", dbx.Params{"owner": app.As(name).Id})
		}
		if err != nil {
			t.Fatalf("%s %s: %v", collection, row, err)
		}
		return r.Id
	}
	if row != "" {
		return app.As(row).Id
	}
	var id string
	if err := app.DB().Select("id").From(collection).Limit(1).Row(&id); err != nil {
		t.Fatal(err)
	}
	return id
}
