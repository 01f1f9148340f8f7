package demo_test

import (
	"context"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/hooks/platform/gate"
	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// The server would compute the rows of invoices just as they are, and finds
// nothing suspicious; a paper's bytes are in the storage.
func TestInvoices(t *testing.T) {
	opt := demo.Small(testapp.Start)
	opt.Papers = 2
	app := testapp.New(t, testapp.Company(opt))
	rows, err := app.FindAllRecords("invoices")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 36 {
		t.Errorf("%d invoices", len(rows))
	}
	for _, row := range rows {
		before := map[string]string{}
		for _, f := range row.Collection().Fields {
			before[f.GetName()] = row.GetString(f.GetName())
		}
		row.Set("note", "x")
		if err := app.SaveWithContext(gate.AsServer(context.Background()), row); err != nil {
			t.Fatal(err)
		}
		for name, was := range before {
			if name == "note" || name == "updated" || name == "readings" {
				continue
			}
			if got := row.GetString(name); got != was {
				t.Errorf("%s of %s is %q, the server makes it %q", name, row.Id, was, got)
			}
		}
	}
	papers, err := app.FindAllRecords("blobs", dbx.HashExp{"purpose": "invoice"})
	if err != nil || len(papers) != 2 {
		t.Fatalf("%d papers, %v", len(papers), err)
	}
	files, err := app.NewFilesystem()
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	for _, paper := range papers {
		for _, field := range []string{"original", "public", "thumb", "tiny"} {
			if ok, err := files.Exists(paper.BaseFilesPath() + "/" + paper.GetString(field)); err != nil || !ok {
				t.Errorf("no %s of %s (%v)", field, paper.Id, err)
			}
		}
	}
}
