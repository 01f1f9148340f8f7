package documents

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"github.com/ledongthuc/pdf"

	"satchel/media/qr"
)

const (
	maxPages   = 20
	maxContent = 16 << 20  // unpacked, of a page
	maxOps     = 500_000   // operators of all pages
	maxForms   = 8         // forms within forms
	maxObjects = 2_000_000 // that a cross-reference may name
	// readAhead times the file's size is what the library may read of it; one
	// that goes in circles reads on for ever.
	readAhead = 40
)

// readPDF reads the text layer, an XML that is attached, and QRs of pictures.
func readPDF(paper *Paper, data []byte, opts Options, work *qr.Budget) error {
	if err := pdfGuard(data); err != nil {
		return err
	}
	streams := carve(data)
	for _, s := range streams {
		if s.isFile() {
			if text, ok := s.unpack(maxXML); ok && looksLikeXML(text) {
				if doc, err := parseXML(text); err == nil {
					paper.add(SourceXML, doc.invoice())
				}
			}
		}
	}
	fields, err := pdfText(data)
	if err == nil {
		paper.add(SourcePDF, fields)
	}
	seen := 0
	for _, s := range streams {
		if seen == maxImages {
			break
		}
		if gray := s.picture(opts); gray != nil {
			seen++
			paper.readQR(gray, opts, work)
		}
	}
	if err != nil && len(paper.QR) == 0 && len(paper.Readings) == 0 {
		return damaged(err)
	}
	return nil
}

// Numbers that the library takes for sizes of what it allocates.
var (
	nameEscape   = regexp.MustCompile(`/[\w#]*#[0-9A-Fa-f]{2}\w*`)
	sizeKey      = regexp.MustCompile(`/(?:Size|N|First)\s*(\d+)`)
	columnsKey   = regexp.MustCompile(`/Columns\s*(\d+)`)
	widthsKey    = regexp.MustCompile(`/W\s*\[\s*(\d+)\s+(\d+)\s+(\d+)`)
	indexKey     = regexp.MustCompile(`/Index\s*\[([\d\s]*)\]`)
	sectionStart = regexp.MustCompile(`(?:^|[\r\n])\s*(\d{7,})\s+\d+\s*[\r\n]+\s*\d+\s+\d+\s+[nf]`)
	wholeNumber  = regexp.MustCompile(`\d+`)
)

// pdfGuard refuses files that name more objects than a paper has: the library
// allocates for what the file says of itself.
func pdfGuard(data []byte) error {
	tooMany := func(text []byte, limit int) bool {
		n, err := strconv.Atoi(string(text))
		return err != nil || n > limit
	}
	for _, m := range sizeKey.FindAllSubmatch(data, -1) {
		if tooMany(m[1], maxObjects) {
			return &Refusal{Code: CodeTooMuch}
		}
	}
	for _, m := range columnsKey.FindAllSubmatch(data, -1) {
		if tooMany(m[1], 100_000) {
			return &Refusal{Code: CodeTooMuch}
		}
	}
	for _, m := range widthsKey.FindAllSubmatch(data, -1) {
		if tooMany(m[1], 10_000) || tooMany(m[2], 10_000) || tooMany(m[3], 10_000) {
			return &Refusal{Code: CodeTooMuch}
		}
	}
	for _, m := range indexKey.FindAllSubmatch(data, -1) {
		for _, n := range wholeNumber.FindAll(m[1], -1) {
			if tooMany(n, maxObjects) {
				return &Refusal{Code: CodeTooMuch}
			}
		}
	}
	if m := sectionStart.FindSubmatch(data); m != nil && tooMany(m[1], maxObjects) {
		return &Refusal{Code: CodeTooMuch}
	}
	for _, m := range nameEscape.FindAll(data, -1) { // names whose numbers would hide from the checks above
		switch string(unescape(m)) {
		case "/Size", "/N", "/First", "/Columns", "/W", "/Index":
			return &Refusal{Code: CodeTooMuch}
		}
	}
	return nil
}

func unescape(name []byte) (out []byte) {
	for i := 0; i < len(name); i++ {
		if name[i] == '#' && i+2 < len(name) {
			if b, err := strconv.ParseUint(string(name[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(b))
				i += 2
				continue
			}
		}
		out = append(out, name[i])
	}
	return out
}

// bounded stops a reader that goes in circles.
type bounded struct {
	data *bytes.Reader
	left int64
}

var errCircle = errors.New("the file refers to itself")

func (b *bounded) ReadAt(p []byte, off int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		panic(errCircle)
	}
	return b.data.ReadAt(p, off)
}

// pdfText reads fields from the document's information and the text of its pages.
func pdfText(data []byte) (fields map[string]string, err error) {
	defer func() { // the library panics on what it does not expect
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	in := &bounded{data: bytes.NewReader(data), left: readAhead*int64(len(data)) + 64<<20}
	doc, err := pdf.NewReader(in, int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	t := &texts{}
	for n := 1; n <= min(doc.NumPage(), maxPages); n++ {
		page := doc.Page(n)
		if page.V.IsNull() {
			continue
		}
		t.page = n
		t.run(page.V.Key("Contents"), page.Resources(), identity, 0)
	}
	fields = fieldsOf(lines(t.pieces))
	info := doc.Trailer().Key("Info")
	for field, names := range tags {
		for _, name := range names {
			if value := info.Key(name); value.Kind() == pdf.String && value.Text() != "" {
				if fields == nil {
					fields = map[string]string{}
				}
				if fields[field] == "" {
					fields[field] = clip(value.Text(), 300)
				}
			}
		}
	}
	return fields, nil
}

// contentOf reads a content stream, or several, to see that it is none too large.
func contentOf(v pdf.Value) error {
	streams := []pdf.Value{v}
	if v.Kind() == pdf.Array {
		streams = nil
		for i := range min(v.Len(), 1000) {
			streams = append(streams, v.Index(i))
		}
	}
	left := int64(maxContent)
	for _, s := range streams {
		if s.Kind() != pdf.Stream {
			return errors.New("no content")
		}
		n, err := io.Copy(io.Discard, io.LimitReader(s.Reader(), left+1))
		if left -= n; left < 0 {
			return errors.New("too much content")
		}
		if err != nil {
			return fmt.Errorf("read content: %w", err)
		}
	}
	return nil
}
