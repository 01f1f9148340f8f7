package pricing

// Kinds of a rule.
const (
	KindPercent  = "percent"   // BP off
	KindLineOff  = "line_off"  // OffFen off the lines of a product
	KindOrderOff = "order_off" // OffFen off the order
	KindBuyGet   = "buy_get"   // GetMilli free for each BuyMilli
	KindTiers    = "tiers"     // what the greatest step that is reached gives
	KindBundle   = "bundle"    // goods that cost PriceFen together
)

// Rule is what a promotion gives, for which of a basket's lines. It looks at the
// lines of each product on their own, with Mix at all together; how a quantity is
// split into lines or units makes no difference. Quantities are in products' own
// units, amounts are what is left of lines when the promotion's turn comes.
type Rule struct {
	Kind     string   `json:"kind"`
	Products []string `json:"products,omitempty"` // without, all
	Mix      bool     `json:"mix,omitempty"`
	MinMilli int64    `json:"min_milli,omitempty"` // bounds are inclusive, 0 is none
	MaxMilli int64    `json:"max_milli,omitempty"`
	MinFen   int64    `json:"min_fen,omitempty"`
	MaxFen   int64    `json:"max_fen,omitempty"`
	Repeat   bool     `json:"repeat,omitempty"`    // once for each minimum that is in it
	MaxTimes int64    `json:"max_times,omitempty"` // 0 is no bound

	BP         int64      `json:"bp,omitempty"`
	OffFen     int64      `json:"off_fen,omitempty"`
	BuyMilli   int64      `json:"buy_milli,omitempty"`
	GetMilli   int64      `json:"get_milli,omitempty"` // in GetUnit
	GetProduct string     `json:"get_product,omitempty"`
	GetUnit    string     `json:"get_unit,omitempty"`
	By         string     `json:"by,omitempty"` // what steps count: qty or amount
	Steps      []TierStep `json:"steps,omitempty"`
	Goods      []Good     `json:"goods,omitempty"`
	PriceFen   int64      `json:"price_fen,omitempty"`
}

// What steps count.
const (
	ByQty    = "qty"
	ByAmount = "amount"
)

// TierStep is what a tier gives for the whole, once From is reached: one of the three.
type TierStep struct {
	From     int64 `json:"from"`
	BP       int64 `json:"bp,omitempty"`
	OffFen   int64 `json:"off_fen,omitempty"`
	PriceFen int64 `json:"price_fen,omitempty"` // no own unit costs more than this
}

// Good is a product of a bundle.
type Good struct {
	Product string `json:"product"`
	Milli   int64  `json:"milli"`
}
