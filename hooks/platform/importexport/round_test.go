package importexport_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/xuri/excelize/v2"

	"satchel/hooks/platform/importexport"
	"satchel/internal/testapp"
)

// pieces are what makes a text strange in a list.
var pieces = []string{
	"=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "''", "\"", ",", ";", "\t", "\r", "\n", "\r\n", " ", "\u3000", "\u00a0", "\u2003", "\v", "\x1d",
	"_x001D_", "_x005F_", "_x", "<b>", "&amp;", "]]>", "样例", "a", "1", "😀", "\ufeff", "\uffff", "9.5", "#N/A", "TRUE", "\\.",
}

func strange(r *rand.Rand) string {
	var out strings.Builder
	for range 1 + r.IntN(6) {
		out.WriteString(pieces[r.IntN(len(pieces))])
	}
	return out.String()
}

// TestEveryTextComesBack: no text is a formula in a CSV, and each is the same when
// it comes back from a CSV or a workbook.
func TestEveryTextComesBack(t *testing.T) {
	r := rand.New(rand.NewPCG(16, 10))
	texts := slices.Clone(pieces)
	for range 3000 {
		texts = append(texts, strange(r))
	}
	rows := [][]any{{"头", "尾"}}
	var list bytes.Buffer
	w := csv.NewWriter(&list)
	w.Write([]string{"头", "尾"})
	for _, text := range texts {
		written := importexport.Guard(text)
		if importexport.Unguard(written) != text || importexport.Unguard(importexport.Twice(text)) != text {
			t.Errorf("%q comes back as %q", text, importexport.Unguard(written))
		}
		if first := []rune(strings.TrimSpace(written)); written != "" && (strings.ContainsRune("\t\r\n", rune(written[0])) || len(first) > 0 && strings.ContainsRune("=+-@＝＋－＠", first[0])) {
			t.Errorf("%q is written as %q", text, written)
		}
		w.Write([]string{written, "x"})
		rows = append(rows, []any{importexport.Twice(text), "x"})
	}
	w.Flush()
	book, err := importexport.WriteBook(rows)
	if err != nil {
		t.Fatal(err)
	}
	for kind, file := range map[string][]byte{"csv": list.Bytes(), "xlsx": book} {
		cells, bad, err := importexport.ReadTable(context.Background(), bytes.NewReader(file), int64(len(file)), false)
		if err != nil || len(bad) > 0 || len(cells) != len(texts)+1 {
			t.Fatalf("%s: %d rows, %v, %v", kind, len(cells), bad, err)
		}
		for i, text := range texts {
			if !importexport.SameText(text, cells[i+1][0]) {
				t.Errorf("%s: %q came back as %q", kind, text, cells[i+1][0])
			}
		}
	}
	// Another program reads the cells as they were written, but for the ends of lines that XML has one of.
	read, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	for i := range texts {
		got, err := read.GetCellValue("Sheet1", fmt.Sprintf("A%d", i+2))
		if want := rows[i+1][0]; err != nil || got != want {
			t.Errorf("another program reads %q as %q, %v", want, got, err)
		}
	}
}

// TestAnExportLeavesEveryRowAsItIs, whatever texts are in it.
func TestAnExportLeavesEveryRowAsItIs(t *testing.T) {
	app := testapp.New(t)
	account, r := app.AccountOf("rep.chen"), rand.New(rand.NewPCG(7, 8))
	coll, err := app.FindCollectionByNameOrId("contacts")
	if err != nil {
		t.Fatal(err)
	}
	const most = 150
	for i := range most {
		contact := core.NewRecord(coll)
		contact.Load(map[string]any{
			"account": account.Id, "name": strange(r) + fmt.Sprintf("回%d", i) + strange(r), "title": strange(r), "note": strange(r), "wechat": strange(r),
		})
		if err := app.Save(contact); err != nil {
			t.Fatal(err)
		}
	}
	_, rows := get(t, app, "rep.chen", "/api/ka/export/contacts?filter="+url.QueryEscape("name~'回'"))
	if len(rows) != most+1 {
		t.Fatalf("%d rows", len(rows))
	}
	var keep []int
	for _, head := range []string{"客户", "姓名", "职务", "微信", "备注"} {
		keep = append(keep, slices.Index(rows[0], head))
	}
	var list bytes.Buffer
	w := csv.NewWriter(&list)
	for _, row := range rows {
		var line []string
		for _, i := range keep {
			line = append(line, row[i])
		}
		w.Write(line)
	}
	w.Flush()
	if _, out := send(t, app, "rep.chen", "contacts", "", list.Bytes()); out.Unchanged != most || out.Created+out.Updated+len(out.Bad) != 0 {
		t.Errorf("%+v", out)
	}
}

// TestControlCharactersStayInAWorkbook, such as those between the parts of a scanned code.
func TestControlCharactersStayInAWorkbook(t *testing.T) {
	app := testapp.New(t)
	const note = "0106901234567892\x1d10A\v_x001D_"
	account := app.AccountOf("rep.chen")
	account.Set("note", note)
	if err := app.Save(account); err != nil {
		t.Fatal(err)
	}
	book := app.Do("rep.chen", "GET", "/api/ka/export/accounts?format=xlsx&filter="+url.QueryEscape("id='"+account.Id+"'"), "")
	read, err := excelize.OpenReader(book.Body)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	rows, err := read.GetRows("Sheet1")
	if err != nil || len(rows) != 2 || !slices.Contains(rows[1], note) {
		t.Errorf("%q, %v", rows, err)
	}
}
