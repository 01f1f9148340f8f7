package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/testapp"
)

// alter changes a collection as the dashboard does.
func alter(t *testing.T, app *testapp.App, name string, fn func(c *core.Collection)) {
	t.Helper()
	c, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		t.Fatal(err)
	}
	fn(c)
	if err := app.Save(c); err != nil {
		t.Fatal(err)
	}
}

func renamed(from, to string) func(c *core.Collection) {
	return func(c *core.Collection) { c.Fields.GetByName(from).SetName(to) }
}

func removed(name string) func(c *core.Collection) {
	return func(c *core.Collection) { c.Fields.RemoveByName(name) }
}

// contactAt makes a contact by a push, and returns its id and version.
func (d *desk) contactAt(t *testing.T, name string) string {
	t.Helper()
	contact := id(name)
	d.want(d.push(d.born(contact, "139")), "applied")
	d.pull()
	return contact
}

func (d *desk) born(contact, phone string) map[string]any {
	set := map[string]any{"account": d.app.AccountOf("rep.chen").Id, "name": "someone", "wechat": phone}
	return d.mutation("create", "contacts", contact, map[string]any{"set": set})
}

func (d *desk) edit(record string, set map[string]any) map[string]any {
	return d.mutation("update", "contacts", record, map[string]any{"base": d.app.Bound.Sync.Head(), "set": set})
}

func (d *desk) stored(t *testing.T, record string) *core.Record {
	t.Helper()
	r, err := d.app.FindRecordById("contacts", record)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestS16AnOldAppReadsAndWritesUnderTheNamesItKnows(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	contact := chen.contactAt(t, "renamed")
	alter(t, app, "contacts", renamed("wechat", "mobile"))
	alter(t, app, "contacts", renamed("mobile", "tel"))
	chen.pull()
	row := chen.rows["contacts "+contact]
	if _, early := row["tel"]; row["wechat"] != "139" || early {
		t.Errorf("the old app holds %v", row)
	}
	chen.want(chen.push(chen.edit(contact, map[string]any{"wechat": "138"})), "applied")
	if got := chen.stored(t, contact).GetString("tel"); got != "138" {
		t.Errorf("stored %q", got)
	}
	chen.want(chen.push(chen.born(id("born"), "137")), "applied")
	if got := chen.stored(t, id("born")).GetString("tel"); got != "137" {
		t.Errorf("a new one is stored with %q", got)
	}
	chen.schema = 3
	chen.pull()
	if row := chen.rows["contacts "+contact]; row["tel"] != "138" || row["wechat"] != nil {
		t.Errorf("the new app holds %v", row)
	}
	chen.want(chen.push(chen.edit(contact, map[string]any{"tel": "136"})), "applied")
}

func TestS16ANameThatWasGivenToAnotherFieldIsNotMixedUp(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	contact := chen.contactAt(t, "swapped")
	alter(t, app, "contacts", renamed("wechat", "tel"))
	alter(t, app, "contacts", func(c *core.Collection) { c.Fields.Add(&core.TextField{Name: "wechat"}) })
	chen.want(chen.push(chen.edit(contact, map[string]any{"wechat": "138"})), "applied")
	if r := chen.stored(t, contact); r.GetString("tel") != "138" || r.GetString("wechat") != "" {
		t.Errorf("tel %q, phone %q", r.GetString("tel"), r.GetString("wechat"))
	}
	chen.pull()
	if row := chen.rows["contacts "+contact]; row["wechat"] != "138" {
		t.Errorf("the old app holds %v", row)
	}
}

func TestS16WhatAnOldAppHasForAFieldThatIsGoneIsKept(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	contact := chen.contactAt(t, "retired")
	alter(t, app, "contacts", removed("wechat"))
	chen.pull()
	if row := chen.rows["contacts "+contact]; row["wechat"] != "" {
		t.Errorf("the old app holds %v, it cannot do without the field", row)
	}
	got := chen.push(chen.edit(contact, map[string]any{"wechat": "138", "name": "another"}))
	chen.want(got, "merged")
	if name := chen.stored(t, contact).GetString("name"); name != "another" {
		t.Errorf("the rest of the edit: %q", name)
	}
	issue, err := app.FindFirstRecordByData("sync_issues", "code", "field.retired")
	if err != nil || issue.GetString("mine") != `"138"` || issue.GetString("field") != "wechat" {
		t.Errorf("kept %v, %v", issue, err)
	}
}

func TestS16AVerdictSpeaksInTheNamesOfTheApp(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	contact := chen.contactAt(t, "verdict")
	alter(t, app, "contacts", renamed("wechat", "tel"))
	got := chen.push(chen.edit(contact, map[string]any{"wechat": 138}))
	chen.want(got, "rejected field.type")
	result := got.body["results"].([]any)[0].(map[string]any)
	current, _ := result["current"].(map[string]any)
	if result["fields"].(map[string]any)["wechat"] != "field.type" || current["wechat"] != "139" || current["tel"] != nil {
		t.Errorf("%v", result)
	}
	record := chen.stored(t, contact)
	record.Set("tel", "office")
	if err := errorsOf(app.Save(record), app.Bound.Sync.Fold(app)); err != nil {
		t.Fatal(err)
	}
	got = chen.push(chen.mutation("update", "contacts", contact, map[string]any{"base": 1, "set": map[string]any{"wechat": "138"}}))
	result = got.body["results"].([]any)[0].(map[string]any)
	conflicts, _ := result["conflicts"].([]any)
	if len(conflicts) != 1 || conflicts[0].(map[string]any)["field"] != "wechat" {
		t.Errorf("%v", result)
	}
}

func TestS16AFieldThatTheCollectionGainedIsNobodysEdit(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	contact := chen.contactAt(t, "gained")
	base := app.Bound.Sync.Head()
	alter(t, app, "contacts", func(c *core.Collection) { c.Fields.Add(&core.TextField{Name: "wechat"}) })
	alter(t, app, "contacts", renamed("wechat", "tel"))
	chen.want(chen.push(chen.mutation("update", "contacts", contact, map[string]any{"base": base, "set": map[string]any{"name": "pending"}})), "applied")
}

func TestS16PullMayBeRefusedAsTooOldAndPushNever(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	contact := chen.contactAt(t, "tooold")
	settings, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		t.Fatal(err)
	}
	least := core.NewRecord(settings)
	least.Load(map[string]any{"key": "sync.min_schema", "value": 2})
	if err := errorsOf(app.Save(least), app.Bound.Sync.Fold(app)); err != nil {
		t.Fatal(err)
	}
	body := map[string]any{"device": chen.device, "schema": 1, "cursor": chen.cursor}
	for _, path := range []string{"pull", "digest"} {
		if got := chen.call("POST", "/api/sync/"+path, body); got.status != http.StatusUpgradeRequired || got.code() != "schema_too_old" {
			t.Errorf("%s: %+v", path, got)
		}
	}
	chen.want(chen.push(chen.edit(contact, map[string]any{"wechat": "138"})), "applied")
	hello := chen.call("POST", "/api/sync/hello", `{"install":"install-rep.chen","platform":"x","app":"1","schema":1}`)
	if hello.status != 200 || hello.body["min_schema"] != 2.0 || hello.body["schema"] != 1.0 {
		t.Errorf("hello: %+v", hello)
	}
}

// TestWorkOfAnOldAppIsUnderstoodWhenItIsReleased: what was kept aside is read in
// the names of the app that sent it, however much later.
func TestWorkOfAnOldAppIsUnderstoodWhenItIsReleased(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	contact := chen.contactAt(t, "later")
	held := chen.edit(contact, map[string]any{"wechat": "138"})
	held["after"] = []string{id("never")}
	chen.want(chen.push(held), "held sync.held")
	alter(t, app, "contacts", renamed("wechat", "tel"))
	parent := chen.contact(id("child"), app.AccountOf("rep.chen").Id, "parent", nil)
	parent["id"] = id("never")
	chen.want(chen.push(parent), "applied")
	if got := chen.stored(t, contact).GetString("tel"); got != "138" {
		t.Errorf("stored %q", got)
	}
}

// TestARenameIsNoticedThoughTheServerDiedBeforeItsFold: the names that phones
// know are stored, and not only remembered.
func TestARenameIsNoticedThoughTheServerDiedBeforeItsFold(t *testing.T) {
	manual := testapp.Hooks(func(c *hooks.Config) { c.Manual = true })
	app, server := serve(t, manual)
	chen := sit(t, app, server, "rep.chen")
	chen.pull()
	alter(t, app, "products", func(c *core.Collection) { c.Name = "goods" })
	next, again := serve(t, manual, testapp.FromBackup(app.Backup()))
	chen.app, chen.server = next, again
	chen.login()
	chen.pull()
	for key := range chen.rows {
		if strings.HasPrefix(key, "products ") {
			t.Fatalf("the phone still holds %s", key)
		}
	}
}
