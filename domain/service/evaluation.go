package service

import (
	"fmt"
	"strconv"
	"time"

	"satchel/domain"
)

// States of a service evaluation.
const (
	EvaluationOpen      = "open"
	EvaluationEvaluated = "evaluated"
	EvaluationClosed    = "closed"
)

// Actions on a service evaluation.
const (
	EvaluationEvaluate = "evaluate"
	EvaluationClose    = "close"
)

// Results of an evaluation.
const (
	ResultGood    = "good"
	ResultFair    = "fair"
	ResultImprove = "improve" // improvements follow
)

// EvaluationImproving refuses to close while improvements are not settled.
const EvaluationImproving = "service_evaluation.improving"

// EvaluationMachine is the life of an account's quarter of service (R5.9).
var EvaluationMachine = domain.Machine{
	Collection: "service_evaluations",
	States:     []string{EvaluationOpen, EvaluationEvaluated, EvaluationClosed},
	Refusal:    "service_evaluation.state",
	Steps: []domain.Step{
		{
			Action: EvaluationEvaluate, From: []string{EvaluationOpen, EvaluationEvaluated}, To: []string{EvaluationEvaluated}, By: []domain.Party{domain.PartyOffice},
			Stranger: "service_evaluation.not_service", Leads: []string{"its figures are counted anew", "the account's line is told"},
		},
		{
			Action: EvaluationClose, From: []string{EvaluationEvaluated}, To: []string{EvaluationClosed}, By: []domain.Party{domain.PartyOffice},
			Stranger: "service_evaluation.not_service", Guards: []string{EvaluationImproving},
		},
	},
}

// Parts of an evaluation.
const (
	PartFirst        = "first_response"
	PartSolution     = "solution"
	PartSatisfaction = "satisfaction"
)

// Parts in the order in which they are shown.
var Parts = []string{PartFirst, PartSolution, PartSatisfaction}

// Part is one of an evaluation: num of den were as promised. One of which
// nothing is known is missing and has no score.
type Part struct {
	Key     string `json:"key"`
	Num     int    `json:"num"`
	Den     int    `json:"den"`
	ScoreBP *int   `json:"score_bp"`
	Missing bool   `json:"missing"`
}

// Count is how many were as promised, of how many that are decided.
type Count struct{ Num, Den int }

// NewParts are the parts of what was counted; what was not is missing.
func NewParts(counted map[string]Count) (parts []Part) {
	for _, key := range Parts {
		c := counted[key]
		part := Part{Key: key, Num: c.Num, Den: c.Den, Missing: c.Den == 0}
		if !part.Missing {
			score := rounded(c.Num*10_000, c.Den)
			part.ScoreBP = &score
		}
		parts = append(parts, part)
	}
	return parts
}

// Missing names the parts of which nothing is known.
func Missing(parts []Part) []string {
	out := []string{}
	for _, p := range parts {
		if p.Missing {
			out = append(out, p.Key)
		}
	}
	return out
}

// Score weighs the parts that are there, in basis points, rounded half up: the
// weight of a missing one goes to the others. Not known if none is there, or none
// of those has a weight.
func Score(parts []Part, weights map[string]int) (bp int, known bool) {
	sum, weight := 0, 0
	for _, p := range parts {
		if !p.Missing {
			sum += *p.ScoreBP * weights[p.Key]
			weight += weights[p.Key]
		}
	}
	if weight == 0 {
		return 0, false
	}
	return rounded(sum, weight), true
}

// rounded is a share of numbers that are not negative, half up.
func rounded(num, den int) int { return (2*num + den) / (2 * den) }

// QuarterOf names the quarter of a day, such as 2026-Q1.
func QuarterOf(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d-Q%d", t.Year(), (int(t.Month())+2)/3)
}

// QuarterDays are the days of a quarter by its name; none if it is no name.
func QuarterDays(name string) domain.Period {
	if len(name) != len("2026-Q1") || name[4:6] != "-Q" {
		return domain.Period{}
	}
	year, err := strconv.Atoi(name[:4])
	n := int(name[6] - '0')
	if err != nil || n < 1 || n > 4 {
		return domain.Period{}
	}
	first := time.Date(year, time.Month(3*n-2), 1, 0, 0, 0, 0, time.UTC)
	return domain.Period{From: first.Format(time.DateOnly), To: first.AddDate(0, 3, -1).Format(time.DateOnly)}
}
