package importexport_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/internal/testapp"
)

// TestWhatPhonesWroteComesBackAsItIs: an export that is imported again makes no
// second row and changes no text, whatever spaces, lines and quotes are in it.
func TestWhatPhonesWroteComesBackAsItIs(t *testing.T) {
	for name, most := range map[string]int{"n6-space-behind-name.json": 2, "n7-texts-that-a-list-changes.json": 3} {
		app := testapp.New(t)
		phone, account := app.Phone(app.Token("rep.chen"), "his"), app.AccountOf("rep.chen")
		if _, err := app.DB().Update("accounts", dbx.Params{"uscc": "91110000000000001A"}, dbx.HashExp{"id": account.Id}).Execute(); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		body := strings.NewReplacer("$device", phone.Device, "$cursor", phone.Cursor, "$account", account.Id).Replace(string(text))
		if rec := app.DoBy(phone.Token, http.MethodPost, "/api/sync/push", body); strings.Count(rec.Body.String(), `"applied"`) != most {
			t.Fatalf("%s: %d %s", name, rec.Code, rec.Body)
		}
		_, rows := get(t, app, "rep.chen", "/api/ka/export/contacts?filter=name~'样例'")
		var columns []int
		for _, head := range []string{"客户", "姓名", "职务", "备注"} {
			columns = append(columns, slices.Index(rows[0], head))
		}
		var list [][]any
		for _, row := range rows {
			var line []any
			for _, i := range columns {
				line = append(line, row[i])
			}
			list = append(list, line)
		}
		if _, out := send(t, app, "rep.chen", "contacts", "", workbook(t, list...)); out.Unchanged != most || out.Created+out.Updated+len(out.Bad) != 0 {
			t.Errorf("%s: %+v", name, out)
		}
	}
}
