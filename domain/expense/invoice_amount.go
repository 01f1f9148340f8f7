package expense

import (
	"strings"

	"satchel/domain"
)

// maxYuanDigits keeps every product of a rule within 64 bits.
const maxYuanDigits = 12

// yuanMarks stand about an amount, and a Chinese full stop in the place of its point.
var yuanMarks = strings.NewReplacer("¥", "", "￥", "", ",", "", " ", "", "人民币", "", "CNY", "", "RMB", "", "元", "", "整", "", "。", ".")

// ParseFen reads an amount in yuan with at most two decimals, such as 104.7, as
// whole fen. A sign, grouping commas and the currency's mark may stand before
// and in it, of any width; anything else, such as another currency, is no amount.
func ParseFen(text string) (fen int64, ok bool) {
	text = yuanMarks.Replace(strings.ToUpper(NormalText(text)))
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimPrefix(text, "-")
	yuan, cents, point := strings.Cut(text, ".")
	if !digits(yuan) || len(yuan) > maxYuanDigits || point && (!digits(cents) || len(cents) > 2) {
		return 0, false
	}
	for _, c := range yuan + (cents + "00")[:2] {
		fen = fen*10 + int64(c-'0')
	}
	if negative {
		fen = -fen
	}
	return fen, true
}

// GrossRates are the rates, in percent, from which a total may come.
var GrossRates = []int64{1, 3, 5, 6, 9, 10, 11, 13, 16, 17}

// Gross returns the total of an amount before tax at a rate in percent, rounded
// half up.
func Gross(exFen, percent int64) int64 { return (exFen*(100+percent) + 50) / 100 }

// InvoiceAmount judges what is claimed of an invoice by the amount that its QR
// carries; taxFen is the tax that somebody typed, 0 if nobody did.
//
//	total    claimed ≤ amount                                invoice.amount_over
//	ex_tax   amount ≤ claimed ≤ amount × 1.17, rounded up     invoice.amount_range
//	         and amount + tax = claimed ± 0.02 if typed       invoice.tax_sum
//	ask      as total
func InvoiceAmount(kind string, amountFen, claimedFen, taxFen int64) error {
	if AmountMeans(kind) != AmountExTax {
		if claimedFen > amountFen {
			return domain.Problem{Code: "invoice.amount_over", Params: map[string]any{"amount": domain.Yuan(amountFen), "claimed": domain.Yuan(claimedFen)}}
		}
		return nil
	}
	most := (amountFen*117 + 99) / 100
	if claimedFen < amountFen || claimedFen > most {
		return domain.Problem{Code: "invoice.amount_range", Params: map[string]any{
			"from": domain.Yuan(amountFen), "to": domain.Yuan(most), "claimed": domain.Yuan(claimedFen),
		}}
	}
	if sum := amountFen + taxFen; taxFen > 0 && (sum-claimedFen > 2 || claimedFen-sum > 2) {
		return domain.Problem{Code: "invoice.tax_sum", Params: map[string]any{"ex": domain.Yuan(amountFen), "tax": domain.Yuan(taxFen), "total": domain.Yuan(claimedFen)}}
	}
	return nil
}
