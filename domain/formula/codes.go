package formula

// Codes of what may be wrong with a formula. Those of a place have params line and
// column, from 1, and near: what stands there.
const (
	Empty       = "formula.empty"
	TooLong     = "formula.too_long" // most
	TooDeep     = "formula.too_deep" // most
	TooLarge    = "formula.too_large"
	Character   = "formula.character"
	Syntax      = "formula.syntax"
	Literal     = "formula.literal"
	UnknownName = "formula.unknown_name"
	UnknownFunc = "formula.unknown_function"
	Types       = "formula.types"
	WantNumber  = "formula.want_number"
	WantTruth   = "formula.want_truth"
	Division    = "formula.division" // by what can be zero
	Points      = "formula.points"   // of a band that falls or overlaps
	DividedBy0  = "formula.divided_by_zero"
	Overflow    = "formula.overflow"
	TooDear     = "formula.too_dear"
	Failed      = "formula.failed" // anything else at work
)
