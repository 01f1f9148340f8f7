package expense

import (
	"satchel/domain"
)

// Reasons to look at an invoice.
const (
	RiskInvoiceCRC       = "invoice.qr_crc"          // the QR's checksum is another one
	RiskInvoiceYear      = "invoice.number_year"     // params: number, date
	RiskInvoiceProvince  = "invoice.number_province" // params: number
	RiskInvoiceTax       = "invoice.tax_number"      // params: field, number
	RiskInvoiceConflict  = "invoice.conflict"        // params: field, kept, a, other, b
	RiskInvoiceSum       = "invoice.sum"             // params: ex, tax, total
	RiskInvoiceReview    = "invoice.review"          // nobody knows what it is
	RiskInvoiceElsewhere = "invoice.used_elsewhere"  // in somebody's claim
	RiskInvoiceFolders   = "invoice.two_folders"     // in somebody else's folder
	RiskInvoiceTwice     = "invoice.own_twice"       // params: invoice
	RiskInvoiceFile      = "invoice.same_file"       // params: invoice, if one's own
	RiskInvoiceImage     = "invoice.similar_image"   // params: distance; invoice, if one's own
	RiskInvoiceSplit     = "invoice.split"           // params: date, amount; invoice, if one's own
	RiskReceiptTwice     = "invoice.receipt_twice"   // without a number, params: date, amount, invoice
	RiskReceiptAlike     = "invoice.receipt_alike"   // likewise somebody else's of that seller, params: date, amount
	RiskInvoiceRun       = "invoice.consecutive"     // params: number, invoice
)

// InvoicePoints are the points of each reason unless the setting "risk." + code
// says otherwise; 0 switches one off.
var InvoicePoints = map[string]int{
	RiskInvoiceCRC: 30, RiskInvoiceYear: 20, RiskInvoiceProvince: 20, RiskInvoiceTax: 10, RiskInvoiceConflict: 40, RiskInvoiceSum: 30,
	RiskInvoiceReview: 10, RiskInvoiceElsewhere: 100, RiskInvoiceFolders: 40, RiskInvoiceTwice: 20, RiskInvoiceFile: 100,
	RiskInvoiceImage: 30, RiskInvoiceSplit: 20, RiskInvoiceRun: 20, RiskReceiptTwice: 20, RiskReceiptAlike: 30,
}

// sumToleranceFen is what rounding of lines may add up to.
const sumToleranceFen = 2

func invoiceRisk(code string, params ...any) domain.RiskReason {
	r := domain.RiskReason{Code: code, Points: InvoicePoints[code]}
	for i := 0; i+1 < len(params); i += 2 {
		if name, ok := params[i].(string); ok && params[i+1] != "" {
			if r.Params == nil {
				r.Params = map[string]any{}
			}
			r.Params[name] = params[i+1]
		}
	}
	return r
}

// InvoiceDoubts returns what is odd about an invoice by itself: its checksum,
// number, tax numbers and sum, and what its sources disagree about.
func InvoiceDoubts(f InvoiceFacts, crc string, review bool, conflicts []InvoiceConflict) (out []domain.RiskReason) {
	if crc == CheckBad {
		out = append(out, invoiceRisk(RiskInvoiceCRC))
	}
	for _, code := range InvoiceNumberDoubts(f.Number, f.Date) {
		out = append(out, invoiceRisk(code, "number", f.Number, "date", f.Date))
	}
	for _, n := range []struct{ field, number string }{{"seller_tax", f.SellerTax}, {"buyer_tax", f.BuyerTax}} {
		if TaxNumberCheck(n.number) == CheckBad {
			out = append(out, invoiceRisk(RiskInvoiceTax, "field", n.field, "number", n.number))
		}
	}
	if off := f.ExFen + f.TaxFen - f.TotalFen; f.ExFen > 0 && f.TaxFen > 0 && f.TotalFen > 0 && (off > sumToleranceFen || off < -sumToleranceFen) {
		out = append(out, invoiceRisk(RiskInvoiceSum, "ex", domain.Yuan(f.ExFen), "tax", domain.Yuan(f.TaxFen), "total", domain.Yuan(f.TotalFen)))
	}
	for _, c := range conflicts {
		out = append(out, invoiceRisk(RiskInvoiceConflict, "field", c.Field, "kept", c.Kept, "a", c.A, "other", c.Other, "b", c.B))
	}
	if review {
		out = append(out, invoiceRisk(RiskInvoiceReview))
	}
	return out
}
