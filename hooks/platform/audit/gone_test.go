package audit_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/testapp"
)

var byHand = testapp.Hooks(func(c *hooks.Config) { c.Manual = true })

func fold(t *testing.T, app *testapp.App) {
	t.Helper()
	if err := app.Bound.Sync.Fold(app); err != nil {
		t.Fatal(err)
	}
}

// TestARawDeleteIsNoted with what phones had of the row, once, by the fold that
// sees it; a delete in good order has the entry of its hook alone.
func TestARawDeleteIsNoted(t *testing.T) {
	app := testapp.New(t, byHand)
	fold(t, app)
	for table, where := range map[string]string{"orders": "state = 'approved'", "contacts": "name <> ''", "visits": "state = 'accepted' OR state = 'reported'"} {
		var id string
		if err := app.DB().NewQuery("SELECT id FROM {{" + table + "}} WHERE " + where + " LIMIT 1").Row(&id); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		if _, err := app.DB().Delete(table, dbx.HashExp{"id": id}).Execute(); err != nil {
			t.Fatal(err)
		}
		fold(t, app)
		fold(t, app)
		got := entries(t, app, id)
		if len(got) == 0 {
			t.Errorf("nobody noted that a row of %s went", table)
			continue
		}
		last := got[len(got)-1]
		if last.GetString("action") != "raw.delete" || last.GetString("collection") != table || len(last.GetString("before")) < 10 {
			t.Errorf("%s: %v", table, last.PublicExport())
		}
	}
	contacts, err := app.FindRecordsByFilter("contacts", "name != ''", "id", 2, 0)
	if err != nil || len(contacts) != 2 {
		t.Fatal(err)
	}
	for i, who := range []string{app.SuperuserToken(), ""} { // over REST, and by our own code
		contact := contacts[i]
		if who == "" {
			err = app.Delete(contact)
		} else if got := app.DoBy(who, http.MethodDelete, "/api/collections/contacts/records/"+contact.Id, ""); got.Code != http.StatusNoContent {
			err = fmt.Errorf("%d %s", got.Code, got.Body)
		}
		if err != nil {
			t.Fatal(err)
		}
		fold(t, app)
		got := entries(t, app, contact.Id)
		if n := len(got); n == 0 || got[n-1].GetString("action") != "delete" || !strings.Contains(got[n-1].GetString("before"), contact.GetString("account")) {
			t.Errorf("%d entries of a delete in good order", n)
		}
	}
	var left int
	if err := app.DB().NewQuery("SELECT COUNT(*) FROM _gone").Row(&left); err != nil || left != 0 {
		t.Errorf("%d notes are left, %v", left, err)
	}
}

// TestTheConsoleIsOff unless a setting opens it, and then each query is noted,
// and what it deletes.
func TestTheConsoleIsOff(t *testing.T) {
	app := testapp.New(t, byHand)
	fold(t, app)
	order, err := app.FindFirstRecordByFilter("orders", "state = 'approved'")
	if err != nil {
		t.Fatal(err)
	}
	ask := func() (int, string) {
		got := app.DoBy(app.SuperuserToken(), http.MethodPost, "/api/sql", `{"query":"DELETE FROM orders WHERE id = '`+order.Id+`'"}`)
		return got.Code, got.Body.String()
	}
	if code, body := ask(); code != http.StatusForbidden || !strings.Contains(body, "console.off") {
		t.Errorf("%d %s", code, body)
	}
	app.Setting("security.sql_console", true)
	if code, body := ask(); code != http.StatusOK {
		t.Fatalf("%d %s", code, body)
	}
	fold(t, app)
	if got := entries(t, app, order.Id); len(got) == 0 || got[len(got)-1].GetString("action") != "raw.delete" {
		t.Errorf("%d entries of the order", len(got))
	}
	asked, err := app.FindAllRecords("audit_log", dbx.HashExp{"action": "sql.console"})
	if err != nil || len(asked) != 1 || !strings.Contains(asked[0].GetString("after"), order.Id) || asked[0].GetString("actor_name") == "" {
		t.Errorf("%v, %v", asked, err)
	}
}

// TestADroppedCollectionIsNoted with how much went with it.
func TestADroppedCollectionIsNoted(t *testing.T) {
	app := testapp.New(t)
	rows, err := app.CountRecords("survey_answers")
	if err != nil {
		t.Fatal(err)
	}
	coll, err := app.FindCollectionByNameOrId("survey_answers")
	if err != nil {
		t.Fatal(err)
	}
	if rows == 0 {
		if _, err := app.DB().Insert(coll.Name, dbx.Params{"id": core.GenerateDefaultRandomId()}).Execute(); err != nil {
			t.Fatal(err)
		}
		rows = 1
	}
	if err := app.Delete(coll); err != nil {
		t.Fatal(err)
	}
	got, err := app.FindAllRecords("audit_log", dbx.HashExp{"action": "collection.drop", "collection": "survey_answers"})
	if err != nil || len(got) != 1 || !strings.Contains(got[0].GetString("before"), fmt.Sprintf(`"rows":%d`, rows)) {
		t.Errorf("%v, %v", got, err)
	}
}
