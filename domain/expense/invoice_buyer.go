package expense

import "strings"

// To whom an invoice is issued.
const (
	BuyerNA   = "na"   // its kind names no company, or nobody knows
	BuyerOurs = "ours" // one of the company's own names and tax numbers
	BuyerName = "name" // another name
	BuyerTax  = "tax"  // another tax number
)

// OwnCompany is a legal name of the company, with the tax number that belongs to it.
type OwnCompany struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitzero"`
	TaxNo   string   `json:"tax_no,omitzero"`
}

// titled kinds are issued to a company; tickets, tolls and fixed amounts are not.
var titled = setOf(InvoiceSpecial, InvoiceOrdinary, InvoiceESpecial, InvoiceEOrdinary, InvoiceESpecial20, InvoiceDigitalSpecial, InvoiceDigital)

// InvoiceBuyer tells whether an invoice is issued to the company. Widths, brackets,
// spaces and case make no difference. Without own names there is nothing to compare.
func InvoiceBuyer(f InvoiceFacts, own []OwnCompany) string {
	name, tax := PlainName(f.BuyerName), taxNumber(NormalText(f.BuyerTax))
	if !titled[f.Kind] || len(own) == 0 || name == "" && tax == "" {
		return BuyerNA
	}
	verdict := BuyerName
	for _, c := range own {
		named := name == "" || c.named(name)
		numbered := tax == "" || c.TaxNo == "" || tax == taxNumber(NormalText(c.TaxNo))
		switch {
		case named && numbered:
			return BuyerOurs
		case named:
			verdict = BuyerTax
		}
	}
	return verdict
}

func (c OwnCompany) named(plain string) bool {
	if PlainName(c.Name) == plain {
		return true
	}
	for _, alias := range c.Aliases {
		if alias = PlainName(alias); alias != "" && strings.EqualFold(alias, plain) {
			return true
		}
	}
	return false
}
