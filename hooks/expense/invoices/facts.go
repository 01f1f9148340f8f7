package invoices

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/expense"
	"satchel/records"
)

// factsOf is what is known of an invoice.
func factsOf(row records.Invoice) expense.InvoiceFacts {
	return expense.InvoiceFacts{
		Kind: row.Kind(), Code: row.Code(), Number: row.Number(), Date: row.IssueDate(), CheckCode: row.CheckCode(),
		ExFen: int64(row.AmountExFen()), TaxFen: int64(row.TaxFen()), TotalFen: int64(row.TotalFen()),
		SellerName: row.SellerName(), SellerTax: row.SellerTax(), BuyerName: row.BuyerName(), BuyerTax: row.BuyerTax(), Goods: row.Goods(),
	}
}

// redLetter is why a paper is not read: it takes an invoice back.
const redLetter = "invoice.red_letter"

// verdictOf is what is known of an invoice's worth: a paper that says itself that it is
// red-letter needs no authority.
func verdictOf(row records.Invoice) string {
	if row.PaperCode() == redLetter {
		return expense.VerifyRed
	}
	return string(row.VerifyState())
}

// Named are the invoices that a claim names.
func (s *Service) Named(app core.App, claim records.ExpenseClaimID) ([]records.Invoice, error) {
	return records.Invoices.All(app, "id IN (SELECT invoice FROM expense_uses WHERE claim = {:c})", dbx.Params{"c": claim}, "")
}

// Facts are the invoices that a claim names as rules look at them, with what other claims
// than this have of them.
func (s *Service) Facts(app core.App, claim records.ExpenseClaimID, rows []records.Invoice) (map[records.InvoiceID]expense.LineInvoice, error) {
	var others []struct {
		Invoice records.InvoiceID `db:"invoice"`
		Fen     int               `db:"fen"`
		Tax     int               `db:"tax"`
	}
	err := app.DB().NewQuery(`SELECT invoice, SUM(amount_fen) AS fen, SUM(tax_fen) AS tax FROM expense_uses WHERE state IN ('active', 'paid') AND claim <> {:c}
		AND invoice IN (SELECT invoice FROM expense_uses WHERE claim = {:c}) GROUP BY invoice`).Bind(dbx.Params{"c": claim}).All(&others)
	if err != nil {
		return nil, fmt.Errorf("read other uses of invoices: %w", err)
	}
	companies, err := own(app)
	if err != nil {
		return nil, err
	}
	out := make(map[records.InvoiceID]expense.LineInvoice, len(rows))
	for _, row := range rows {
		i := expense.LineInvoice{InvoiceFacts: factsOf(row), ID: string(row.ID()), Key: row.Key(), Verify: verdictOf(row), Buyer: expense.InvoiceBuyer(factsOf(row), companies), GoodsList: row.GoodsList() != ""}
		if i.Electronic, err = electronic(row); err != nil {
			return nil, err
		}
		risk, err := row.Risk()
		if err != nil {
			return nil, err
		}
		for _, r := range risk {
			i.Risks = append(i.Risks, r.Code)
		}
		out[row.ID()] = i
	}
	for _, o := range others {
		i := out[o.Invoice]
		i.OtherFen, i.OtherTaxFen = o.Fen, o.Tax
		out[o.Invoice] = i
	}
	return out, nil
}

// electronic reports whether the original itself is kept: a file whose own words were
// read. A photo or a scan of a print is none.
func electronic(row records.Invoice) (bool, error) {
	read, err := row.Readings()
	if err != nil {
		return false, err
	}
	for _, source := range []string{expense.SourceXML, expense.SourceOFD, expense.SourcePDF} {
		if len(read[source]) > 0 {
			return true, nil
		}
	}
	return false, nil
}
