package edges_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/hooks"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// TestAFieldOfJSONIsBoundedInBytes: hundreds of them are on one page, and on every phone.
func TestAFieldOfJSONIsBoundedInBytes(t *testing.T) {
	tagged := func(app *testapp.App, bytes int) (int, string) {
		got := app.Do("rep.chen", http.MethodPatch, "/api/collections/accounts/records/"+app.AccountOf("rep.chen").Id,
			fmt.Sprintf(`{"tags":[%q]}`, strings.Repeat("x", bytes)))
		return got.Code, got.Body.String()
	}
	app := testapp.New(t)
	if code, body := tagged(app, 60<<10); code != http.StatusOK {
		t.Errorf("60 KiB: %d %s", code, body)
	}
	if code, body := tagged(app, 70<<10); code != http.StatusBadRequest || !strings.Contains(body, "json.size") {
		t.Errorf("70 KiB: %d %.200s", code, body)
	}
	setting, err := app.FindFirstRecordByData("settings", "key", "visit.record_hours")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.DB().NewQuery("UPDATE settings SET history = json_array(json_object('value', hex(zeroblob(40000)))) WHERE id = {:id}").
		Bind(dbx.Params{"id": setting.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	if got := app.Do("admin.fang", http.MethodPatch, "/api/collections/settings/records/"+setting.Id, `{"value":25}`); got.Code != http.StatusOK {
		t.Errorf("a setting with a long history cannot be changed: %d %.300s", got.Code, got.Body)
	}
	planted := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantValueUnbounded }))
	if code, body := tagged(planted, 70<<10); code != http.StatusOK {
		t.Errorf("nobody bounds it: %d %.200s", code, body)
	}
}
