package expense

import "satchel/domain"

// Verdicts on an invoice of the authority, or of finance that asked it by hand.
const (
	VerifyNone    = "unverified"
	VerifyValid   = "valid"
	VerifyVoid    = "void"
	VerifyRed     = "red"
	VerifyFailed  = "failed"  // the authority knows another invoice than this
	VerifyUnknown = "unknown" // the authority did not answer, or does not know yet
)

// InvoiceDead reports whether a verdict says that an invoice counts no longer.
func InvoiceDead(verify string) bool {
	return verify == VerifyVoid || verify == VerifyRed || verify == VerifyFailed
}

// InvoiceUseFacts are what decides whether an invoice may be used.
type InvoiceUseFacts struct {
	InvoiceFacts
	Verify   string `json:"verify_state"`
	Buyer    string `json:"buyer"`
	NoPaper  bool   `json:"no_paper,omitzero"` // nothing of it was photographed or kept
	OtherFen int64  `json:"other_fen"`         // by other uses that are active or paid
	UseFen   int64  `json:"use_fen"`
	Today    string `json:"today"`
}

// CheckInvoiceUse refuses what may not be claimed of an invoice:
//
//	invoice.paper_required  its number alone was written down (H-EXP-1)
//	invoice.dead          the authority says that it is void, red-letter or another one
//	invoice.buyer_name    it is issued to another company
//	invoice.buyer_tax     to our name with another tax number
//	invoice.future        it is issued tomorrow
//	invoice.no_total      nobody knows its amount
//	invoice.used_up       all uses together exceed its total
//	invoice.amount_range  …or what the amount before tax may come to; see InvoiceAmount
func CheckInvoiceUse(f InvoiceUseFacts) error {
	sum := f.OtherFen + f.UseFen
	switch {
	case f.NoPaper:
		return domain.Problem{Code: "invoice.paper_required", Params: map[string]any{"number": f.Number}}
	case InvoiceDead(f.Verify):
		return domain.Problem{Code: "invoice.dead", Params: map[string]any{"number": f.Number, "verdict": f.Verify}}
	case f.Buyer == BuyerName:
		return domain.Problem{Code: "invoice.buyer_name", Params: map[string]any{"number": f.Number, "name": f.BuyerName}}
	case f.Buyer == BuyerTax:
		return domain.Problem{Code: "invoice.buyer_tax", Params: map[string]any{"number": f.Number, "tax": f.BuyerTax}}
	case f.Date > f.Today:
		return domain.Problem{Code: "invoice.future", Params: map[string]any{"number": f.Number, "date": f.Date}}
	case f.TotalFen <= 0 && f.ExFen <= 0:
		return domain.Problem{Code: "invoice.no_total", Params: map[string]any{"number": f.Number}}
	case f.TotalFen <= 0: // a part of it may be less than the whole before tax
		return InvoiceAmount(f.Kind, f.ExFen, max(sum, f.ExFen), f.TaxFen)
	case sum > f.TotalFen:
		return domain.Problem{Code: "invoice.used_up", Params: map[string]any{
			"number": f.Number, "total": domain.Yuan(f.TotalFen), "used": domain.Yuan(f.OtherFen), "asked": domain.Yuan(f.UseFen),
		}}
	case f.ExFen > 0 && AmountMeans(f.Kind) == AmountExTax:
		return InvoiceAmount(f.Kind, f.ExFen, f.TotalFen, f.TaxFen)
	}
	return nil
}

// InvoiceStateOf is the state of an invoice with so many uses. One that was found to be
// void after it was handed in keeps its key: nobody gets it again.
func InvoiceStateOf(active, paid int, found bool, state string) string {
	switch {
	case active > 0:
		return InvoiceUsed
	case paid > 0:
		return InvoiceReimbursed
	case found || !InvoiceTakes(state):
		return state
	}
	return InvoiceFolder
}

// CheckBeforePayment refuses to pay for an invoice that is dead by now, for one above
// manualOver that nobody verified, and, while the authority is asked by itself, for one
// of which it, or finance, has not said anything just now.
func CheckBeforePayment(number, verify string, totalFen, manualOver int64, asked, fresh bool) error {
	switch {
	case InvoiceDead(verify):
		return domain.Problem{Code: "invoice.dead", Params: map[string]any{"number": number, "verdict": verify}}
	case manualOver > 0 && totalFen > manualOver && verify != VerifyValid:
		return domain.Problem{Code: "invoice.unverified", Params: map[string]any{"number": number, "over": domain.Yuan(manualOver)}}
	case asked && !fresh:
		return domain.Problem{Code: "invoice.verify_again", Params: map[string]any{"number": number}}
	}
	return nil
}

// InvoiceDisputes are the fields that sources disagree about: what each of them says.
func InvoiceDisputes(told map[string]InvoiceFacts, conflicts []InvoiceConflict) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, c := range conflicts {
		says := map[string]string{c.Kept: c.A, c.Other: c.B}
		for source, facts := range told {
			at := facts.at(c.Field)
			if at.text != nil && *at.text != "" || at.fen != nil && *at.fen != 0 {
				says[source] = at.shown()
			}
		}
		out[c.Field] = says
	}
	return out
}
