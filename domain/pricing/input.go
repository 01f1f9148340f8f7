package pricing

// Input is all that a price depends on.
type Input struct {
	Basket      Basket      `json:"basket"`
	Products    []Product   `json:"products"`
	Units       []Unit      `json:"units"`
	Lists       []List      `json:"lists"`
	Promotions  []Promotion `json:"promotions"`
	TaxPerOrder bool        `json:"tax_per_order"` // tax is rounded once per rate, not per line
}

// Basket is what an account orders on a day.
type Basket struct {
	ID        string   `json:"id"` // ids of free lines follow from it
	Account   string   `json:"account"`
	Tier      string   `json:"tier"`
	Contracts []string `json:"contracts"` // those of the account in force on the day
	Day       string   `json:"day"`       // YYYY-MM-DD
	Listed    []string `json:"listed"`    // if any, no other product is taken
	Delisted  []string `json:"delisted"`
	Lines     []Line   `json:"lines"`
}

// Line is one product of a basket. Free goods are none: they are made.
type Line struct {
	ID       string `json:"id"`
	Product  string `json:"product"`
	Unit     string `json:"unit"` // "" is the product's own
	QtyMilli int64  `json:"qty_milli"`
	DiscBP   int64  `json:"disc_bp"`
}

// Product is what may be ordered.
type Product struct {
	ID          string `json:"id"`
	Unit        string `json:"unit"`
	TaxBP       int64  `json:"tax_bp"`
	Sellable    bool   `json:"sellable"`
	MinQtyMilli int64  `json:"min_qty_milli"` // in its own unit, as is the step
	StepMilli   int64  `json:"step_milli"`
}

// Unit is another unit of a product, ordered in whole numbers.
type Unit struct {
	Product     string `json:"product"`
	Unit        string `json:"unit"`
	FactorMilli int64  `json:"factor_milli"` // own units in one of it
}

// Scopes of a list.
const (
	ScopeContract = "contract"
	ScopeAccount  = "account"
	ScopeTier     = "tier"
	ScopeDefault  = "default"
)

// List is a list of prices with its days.
type List struct {
	ID          string `json:"id"`
	Scope       string `json:"scope"`
	Contract    string `json:"contract"`
	Account     string `json:"account"`
	Tier        string `json:"tier"`
	From        string `json:"valid_from"` // inclusive, as To; "" is no bound
	To          string `json:"valid_to"`
	TaxIncluded bool   `json:"tax_included"`
	Items       []Item `json:"items"`
}

// Item is the price of a product's unit from a quantity of that unit on.
type Item struct {
	ID          string `json:"id"`
	Product     string `json:"product"`
	Unit        string `json:"unit"`
	MinQtyMilli int64  `json:"min_qty_milli"`
	PriceFen    int64  `json:"price_fen"`
}

// Promotion is a rule with the days and accounts that it is for, and how much it
// may give in all.
type Promotion struct {
	ID             string   `json:"id"`
	Code           string   `json:"code"`
	From           string   `json:"valid_from"`
	To             string   `json:"valid_to"`
	Accounts       []string `json:"accounts"` // without accounts and tiers it is for all,
	Tiers          []string `json:"tiers"`    // else for each that one of them names
	Priority       int64    `json:"priority"`
	ExclusiveGroup string   `json:"exclusive_group"`
	Stackable      bool     `json:"stackable"`
	CapFen         int64    `json:"cap_fen"` // 0 is no cap
	CapMilli       int64    `json:"cap_milli"`
	UsedFen        int64    `json:"used_fen"` // by others
	UsedMilli      int64    `json:"used_milli"`
	Rule           Rule     `json:"rule"`
}
