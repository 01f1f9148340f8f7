package filters_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/internal/testapp"
)

// TestAListThatBrokeOffIsNoAnswer: where a query fails at its third row, nobody is
// given the two before it for all there are.
func TestAListThatBrokeOffIsNoAnswer(t *testing.T) {
	app := testapp.New(t)
	view := core.NewViewCollection("fragile")
	view.ListRule = types.Pointer("")
	view.ViewQuery = "SELECT id, abs(count) AS n FROM access_log"
	if err := app.Save(view); err != nil {
		t.Fatal(err)
	}
	count := func(id, n string) {
		t.Helper()
		if _, err := app.NonconcurrentDB().NewQuery("INSERT INTO access_log (id, count) VALUES ('" + id + "', " + n + ")").Execute(); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/api/collections/fragile/records?skipTotal=1&sort=id", "/api/ka/export/fragile"} {
		count("a"+path[5:7], "1")
		count("b"+path[5:7], "1")
		if rec := app.Do("rep.chen", "GET", path, ""); rec.Code != 200 || !strings.Contains(rec.Body.String(), "b"+path[5:7]) {
			t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
		}
		count("c"+path[5:7], "-9223372036854775808") // has no absolute value
		for _, token := range []string{app.Token("rep.chen"), app.SuperuserToken()} {
			if rec := app.DoBy(token, "GET", path, ""); rec.Code == 200 {
				t.Errorf("%s: %s", path, rec.Body)
			}
		}
		if _, err := app.NonconcurrentDB().NewQuery("DELETE FROM access_log").Execute(); err != nil {
			t.Fatal(err)
		}
	}
}
