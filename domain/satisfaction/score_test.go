package satisfaction_test

import (
	"testing"

	"satchel/domain"
	"satchel/domain/satisfaction"
)

// TestAnswersComeToAScore: (mean − 1) / 4 × 100.
func TestAnswersComeToAScore(t *testing.T) {
	for _, c := range []struct {
		answers []int
		want    int // hundredths, half up
	}{
		{[]int{5, 5, 5, 5, 5}, 10_000},
		{[]int{1, 1, 1, 1, 1}, 0},
		{[]int{5, 4, 5, 4, 4}, 8_500},
		{[]int{3}, 5_000},
		{[]int{1, 1, 2}, 833},
		{[]int{5, 4, 5}, 9_167},
	} {
		if got := satisfaction.HalfUp(satisfaction.Score(c.answers), 2); got != c.want {
			t.Errorf("%v: %d, want %d", c.answers, got, c.want)
		}
	}
	if satisfaction.Score(nil) != nil || satisfaction.Mean(nil) != nil || satisfaction.Weighed(nil) != nil {
		t.Error("nothing comes to something")
	}
}

// TestAccountsWeighByTier: the mean of each account first, then A 3, B 2, C 1.
func TestAccountsWeighByTier(t *testing.T) {
	answers := []satisfaction.Answer{
		{Account: "a", Tier: "A", Answers: []int{5, 5, 5, 5, 5}}, // 100
		{Account: "a", Tier: "A", Answers: []int{3, 3, 3, 3, 3}}, // 50: a is 75
		{Account: "b", Tier: "B", Answers: []int{1, 1, 1, 1, 1}}, // 0
		{Account: "c", Tier: "C", Answers: []int{5, 5, 5, 5, 4}}, // 95
		{Account: "d", Answers: []int{1, 2, 1, 1, 1}},            // 5
	}
	if got := satisfaction.HalfUp(satisfaction.Weighed(answers), 2); got != 4643 { // (225 + 0 + 95 + 5) / 7 = 46.428…
		t.Errorf("%d", got)
	}
	if got := satisfaction.ByQuestion(answers); len(got) != 5 || got[0] != 300 || got[1] != 320 || got[4] != 280 {
		t.Errorf("%v", got)
	}
}

// policy: R6.5 minimum
func TestTooFewAnswersTellNothing(t *testing.T) {
	least := satisfaction.Least{Answers: 3, Accounts: 2}
	of := func(accounts ...string) (out []satisfaction.Answer) {
		for _, a := range accounts {
			out = append(out, satisfaction.Answer{Account: a, Answers: []int{5}})
		}
		return out
	}
	for want, cases := range map[bool][][]satisfaction.Answer{
		false: {nil, of("a"), of("a", "b"), of("a", "a", "a", "a")},
		true:  {of("a", "a", "b"), of("a", "b", "c")},
	} {
		for _, c := range cases {
			if least.Enough(c) != want {
				t.Errorf("%v: not %v", c, want)
			}
		}
	}
	if (satisfaction.Least{}).Enough(nil) {
		t.Error("no answers are enough")
	}
}

func TestAnswersAreChecked(t *testing.T) {
	q := satisfaction.Questions
	for _, c := range []struct {
		answers []int
		want    string
	}{
		{[]int{1, 2, 3, 4, 5}, ""},
		{nil, "satisfaction.answer_missing"},
		{[]int{1, 2, 3, 4}, "satisfaction.answer_missing"},
		{[]int{1, 2, 0, 4, 5}, "satisfaction.answer_missing"},
		{[]int{1, 2, 6, 4, 5}, "satisfaction.answer_invalid"},
		{[]int{-1, 2, 3, 4, 5}, "satisfaction.answer_invalid"},
		{[]int{1, 2, 3, 4, 5, 5}, "satisfaction.answer_missing"},
	} {
		if got := domain.CodeOf(satisfaction.CheckAnswers(q, c.answers)); got != c.want {
			t.Errorf("%v: %q, want %q", c.answers, got, c.want)
		}
	}
	for _, x := range q {
		if x.Text.ZH == "" || x.Text.EN == "" {
			t.Errorf("%s is not said in both languages", x.Key)
		}
	}
}
