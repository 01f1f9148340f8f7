package expense

import (
	"slices"

	"satchel/domain"
)

// Sellers are whom a line was bought of.
func (l LineFacts) Sellers() (out []string) {
	for _, i := range l.Invoices {
		if name := PlainName(i.SellerName); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if name := PlainName(l.Merchant); len(out) == 0 && name != "" {
		out = append(out, name)
	}
	return out
}

// sellersOf are the sellers of each line.
func sellersOf(lines []LineFacts) [][]string {
	out := make([][]string, len(lines))
	for i := range lines {
		out[i] = lines[i].Sellers()
	}
	return out
}

// judgeSplit finds bills of one seller and day that are above a limit together, also of
// several claims, at the line that passes it.
func judgeSplit(j *judged) {
	for _, seller := range j.sellers[j.at] {
		sum, n := j.line.SellerFen, 0
		if sum > 0 {
			n = 1
		}
		for i, sellers := range j.sellers[:j.at+1] {
			if l := &j.claim.Lines[i]; l.Day == j.line.Day && slices.Contains(sellers, seller) {
				sum, n = sum+l.Fen, n+1
			}
		}
		if n > 1 && sum > j.whole("limit_fen") {
			j.hit("expense.split", "≤ "+yuan(j.whole("limit_fen")), map[string]any{"seller": seller, "day": j.line.Day, "sum": yuan(sum), "limit": yuan(j.whole("limit_fen"))})
			return
		}
	}
}

// paperless reports whether a line asks for money without an invoice that it ought to have.
func (j *judged) paperless(l LineFacts) bool {
	if len(l.Invoices) > 0 {
		return false
	}
	c := ComputeLine(j.rules, j.claim.Role, l)
	return c == nil || !c.NoInvoice
}

// judgeNoInvoice: every line has an invoice, or may do without one (H-EXP-1).
func judgeNoInvoice(j *judged) {
	if !j.paperless(j.line) {
		return
	}
	if !slices.ContainsFunc(j.line.categories(), func(code string) bool { return slices.Contains(j.texts("allowed"), code) }) {
		j.hit("expense.invoice_required", "", map[string]any{"category": j.line.Category})
		return
	}
	if j.line.NoInvoiceReason == "" {
		j.hit("expense.statement_required", "", nil)
		return
	}
	month := domain.Month(j.line.Day)
	sum := j.claim.NoInvoiceFen[month]
	for l := range j.before() {
		if domain.Month(l.Day) == month && j.paperless(*l) {
			sum += l.Fen
		}
	}
	if sum > j.whole("month_fen") {
		j.hit("expense.no_invoice_month", "≤ "+yuan(j.whole("month_fen")), map[string]any{"month": month, "sum": yuan(sum), "limit": yuan(j.whole("month_fen"))})
	}
}

// judgeFee pays display, entry and stacks for what was agreed and seen.
func judgeFee(j *judged) {
	f := j.line.Fee
	if f == nil || !f.Contract && !f.Activity {
		j.hit("expense.fee_unfounded", "", nil)
		return
	}
	if f.VisitPhotos < j.whole("photos") {
		j.hit("expense.fee_photos", "", map[string]any{"photos": f.VisitPhotos, "least": j.whole("photos")})
	}
	if f.LimitFen == 0 {
		return
	}
	sum := f.PaidFen
	for l := range j.before() {
		if f.same(*l, j.line) && j.applies(*l) {
			sum += l.Fen
		}
	}
	if sum > f.LimitFen {
		j.hit("expense.fee_over", "≤ "+yuan(max(f.LimitFen-f.PaidFen, 0)), map[string]any{"sum": yuan(sum), "limit": yuan(f.LimitFen)})
	}
}

// OfContract reports whether it is the contract that limits a fee, whatever activity is
// named beside it.
func (f FeeFacts) OfContract() bool { return f.Contract && !f.ByActivity }

// same reports whether two lines are paid of what has the limit.
func (f FeeFacts) same(a, b LineFacts) bool {
	if f.OfContract() {
		return a.Contract == b.Contract
	}
	return a.Activity == b.Activity
}

func judgeAlikeOwn(j *judged) {
	if len(j.line.Invoices) == 0 && slices.ContainsFunc(j.line.Alike, func(a AlikeLine) bool { return a.Own }) {
		j.hit("expense.alike_own", "", map[string]any{"day": j.line.Day, "amount": yuan(j.line.Fen)})
	}
}

func judgeAlikeOthers(j *judged) {
	merchant := PlainName(j.line.Merchant)
	if len(j.line.Invoices) == 0 && merchant != "" && slices.ContainsFunc(j.line.Alike, func(a AlikeLine) bool { return !a.Own && PlainName(a.Merchant) == merchant }) {
		j.hit("expense.alike_others", "", map[string]any{"day": j.line.Day, "amount": yuan(j.line.Fen), "merchant": j.line.Merchant})
	}
}
