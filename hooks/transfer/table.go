package transfer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	maxFile = 20 << 20
	maxRows = 5000
	// unzipped bounds what a workbook may become in memory.
	unzipped = 64 << 20
)

// line is a row of a file: its number, as a spreadsheet counts, and its cells.
type line struct {
	number int
	cells  []string
}

// readTable reads the first sheet of a workbook, or a CSV in UTF-8 or GBK. The
// first line is the head; empty lines do not count.
func readTable(body []byte) ([]line, error) {
	read := readCSV
	if bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		read = readWorkbook
	}
	rows, err := read(body)
	if err != nil {
		if _, known := errors.AsType[domain.Problem](err); known {
			return nil, err
		}
		return nil, gate.Refuse("import.file", "reason", err.Error())
	}
	if len(rows) < 2 {
		return nil, gate.Refuse("import.no_rows")
	}
	return rows, nil
}

func readWorkbook(body []byte) (rows []line, err error) {
	book, err := excelize.OpenReader(bytes.NewReader(body), excelize.Options{UnzipSizeLimit: unzipped, UnzipXMLSizeLimit: unzipped / 4})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil, errors.New("no sheet")
	}
	it, err := book.Rows(sheets[0])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for n := 1; it.Next(); n++ {
		cells, err := it.Columns()
		if err != nil {
			return nil, err
		}
		if rows, err = add(rows, n, cells); err != nil {
			return nil, err
		}
	}
	return rows, it.Error()
}

func readCSV(body []byte) (rows []line, err error) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(body) {
		if body, err = simplifiedchinese.GB18030.NewDecoder().Bytes(body); err != nil {
			return nil, err
		}
		if bytes.ContainsRune(body, utf8.RuneError) {
			return nil, errors.New("neither UTF-8 nor GBK")
		}
	}
	r := csv.NewReader(bytes.NewReader(body))
	r.FieldsPerRecord, r.Comma = -1, separator(body)
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", len(rows)+1, err)
		}
		n, _ := r.FieldPos(0)
		if rows, err = add(rows, n, cells); err != nil {
			return nil, err
		}
	}
}

// separator is what the head is cut by most often.
func separator(body []byte) rune {
	head, _, _ := bytes.Cut(body, []byte("\n"))
	best, most := ',', 0
	for _, r := range []rune{',', '\t', ';'} {
		if n := bytes.Count(head, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}

func add(rows []line, n int, cells []string) ([]line, error) {
	empty := true
	for i, c := range cells {
		cells[i] = unguard(strings.TrimSpace(c))
		empty = empty && cells[i] == ""
	}
	if empty {
		return rows, nil
	}
	if len(rows) > maxRows {
		return nil, gate.Refuse("import.too_many", "limit", maxRows)
	}
	return append(rows, line{n, cells}), nil
}

// formulas are what a spreadsheet takes a text for a formula by.
const formulas = "=+-@\t\r"

// guard keeps a text from being taken for a formula; unguard undoes it. What
// looks guarded already is guarded once more.
func guard(text string) string {
	if text != "" && strings.ContainsRune(formulas, rune(text[0])) || guarded(text) {
		return "'" + text
	}
	return text
}

func unguard(text string) string {
	if guarded(text) {
		return text[1:]
	}
	return text
}

func guarded(text string) bool {
	inner := strings.TrimLeft(text, "'")
	return len(inner) < len(text) && inner != "" && strings.ContainsRune(formulas, rune(inner[0]))
}

// sameText tells whether a cell is what a stored text becomes in a list: without
// the spaces around it, its lines parted as files part them.
func sameText(stored, cell string) bool {
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	return lines.Replace(unguard(strings.TrimSpace(guard(stored)))) == lines.Replace(cell)
}
