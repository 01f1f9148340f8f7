package importexport

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	office  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packed  = "http://schemas.openxmlformats.org/package/2006/"
	sheetML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	kindOf  = "application/vnd.openxmlformats-officedocument.spreadsheetml."

	// sheetRows is the most rows below the head of a sheet, which Excel opens in full.
	sheetRows = 1_000_000
)

// front is what stands in a workbook before its first sheet.
var front = []struct{ name, text string }{
	{"[Content_Types].xml", `<Types xmlns="` + packed + `content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="` + kindOf + `worksheet+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + kindOf + `sheet.main+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="` + packed + `relationships">` +
		`<Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
}

// bookWriter writes a workbook straight to its reader, a row at a time. Where a
// sheet is full the next one carries on under the same head. Its texts are cells of
// text, which no program takes for formulas.
type bookWriter struct {
	archive *zip.Writer
	sheet   *bufio.Writer
	head    []any
	most    int    // rows of a sheet, below its head
	mark    string // at the foot of every page
	sheets  int
	row     int // of the sheet
}

func newBook(w io.Writer, head []any, most int, mark string) (*bookWriter, error) {
	b := &bookWriter{archive: zip.NewWriter(w), head: head, most: most, mark: mark}
	for _, part := range front {
		if err := b.part(part.name, part.text); err != nil {
			return nil, err
		}
	}
	return b, b.begin()
}

// part writes a whole part.
func (b *bookWriter) part(name, text string) error {
	file, err := b.archive.Create(name)
	if err == nil {
		_, err = io.WriteString(file, xml.Header+text)
	}
	if err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// begin opens the next sheet with its head.
func (b *bookWriter) begin() error {
	b.sheets++
	file, err := b.archive.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", b.sheets))
	if err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	b.sheet, b.row = bufio.NewWriter(file), 0
	if _, err = b.sheet.WriteString(xml.Header + `<worksheet xmlns="` + sheetML + `"><sheetData>`); err != nil {
		return err
	}
	return b.write(b.head)
}

// end closes a sheet.
func (b *bookWriter) end() error {
	foot := ""
	if b.mark != "" {
		var text strings.Builder
		if err := xml.EscapeText(&text, []byte("&L"+strings.ReplaceAll(b.mark, "&", "&&"))); err != nil {
			return err
		}
		foot = `<headerFooter><oddFooter>` + text.String() + `</oddFooter></headerFooter>`
	}
	if _, err := b.sheet.WriteString(`</sheetData>` + foot + `</worksheet>`); err != nil {
		return err
	}
	return b.sheet.Flush()
}

// put writes a row below the head.
func (b *bookWriter) put(cells []any) error {
	if b.row > b.most {
		if err := b.end(); err != nil {
			return err
		}
		if err := b.begin(); err != nil {
			return err
		}
	}
	return b.write(cells)
}

// write writes a row of texts and numbers.
func (b *bookWriter) write(cells []any) error {
	b.row++
	number := strconv.Itoa(b.row)
	b.sheet.WriteString(`<row r="` + number + `">`) //nolint:errcheck // Flush tells
	for i, c := range cells {
		at := letters(i+1) + number
		switch v := c.(type) {
		case float64:
			b.sheet.WriteString(`<c r="` + at + `"><v>` + strconv.FormatFloat(v, 'g', -1, 64) + `</v></c>`) //nolint:errcheck // likewise
		case string:
			if v == "" {
				continue
			}
			b.sheet.WriteString(`<c r="` + at + `" t="inlineStr"><is><t xml:space="preserve">`) //nolint:errcheck // likewise
			if err := xml.EscapeText(b.sheet, []byte(escape(cut(v)))); err != nil {
				return err
			}
			b.sheet.WriteString(`</t></is></c>`) //nolint:errcheck // likewise
		default:
			return fmt.Errorf("a cell of %T", c)
		}
	}
	_, err := b.sheet.WriteString(`</row>`)
	return err
}

// close ends the last sheet, and names all of them.
func (b *bookWriter) close() error {
	if err := b.end(); err != nil {
		return err
	}
	var named, related strings.Builder
	for n := 1; n <= b.sheets; n++ {
		fmt.Fprintf(&named, `<sheet name="Sheet%d" sheetId="%d" r:id="rId%d"/>`, n, n, n)
		fmt.Fprintf(&related, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, office, n)
	}
	err := b.part("xl/workbook.xml", `<workbook xmlns="`+sheetML+`" xmlns:r="`+office+`"><sheets>`+named.String()+`</sheets></workbook>`)
	if err != nil {
		return err
	}
	if err := b.part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="`+packed+`relationships">`+related.String()+`</Relationships>`); err != nil {
		return err
	}
	return b.archive.Close()
}

// cut leaves what fits into a cell, in whole characters.
func cut(text string) string {
	if len(text) <= maxUnits {
		return text
	}
	units := 0
	for i, r := range text {
		if units++; r > 0xffff {
			units++
		}
		if units > maxUnits {
			return text[:i]
		}
	}
	return text
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// escape writes what XML has no word for as workbooks do, _x001D_, and what looks
// like that so that it stays; unescape reads it.
func escape(text string) string {
	var out strings.Builder
	for i, r := range text {
		switch {
		case r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff:
			fmt.Fprintf(&out, "_x%04X_", r)
		case r == '_' && len(text) >= i+7 && escaped.MatchString(text[i:i+7]):
			out.WriteString("_x005F_")
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escaped.ReplaceAllStringFunc(text, func(s string) string {
		n, err := strconv.ParseUint(s[2:6], 16, 16)
		if err != nil {
			return s
		}
		return string(utf8.AppendRune(nil, rune(n)))
	})
}
