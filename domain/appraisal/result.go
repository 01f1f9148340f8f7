package appraisal

import (
	"github.com/shopspring/decimal"

	"satchel/domain"
)

// Status of a result.
const (
	StatusScored  = "scored"
	StatusNone    = "none"    // nothing was left to reckon: no score, no bonus
	StatusBlocked = "blocked" // somebody must rate first
)

// Result is what a scheme makes of somebody's facts. Forms and Composite are unrounded.
type Result struct {
	Status      string           `json:"status"`
	Why         string           `json:"why,omitzero"` // code of a reason if there is no score
	Self        *decimal.Decimal `json:"self"`
	Superior    *decimal.Decimal `json:"superior"`
	Customer    *decimal.Decimal `json:"customer"`
	Composite   *decimal.Decimal `json:"composite"` // of the raters, before deductions
	Deductions  decimal.Decimal  `json:"deductions"`
	Deducted    []Taken          `json:"deducted,omitzero"`
	Computed    *decimal.Decimal `json:"computed"` // after deductions, bounded and rounded: before calibration
	Score       *decimal.Decimal `json:"score"`    // the final one, after calibration and decision
	Grade       string           `json:"grade,omitzero"`
	Ungated     string           `json:"ungated,omitzero"` // the grade by score alone
	Gates       []string         `json:"gates,omitzero"`   // codes of those that hold
	HoldBonus   bool             `json:"hold_bonus,omitzero"`
	Coefficient *decimal.Decimal `json:"coefficient"`
	Gap         *decimal.Decimal `json:"gap"`                  // of self and superior, unrounded
	NoteNeeded  bool             `json:"note_needed,omitzero"` // the gap is above the scheme's
	Days        int              `json:"days"`                 // of presence in the cycle
	CycleDays   int              `json:"cycle_days"`
	Trace       Trace            `json:"trace"`
}

// Taken is a deduction that was made.
type Taken struct {
	Code   string          `json:"code"`
	Points decimal.Decimal `json:"points"`
}

// Trace is every step of a result, from the final score down; each step's inputs are
// values, or other steps by key. Its JSON is the same bytes for the same facts.
type Trace []Step

// Step is one step. What Op means is all that a reader needs to reckon it again.
type Step struct {
	Key     string       `json:"key"`
	Name    domain.Texts `json:"name"`
	Op      string       `json:"op"`
	Rule    string       `json:"rule"` // id of the rule: scheme, then where in it
	Version int          `json:"version"`
	Formula Formula      `json:"formula,omitzero"`
	Inputs  []Input      `json:"inputs,omitzero"`
	Records *Records     `json:"records,omitzero"`
	Value   string       `json:"value"`       // a decimal, a grade, true or false; empty if n/a
	NA      string       `json:"na,omitzero"` // code of why there is no value
}

// Input of a step: the value of another step if From names one. Weight and Over make a
// share of it: value × weight ÷ over.
type Input struct {
	Name   string `json:"name"`
	From   string `json:"from,omitzero"`
	Value  string `json:"value"`
	Weight string `json:"weight,omitzero"`
	Over   string `json:"over,omitzero"`
}

// What a step does with its inputs.
const (
	OpFact     = "fact"     // what was counted or rated
	OpFormula  = "formula"  // the formula over inputs by name
	OpBand     = "band"     // the line through points, at x
	OpSum      = "sum"      // Σ value × weight ÷ over, divided once: 16 places, half up
	OpClamp    = "clamp"    // value, least, most
	OpRound    = "round"    // value, places: half up
	OpGrade    = "grade"    // the first grade whose score is reached
	OpCap      = "cap"      // the worse of grade and the gates' highest
	OpReplace  = "replace"  // the last input that has a value
	OpDistance = "distance" // of two inputs
)
