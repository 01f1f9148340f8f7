package customers

import (
	"satchel/domain"
)

// ReviewScores are the four parts of an account's review, 0 to 100 each (R3.3f).
type ReviewScores struct {
	Sales, CSAT, Potential, Service int
	CSATKnown                       bool // enough customers answered
}

// ReviewWeights are per cent; they add up to 100.
type ReviewWeights struct {
	Sales     int `json:"sales"`
	CSAT      int `json:"csat"`
	Potential int `json:"potential"`
	Service   int `json:"service"`
}

// Total weighs the scores, rounded half up; where it is not known what customers say, the
// others take the weight of it by theirs: account_review.score_range if one is not from 0 to 100.
func (s ReviewScores) Total(w ReviewWeights) (int, error) {
	for name, score := range map[string]int{"sales_score": s.Sales, "csat_score": s.CSAT, "potential_score": s.Potential, "service_score": s.Service} {
		if score < 0 || score > 100 {
			return 0, domain.Problem{Code: "account_review.score_range", Params: map[string]any{"field": name}}
		}
	}
	sum, weights := s.Sales*w.Sales+s.Potential*w.Potential+s.Service*w.Service, w.Sales+w.Potential+w.Service
	if s.CSATKnown {
		sum, weights = sum+s.CSAT*w.CSAT, weights+w.CSAT
	}
	if weights == 0 {
		return 0, nil
	}
	return (2*sum + weights) / (2 * weights), nil
}

// ReviewMonths is how many months lie between reviews, by the word of a setting.
func ReviewMonths(period string) int {
	switch period {
	case "month":
		return 1
	case "quarter":
		return 3
	case "half":
		return 6
	case "year":
		return 12
	}
	return 0
}
