package appraisal

import (
	"github.com/shopspring/decimal"
)

// given is the worked example of a rep: the metrics, and who rated what.
func given() Facts {
	metric := func(key, v string) MetricFact {
		d := num(v)
		return MetricFact{Key: key, Value: &d}
	}
	rated := func(scores ...string) (out []Rating) {
		for i, code := range []string{"T1", "T2", "K1", "K2", "K3"} {
			d := num(scores[i])
			out = append(out, Rating{Item: code, Score: &d})
		}
		return out
	}
	marks := func(of ...int64) (out []decimal.Decimal) {
		for _, m := range of {
			out = append(out, decimal.NewFromInt(m))
		}
		return out
	}
	return Facts{
		Cycle: Span{"2026-07-01", "2026-09-30"}, Present: []Span{{"2020-01-01", "2026-12-31"}},
		Metrics: []MetricFact{
			metric("amount", "3240000"), metric("amount_target", "3000000"), metric("volume", "970"), metric("volume_target", "1000"),
			metric("profit", "510000"), metric("profit_target", "500000"), metric("months_hit", "2"), metric("months", "3"), metric("csat", "4.3"),
			metric("repeat_accounts", "23"), metric("active_accounts", "25"), metric("new_accounts", "2"), metric("new_accounts_target", "2"),
			metric("coverage", "0.88"), metric("late_reports", "0.05"), metric("confirmed_fraud", "0"), metric("major_complaints", "0"), metric("letter_unsigned", "0"),
		},
		Self:      &Form{Rater: "rep", Scores: rated("92", "90", "88", "92", "92")},
		Superiors: []Form{{Rater: "boss", At: true, Days: 92, Scores: rated("85", "80", "78", "88", "90")}},
		Answers: []Answer{
			{Account: "a", Tier: "A", Marks: marks(5, 4, 5, 4, 5)},
			{Account: "a", Tier: "A", Marks: marks(4, 4, 5, 5, 4)},
			{Account: "b", Tier: "B", Marks: marks(5, 5, 4, 4, 5)},
		},
	}
}
