package incentive

// Kinds of what somebody is paid for a cycle.
const (
	KindBonus      = "bonus"
	KindSettlement = "hold_settlement" // of what the year's quarters held
	KindCommission = "commission"
	KindShare      = "manager_share"
)

// Kinds of lines.
const (
	LineSale    = "sale"
	LineReturn  = "return"  // of the order that something came back of
	LineShift   = "shift"   // of another order of the period, whose part of the tier has changed by that
	LineRegrade = "regrade" // the grade, or what it was reckoned from, has changed
)

// Why a result is what it is; empty if there is nothing to say.
const (
	NoGrade  = "no_grade"
	NoBase   = "no_base"
	NoPlan   = "no_plan"
	Unsigned = "letter_unsigned"
	Leaver   = "leaver"
)

// Content is what a result was made of.
type Content struct {
	AsOf     string      `json:"as_of,omitzero"` // the day up to which receipts count
	Bonus    *Bonus      `json:"bonus,omitzero"`
	Quarters []Bonus     `json:"quarters,omitempty"`
	Plan     *Plan       `json:"plan,omitzero"`
	Target   string      `json:"target,omitzero"` // in fen, prorated
	SoldFen  int         `json:"sold_fen,omitzero"`
	Counted  string      `json:"counted,omitzero"` // in fen, guarded lines in part
	Tiers    []TierShown `json:"tiers,omitempty"`
	Parts    []Paid      `json:"parts,omitempty"`
	Team     []TeamPart  `json:"team,omitempty"`
}

// TierShown is a tier with what lies in it.
type TierShown struct {
	FromBP int    `json:"from_bp"`
	RateBP int    `json:"rate_bp"`
	Part   string `json:"part"`
	Fen    int    `json:"fen"`
}

// Paid is what a statement pays of a position; below 0 it takes back.
type Paid struct {
	Line string `json:"line"`
	Sold string `json:"sold"`
	Fen  int    `json:"fen"`
}

// TeamPart is a manager's part of what his team sold in a period.
type TeamPart struct {
	Sold    string `json:"sold"`
	Reached bool   `json:"reached"`
	TeamFen int    `json:"team_fen"` // commission that was earned
	PaidFen int    `json:"paid_fen"` // of it payable by receipts
	Fen     int    `json:"fen"`      // the share of that, so far
	Before  int    `json:"before_fen"`
}

// Shown are a commission's tiers as a result keeps them.
func (c Commission) Shown() (out []TierShown) {
	for _, t := range c.Tiers {
		out = append(out, TierShown{t.FromBP, t.RateBP, t.Part.String(), t.Fen})
	}
	return out
}
