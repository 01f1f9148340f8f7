// Package papertest makes papers for tests, benchmarks and the demo: pictures of
// QRs, sharp and spoiled, PDFs with a text layer, OFDs and XMLs. The same
// arguments give the same bytes.
package papertest

import (
	"fmt"
	"hash/fnv"
)

// Invoice is what is printed on a paper. Amounts are in yuan, with two decimals.
type Invoice struct {
	Kind, Code, Number string
	Day                string // YYYY-MM-DD
	Ex, Tax, Total     string
	Seller, SellerTax  string
	Buyer, BuyerTax    string
	// CRC is the checksum of the QR; empty leaves it out.
	CRC string
}

// Sample is a fully digital invoice whose checksum is right.
var Sample = Invoice{
	Kind: "32", Number: "25432000000031411143", Day: "2025-03-11", Ex: "617.92", Tax: "37.08", Total: "655.00",
	Seller: "长沙湘江大酒店有限公司", SellerTax: "91430100MADEM0001D", Buyer: "禾漾快消品股份有限公司", BuyerTax: "91310000MADEM0002C", CRC: "19E3",
}

// QRText is what the invoice's QR says.
func (v Invoice) QRText() string {
	amount := v.Total
	if v.Code != "" {
		amount = v.Ex
	}
	day := v.Day[:4] + v.Day[5:7] + v.Day[8:]
	return fmt.Sprintf("01,%s,%s,%s,%s,%s,,%s", v.Kind, v.Code, v.Number, amount, day, v.CRC)
}

// Title is what stands on top of the paper.
func (v Invoice) Title() string {
	switch v.Kind {
	case "31":
		return "电子发票（增值税专用发票）"
	case "10":
		return "增值税电子普通发票"
	}
	return "电子发票（普通发票）"
}

// dayText is the day as papers print it.
func (v Invoice) dayText() string { return v.Day[:4] + "年" + v.Day[5:7] + "月" + v.Day[8:] + "日" }

func seedOf(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}
