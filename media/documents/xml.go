package documents

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Limits of one XML file.
const (
	maxXML      = 8 << 20
	maxDepth    = 64
	maxElements = 100_000
	maxAttrs    = 64
	maxText     = 8 << 10 // of one element, in bytes
)

// element is one with its text, in document order. Names are without a prefix.
type element struct {
	path  []string // from the root, itself last
	attrs map[string]string
	text  string
}

func (e *element) name() string { return e.path[len(e.path)-1] }

type document struct{ elements []*element }

// parseXML reads a document of a bounded size. Entities other than the five of
// XML itself, and every document type, are refused: nothing expands, and nothing
// outside is asked for.
func parseXML(data []byte) (*document, error) {
	if len(data) > maxXML {
		return nil, &Refusal{Code: CodeTooMuch}
	}
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = charset
	var doc document
	var open []*element
	var path []string
	for {
		token, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, damaged(err)
		}
		switch token := token.(type) {
		case xml.Directive:
			return nil, &Refusal{Code: CodeDoctype}
		case xml.StartElement:
			if len(path) >= maxDepth || len(doc.elements) >= maxElements || len(token.Attr) > maxAttrs {
				return nil, &Refusal{Code: CodeTooMuch}
			}
			path = append(path[:len(path):len(path)], token.Name.Local)
			e := &element{path: path}
			for _, a := range token.Attr {
				if e.attrs == nil {
					e.attrs = map[string]string{}
				}
				e.attrs[a.Name.Local] = clip(a.Value, maxText)
			}
			doc.elements, open = append(doc.elements, e), append(open, e)
		case xml.EndElement:
			if len(path) == 0 || path[len(path)-1] != token.Name.Local {
				return nil, damaged(fmt.Errorf("%s is closed, but not open", token.Name.Local))
			}
			path, open = path[:len(path)-1], open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				if e := open[len(open)-1]; len(e.text) < maxText {
					e.text += clip(string(token), maxText-len(e.text))
				}
			}
		}
	}
	if len(path) > 0 || len(doc.elements) == 0 {
		return nil, damaged(errors.New("the document ends early"))
	}
	for _, e := range doc.elements {
		e.text = strings.TrimSpace(e.text)
	}
	return &doc, nil
}

func charset(label string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "gbk", "gb2312", "gb18030":
		return simplifiedchinese.GB18030.NewDecoder().Reader(in), nil
	}
	return nil, fmt.Errorf("unknown charset %q", clip(label, 40))
}

// clip shortens to at most n bytes.
func clip(text string, n int) string {
	if len(text) > n {
		return strings.ToValidUTF8(text[:n], "")
	}
	return text
}

// tags are the names of elements by field, those that count most first: of fully
// digital invoices, of the invoices in OFDs, and of the older pinyin layout.
var tags = map[string][]string{
	fieldNumber:     {"InvoiceNumber", "InvoiceNo", "EIid", "FPHM"},
	fieldCode:       {"InvoiceCode", "FPDM"},
	fieldDate:       {"IssueTime", "RequestTime", "IssueDate", "KPRQ"},
	fieldCheckCode:  {"InvoiceCheckCode", "JYM"},
	fieldEx:         {"TotalAmWithoutTax", "TaxExclusiveTotalAmount", "HJJE"},
	fieldTax:        {"TotalTaxAm", "TaxTotalAmount", "HJSE"},
	fieldTotal:      {"TotalTax-includedAmount", "TaxInclusiveTotalAmount", "JSHJ"},
	fieldSellerName: {"SellerName", "XSFMC"},
	fieldSellerTax:  {"SellerIdNum", "SellerTaxID", "XSFNSRSBH"},
	fieldBuyerName:  {"BuyerName", "GMFMC"},
	fieldBuyerTax:   {"BuyerIdNum", "BuyerTaxID", "GMFNSRSBH"},
}

// invoice reads the fields of an invoice; none if the document is another.
func (d *document) invoice() map[string]string {
	fields := map[string]string{}
	for field, names := range tags {
		fields[field] = d.first(names)
	}
	if fields[fieldNumber] == "" {
		return nil
	}
	fields[fieldKind] = d.kind()
	fields[fieldGoods] = d.goods()
	return fields
}

// goods are the names of what an invoice lists, of digital ones, OFDs, and of the older layout.
func (d *document) goods() string {
	var names []string
	for _, e := range d.elements {
		if slices.Contains([]string{"ItemName", "Item", "SPMC"}, e.name()) {
			names = append(names, e.text)
		}
	}
	return listed(names)
}

// maxGoods is how much of a list of goods is kept, in bytes.
const maxGoods = 500

// listed joins names, each once.
func listed(names []string) string {
	var out []string
	for _, name := range names {
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return clip(strings.Join(out, "、"), maxGoods)
}

func (d *document) first(names []string) string {
	for _, name := range names {
		for _, e := range d.elements {
			if e.text != "" && strings.EqualFold(e.name(), name) {
				return e.text
			}
		}
	}
	return ""
}

// kind reads the label that says special or ordinary.
func (d *document) kind() string {
	for _, e := range d.elements {
		if len(e.path) < 2 || e.path[len(e.path)-2] != "GeneralOrSpecialVAT" || e.name() != "LabelCode" {
			continue
		}
		return map[string]string{"01": "31", "02": "32"}[e.text]
	}
	return ""
}
