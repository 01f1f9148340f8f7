package importexport_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"satchel/internal/testapp"
)

// policy: R7.13 watermark
//
// TestAListSaysWhoTookIt, and when: at the foot of a workbook's pages, in the last line of a
// CSV, over which an import passes, in the file's name, and in the access log.
func TestAListSaysWhoTookIt(t *testing.T) {
	app := testapp.New(t)
	out := app.Do("director.lin", http.MethodGet, "/api/ka/export/accounts?format=xlsx", "")
	if out.Code != http.StatusOK {
		t.Fatalf("%d %s", out.Code, out.Body)
	}
	name := app.As("director.lin").GetString("name")
	if got := out.Header().Get("Content-Disposition"); !strings.Contains(got, url.PathEscape(name)) {
		t.Errorf("the file is %s", got)
	}
	book, err := zip.NewReader(bytes.NewReader(out.Body.Bytes()), int64(out.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := book.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(sheet)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "<oddFooter>&amp;L"+name+" 20") {
		t.Errorf("nothing at the foot: %s", text[max(0, len(text)-200):])
	}
	list := app.Do("director.lin", http.MethodGet, "/api/ka/export/accounts", "").Body.String()
	lines := strings.Split(strings.TrimRight(list, "\n"), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "# 水印 "+name+" 20") {
		t.Errorf("the list ends with %s", last)
	}
	row, err := app.FindFirstRecordByFilter("access_log", "what = 'export'")
	if err != nil || !strings.Contains(row.GetString("params"), `"watermark":"`+name+" 20") {
		t.Errorf("%v %v", row, err)
	}
}
