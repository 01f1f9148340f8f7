package sales

import (
	"satchel/domain"
)

// Prices are whole fen without tax, quantities thousandths of the base unit,
// discounts and taxes basis points.

// MaxQtyMilli bounds a line's quantity so that no product of it overflows.
const MaxQtyMilli = 1_000_000_000

// PriceItem is one price of a product in a list, from a quantity on.
type PriceItem struct {
	PriceFen    int64
	MinQtyMilli int64
}

// PriceFor picks the item with the greatest minimum that the quantity reaches.
func PriceFor(items []PriceItem, qtyMilli int64) (best PriceItem, ok bool) {
	for _, it := range items {
		if it.MinQtyMilli <= qtyMilli && (!ok || it.MinQtyMilli > best.MinQtyMilli) {
			best, ok = it, true
		}
	}
	return best, ok
}

// LineAmounts computes a line: its net amount after discount and the tax on
// it, each rounded half up to a whole fen.
func LineAmounts(qtyMilli, priceFen, discountBP, taxBP int64) (lineFen, taxFen int64) {
	lineFen = roundHalfUp(qtyMilli*priceFen, 1000, 10000-discountBP)
	taxFen = (lineFen*taxBP + 5000) / 10000
	return lineFen, taxFen
}

// roundHalfUp returns amount/milli*bp/10000 without an overflow on the way.
func roundHalfUp(amount, milli, bp int64) int64 {
	whole, rest := amount/milli, amount%milli
	scale := milli * 10000
	return whole*bp/10000 + ((whole*bp%10000)*milli+rest*bp+scale/2)/scale
}

// CheckLine returns order.quantity_invalid or order.discount_too_high.
func CheckLine(qtyMilli, discountBP, maxDiscountBP int64) error {
	if qtyMilli <= 0 || qtyMilli > MaxQtyMilli {
		return domain.Problem{Code: "order.quantity_invalid"}
	}
	if discountBP < 0 || discountBP > maxDiscountBP {
		return domain.Problem{Code: "order.discount_too_high", Params: map[string]any{"limit": maxDiscountBP}}
	}
	return nil
}

// PriceList is what decides whether an order may be priced by a list.
type PriceList struct {
	Active        bool
	Scope         string // default, tier or account
	Tier, Account string
	From, To      string // YYYY-MM-DD, inclusive; empty for no bound
}

// CheckPriceList returns order.price_list_invalid if the list is not in force
// on the day or not for the account.
func CheckPriceList(l PriceList, account, tier, day string) error {
	fits := l.Scope == "default" || l.Scope == "tier" && l.Tier == tier || l.Scope == "account" && l.Account == account
	inForce := l.Active && (l.From == "" || l.From <= day) && (l.To == "" || day <= l.To)
	if !fits || !inForce {
		return domain.Problem{Code: "order.price_list_invalid"}
	}
	return nil
}
