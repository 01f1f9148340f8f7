package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// TestAPhoneThatOutgrowsTheLimitIsWarnedFirst: one that has a cursor goes on up to
// half as much again, and only a first sync is refused at the limit itself.
func TestAPhoneThatOutgrowsTheLimitIsWarnedFirst(t *testing.T) {
	app, server := serve(t, testapp.Hooks(func(c *hooks.Config) { c.Manual = true }))
	chen := sit(t, app, server, "rep.chen")
	chen.pull()
	rows, err := syncer.ScopeRows(app.DB(), app.As("rep.chen").Id)
	if err != nil {
		t.Fatal(err)
	}
	limit := rows + 10
	app.Setting("sync.max_scope_rows", limit)
	made := 0
	add := func(n int) {
		t.Helper()
		coll, err := app.FindCollectionByNameOrId("contacts")
		if err != nil {
			t.Fatal(err)
		}
		err = app.RunInTransaction(func(txApp core.App) error {
			for range n {
				made++
				r := core.NewRecord(coll)
				r.Load(map[string]any{"account": app.AccountOf("rep.chen").Id, "name": fmt.Sprint("多", made)})
				if err := txApp.Save(r); err != nil {
					return err
				}
			}
			return nil
		})
		if err := errorsOf(err, app.Bound.Sync.Fold(app)); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(cursor string) (code string, warning *syncer.Warning) {
		t.Helper()
		got := app.DoBy(chen.token, "POST", "/api/sync/pull", fmt.Sprintf(`{"device":%q,"schema":1,"cursor":%q}`, chen.device, cursor))
		if got.Code != 200 {
			return fmt.Sprint(got.Code, " ", got.Body.String()), nil
		}
		var line struct{ Begin syncer.Begin }
		first, _, _ := strings.Cut(got.Body.String(), "\n")
		if err := json.Unmarshal([]byte(first), &line); err != nil {
			t.Fatal(err)
		}
		return "", line.Begin.Warning
	}
	add(5)
	if code, warning := ask(chen.cursor); code != "" || warning != nil {
		t.Errorf("below the limit: %s %v", code, warning)
	}
	add(10)
	if code, warning := ask(chen.cursor); code != "" || warning == nil || warning.Code != "scope_large" ||
		!strings.Contains(warning.Zh, fmt.Sprint(limit)) || !strings.Contains(warning.En, fmt.Sprint(limit*3/2)) {
		t.Errorf("above the limit: %s %+v", code, warning)
	}
	if code, _ := ask(""); !strings.Contains(code, "scope_too_large") || !strings.HasPrefix(code, "413") {
		t.Errorf("a first sync above the limit: %s", code)
	}
	chen.pull()
	add(limit/2 + 1)
	if code, _ := ask(chen.cursor); !strings.Contains(code, "scope_too_large") {
		t.Errorf("above half as much again: %s", code)
	}
	app.Setting("sync.max_scope_rows", 20_000)
	if code, warning := ask(chen.cursor); code != "" || warning != nil {
		t.Errorf("with the old limit: %s %v", code, warning)
	}
}

// TestWhatOthersCauseDoesNotCutAManagerOff: issues and notices do not count to the rows of a scope,
// for a phone that goes on and for a new one.
func TestWhatOthersCauseDoesNotCutAManagerOff(t *testing.T) {
	app, server := serve(t, testapp.Hooks(func(c *hooks.Config) { c.Manual = true }))
	chen, wu := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu")
	wu.pull()
	rows, err := syncer.ScopeRows(app.DB(), app.As("manager.wu").Id)
	if err != nil {
		t.Fatal(err)
	}
	app.Setting("sync.max_scope_rows", rows+5)
	app.Setting("issues.open_max", rows)
	var batch []map[string]any
	for i := range min(400, rows) {
		batch = append(batch, chen.mutation("create", "contacts", id(fmt.Sprintf("b%dx", i)), map[string]any{"set": map[string]any{"name": "x"}}))
	}
	if got := chen.push(batch...); got.status != 200 {
		t.Fatalf("%+v", got)
	}
	if puts, _ := wu.pull(); puts < len(batch) {
		t.Errorf("the manager got %d rows of %d issues", puts, len(batch))
	}
	err = app.RunInTransaction(func(txApp core.App) error {
		for range 20 {
			n := gate.Notice{User: app.As("manager.wu").Id, Kind: "device.new", Params: map[string]any{"name": "x"}}
			if err := gate.Notify(t.Context(), txApp, app.Clock.Now(), n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if puts, _ := wu.pull(); puts != 20 {
		t.Errorf("the manager got %d notices", puts)
	}
	wu.cursor = ""
	if puts, _ := wu.pull(); puts < rows+len(batch)-20 {
		t.Errorf("anew he got %d rows", puts)
	}
}
