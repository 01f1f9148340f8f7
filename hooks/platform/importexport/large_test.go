package importexport_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http/httptest"
	"regexp"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"

	"satchel/hooks/platform/importexport"
	"satchel/internal/effort"
	"satchel/internal/testapp"
)

// counter counts the lines of an answer and keeps none.
type counter struct {
	*httptest.ResponseRecorder
	lines int
}

func (c *counter) Write(p []byte) (int, error) {
	c.lines += bytes.Count(p, []byte("\n"))
	return len(p), nil
}

func (c *counter) WriteString(s string) (int, error) { return c.Write([]byte(s)) }

// TestAnExportEndsWithItsLastRow, however many there are: where a sheet is full
// the next one carries on, under the same head.
func TestAnExportEndsWithItsLastRow(t *testing.T) {
	effort.Late(t)
	const rows = 1_000_001
	app := testapp.New(t)
	_, err := app.NonconcurrentDB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:rows})
		INSERT INTO access_log (id, what, count) SELECT printf('%015d', i), 'export', i FROM n`).Bind(map[string]any{"rows": rows}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest("GET", "/api/ka/export/access_log", nil)
	req.Header.Set("Authorization", app.SuperuserToken())
	list := &counter{ResponseRecorder: httptest.NewRecorder()}
	app.Handler().ServeHTTP(list, req)
	if list.lines != 1+rows+1 { // heads, rows, who took it
		t.Errorf("a CSV of %d lines", list.lines)
	}
	answer := app.DoBy(app.SuperuserToken(), "GET", "/api/ka/export/access_log?format=xlsx", "") // with the note of the first
	if got := sheets(t, answer.Body.Bytes()); len(got) != 2 || got[0] != 1+1_000_000 || got[1] != 1+2 {
		t.Errorf("sheets of %v rows", got)
	}
}

// sheets counts the rows of each sheet of a workbook.
func sheets(t *testing.T, book []byte) (rows []int) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range archive.File {
		if !regexp.MustCompile(`^xl/worksheets/`).MatchString(part.Name) {
			continue
		}
		in, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, bytes.Count(text, []byte("<row ")))
	}
	return rows
}

// TestASheetCarriesOnInTheNext: other programs find all of them, each under the head.
func TestASheetCarriesOnInTheNext(t *testing.T) {
	for _, n := range []int{0, 1, 3, 4, 7} {
		rows := [][]any{{"头", "数"}}
		for i := range n {
			rows = append(rows, []any{"行", float64(i)})
		}
		book, err := importexport.WriteSheets(rows, 3)
		if err != nil {
			t.Fatal(err)
		}
		read, err := excelize.OpenReader(bytes.NewReader(book))
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for _, sheet := range read.GetSheetList() {
			cells, err := read.GetRows(sheet)
			if err != nil || len(cells) == 0 || len(cells) > 1+3 || cells[0][0] != "头" {
				t.Fatalf("%d rows: %s has %v, %v", n, sheet, cells, err)
			}
			got = append(got, cells[1:]...)
		}
		for i, row := range got {
			if row[1] != strconv.Itoa(i) {
				t.Errorf("row %d is %v", i, row)
			}
		}
		if sheets := len(read.GetSheetList()); len(got) != n || sheets != max(1, (n+2)/3) {
			t.Errorf("%d rows: %d on %d sheets", n, len(got), sheets)
		}
		read.Close()
	}
}
