package invoices

import (
	"errors"
	"maps"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/records"
)

// qrText is the one field of the reading of the QR.
const qrText = "text"

// fill writes what the sources tell together.
func fill(row records.Invoice, k known) {
	f := k.InvoiceFacts
	row.SetKind(f.Kind)
	row.SetCode(f.Code)
	row.SetNumber(f.Number)
	row.SetIssueDate(f.Date)
	row.SetCheckCode(f.CheckCode)
	row.SetAmountExFen(int(f.ExFen))
	row.SetTaxFen(int(f.TaxFen))
	row.SetTotalFen(int(f.TotalFen))
	row.SetSellerName(f.SellerName)
	row.SetSellerTax(f.SellerTax)
	row.SetBuyerName(f.BuyerName)
	row.SetBuyerTax(f.BuyerTax)
	row.SetGoods(f.Goods)
	row.SetQROk(k.qrOK)
	row.SetCrc(records.InvoiceCrc(k.crc))
	row.SetKey(f.Key())
	row.SetSources(maps.Clone(k.from))
	if row.VerifyState() == "" {
		row.SetVerifyState("unverified")
	}
}

// judge writes what is suspicious. own is the row that this one repeats.
func judge(row records.Invoice, reasons []domain.RiskReason, blocked error, own string) {
	if reasons == nil {
		reasons = []domain.RiskReason{}
	}
	row.SetRisk(reasons)
	row.SetRiskScore(domain.RiskScore(reasons))
	p, _ := errors.AsType[domain.Problem](blocked)
	row.SetBlocked(p.Code)
	row.SetDuplicateOf(records.InvoiceID(own))
}

// setPaper writes how far the reading of the paper has come.
func setPaper(row records.Invoice, state, code string) {
	row.SetPaperState(records.InvoicePaperState(state))
	row.SetPaperCode(code)
}

// belong takes the department from the owner; that there is none, a required field says better.
func belong(app core.App, row records.Invoice) error {
	owner, found, err := records.Users.Find(app, row.Owner())
	if err == nil && found {
		row.SetDept(owner.Department())
	}
	return err
}

// twin is what an invoice is compared by, but for the looks of its paper.
func twin(row records.Invoice) expense.InvoiceTwin {
	return expense.InvoiceTwin{
		ID: string(row.ID()), Owner: string(row.Owner()), State: string(row.State()), Key: row.Key(), SHA256: row.SHA256(), Code: row.Code(), Number: row.Number(),
		Seller: sellerOf(row.SellerTax(), row.SellerName()), Date: row.IssueDate(), TotalFen: int64(row.TotalFen()),
	}
}

func sellerOf(tax, name string) string {
	if tax != "" {
		return tax
	}
	return name
}

func isStored(b records.Blob) bool {
	return b.State() == evidence.BlobStored || b.State() == evidence.BlobDurable
}

func isPaper(b records.Blob) bool {
	return b.Purpose() == evidence.BlobInvoice || b.Purpose() == evidence.BlobReceipt
}
