package appraisal

import (
	"slices"

	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/formula"
)

// hundred is the full score of a rating.
var hundred = decimal.NewFromInt(100)

// Codes of facts that are none.
const (
	RatingInvalid   = "appraisal.rating_invalid"
	MarkInvalid     = "appraisal.mark_invalid"
	MoveBeyond      = "appraisal.calibration_beyond" // most
	MoveReason      = "appraisal.calibration_reason"
	CommentRequired = "appraisal.comment_required" // item
	ItemUnknown     = "appraisal.item_unknown"
	ItemMissing     = "appraisal.item_missing"
)

func bandAt(x decimal.Decimal, points []decimal.Decimal) decimal.Decimal {
	return formula.Band(x, points)
}

// GradeOf is the grade of a rounded score.
func (s Scheme) GradeOf(score decimal.Decimal) string {
	for _, g := range s.Grades {
		if score.GreaterThanOrEqual(g.From) {
			return g.Code
		}
	}
	return s.Grades[len(s.Grades)-1].Code
}

// place is where a grade stands, the best first; after all if it is none.
func (s Scheme) place(grade string) int {
	if i := slices.IndexFunc(s.Grades, func(g Grade) bool { return g.Code == grade }); i >= 0 {
		return i
	}
	return len(s.Grades)
}

// AtLeast reports whether a grade is as good as another.
func (s Scheme) AtLeast(grade, other string) bool {
	return grade != "" && s.place(grade) <= s.place(other)
}

// Coefficient of a grade's bonus.
func (s Scheme) Coefficient(grade string) (decimal.Decimal, bool) {
	for _, c := range s.Bonus.Coefficients {
		if c.Grade == grade {
			return c.Value, true
		}
	}
	return decimal.Zero, false
}

// judgeGates notes which gates hold, and which a decision lifted.
func (e *evaluation) judgeGates() error {
	for i, g := range e.scheme.Gates {
		holds, err := e.holds(Step{Key: "gate." + g.Code, Name: g.Name, Rule: "gates/" + g.Code, Formula: g.When}, e.r.gates[i].when)
		if err != nil {
			return err
		}
		if !holds || e.facts.Decision != nil && slices.Contains(e.facts.Decision.Lifted, g.Code) {
			continue
		}
		e.out.Gates = append(e.out.Gates, g.Code)
		e.out.HoldBonus = e.out.HoldBonus || g.HoldBonus
	}
	return nil
}

// grade is that of the final score, and no better than the gates let it be.
func (e *evaluation) grade() {
	step := Step{Key: "grade.score", Name: words("按得分的等级", "Grade by score"), Op: OpGrade, Rule: "grades", Inputs: []Input{e.from("score", "score")}}
	for _, g := range e.scheme.Grades {
		step.Inputs = append(step.Inputs, plain(g.Code, g.From))
	}
	e.out.Ungated = e.scheme.GradeOf(*e.out.Score)
	e.noteText(step, e.out.Ungated)
	e.out.Grade = e.out.Ungated
	limit := Step{Key: "grade", Name: words("最终等级", "Final grade"), Op: OpCap, Rule: "gates", Inputs: []Input{{Name: "grade", From: "grade.score", Value: e.out.Ungated}}}
	for _, g := range e.scheme.Gates {
		if g.MaxGrade == "" || !slices.Contains(e.out.Gates, g.Code) {
			continue
		}
		limit.Inputs = append(limit.Inputs, Input{Name: g.Code, Value: g.MaxGrade})
		if e.scheme.AtLeast(e.out.Grade, g.MaxGrade) {
			e.out.Grade = g.MaxGrade
		}
	}
	e.noteText(limit, e.out.Grade)
	if c, known := e.scheme.Coefficient(e.out.Grade); known {
		e.out.Coefficient = &c
	}
}

// scored are the quarters that have a score, in order.
func (e *evaluation) scored() (out []Quarter) {
	for _, q := range e.facts.Quarters {
		if q.Score != nil {
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(a, b Quarter) int {
		if a.Period != b.Period {
			if a.Period < b.Period {
				return -1
			}
			return 1
		}
		return a.Score.Cmp(*b.Score)
	})
	return out
}

// CheckMove wants a calibration within the scheme's bound, and a reason for it.
func CheckMove(scheme Scheme, m Move) error {
	switch {
	case m.Points.Abs().GreaterThan(scheme.Calibration.Points):
		return domain.Problem{Code: MoveBeyond, Params: map[string]any{"most": scheme.Calibration.Points.String()}}
	case m.Reason == "":
		return domain.Problem{Code: MoveReason}
	}
	return nil
}

// CheckForm judges a form that is handed in: every rated item of the scheme once, 0 to 100,
// with a comment where the scheme wants one. The first problem, by the scheme's order.
func CheckForm(scheme Scheme, form Form) error {
	rated := map[string]bool{}
	for _, item := range scheme.Items {
		if item.Kind != IndicatorRated || item.Weight.IsZero() {
			continue
		}
		rated[item.Code] = true
		params := map[string]any{"item": item.Code, "name": item.Name}
		i := slices.IndexFunc(form.Scores, func(r Rating) bool { return r.Item == item.Code })
		if i < 0 || form.Scores[i].Score == nil {
			return domain.Problem{Code: ItemMissing, Params: params}
		}
		switch s := form.Scores[i]; {
		case s.Score.IsNegative() || s.Score.GreaterThan(hundred) || !formula.Within(*s.Score):
			return domain.Problem{Code: RatingInvalid, Params: params}
		case s.Comment == "" && (s.Score.LessThan(scheme.Comments.Below) || s.Score.GreaterThan(scheme.Comments.Above)):
			return domain.Problem{Code: CommentRequired, Params: params}
		}
	}
	for _, r := range form.Scores {
		if !rated[r.Item] {
			return domain.Problem{Code: ItemUnknown, Params: map[string]any{"item": r.Item}}
		}
		delete(rated, r.Item)
	}
	return nil
}

// Moved is what another scheme, or a recomputation, makes of somebody's result.
type Moved struct {
	Before   *decimal.Decimal `json:"before"`
	After    *decimal.Decimal `json:"after"`
	Change   *decimal.Decimal `json:"change"` // nil if either has no score
	From     string           `json:"from"`
	To       string           `json:"to"`
	Better   bool             `json:"better"` // the grade is
	Worse    bool             `json:"worse"`
	HoldFrom bool             `json:"hold_from"`
	HoldTo   bool             `json:"hold_to"`
}

// Compare sets two results of one person beside each other; grades are placed by the
// scheme of the second.
func Compare(scheme Scheme, before, after Result) Moved {
	m := Moved{Before: before.Score, After: after.Score, From: before.Grade, To: after.Grade, HoldFrom: before.HoldBonus, HoldTo: after.HoldBonus}
	if m.Before != nil && m.After != nil {
		change := m.After.Sub(*m.Before)
		m.Change = &change
	}
	a, b := scheme.place(m.From), scheme.place(m.To)
	m.Better, m.Worse = b < a, b > a
	return m
}
