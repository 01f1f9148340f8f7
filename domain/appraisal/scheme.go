package appraisal

import (
	"github.com/shopspring/decimal"

	"satchel/domain"
)

// Scheme says how a role is appraised in a kind of cycle. It is data: what is stored with
// a scheme and copied into a cycle is its JSON. Decimals are read as numbers or texts and
// written as texts.
type Scheme struct {
	Name          string          `json:"scheme"`
	Version       int             `json:"version"`
	Cycle         string          `json:"cycle"` // CycleQuarter or CycleAnnual
	Role          string          `json:"role"`
	Items         []Item          `json:"items"`
	Raters        Raters          `json:"raters"`
	Customer      Questionnaire   `json:"customer"`
	Deductions    []Deduction     `json:"deductions"`
	Gates         []Gate          `json:"gates"`
	Composite     Formula         `json:"composite"` // of raters.*, self, superior, customer and deductions
	Limits        Limits          `json:"limits"`
	Grades        []Grade         `json:"grades"` // the best first
	Bonus         Bonus           `json:"bonus"`
	Calibration   Calibration     `json:"calibration"`
	SelfInflation decimal.Decimal `json:"self_inflation"` // a gap of self and superior above it wants a note
	Comments      Comments        `json:"comments"`
	MinDays       int             `json:"min_days"` // of the cycle, below which indicators are n/a
	Annual        Annual          `json:"annual"`
	Managers      string          `json:"managers"` // ManagersShown or ManagersByDays
	Rounding      Rounding        `json:"rounding"`
}

// Kinds of cycles.
const (
	CycleQuarter = "quarter"
	CycleAnnual  = "annual"
)

// Item is an indicator with its weight. What the library says of the indicator is copied
// into it: a scheme needs nothing else to be reckoned by.
type Item struct {
	Code    string          `json:"ind"`
	Weight  decimal.Decimal `json:"w"`
	Group   string          `json:"group"`
	Name    domain.Texts    `json:"name"`
	Kind    string          `json:"kind"`             // IndicatorComputed or IndicatorRated
	Formula Formula         `json:"formula,omitzero"` // of a computed one
	Band    []Point         `json:"band,omitzero"`    // from the formula's value to points; the score as rated if none
	Hints   []string        `json:"hints,omitempty"`  // metrics that a rater sees beside it
}

// Kinds of indicators.
const (
	IndicatorComputed = "computed" // from metrics, the same for every rater
	IndicatorRated    = "rated"    // 0 to 100 by the rater
)

// Groups of indicators (R6.1), in the order of the policy.
const (
	GroupSales      = "sales"
	GroupCustomer   = "customer"
	GroupTeam       = "team"
	GroupCompetence = "competence"
)

// Formula is an expression of the language of domain/formula.
type Formula string

// Point is where a band's line passes: x of the indicator's value, y points. JSON: [x, y].
type Point struct{ X, Y decimal.Decimal }

// Raters are the weights of those who rate, in per cent, and what holds if one is missing.
type Raters struct {
	Self            decimal.Decimal `json:"self"`
	Superior        decimal.Decimal `json:"superior"`
	Customer        decimal.Decimal `json:"customer"`
	MissingSelf     string          `json:"on_missing_self"`     // MissingRedistribute or MissingBlock
	MissingCustomer string          `json:"on_missing_customer"` // also MissingPrevious
	MinResponses    int             `json:"min_responses"`
	MinAccounts     int             `json:"min_accounts"`
}

// What holds if a rater is missing.
const (
	MissingRedistribute = "redistribute" // the others share his weight
	MissingPrevious     = "use_previous" // the score of the cycle before; shared if there is none
	MissingBlock        = "block"        // no score until he has rated
)

// Questionnaire is how customers' answers make a score.
type Questionnaire struct {
	Low   decimal.Decimal `json:"low"`  // the worst answer: 0 points
	High  decimal.Decimal `json:"high"` // the best: 100
	Tiers []TierWeight    `json:"tiers"`
}

// TierWeight is the weight of an account of a tier. JSON: ["A", 3].
type TierWeight struct {
	Tier   string
	Weight decimal.Decimal
}

// Deduction takes points off if When holds.
type Deduction struct {
	Code   string          `json:"code"`
	Name   domain.Texts    `json:"name"`
	When   Formula         `json:"when"`
	Points Formula         `json:"points"`
	Most   decimal.Decimal `json:"most,omitzero"` // 0: without bound
}

// Gate bounds the grade, or holds the bonus back, if When holds.
type Gate struct {
	Code      string       `json:"code"`
	Name      domain.Texts `json:"name"`
	When      Formula      `json:"when"`
	MaxGrade  string       `json:"max_grade,omitzero"`
	HoldBonus bool         `json:"hold_bonus,omitzero"`
}

// Limits of the final score.
type Limits struct {
	Least decimal.Decimal `json:"least"`
	Most  decimal.Decimal `json:"most"`
}

// Grade is given from a score on. JSON: ["A", 85].
type Grade struct {
	Code string
	From decimal.Decimal
}

// Bonus is what grades are worth.
type Bonus struct {
	Coefficients []Coefficient `json:"coefficients"`
	HoldBP       int           `json:"hold_bp"` // of a quarter's bonus, until the annual grade
}

// Coefficient of a grade. JSON: ["A", 1.2].
type Coefficient struct {
	Grade string
	Value decimal.Decimal
}

// Calibration is how far the head may move a score, and which shares he is warned above.
type Calibration struct {
	Points decimal.Decimal `json:"points"`
	Guide  []Guide         `json:"guide"`
}

// Guide is a share of the people: those of the grade and better. It only warns.
type Guide struct {
	Grade  string `json:"grade"`
	MostBP int    `json:"most_bp"`
}

// Comments are wanted of a rated item below Below or above Above.
type Comments struct {
	Below decimal.Decimal `json:"below"`
	Above decimal.Decimal `json:"above"`
}

// Annual is how a year is mixed of the mean of its quarters and its own form.
type Annual struct {
	Quarters decimal.Decimal `json:"quarters"`
	Form     decimal.Decimal `json:"form"`
}

// What holds if somebody had two managers in a cycle.
const (
	ManagersShown  = "shown" // who leads him at cut-off rates; the earlier one's rating is shown
	ManagersByDays = "days"  // both, weighed by days
)

// Rounding of the final score: half up to so many places.
type Rounding struct {
	Score int32  `json:"score"`
	Mode  string `json:"mode"` // half_up
}
