package importexport

import (
	"bytes"
	"context"
	"io"
)

// For tests: what the area does with bytes and texts.
var (
	Guard    = guard
	Twice    = twice
	Clean    = clean
	Unguard  = unguard
	SameText = sameText
)

// Lists are the collections that can be imported.
func Lists() (names []string) {
	for name := range lists {
		names = append(names, name)
	}
	return names
}

// ReadTable returns the cells of a list.
func ReadTable(ctx context.Context, file interface {
	io.ReadSeeker
	io.ReaderAt
}, size int64, planted bool,
) (cells [][]string, bad map[int]error, err error) {
	b := usual
	if planted {
		b = boundless
	}
	rows, err := readTable(ctx, file, file, size, b)
	bad = map[int]error{}
	for _, r := range rows {
		cells = append(cells, r.cells)
		if r.bad != nil {
			bad[r.number] = r.bad
		}
	}
	return cells, bad, err
}

// WriteBook makes a workbook as exports do.
func WriteBook(rows [][]any) ([]byte, error) { return WriteSheets(rows, sheetRows) }

// WriteSheets makes a workbook with so many rows on a sheet, below the head.
func WriteSheets(rows [][]any, most int) ([]byte, error) {
	var out bytes.Buffer
	b, err := newBook(&out, rows[0], most, "")
	for _, row := range rows[1:] {
		if err == nil {
			err = b.put(row)
		}
	}
	if err == nil {
		err = b.close()
	}
	return out.Bytes(), err
}
