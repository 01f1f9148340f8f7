package pricing

import "satchel/domain"

// Result is what a basket costs.
type Result struct {
	Lines  []Priced `json:"lines"` // by id, free lines behind
	Uses   []Use    `json:"uses"`  // by promotion
	Totals Totals   `json:"totals"`
}

// Priced is a line with its price, or one of free goods.
type Priced struct {
	ID          string `json:"id"`
	Product     string `json:"product"`
	Unit        string `json:"unit"`
	QtyMilli    int64  `json:"qty_milli"`
	BaseMilli   int64  `json:"base_milli"` // in the product's own unit
	List        string `json:"list"`
	TaxIncluded bool   `json:"tax_included"` // price, gross, discount and promotion are with tax
	PriceFen    int64  `json:"price_fen"`
	GrossFen    int64  `json:"gross_fen"`
	DiscFen     int64  `json:"disc_fen"`
	PromoFen    int64  `json:"promo_fen"`
	TaxBP       int64  `json:"tax_bp"`
	LineFen     int64  `json:"line_fen"` // never with tax
	TaxFen      int64  `json:"tax_fen"`
	Free        bool   `json:"free"`
	Promotion   string `json:"promotion"` // that gives what is free
	Why         Why    `json:"why"`
}

// Why says where a line's figures come from.
type Why struct {
	Scope      string     `json:"scope,omitempty"`
	List       string     `json:"list,omitempty"`
	Item       string     `json:"item,omitempty"`
	Promotions []Given    `json:"promotions,omitempty"` // in their order
	Rounding   []Rounding `json:"rounding,omitempty"`
	Withheld   []Withheld `json:"withheld,omitempty"`
	Gift       *Gift      `json:"gift,omitempty"` // of free goods
}

// Withheld is a gift that a line earned and the account may not have: its product is
// no longer sold, or not listed for it.
type Withheld struct {
	Promotion string `json:"promotion"`
	Code      string `json:"code"`
	Product   string `json:"product"`
	Reason    string `json:"reason"` // the code by which a line of it would be refused
}

// Gift is the rule that gave a line of free goods, but for its products, and what
// they would have cost.
type Gift struct {
	Rule     Rule   `json:"rule"`
	List     string `json:"list,omitempty"`
	Item     string `json:"item,omitempty"`
	TotalFen int64  `json:"total_fen"` // with tax; 0 if no list has a price of them
}

// Given is what a promotion gives to a line.
type Given struct {
	Promotion string `json:"promotion"`
	Code      string `json:"code"`
	Fen       int64  `json:"fen,omitempty"`
	Milli     int64  `json:"milli,omitempty"` // of own units that it covers, or gives
}

// Rounding is a figure of a line that was no whole fen.
type Rounding struct {
	Of    string `json:"of"`    // price, gross, discount or tax
	Exact string `json:"exact"` // to four digits
	Fen   int64  `json:"fen"`
}

// Use is what a basket takes of a promotion's cap.
type Use struct {
	Promotion string `json:"promotion"`
	Code      string `json:"code"`
	AmountFen int64  `json:"amount_fen"`
	QtyMilli  int64  `json:"qty_milli"`
}

// Totals of a basket: total = lines + tax; and gross − disc is lines, plus the tax
// of lines whose prices have it.
type Totals struct {
	GrossFen int64 `json:"gross_fen"`
	DiscFen  int64 `json:"disc_fen"` // the rep's and promotions'
	LinesFen int64 `json:"lines_fen"`
	TaxFen   int64 `json:"tax_fen"`
	TotalFen int64 `json:"total_fen"`
}

// Fault is why a line has no price.
type Fault struct {
	Line    string
	Problem domain.Problem
}
