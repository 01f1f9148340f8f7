package hooks_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/catalog"
	"satchel/internal/testapp"
)

// needed are keys that phones cannot do without, and kept those that tell how
// people are judged or the server is guarded.
var (
	needed = []string{"media.keep_until", "visit.record_hours", "visit.geofence_m", "order.max_discount_bp", "office.start"}
	kept   = []string{"risk.", "login.", "device.", "sync.", "security.", "webhook.", "message.", "backup.", "audit.", "clock.", "demo.", "upload.", "import.", "export.", "realtime."}
)

// TestPhonesGetTheSettingsThatTheyNeed and no other of the catalogue, by sync
// and over REST, also where a row says otherwise.
func TestPhonesGetTheSettingsThatTheyNeed(t *testing.T) {
	app := testapp.New(t)
	coll, err := app.FindCollectionByNameOrId("settings")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.DB().NewQuery("DELETE FROM settings").Execute(); err != nil {
		t.Fatal(err)
	}
	keys := append(slices.Sorted(maps.Keys(domain.Settings)), "x.theirs")
	for i, key := range keys {
		r := core.NewRecord(coll)
		r.Load(map[string]any{"key": key, "value": domain.Settings[key].Default, "secret": false})
		if value := domain.Settings[key].Default; value == nil {
			r.Set("value", map[string]any{"any": i})
		}
		if strings.HasPrefix(key, "backup.") { // judged by what the machine has
			_, err = app.DB().Insert("settings", dbx.Params{"id": fmt.Sprintf("setting%08d", i), "key": key, "value": `""`, "secret": true}).Execute()
		} else {
			err = app.Save(r)
		}
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
	}
	phone := app.Phone(app.Token("rep.chen"), "chen")
	phone.Pull()
	pulled := fmt.Sprint(phone.Rows["settings"])
	listed := app.Do("rep.chen", http.MethodGet, "/api/collections/settings/records?perPage=1000", "").Body.String()
	all := app.Do("admin.fang", http.MethodGet, "/api/collections/settings/records?perPage=1000", "").Body.String()
	for _, key := range keys {
		name, want := `"key":"`+key+`"`, catalog.OnPhones(key)
		if got := strings.Contains(pulled, name); got != want {
			t.Errorf("sync shows %s: %v", key, got)
		}
		if got := strings.Contains(listed, name); got != want {
			t.Errorf("REST shows %s: %v", key, got)
		}
		if !strings.Contains(all, name) {
			t.Errorf("an administrator does not see %s", key)
		}
		if slices.ContainsFunc(kept, func(prefix string) bool { return strings.HasPrefix(key, prefix) }) && want {
			t.Errorf("phones get %s", key)
		}
	}
	for _, key := range needed {
		if !catalog.OnPhones(key) {
			t.Errorf("phones lack %s", key)
		}
	}
	secret, err := app.FindFirstRecordByData("settings", "key", "risk.mock")
	if err != nil {
		t.Fatal(err)
	}
	answer := app.Do("admin.fang", http.MethodPatch, "/api/collections/settings/records/"+secret.Id, `{"secret":false}`)
	if !strings.Contains(answer.Body.String(), `"secret":true`) {
		t.Errorf("shown by a word: %s", answer.Body)
	}
}
