package expense

import (
	"cmp"
	"slices"

	"satchel/domain"
)

// How the input tax of a category is booked.
const (
	TaxDeducted   = "deducted"
	TaxCarriedOut = "carried_out" // of meals and gifts: deducted and carried out again
	TaxNone       = "none"
)

// airFundFen is the development fund in the price of an air ticket, which bears no tax.
const airFundFen = 5000

// DeductibleFen is the input tax of an invoice by its kind: special and toll invoices by
// what they say, rail tickets 9 % within their total, air itineraries 9 % within fare and
// fuel. No other kind has any.
func DeductibleFen(kind string, totalFen, taxFen int) int {
	switch kind {
	case InvoiceSpecial, InvoiceFreight, InvoiceESpecial, InvoiceESpecial20, InvoiceDigitalSpecial, InvoiceToll, "85":
		return min(max(taxFen, 0), totalFen)
	case InvoiceRail:
		return withinFen(totalFen)
	case InvoiceAir:
		if taxFen > 0 {
			return min(taxFen, totalFen)
		}
		return withinFen(max(totalFen-airFundFen, 0))
	}
	return 0
}

// withinFen is the tax of 9 % within an amount, rounded half up.
func withinFen(fen int) int { return (fen*9*2 + 109) / (109 * 2) }

// VoucherUse is an invoice as far as a line uses it.
type VoucherUse struct {
	Kind     string `json:"kind"`
	TotalFen int    `json:"total_fen"`
	TaxFen   int    `json:"tax_fen"`
	UsedFen  int    `json:"used_fen"`
}

// PartTaxFen is the deductible tax of a part of an invoice, beside what other parts of it
// have by now: all parts come to the invoice's, whatever came before which.
func PartTaxFen(u VoucherUse, otherFen, otherTax int) int {
	if u.TotalFen <= 0 {
		return 0
	}
	most := DeductibleFen(u.Kind, u.TotalFen, u.TaxFen) * min(otherFen+u.UsedFen, u.TotalFen) / u.TotalFen
	return min(max(most-otherTax, 0), u.UsedFen)
}

// VoucherPart is a part of an invoice whose tax was said.
func VoucherPart(usedFen, taxFen int) VoucherUse {
	return VoucherUse{InvoiceDigitalSpecial, usedFen, taxFen, usedFen}
}

// VoucherExpense is a line of a claim that was paid.
type VoucherExpense struct {
	Text     string         `json:"text"`              // what it was for
	Category string         `json:"category,omitzero"` // its id
	Account  string         `json:"account,omitzero"`  // its category's, in the ledger
	Tax      string         `json:"tax,omitzero"`      // how its tax is booked
	Fen      int            `json:"fen"`               // approved
	TaxFen   *int           `json:"tax_fen,omitzero"`  // its input tax, as it was taken off at the submit; else by Uses
	Uses     []VoucherUse   `json:"uses,omitzero"`
	Shares   []VoucherShare `json:"shares,omitzero"` // who bears it, adding up to Fen
}

// VoucherShare is what a node and an account bear of a line.
type VoucherShare struct {
	Node     string `json:"node,omitzero"` // as people call them
	Customer string `json:"customer,omitzero"`
	Fen      int    `json:"fen"`
}

// VoucherPosting is a payment as it was booked: whatever changes after it, the journal of
// its month and its reversal say this.
type VoucherPosting struct {
	Who      string           `json:"who"`
	Dept     string           `json:"dept"`
	Papers   int              `json:"papers,omitzero"` // invoices that are attached
	Lines    []VoucherExpense `json:"lines,omitzero"`
	Accounts VoucherAccounts  `json:"accounts"`
}

// borne are the shares of a line with the tax of each: to the fen the line's.
func (e VoucherExpense) borne(tax int) (shares []VoucherShare, taxes []int) {
	shares = e.Shares
	if len(shares) == 0 {
		shares = []VoucherShare{{Fen: e.Fen}}
	}
	weights := make([]int, len(shares))
	for i, s := range shares {
		weights[i] = s.Fen
	}
	return shares, SplitFen(tax, weights)
}

// inputTax is the deductible part of a line: each invoice's in the part that the line
// uses, and no more than was approved.
func (e VoucherExpense) inputTax() (tax int) {
	if e.Tax != TaxDeducted && e.Tax != TaxCarriedOut {
		return 0
	}
	if e.TaxFen != nil {
		return min(*e.TaxFen, e.Fen)
	}
	used := 0
	for _, u := range e.Uses {
		if u.TotalFen > 0 {
			tax += DeductibleFen(u.Kind, u.TotalFen, u.TaxFen) * min(u.UsedFen, u.TotalFen) / u.TotalFen
		}
		used += u.UsedFen
	}
	if used > e.Fen { // cut
		tax = tax * e.Fen / used
	}
	return min(tax, e.Fen)
}

// Deducted is the input tax of a line that the company gets back: what is carried out
// again it bears.
func (e VoucherExpense) Deducted() int {
	if e.Tax != TaxDeducted {
		return 0
	}
	return e.inputTax()
}

// PaidBack is the kind of what came back of a claim that had been reversed.
const PaidBack = "paid_back"

// VoucherDoc is money that moved, or came back.
type VoucherDoc struct {
	No, Day, Kind string // Kind as of payments, or PaidBack
	Who, Dept     string
	Reversed      bool // all of it counts below zero
	Owed          bool // reversed before the money was back
	PaidFen       int  // by the bank
	ClearedFen    int  // of an advance
	Papers        int  // invoices that are attached
	Lines         []VoucherExpense
	Accounts      *VoucherAccounts // as it was booked; those of today if none
}

// VoucherAccounts are the ledger's, beside those of categories.
type VoucherAccounts struct {
	Bank        string `json:"bank"`
	Advance     string `json:"advance"`
	InputTax    string `json:"input_tax"`
	InputTaxOut string `json:"input_tax_out"`
	Owed        string `json:"owed"` // for claims that were reversed
}

// VoucherEntry is a line of a voucher: one side of it is nought.
type VoucherEntry struct {
	No, Day, Text, Account string
	Debit, Credit          int
	Who, Dept              string
	Customer, Node         string // who bears it, of an expense
	Papers                 int
}

// Journal makes the vouchers of documents, in the order of their numbers, each balanced
// to the fen. Problem voucher.unbalanced: no.
func Journal(docs []VoucherDoc, a VoucherAccounts) ([]VoucherEntry, error) {
	docs = slices.Clone(docs)
	slices.SortFunc(docs, func(x, y VoucherDoc) int { return cmp.Compare(x.No, y.No) })
	var out []VoucherEntry
	for _, doc := range docs {
		entries := doc.entries(a)
		debit, credit := 0, 0
		for _, e := range entries {
			debit += e.Debit
			credit += e.Credit
		}
		if debit != credit {
			return nil, domain.Problem{Code: "voucher.unbalanced", Params: map[string]any{"no": doc.No}}
		}
		out = append(out, entries...)
	}
	return out, nil
}

func (d VoucherDoc) entries(a VoucherAccounts) (out []VoucherEntry) {
	if d.Accounts != nil {
		a = *d.Accounts
	}
	sign, prefix := 1, ""
	if d.Reversed {
		sign, prefix = -1, "冲销 "
	}
	add := func(text, account string, debit, credit int, by ...VoucherShare) {
		if debit != 0 || credit != 0 {
			e := VoucherEntry{
				No: d.No, Day: d.Day, Text: prefix + text, Account: account, Debit: sign * debit, Credit: sign * credit, Who: d.Who, Dept: d.Dept, Papers: d.Papers,
			}
			for _, s := range by {
				e.Customer, e.Node = s.Customer, s.Node
			}
			out = append(out, e)
		}
	}
	switch d.Kind {
	case PaysAdvance:
		add("借款", a.Advance, d.PaidFen, 0)
		add("借款", a.Bank, 0, d.PaidFen)
	case PaysReturn:
		add("归还借款", a.Bank, d.PaidFen, 0)
		add("归还借款", a.Advance, 0, d.PaidFen)
	case PaidBack:
		add("退回报销款", a.Bank, d.PaidFen, 0)
		add("退回报销款", a.Owed, 0, d.PaidFen)
	default:
		for _, line := range d.Lines {
			tax := line.inputTax()
			shares, taxes := line.borne(tax)
			for i, s := range shares {
				add(line.Text, line.Account, s.Fen-taxes[i], 0, s)
			}
			add(line.Text, a.InputTax, tax, 0)
			if line.Tax == TaxCarriedOut {
				for i, s := range shares {
					add(line.Text+" 进项转出", line.Account, taxes[i], 0, s)
				}
				add(line.Text+" 进项转出", a.InputTaxOut, 0, tax)
			}
		}
		add("核销借款", a.Advance, 0, d.ClearedFen)
		if d.Owed {
			add("应收退回", a.Owed, 0, d.PaidFen)
		} else {
			add("付款", a.Bank, 0, d.PaidFen)
		}
	}
	return out
}
