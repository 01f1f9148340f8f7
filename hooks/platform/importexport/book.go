package importexport

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"satchel/hooks/platform/gate"
)

// book is a workbook of which only the parts are unzipped that say what the first
// sheet holds, a mark of XML at a time. A library that builds the workbook in
// memory cannot be bounded: it does so before it shows the first cell.
type book struct {
	*table

	parts  map[string]*zip.File // by path in lower case
	left   int64                // bytes that may still be unzipped
	row    int                  // the last one that was read
	days   map[int]bool         // formats of cells that show days
	is1904 bool                 // days are counted from 1904
	shared []sharedCell
}

func (t *table) readBook(at io.ReaderAt, size int64) error {
	metered := &meteredAt{ReaderAt: at, left: t.directory}
	archive, err := zip.NewReader(metered, size)
	if err != nil {
		return noBook(err)
	}
	metered.left = 1 << 62 // the parts are metered by themselves
	b := &book{table: t, parts: map[string]*zip.File{}, left: t.unzipped, days: map[int]bool{}}
	for _, f := range archive.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		if b.parts[name] == nil {
			b.parts[name] = f
		}
	}
	start, err := b.related("", "officedocument")
	if err != nil {
		return err
	}
	main := start["officedocument"]
	if main == "" {
		return noBook(nil)
	}
	sheet, err := b.firstSheet(main)
	if err != nil {
		return err
	}
	found, err := b.related(main, sheet, "styles", "sharedstrings")
	if err != nil {
		return err
	}
	if found[sheet] == "" {
		return noBook(nil)
	}
	if found["styles"] != "" {
		if err := b.readStyles(found["styles"]); err != nil {
			return err
		}
	}
	rows, err := b.readSheet(found[sheet])
	if err != nil {
		return err
	}
	if len(b.shared) > 0 {
		if err := b.readShared(found["sharedstrings"], rows); err != nil {
			return err
		}
	}
	for _, row := range rows {
		for i, c := range row.cells {
			row.cells[i] = clean(c)
		}
		if err := t.add(row); err != nil {
			return err
		}
	}
	return nil
}

// noBook refuses what is no workbook, or a damaged one.
func noBook(error) error { return gate.Refuse("import.workbook") }

// part is a part of a workbook that is read by its marks.
type part struct {
	*book

	file  io.ReadCloser
	meter *meter
	marks *xml.Decoder
	depth int
}

// each hands over the marks of a part until take has enough.
func (b *book) each(name string, take func(p *part, mark xml.Token) (enough bool, err error)) error {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return noBook(nil)
	}
	file, err := f.Open()
	if err != nil {
		return noBook(err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	p := &part{book: b, file: file, meter: &meter{in: bufio.NewReaderSize(file, 32<<10), left: &b.left}}
	p.marks = xml.NewDecoder(p.meter)
	for {
		mark, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if enough, err := take(p, mark); enough || err != nil {
			return err
		}
	}
}

// next reads a mark; io.EOF behind the last one.
func (p *part) next() (xml.Token, error) {
	p.meter.piece = p.token
	mark, err := p.marks.Token()
	switch {
	case errors.Is(err, io.EOF):
		return nil, io.EOF
	case errors.Is(err, errUnzipped):
		return nil, gate.Refuse("import.too_large", "limit", p.unzipped>>20, "row", p.row)
	case errors.Is(err, errToken):
		return nil, gate.Refuse("import.row_too_long", "limit", p.token>>10, "row", max(p.row, 1))
	case err != nil:
		return nil, noBook(err)
	}
	switch mark.(type) {
	case xml.StartElement:
		if p.depth++; p.depth > p.bounds.depth {
			return nil, noBook(nil)
		}
	case xml.EndElement:
		p.depth--
	}
	return mark, nil
}

// related finds the parts that one names, by the last word of their type or by
// their id, in lower case.
func (b *book) related(of string, wanted ...string) (map[string]string, error) {
	dir, base := path.Split(of)
	found := map[string]string{}
	err := b.each(dir+"_rels/"+base+".rels", func(_ *part, mark xml.Token) (bool, error) {
		at, ok := mark.(xml.StartElement)
		if !ok || at.Name.Local != "Relationship" {
			return false, nil
		}
		target := strings.ReplaceAll(attr(at, "Target"), `\`, "/")
		if rest, rooted := strings.CutPrefix(target, "/"); rooted {
			target = rest
		} else {
			target = path.Join(dir, target)
		}
		for _, w := range wanted {
			if found[w] == "" && (attr(at, "Id") == w || strings.ToLower(path.Base(attr(at, "Type"))) == w) {
				found[w] = target
			}
		}
		return false, nil
	})
	return found, err
}

// firstSheet is the id by which the workbook names it.
func (b *book) firstSheet(main string) (id string, err error) {
	err = b.each(main, func(_ *part, mark xml.Token) (bool, error) {
		at, ok := mark.(xml.StartElement)
		switch {
		case !ok:
		case at.Name.Local == "workbookPr":
			b.is1904 = isTrue(attr(at, "date1904"))
		case at.Name.Local == "sheet":
			for _, a := range at.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			return true, nil
		}
		return false, nil
	})
	if err == nil && id == "" {
		err = noBook(nil)
	}
	return id, err
}

// readStyles notes which formats of cells show days.
func (b *book) readStyles(name string) error {
	own, n := map[int]bool{}, 0
	return b.each(name, func(p *part, mark xml.Token) (bool, error) {
		at, ok := mark.(xml.StartElement)
		if !ok {
			end, ended := mark.(xml.EndElement)
			return ended && end.Name.Local == "cellXfs", nil
		}
		switch at.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attr(at, "numFmtId")); err == nil && len(own) < p.formats {
				own[id] = showsDay(attr(at, "formatCode"))
			}
		case "cellStyleXfs": // formats that formats stand on
			n = -1 << 31
		case "cellXfs":
			n = 0
		case "xf":
			id, _ := strconv.Atoi(attr(at, "numFmtId")) // none is that of 0
			shows, known := own[id]
			if !known {
				shows = builtInDay(id)
			}
			if shows && n >= 0 && n < p.formats {
				b.days[n] = true
			}
			n++
		}
		return false, nil
	})
}

// builtInDay are the formats that no workbook writes down, those of a Chinese
// Excel among them.
func builtInDay(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 31 || id == 36 || id >= 50 && id <= 54 || id == 57 || id == 58
}

// showsDay reports whether a format of one's own has a day or a year outside what
// it quotes.
func showsDay(format string) bool {
	quoted, bracketed := false, false
	for i := 0; i < len(format); i++ {
		switch c := format[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracketed = true
		case c == ']':
			bracketed = false
		case !bracketed && strings.IndexByte("yYdD", c) >= 0:
			return true
		}
	}
	return false
}

func attr(at xml.StartElement, name string) string {
	for _, a := range at.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func isTrue(text string) bool { return text == "1" || text == "true" }
