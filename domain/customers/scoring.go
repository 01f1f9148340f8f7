package customers

import (
	"slices"
	"strings"

	"satchel/domain"
)

// What a scoring model scores.
const (
	ScoresAccounts      = "account"
	ScoresOpportunities = "opportunity"
)

// OppGrades are the grades of opportunities, the best first (R4.10).
var OppGrades = []string{"A", "B", "C", "D"}

// Criterion is one criterion of a scoring model (R3.1, R4.10).
type Criterion struct {
	Key      string `json:"key"`
	WeightBP int    `json:"weight_bp"` // all of a model add up to 10,000
	Scale    int    `json:"scale"`     // the best rating; the worst is 0
	Min      int    `json:"min"`       // the least rating of a key account
}

// Band names the tier of an account, or the grade of an opportunity, that a
// score from so many basis points suggests.
type Band struct {
	Tier   string `json:"tier"`
	FromBP int    `json:"from_bp"`
}

// ScoringModel turns ratings into a score of 0 to 10,000 basis points.
type ScoringModel struct {
	Criteria    []Criterion
	ThresholdBP int // the least score of a key account
	Bands       []Band
}

// Rating is one criterion's mark, with what it rests on.
type Rating struct {
	Score    int    `json:"score"`
	Evidence string `json:"evidence"`
}

const wholeBP = 10_000

// Check returns scoring.model_invalid with the first fault of a model.
func (m ScoringModel) Check() error {
	bad := func(fault string) error {
		return domain.Problem{Code: "scoring.model_invalid", Params: map[string]any{"fault": fault}}
	}
	sum, seen := 0, map[string]bool{}
	for _, c := range m.Criteria {
		switch {
		case strings.TrimSpace(c.Key) == "" || seen[c.Key]:
			return bad("key " + c.Key)
		case c.WeightBP <= 0 || c.WeightBP > wholeBP:
			return bad("weight_bp " + c.Key)
		case c.Scale < 1 || c.Scale > 100:
			return bad("scale " + c.Key)
		case c.Min < 0 || c.Min > c.Scale:
			return bad("min " + c.Key)
		}
		seen[c.Key] = true
		sum += c.WeightBP
	}
	if sum != wholeBP {
		return bad("weights must add up to 10000 bp")
	}
	if m.ThresholdBP < 0 || m.ThresholdBP > wholeBP {
		return bad("threshold_bp")
	}
	if !slices.IsSortedFunc(m.Bands, func(a, b Band) int { return b.FromBP - a.FromBP }) {
		return bad("bands must fall")
	}
	return nil
}

// CheckGrades returns scoring.model_invalid unless every score has a grade of
// opportunities.
func (m ScoringModel) CheckGrades() error {
	bad := func(fault string) error {
		return domain.Problem{Code: "scoring.model_invalid", Params: map[string]any{"fault": fault}}
	}
	for _, b := range m.Bands {
		if !slices.Contains(OppGrades, b.Tier) {
			return bad("grade " + b.Tier)
		}
	}
	if len(m.Bands) == 0 || m.Bands[len(m.Bands)-1].FromBP != 0 {
		return bad("the last grade must be from 0")
	}
	return nil
}

// Score adds up a card (H-SEL-1): each criterion's weight by its rating over its
// scale, rounded half up. Problems: scorecard.rating_missing,
// scorecard.rating_range, scorecard.evidence_required (H-SEL-3) and
// scorecard.criterion_unknown, each with the criterion.
func (m ScoringModel) Score(card map[string]Rating) (totalBP int, err error) {
	refuse := func(code, key string) (int, error) {
		return 0, domain.Problem{Code: code, Params: map[string]any{"criterion": key}}
	}
	for _, c := range m.Criteria {
		r, rated := card[c.Key]
		switch {
		case !rated:
			return refuse("scorecard.rating_missing", c.Key)
		case r.Score < 0 || r.Score > c.Scale:
			return refuse("scorecard.rating_range", c.Key)
		case strings.TrimSpace(r.Evidence) == "":
			return refuse("scorecard.evidence_required", c.Key)
		}
		totalBP += (2*c.WeightBP*r.Score + c.Scale) / (2 * c.Scale)
	}
	for key := range card {
		if !slices.ContainsFunc(m.Criteria, func(c Criterion) bool { return c.Key == key }) {
			return refuse("scorecard.criterion_unknown", key)
		}
	}
	return totalBP, nil
}

// Selects reports whether a scored card makes a key account (H-SEL-2), or returns
// scorecard.below_minimum or scorecard.below_threshold.
func (m ScoringModel) Selects(totalBP int, card map[string]Rating) error {
	for _, c := range m.Criteria {
		if card[c.Key].Score < c.Min {
			return domain.Problem{Code: "scorecard.below_minimum", Params: map[string]any{"criterion": c.Key, "least": c.Min}}
		}
	}
	if totalBP < m.ThresholdBP {
		return domain.Problem{Code: "scorecard.below_threshold", Params: map[string]any{"total": totalBP, "least": m.ThresholdBP}}
	}
	return nil
}

// Suggest names the tier for a score, or none.
func (m ScoringModel) Suggest(totalBP int) string {
	for _, b := range m.Bands {
		if totalBP >= b.FromBP {
			return b.Tier
		}
	}
	return ""
}

// States of a scorecard.
const (
	CardDraft    = "draft"
	CardInReview = "in_review"
	CardApproved = "approved"
	CardRejected = "rejected"
)

// CardAdmit takes an account in whose score does not.
const CardAdmit = "admit"

// CardMachine is the life of a scorecard beside its approval (H-SEL-2).
var CardMachine = domain.Machine{
	Collection: "account_scorecards",
	States:     []string{CardDraft, CardInReview, CardApproved, CardRejected},
	Open:       []string{CardDraft, CardInReview, CardRejected},
	Refusal:    "scorecard.state",
	Steps: []domain.Step{{
		Action: CardAdmit, From: []string{CardDraft, CardInReview}, By: []domain.Party{domain.PartyHead}, Stranger: "scorecard.not_head",
		Leads: []string{"the card is approved like any other"},
	}},
}
