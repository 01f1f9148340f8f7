package phone

import (
	"slices"

	"satchel/domain"
	"satchel/domain/expense"
)

// readFolder reads the owner's invoices as they are compared with each other.
func (f *claimFacts) readFolder() error {
	for _, row := range f.tables["invoices"] {
		if row.Text("owner") != f.claim.Owner || row.Text("state") == expense.InvoiceReleased {
			continue
		}
		facts, err := f.invoiceFacts(row)
		if domain.CodeOf(err) != "" {
			continue // refused where it is used
		}
		if err != nil {
			return err
		}
		paper := f.row("blobs", row.Text("blob"))
		t := expense.InvoiceTwin{
			ID: row.Text("id"), Owner: f.claim.Owner, State: row.Text("state"), Key: facts.Key(), SHA256: paper.Text("sha256"),
			Code: facts.Code, Number: facts.Number, Seller: facts.SellerTax, Date: facts.Date, TotalFen: facts.TotalFen,
		}
		if t.State == "" {
			t.State = expense.InvoiceFolder
		}
		if t.Seller == "" {
			t.Seller = facts.SellerName
		}
		f.folder = append(f.folder, t)
	}
	return nil
}

// invoiceFacts are what a row says, or what the phone makes of its QR and of what was
// typed while the server has not spoken.
func (f *claimFacts) invoiceFacts(row Row) (expense.InvoiceFacts, error) {
	if row.Text("kind") != "" || row.Text("number") != "" || row.Whole("total_fen") > 0 {
		return expense.InvoiceFacts{
			Kind: row.Text("kind"), Code: row.Text("code"), Number: row.Text("number"), Date: row.Text("issue_date"), CheckCode: row.Text("check_code"),
			ExFen: int64(row.Whole("amount_ex_fen")), TaxFen: int64(row.Whole("tax_fen")), TotalFen: int64(row.Whole("total_fen")),
			SellerName: row.Text("seller_name"), SellerTax: row.Text("seller_tax"), BuyerName: row.Text("buyer_name"), BuyerTax: row.Text("buyer_tax"), Goods: row.Text("goods"),
		}, nil
	}
	told := map[string]expense.InvoiceFacts{}
	if qr, err := expense.ParseInvoiceQR(row.Text("qr_raw"), f.claim.SubmitDay); err == nil {
		told[expense.SourceQR] = qr.Facts()
	}
	var typed map[string]any
	if err := row.into("typed", &typed); err != nil {
		return expense.InvoiceFacts{}, err
	}
	texts := map[string]string{}
	for name, value := range typed {
		switch value := value.(type) {
		case string:
			texts[name] = value
		case float64:
			texts[name] = domain.Yuan(int64(value))
		}
	}
	mine, err := expense.ReadInvoiceFacts(texts)
	if err != nil {
		return mine, err
	}
	told[expense.SourcePhone] = mine
	facts, _, _ := expense.MergeInvoice(told)
	return facts, nil
}

// invoice is an invoice as far as a use takes it.
func (f *claimFacts) invoice(use Row) (expense.LineInvoice, error) {
	out := expense.LineInvoice{ID: use.Text("invoice"), UsedFen: use.Whole("amount_fen")}
	row := f.row("invoices", out.ID)
	if row == nil {
		return out, domain.Problem{Code: "invoice.not_owner"}
	}
	facts, err := f.invoiceFacts(row)
	if err != nil {
		return out, err
	}
	out.InvoiceFacts, out.Key, out.Verify = facts, facts.Key(), row.Text("verify_state")
	out.NoPaper = row.Text("blob") == ""
	out.GoodsList = row.Text("goods_list") != ""
	var own []expense.OwnCompany
	for _, c := range f.tables["own_companies"] {
		if c["active"] != true {
			continue
		}
		company := expense.OwnCompany{Name: c.Text("name"), TaxNo: c.Text("tax_no")}
		if err := c.into("aliases", &company.Aliases); err != nil {
			return out, err
		}
		own = append(own, company)
	}
	out.Buyer = expense.InvoiceBuyer(facts, own)
	for _, other := range f.tables["expense_uses"] {
		if other.Text("invoice") == out.ID && f.given[other.Text("claim")] && other.Text("claim") != use.Text("claim") {
			out.OtherFen += other.Whole("amount_fen")
		}
	}
	var sources map[string]string
	if err := row.into("sources", &sources); err != nil {
		return out, err
	}
	for _, source := range sources {
		out.Electronic = out.Electronic || slices.Contains([]string{expense.SourceXML, expense.SourceOFD, expense.SourcePDF}, source)
	}
	mime := f.row("blobs", row.Text("blob")).Text("mime")
	out.Electronic = out.Electronic || mime == "application/pdf" || mime == "application/ofd" || mime == "application/xml" || mime == "text/xml; charset=utf-8"
	return out, nil
}
