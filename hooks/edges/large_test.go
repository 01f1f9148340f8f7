package edges_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

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
	planted := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantValueUnbounded }))
	if code, body := tagged(planted, 70<<10); code != http.StatusOK {
		t.Errorf("nobody bounds it: %d %.200s", code, body)
	}
}
