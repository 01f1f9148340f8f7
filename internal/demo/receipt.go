package demo

import (
	"fmt"
	"strings"
	"time"

	"satchel/domain"
	"satchel/domain/expense"
	"satchel/media/documents/papertest"
)

// Receipt is an invoice as somebody photographs it.
type Receipt struct {
	JPEG   []byte
	QR     string // as his phone reads it
	Number string
	Seller string
	Typed  map[string]string // what he adds
}

// ReceiptOf makes the digital invoice of a restaurant, to the company, over an amount with 6 % of tax.
func ReceiptOf(seed uint64, day time.Time, fen int64) Receipt {
	ex := (fen*100 + 53) / 106
	seller, area := sellers[1].name, sellers[1].area
	v := papertest.Invoice{
		Kind: expense.InvoiceDigital, Number: fmt.Sprintf("%s%s200000%010d", day.Format("06"), area[:2], 9_000_000_000+seed%1_000_000_000),
		Day: day.Format(dayFormat), Ex: domain.Yuan(ex), Tax: domain.Yuan(fen - ex), Total: domain.Yuan(fen),
		Seller: seller, SellerTax: uscc(area, 101), Buyer: companyName, BuyerTax: companyTax(),
	}
	v.CRC = expense.InvoiceCRC(strings.Split(v.QRText(), ","))
	return Receipt{
		JPEG: papertest.JPEG(papertest.Page(640, 900, 190, seed, v.QRText()), 80), QR: v.QRText(), Number: v.Number, Seller: seller,
		Typed: map[string]string{"seller_name": v.Seller, "seller_tax": v.SellerTax, "buyer_name": v.Buyer, "buyer_tax": v.BuyerTax},
	}
}

// companyTax is the tax number of the company.
func companyTax() string { return uscc("310000", 1) }
