package hooks_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/records"
)

// TestDocumentsAreReadable: JSON that its field's type cannot read is refused on
// every collection, past all requests too; one that could be stored would make
// every later step of its row a fault, which a phone tries for ever.
func TestDocumentsAreReadable(t *testing.T) {
	app := testapp.New(t)
	all, err := app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, c := range all {
		for _, col := range records.Documents(c.Name) {
			refused := 0
			for _, text := range []string{`5`, `"x"`, `[5]`, `{"x":[5]}`, `[{"x":{}}]`, `true`} {
				row := core.NewRecord(c)
				row.Set("id", "documentrow0001")
				row.SetRaw(col, types.JSONRaw(text))
				if !records.Malformed(row, col) {
					continue
				}
				tried, refused = tried+1, refused+1
				p, fields, _ := gate.ProblemOf(app.Validate(row))
				if p.Code != "field.type" || fields[col] != "field.type" {
					t.Errorf("%s.%s takes %s: %v", c.Name, col, text, p)
				}
			}
			if refused == 0 {
				t.Errorf("%s.%s: nothing was tried", c.Name, col)
			}
		}
	}
	if tried < 20 {
		t.Errorf("%d values", tried)
	}
}
