package importexport

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// lister writes a list as a file, a row of texts and numbers at a time.
type lister interface {
	put(cells []any) error
	close() error
}

// newLister begins a file with the heads of its columns, as csv or xlsx, and with a
// watermark if it is to have one.
func newLister(w io.Writer, format, mark string, heads []string) (lister, error) {
	if format == "csv" {
		return newCSV(w, mark, heads)
	}
	cells := make([]any, len(heads))
	for i, h := range heads {
		cells[i] = h
	}
	book, err := newBook(w, cells, sheetRows, mark)
	return bookLister{book}, err
}

// Write writes a list of texts and numbers (float64) as a file: csv or xlsx. No
// program takes a text of it for a formula. mark is who takes it and when.
func Write(w io.Writer, format, mark string, heads []string, rows [][]any) error {
	file, err := newLister(w, format, mark, heads)
	if err != nil {
		return err
	}
	for _, cells := range rows {
		if err := file.put(cells); err != nil {
			return err
		}
	}
	return file.close()
}

// markHead begins the last line of a CSV, which says who took it and when. An import
// passes over it.
const markHead = "# 水印 "

// csvLister writes CSV that Excel opens as UTF-8. Texts are guarded.
type csvLister struct {
	out   *csv.Writer
	mark  string
	width int
}

func newCSV(w io.Writer, mark string, heads []string) (csvLister, error) {
	if _, err := io.WriteString(w, "\xef\xbb\xbf"); err != nil {
		return csvLister{}, err
	}
	out := csv.NewWriter(w)
	return csvLister{out, mark, len(heads)}, out.Write(heads)
}

func (l csvLister) put(cells []any) error {
	texts := make([]string, len(cells))
	for i, c := range cells {
		if n, ok := c.(float64); ok {
			texts[i] = strconv.FormatFloat(n, 'f', -1, 64)
		} else {
			texts[i] = guard(fmt.Sprint(c))
		}
	}
	return l.out.Write(texts)
}

func (l csvLister) close() error {
	if l.mark != "" {
		last := make([]string, l.width)
		last[0] = markHead + l.mark
		if err := l.out.Write(last); err != nil {
			return err
		}
	}
	l.out.Flush()
	return l.out.Error()
}

// bookLister writes a workbook. Texts stay as they are but for those that look
// guarded, which an import would strip.
type bookLister struct{ book *bookWriter }

func (l bookLister) put(cells []any) error {
	for i, c := range cells {
		if text, ok := c.(string); ok {
			cells[i] = twice(text)
		}
	}
	return l.book.put(cells)
}

func (l bookLister) close() error { return l.book.close() }
