package satisfaction

import (
	"math/big"

	"satchel/domain"
)

// Question is answered by a whole number from Worst to Best.
type Question struct {
	Key  string       `json:"key"`
	Text domain.Texts `json:"text"`
}

// Worst and Best are the ends of the scale.
const (
	Worst = 1
	Best  = 5
)

// Questions are those of the policy; a survey keeps those that it was opened with.
var Questions = []Question{
	{"attitude", domain.Texts{ZH: "服务态度", EN: "Service attitude"}},
	{"speed", domain.Texts{ZH: "响应速度", EN: "Response speed"}},
	{"professionalism", domain.Texts{ZH: "专业水平", EN: "Professionalism"}},
	{"solving", domain.Texts{ZH: "问题解决", EN: "Problem solving"}},
	{"reliability", domain.Texts{ZH: "诚信可靠", EN: "Reliability"}},
}

// Scale says what the numbers mean, the worst first.
var Scale = []domain.Texts{
	{ZH: "很不满意", EN: "Very poor"},
	{ZH: "不满意", EN: "Poor"},
	{ZH: "一般", EN: "Fair"},
	{ZH: "满意", EN: "Good"},
	{ZH: "非常满意", EN: "Very good"},
}

// CheckAnswers judges a set of answers, 0 for none: satisfaction.answer_missing and
// satisfaction.answer_invalid.
func CheckAnswers(questions []Question, answers []int) error {
	if len(answers) != len(questions) {
		return domain.Problem{Code: "satisfaction.answer_missing"}
	}
	for i, a := range answers {
		params := map[string]any{"question": questions[i].Text}
		switch {
		case a == 0:
			return domain.Problem{Code: "satisfaction.answer_missing", Params: params}
		case a < Worst || a > Best:
			return domain.Problem{Code: "satisfaction.answer_invalid", Params: params}
		}
	}
	return nil
}

// Score is what a set of answers comes to, 0 to 100: (mean − 1) / 4 × 100, exactly.
// Of none it is nothing.
func Score(answers []int) *big.Rat {
	if len(answers) == 0 {
		return nil
	}
	sum := 0
	for _, a := range answers {
		sum += a - Worst
	}
	return big.NewRat(int64(sum)*100, int64(len(answers)*(Best-Worst)))
}

// HalfUp rounds what is not negative to a number of decimal places, and gives it as a
// whole number of the last place.
func HalfUp(r *big.Rat, places int) int {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	n := new(big.Int).Mul(r.Num(), scale)
	n.Mul(n, big.NewInt(2)).Add(n, r.Denom())
	return int(n.Div(n, new(big.Int).Mul(r.Denom(), big.NewInt(2))).Int64())
}
