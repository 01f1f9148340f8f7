package importexport

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"satchel/hooks/platform/gate"
)

// readCSV reads a record at a time.
func (t *table) readCSV(file io.ReadSeeker) error {
	known, err := isUTF8(bufio.NewReader(file))
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	in := bufio.NewReaderSize(file, 64<<10)
	if !known {
		in = bufio.NewReaderSize(simplifiedchinese.GB18030.NewDecoder().Reader(file), 64<<10)
	}
	if mark, _ := in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // they were just seen
	}
	head, err := in.Peek(in.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	m := &meter{in: in}
	r := csv.NewReader(m)
	r.FieldsPerRecord, r.Comma = -1, separator(head)
	for last := 0; ; {
		m.piece = t.token
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return t.ofCSV(err, last+1)
		}
		last, _ = r.FieldPos(0)
		row := line{number: last, cells: cells}
		size := 0
		for i, c := range cells {
			if !known && strings.ContainsRune(c, utf8.RuneError) {
				return gate.Refuse("import.encoding", "row", last)
			}
			cells[i] = clean(c)
			size += len(c)
		}
		if err := t.keep(last, size); err != nil {
			return err
		}
		if err := t.add(row); err != nil {
			return err
		}
	}
}

// ofCSV says in words of ours why a file cannot be read on.
func (t *table) ofCSV(err error, row int) error {
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok && !errors.Is(err, errToken) {
		return gate.Refuse("import.quotes", "row", wrong.StartLine)
	}
	if errors.Is(err, errToken) {
		return gate.Refuse("import.row_too_long", "row", row, "limit", t.token>>10)
	}
	return err
}

// isUTF8 reads to the first byte that is not.
func isUTF8(in *bufio.Reader) (bool, error) {
	for {
		r, size, err := in.ReadRune()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil || r == utf8.RuneError && size == 1 {
			return false, err
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
