// Package documents reads invoices out of the bytes of a picture, a PDF, an OFD or
// an XML file: the texts of their QRs, and fields by name with where they stood.
//
// Like package media it touches no disk and no database, and no clock but that of the
// program that its options may name. Read is bounded in what it unpacks and in how
// often it looks for a QR; still its input comes from anybody, and the PDF library
// can be led to ask for much memory, so servers run it in a process of its own.
package documents

import "satchel/media/qrprogram"

// Sources of fields.
const (
	SourceXML = "xml"
	SourceOFD = "ofd"
	SourcePDF = "pdf"
	SourceOCR = "ocr"
)

// Types of papers, by content.
const (
	TypePDF = "application/pdf"
	TypeOFD = "application/ofd"
	TypeXML = "application/xml"
)

// Names of fields. Amounts are in yuan as printed, dates as printed.
const (
	fieldKind       = "kind" // as in a QR: 31 special, 32 ordinary, 51 rail, 61 air
	fieldCode       = "code"
	fieldNumber     = "number"
	fieldDate       = "issue_date"
	fieldCheckCode  = "check_code"
	fieldEx         = "amount_ex_fen"
	fieldTax        = "tax_fen"
	fieldTotal      = "total_fen"
	fieldSellerName = "seller_name"
	fieldSellerTax  = "seller_tax"
	fieldBuyerName  = "buyer_name"
	fieldBuyerTax   = "buyer_tax"
	fieldGoods      = "goods" // all that it lists, the first 500 bytes
)

// Codes of a Refusal. They are never re-used for another meaning.
const (
	CodeType    = "paper.type_refused" // no kind of paper that is read
	CodeDamaged = "paper.damaged"
	CodeTooMuch = "paper.too_much" // it unpacks to more than any paper
	CodeDoctype = "paper.doctype"  // XML that declares types or entities
)

// Refusal says why a file is not read.
type Refusal struct {
	Code  string
	cause error
}

func (r *Refusal) Error() string {
	if r.cause != nil {
		return r.Code + ": " + r.cause.Error()
	}
	return r.Code
}

// Unwrap gives the reader's own error, if there is one.
func (r *Refusal) Unwrap() error { return r.cause }

func damaged(cause error) *Refusal { return &Refusal{Code: CodeDamaged, cause: cause} }

// Paper is what was read. It is plain data, to be sent from one process to another.
type Paper struct {
	Type     string    `json:"type"` // by content
	QR       []string  `json:"qr,omitempty"`
	Readings []Reading `json:"readings,omitempty"`
	Fault    string    `json:"fault,omitempty"` // of the QR program; the paper was read without it
}

// Reading is what one source tells, by the name of the field.
type Reading struct {
	Source string            `json:"source"`
	Fields map[string]string `json:"fields"`
}

// Options bound the work.
type Options struct {
	Bytes  int64 // of the file
	Pixels int64 // of a picture
	// Work is how many pixels may be looked at for QRs, over all attempts.
	Work int64
	// QRProgram is the path of another reader of QRs, which is asked about pictures on
	// which none is found at first; empty if there is none.
	QRProgram string
}

// Installed are the options with the program that this machine has.
func (o Options) Installed() Options {
	o.QRProgram = qrprogram.Find()
	return o
}

// DefaultOptions hold for the papers of a claim: 25 MB, 50 megapixels, and about
// a second of looking for a QR at most.
var DefaultOptions = Options{Bytes: 25 << 20, Pixels: 50_000_000, Work: 60_000_000}

// add keeps a reading that tells something.
func (p *Paper) add(source string, fields map[string]string) {
	for name, value := range fields {
		if value == "" {
			delete(fields, name)
		}
	}
	if len(fields) > 0 {
		p.Readings = append(p.Readings, Reading{Source: source, Fields: fields})
	}
}
