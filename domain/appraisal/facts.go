package appraisal

import (
	"github.com/shopspring/decimal"
)

// Facts are what is known of one person in one cycle. Nothing in them depends on an order:
// Evaluate puts everything into one of its own.
type Facts struct {
	Cycle            Span             `json:"cycle"`
	Present          []Span           `json:"present"` // when he was employed in the role; cut to the cycle
	Metrics          []MetricFact     `json:"metrics"`
	Self             *Form            `json:"self,omitzero"` // as handed in
	Superiors        []Form           `json:"superiors,omitzero"`
	Answers          []Answer         `json:"answers,omitzero"`
	PreviousCustomer *decimal.Decimal `json:"previous_customer,omitzero"` // unrounded, of the cycle before
	Quarters         []Quarter        `json:"quarters,omitzero"`          // of an annual cycle
	Calibration      *Move            `json:"calibration,omitzero"`
	Decision         *Decision        `json:"decision,omitzero"` // of an appeal, or a reopening
}

// Span is days of the calendar, both ends counted.
type Span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// MetricFact is the value of a metric. Parts, if there are any, are joined as the metric
// says (Metric.Join); without either it is n/a, and NA says why.
type MetricFact struct {
	Key     string           `json:"key"`
	Value   *decimal.Decimal `json:"value,omitzero"`
	NA      string           `json:"na,omitzero"`
	Parts   []Part           `json:"parts,omitzero"`
	Whole   bool             `json:"whole,omitzero"` // a target that is for the days of presence already
	Records *Records         `json:"records,omitzero"`
}

// Part is a metric of some days, such as those before a transfer.
type Part struct {
	Span
	Value decimal.Decimal `json:"value"`
}

// Records says what was counted: the question asked of the data, how many rows answered
// it, what they add up to and the digest of their ids and values.
type Records struct {
	Query  string `json:"query"`
	Count  int    `json:"count"`
	Sum    string `json:"sum"`
	Digest string `json:"digest"`
}

// Form is what a rater handed in. Days are those for which he led the person; At marks
// the one who did so at cut-off.
type Form struct {
	Rater  string   `json:"rater"`
	At     bool     `json:"at_cutoff,omitzero"`
	Days   int      `json:"days,omitzero"`
	Scores []Rating `json:"scores"`
}

// Rating is a rated item, 0 to 100; nil is not rated.
type Rating struct {
	Item    string           `json:"ind"`
	Score   *decimal.Decimal `json:"score"`
	Comment string           `json:"comment,omitzero"`
}

// Answer is what one customer answered: the questions that he did answer.
type Answer struct {
	Account string            `json:"account"`
	Tier    string            `json:"tier"`
	Marks   []decimal.Decimal `json:"marks"`
}

// Quarter is a quarter of the year: its final score, nil if it has none.
type Quarter struct {
	Period string           `json:"period"`
	Score  *decimal.Decimal `json:"score"`
}

// Move is a calibration.
type Move struct {
	Points decimal.Decimal `json:"points"`
	Reason string          `json:"reason"`
}

// Decision replaces the score, or lifts gates, with a reason.
type Decision struct {
	Score  *decimal.Decimal `json:"score,omitzero"`
	Lifted []string         `json:"lifted,omitzero"` // codes of gates
	Reason string           `json:"reason"`
}
