package expense

import (
	"maps"
	"slices"
	"strings"

	"satchel/domain"
)

// Sources of what is known of an invoice.
const (
	SourceXML   = "xml"
	SourceOFD   = "ofd"
	SourcePDF   = "pdf"
	SourceQR    = "qr"
	SourcePhone = "phone" // typed by its owner
	SourceOCR   = "ocr"
)

// sourceOrder is whose word counts first.
var sourceOrder = []string{SourceXML, SourceOFD, SourcePDF, SourceQR, SourcePhone, SourceOCR}

// InvoiceFacts are what one source, or all of them, tell of an invoice. Empty
// and 0 are not told.
type InvoiceFacts struct {
	Kind       string `json:"kind"`
	Code       string `json:"code"`
	Number     string `json:"number"`
	Date       string `json:"issue_date"` // YYYY-MM-DD
	CheckCode  string `json:"check_code"`
	ExFen      int64  `json:"amount_ex_fen"`
	TaxFen     int64  `json:"tax_fen"`
	TotalFen   int64  `json:"total_fen"`
	SellerName string `json:"seller_name"`
	SellerTax  string `json:"seller_tax"`
	BuyerName  string `json:"buyer_name"`
	BuyerTax   string `json:"buyer_tax"`
	Goods      string `json:"goods"` // what it is issued for, as printed
}

// InvoiceFieldNames are the names by which sources give their fields, in order.
var InvoiceFieldNames = []string{
	"kind", "code", "number", "issue_date", "check_code", "amount_ex_fen", "tax_fen", "total_fen",
	"seller_name", "seller_tax", "buyer_name", "buyer_tax", "goods",
}

// ReadInvoiceFacts makes facts of the texts of one source, by InvoiceFieldNames;
// amounts are in yuan as printed. What cannot be read is left out. A negative
// total is invoice.red_letter.
func ReadInvoiceFacts(texts map[string]string) (InvoiceFacts, error) {
	var f InvoiceFacts
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		value := strings.TrimSpace(NormalText(texts[name]))
		at := f.at(name)
		switch {
		case at.text != nil && name == "issue_date":
			*at.text, _ = ParseDay(value)
		case at.text != nil && (name == "code" || name == "number"):
			if value = strings.ReplaceAll(value, " ", ""); digits(value) && len(value) <= 20 {
				*at.text = value
			}
		case at.text != nil && (name == "seller_tax" || name == "buyer_tax"):
			*at.text = taxNumber(value)
		case at.text != nil:
			*at.text = cut(value, 200)
		case at.fen != nil:
			*at.fen, _ = ParseFen(value)
		}
	}
	if f.TotalFen < 0 || f.ExFen < 0 && f.TotalFen == 0 {
		return f, domain.Problem{Code: "invoice.red_letter", Params: map[string]any{"number": f.Number, "amount": domain.Yuan(min(f.TotalFen, f.ExFen))}}
	}
	return f, nil
}

type invoiceField struct {
	text *string
	fen  *int64
}

func (f *InvoiceFacts) at(name string) invoiceField {
	switch name {
	case "kind":
		return invoiceField{text: &f.Kind}
	case "code":
		return invoiceField{text: &f.Code}
	case "number":
		return invoiceField{text: &f.Number}
	case "issue_date":
		return invoiceField{text: &f.Date}
	case "check_code":
		return invoiceField{text: &f.CheckCode}
	case "amount_ex_fen":
		return invoiceField{fen: &f.ExFen}
	case "tax_fen":
		return invoiceField{fen: &f.TaxFen}
	case "total_fen":
		return invoiceField{fen: &f.TotalFen}
	case "seller_name":
		return invoiceField{text: &f.SellerName}
	case "seller_tax":
		return invoiceField{text: &f.SellerTax}
	case "buyer_name":
		return invoiceField{text: &f.BuyerName}
	case "buyer_tax":
		return invoiceField{text: &f.BuyerTax}
	case "goods":
		return invoiceField{text: &f.Goods}
	}
	return invoiceField{}
}

// InvoiceConflict is a field of which two sources say different things.
type InvoiceConflict struct {
	Field string
	Kept  string // the source whose word counts
	Other string
	A, B  string // what they say, amounts in yuan
}

// MergeInvoice joins what the sources tell: each field from the first source in
// the order xml, ofd, pdf, qr, phone, ocr that tells it. from names that source
// by field.
func MergeInvoice(told map[string]InvoiceFacts) (facts InvoiceFacts, from map[string]string, conflicts []InvoiceConflict) {
	from = map[string]string{}
	for _, name := range InvoiceFieldNames {
		into := facts.at(name)
		for _, source := range sourceOrder {
			one, ok := told[source]
			value := one.at(name)
			if !ok || value.fen != nil && *value.fen == 0 || value.text != nil && *value.text == "" {
				continue
			}
			if from[name] == "" {
				from[name] = source
				if value.fen != nil {
					*into.fen = *value.fen
				} else {
					*into.text = *value.text
				}
				continue
			}
			if a, b := into.shown(), value.shown(); !sameFact(name, a, b) {
				conflicts = append(conflicts, InvoiceConflict{Field: name, Kept: from[name], Other: source, A: a, B: b})
			}
		}
	}
	return facts, from, conflicts
}

func (f invoiceField) shown() string {
	if f.fen != nil {
		return domain.Yuan(*f.fen)
	}
	return *f.text
}

// sameFact compares what two sources say. Names differ by brackets and spaces
// only in print; of the kind, only the QR and the title know half each, and an
// older check code is printed in part.
func sameFact(name, a, b string) bool {
	switch name {
	case "seller_name", "buyer_name":
		return PlainName(a) == PlainName(b)
	case "goods": // a person writes down the half of what a file lists
		return true
	case "kind":
		return a == b || a == InvoiceOther || b == InvoiceOther
	case "check_code":
		return strings.HasSuffix(a, b) || strings.HasSuffix(b, a)
	}
	return a == b
}
