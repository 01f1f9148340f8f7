package api_test

import (
	"errors"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/sync/api"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// court compares a judge with PocketBase on one application.
type court struct {
	t     *testing.T
	judge *api.Judge
	tried map[bool]int // decisions, by what they were
	asked int          // that PocketBase itself must decide
}

// same puts one question to both.
func (c *court) same(app core.App, user, record *core.Record, rule string) bool {
	c.t.Helper()
	want, err := app.CanAccessRecord(record, &core.RequestInfo{Context: core.RequestInfoContextDefault, Auth: user}, &rule)
	if err != nil {
		c.t.Fatalf("%s: %v", rule, err)
	}
	got, kept, err := c.judge.Could(app, user, record, rule)
	switch {
	case err != nil:
		c.t.Fatalf("%s: %v", rule, err)
	case !kept:
		c.asked++
		return want
	case got != want:
		c.t.Errorf("%s of %s by %s: %v, PocketBase says %v\n%s", record.Collection().Name, record.Id, user.Email(), got, want, rule)
	}
	c.tried[want]++
	return want
}

// TestRulesAreDecidedAsPocketBaseDoes asks every rule of every collection, and
// what the engine asks of late work, as everybody of the company and as some who
// were disabled or belong nowhere.
func TestRulesAreDecidedAsPocketBaseDoes(t *testing.T) {
	app := testapp.New(t)
	c := &court{t: t, judge: &api.Judge{}, tried: map[bool]int{}}
	people, err := app.FindAllRecords("users")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]dbx.Params{
		"rep.he": {"active": false}, "director.lin": {"department": ""}, "manager.xu": {"role": ""}, "market.tang": {"role": "dept_manager"},
	} {
		if _, err := app.DB().Update("users", change, dbx.HashExp{"id": app.As(name).Id}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	collections, err := app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range collections {
		coll, err := app.FindCachedCollectionByNameOrId(found.Id)
		if err != nil {
			t.Fatal(err)
		}
		rules := map[string]bool{}
		for _, rule := range []*string{coll.ListRule, coll.ViewRule, coll.CreateRule, coll.UpdateRule, coll.DeleteRule} {
			if rule != nil && *rule != "" {
				rules[*rule] = true
			}
		}
		var late string
		if err := app.DB().NewQuery("SELECT late FROM sync_rules WHERE name = {:n}").Bind(dbx.Params{"n": coll.Name}).Row(&late); err == nil && late != "" {
			rules[late] = true
		}
		var rows []*core.Record
		if err := app.RecordQuery(coll).OrderBy("id").Limit(int64(effort.Times(2, 6))).All(&rows); err != nil {
			t.Fatal(err)
		}
		for rule := range rules {
			for _, user := range people {
				for _, row := range rows {
					c.same(app.TestApp, user, row, rule)
				}
			}
		}
	}
	if c.tried[true] < 1000 || c.tried[false] < 1000 {
		t.Errorf("only %v decisions", c.tried)
	}
	t.Logf("%d allowed, %d refused, %d left to PocketBase", c.tried[true], c.tried[false], c.asked)
}

// TestADecisionIsOfTheMoment changes, inside one transaction that is undone in
// the end, all that a decision rests on.
func TestADecisionIsOfTheMoment(t *testing.T) {
	app := testapp.New(t)
	c := &court{t: t, judge: &api.Judge{}, tried: map[bool]int{}}
	rep := app.As("rep.chen")
	account := app.AccountOf("rep.chen").Id
	contact, err := app.FindFirstRecordByData("contacts", "account", account)
	if err != nil {
		t.Fatal(err)
	}
	const lives = `@request.auth.id != "" && account.owner.active = true`
	may := func(app core.App, rule string) bool {
		t.Helper()
		row, err := app.FindRecordById("contacts", contact.Id)
		if err != nil {
			t.Fatal(err)
		}
		user, err := app.FindRecordById("users", rep.Id)
		if err != nil {
			t.Fatal(err)
		}
		if rule == "" {
			rule = *row.Collection().UpdateRule
		}
		return c.same(app, user, row, rule)
	}
	undo := errors.New("undo")
	err = app.RunInTransaction(func(txApp core.App) error {
		expect := func(what string, want bool) {
			t.Helper()
			if got := may(txApp, ""); got != want {
				t.Errorf("%s: %v", what, got)
			}
		}
		set := func(table, id string, change dbx.Params) {
			t.Helper()
			if _, err := txApp.DB().Update(table, change, dbx.HashExp{"id": id}).Execute(); err != nil {
				t.Fatal(err)
			}
		}
		collection := func(name string, change func(*core.Collection)) {
			t.Helper()
			coll, err := txApp.FindCollectionByNameOrId(name)
			if err != nil {
				t.Fatal(err)
			}
			change(coll)
			if err := txApp.Save(coll); err != nil {
				t.Fatal(err)
			}
		}
		expect("his own", true)
		set("users", rep.Id, dbx.Params{"active": false})
		expect("while he is disabled", false)
		set("users", rep.Id, dbx.Params{"active": true})
		set("accounts", account, dbx.Params{"owner": app.As("rep.ma").Id, "manager": ""})
		expect("when another serves it", false)
		set("users", rep.Id, dbx.Params{"role": "admin"})
		expect("as an administrator", true)
		set("users", rep.Id, dbx.Params{"role": "rep"})
		set("accounts", account, dbx.Params{"owner": rep.Id})
		expect("his own again", true)

		// The same rule reads another form of another collection's column.
		for _, most := range []int{1, 2} {
			if most == 2 {
				collection("accounts", func(coll *core.Collection) {
					coll.Fields.GetByName("owner").(*core.RelationField).MaxSelect = most
				})
			}
			if !may(txApp, lives) {
				t.Errorf("with at most %d owners: none", most)
			}
		}
		collection("contacts", func(coll *core.Collection) {
			rule := `@request.auth.role = "auditor"`
			coll.UpdateRule = &rule
		})
		expect("under another rule", false)
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
	if !may(app.TestApp, "") || !may(app.TestApp, lives) {
		t.Error("after all is undone he may not")
	}
	if c.asked > 0 {
		t.Errorf("%d decisions were left to PocketBase", c.asked)
	}
}

// TestWhatAQuestionCannotHold is left to PocketBase: what a request or a moment
// says, and values of the user that it copies into the query.
func TestWhatAQuestionCannotHold(t *testing.T) {
	app := testapp.New(t)
	c := &court{t: t, judge: &api.Judge{}, tried: map[bool]int{}}
	row := app.As("rep.chen")
	for _, rule := range []string{
		`@request.body.name != "x"`, `@request.method = ""`, `created < @now`, `@request.auth.email = email`,
		`id ~ @request.auth.id`, `@request.query.a = "1"`, `@collection.users.id ?= id`, `name = "a@b.c" || id != ""`,
	} {
		for _, name := range []string{"rep.chen", "manager.wu"} {
			c.same(app.TestApp, app.As(name), row, rule)
		}
	}
	if len(c.tried) > 0 {
		t.Errorf("%v were decided by a kept question", c.tried)
	}
	for _, rule := range []string{`id = @request.auth.id`, `@request.auth.id:lower = id`, `@request.auth.manager.name != "" && id != "a"`} {
		c.same(app.TestApp, app.As("rep.chen"), row, rule)
		c.same(app.TestApp, app.As("manager.wu"), row, rule)
	}
	if c.tried[true] < 3 {
		t.Errorf("%v", c.tried)
	}
}
