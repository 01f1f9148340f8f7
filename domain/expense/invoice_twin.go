package expense

import (
	"math/bits"
	"strconv"
	"time"

	"satchel/domain"
)

const (
	// similarImage is up to how many of 64 bits the look of two papers may
	// differ to be called alike.
	similarImage = 10

	// runDays is within how many days consecutive numbers are odd.
	runDays = 90
)

// InvoiceTwin is what an invoice is compared by.
type InvoiceTwin struct {
	ID       string `json:"id"`
	Owner    string `json:"owner"`
	State    string `json:"state"`
	Key      string `json:"key"`
	SHA256   string `json:"sha256"`
	Code     string `json:"code"`
	Number   string `json:"number"`
	Seller   string `json:"seller"` // tax number, else name
	Date     string `json:"date"`   // YYYY-MM-DD
	TotalFen int64  `json:"total_fen"`
	PHash    string `json:"looks"` // 16 hex digits, or empty
}

// InvoiceTwins compares an invoice with others that are active. What it says of
// somebody else's invoice names neither him, nor the row, nor its claim.
//
// blocked is invoice.duplicate or invoice.same_file if the invoice cannot be
// used; own is the older row of the same owner that it repeats.
func InvoiceTwins(mine InvoiceTwin, others []InvoiceTwin) (reasons []domain.RiskReason, blocked error, own string) { //nolint:staticcheck // blocked is a verdict and no failure
	seen := map[string]bool{}
	add := func(code string, params ...any) {
		r := invoiceRisk(code, params...)
		id, _ := r.Params["invoice"].(string)
		if !seen[code+id] { // one is enough of each that names nobody
			seen[code+id] = true
			reasons = append(reasons, r)
		}
	}
	for _, o := range others {
		if o.ID == mine.ID || !invoiceActive(o.State) {
			continue
		}
		at := "" // names the row only to its owner
		if o.Owner == mine.Owner {
			at = o.ID
		}
		sameKey := mine.Key != "" && o.Key == mine.Key
		switch {
		case sameKey && at != "":
			own = o.ID
			add(RiskInvoiceTwice, "invoice", at)
			blocked = domain.Problem{Code: "invoice.own_twice"}
		case sameKey && InvoiceTakes(o.State):
			add(RiskInvoiceElsewhere)
			blocked = domain.Problem{Code: "invoice.duplicate"}
		case sameKey:
			add(RiskInvoiceFolders)
		}
		if mine.SHA256 != "" && o.SHA256 == mine.SHA256 && !sameKey {
			add(RiskInvoiceFile, "invoice", at)
			if blocked == nil && (at != "" || InvoiceTakes(o.State)) {
				blocked = domain.Problem{Code: "invoice.same_file"}
			}
		} else if d, ok := hamming(mine.PHash, o.PHash); ok && d <= similarImage && !sameKey {
			add(RiskInvoiceImage, "distance", d, "invoice", at)
		}
		if (mine.Key == "" || o.Key == "") && sameBill(mine, o) { // receipts without a key, of which one may be left out
			switch {
			case at != "":
				add(RiskReceiptTwice, "date", mine.Date, "amount", domain.Yuan(mine.TotalFen), "invoice", at)
			case mine.Seller != "" && PlainName(mine.Seller) == PlainName(o.Seller):
				add(RiskReceiptAlike, "date", mine.Date, "amount", domain.Yuan(mine.TotalFen))
			}
		}
		if sameKey || mine.Key == "" || o.Key == "" || mine.Seller == "" || PlainName(mine.Seller) != PlainName(o.Seller) {
			continue
		}
		if sameBill(mine, o) {
			add(RiskInvoiceSplit, "date", mine.Date, "amount", domain.Yuan(mine.TotalFen), "invoice", at)
		}
		if at != "" && daysApart(mine.Date, o.Date) <= runDays && InvoiceConsecutive(mine.Code, mine.Number, o.Code, o.Number) {
			add(RiskInvoiceRun, "number", o.Number, "invoice", at)
		}
	}
	return reasons, blocked, own
}

// sameBill reports whether day and amount are the same.
func sameBill(a, b InvoiceTwin) bool {
	return a.Date != "" && a.Date == b.Date && a.TotalFen > 0 && a.TotalFen == b.TotalFen
}

// InvoiceConsecutive reports whether one number follows the other (连号).
func InvoiceConsecutive(codeA, a, codeB, b string) bool {
	const counter = 15 // digits of a 20-digit number that count; those before are year, province, channel
	if len(a) != len(b) || !digits(a) || !digits(b) {
		return false
	}
	if len(a) == 20 {
		if a[:5] != b[:5] {
			return false
		}
		a, b = a[20-counter:], b[20-counter:]
	} else if codeA != codeB || len(a) > counter {
		return false
	}
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	return errX == nil && errY == nil && (x-y == 1 || y-x == 1)
}

func hamming(a, b string) (distance int, ok bool) {
	if len(a) != 16 || len(b) != 16 {
		return 0, false
	}
	x, errX := strconv.ParseUint(a, 16, 64)
	y, errY := strconv.ParseUint(b, 16, 64)
	return bits.OnesCount64(x ^ y), errX == nil && errY == nil
}

// daysApart is a great number if one of them is no day.
func daysApart(a, b string) int {
	x, errX := time.Parse(time.DateOnly, a)
	y, errY := time.Parse(time.DateOnly, b)
	if errX != nil || errY != nil {
		return 1 << 30
	}
	return int(max(x.Sub(y), y.Sub(x)) / (24 * time.Hour))
}
