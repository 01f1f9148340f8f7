package importexport

import (
	"context"
	"io"
	"strings"

	"satchel/hooks/platform/gate"
)

// line is a row of a file: its number, as a spreadsheet counts, its cells, as
// many as the head has at most, and why it cannot be taken, if so.
type line struct {
	number int
	cells  []string
	bad    error
}

// table is a list as it is read: the head first.
type table struct {
	bounds

	ctx   context.Context // of who waits for it
	rows  []line
	width int // of the head
	kept  int64
}

// readTable reads the first sheet of a workbook, or a CSV in UTF-8 or GBK. The
// first line is the head; empty lines do not count.
func readTable(ctx context.Context, file io.ReadSeeker, at io.ReaderAt, size int64, b bounds) ([]line, error) {
	t := &table{bounds: b, ctx: ctx}
	var magic [4]byte
	n, err := at.ReadAt(magic[:], 0)
	if err != nil && n == 0 && size > 0 {
		return nil, err
	}
	switch string(magic[:n]) {
	case "PK\x03\x04":
		err = t.readBook(at, size)
	case "\xd0\xcf\x11\xe0": // of before 2007, or locked by a password
		err = noBook(nil)
	default:
		err = t.readCSV(file)
	}
	if err != nil {
		return nil, err
	}
	if len(t.rows) < 2 {
		return nil, gate.Refuse("import.no_rows")
	}
	return t.rows, nil
}

// add takes a row whose cells are clean. The first is the head, by which the
// others are as wide. A watermark is no row.
func (t *table) add(row line) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	last := 0
	for i, c := range row.cells {
		if c != "" {
			last = i + 1
		}
	}
	if last == 0 && row.bad == nil || last == 1 && strings.HasPrefix(row.cells[0], markHead) {
		return nil
	}
	if len(t.rows) == 0 {
		if last > t.columns {
			return gate.Refuse("import.too_many_columns", "limit", t.columns)
		}
		t.width = last
	}
	if len(t.rows) > t.bounds.rows {
		return gate.Refuse("import.too_many", "limit", t.bounds.rows)
	}
	if last > t.width {
		row.bad = beyond(last, t.width)
		last = t.width
	}
	row.cells = row.cells[:last:last]
	t.rows = append(t.rows, row)
	return nil
}

// keep counts text that stays in memory.
func (t *table) keep(row, bytes int) error {
	if t.kept += int64(bytes); t.kept > t.text {
		return gate.Refuse("import.too_much_text", "limit", t.text>>20, "row", row)
	}
	return nil
}

// beyond refuses a row with something in a column that the head does not name.
func beyond(column, width int) error {
	return gate.Refuse("import.too_wide", "column", letters(column), "last", letters(width))
}

// letters is what a spreadsheet calls a column, of which the first is 1.
func letters(column int) (name string) {
	for ; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// clean is what a cell says: without the spaces around it and what guards it.
func clean(cell string) string {
	return strings.TrimRightFunc(unguard(strings.TrimLeftFunc(cell, isSpace)), isSpace)
}
