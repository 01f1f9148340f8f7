package transfer

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

// frame is all of a workbook but its sheet.
var frame = []struct{ name, text string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
}

// bookWriter writes a workbook of one sheet straight to its reader, a row at a
// time. Its texts are cells of text, which no program takes for formulas.
type bookWriter struct {
	archive *zip.Writer
	sheet   *bufio.Writer
	row     int
}

func newBook(w io.Writer) (*bookWriter, error) {
	b := &bookWriter{archive: zip.NewWriter(w)}
	for _, part := range frame {
		file, err := b.archive.Create(part.name)
		if err == nil {
			_, err = io.WriteString(file, xml.Header+part.text)
		}
		if err != nil {
			return nil, fmt.Errorf("failed to write a workbook: %w", err)
		}
	}
	file, err := b.archive.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, fmt.Errorf("failed to write a workbook: %w", err)
	}
	b.sheet = bufio.NewWriter(file)
	_, err = b.sheet.WriteString(xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	return b, err
}

// put writes a row of texts and numbers.
func (b *bookWriter) put(cells []any) error {
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

func (b *bookWriter) close() error {
	if _, err := b.sheet.WriteString(`</sheetData></worksheet>`); err != nil {
		return err
	}
	if err := b.sheet.Flush(); err != nil {
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
