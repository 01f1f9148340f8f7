package satisfaction

import (
	"math/big"
	"slices"
)

// Answer is a set of answers about somebody.
type Answer struct {
	Account string
	Tier    string // of the account at the draw
	Answers []int
}

// Least is from how many answers, of how many accounts, a figure is told.
type Least struct{ Answers, Accounts int }

// Enough reports whether there are as many: fewer would tell who said what.
func (l Least) Enough(answers []Answer) bool {
	accounts := map[string]bool{}
	for _, a := range answers {
		accounts[a.Account] = true
	}
	return len(answers) >= max(l.Answers, 1) && len(accounts) >= l.Accounts
}

// Mean is the mean score of the answers of one account, exactly; nil of none.
func Mean(answers []Answer) *big.Rat {
	if len(answers) == 0 {
		return nil
	}
	sum := new(big.Rat)
	for _, a := range answers {
		sum.Add(sum, Score(a.Answers))
	}
	return sum.Quo(sum, big.NewRat(int64(len(answers)), 1))
}

// Weighed is what answers about somebody come to, 0 to 100, exactly: the mean of each
// account, and the mean of those by the weights of their tiers; nil of none.
func Weighed(answers []Answer) *big.Rat {
	of := map[string][]Answer{}
	var accounts []string
	for _, a := range answers {
		if of[a.Account] == nil {
			accounts = append(accounts, a.Account)
		}
		of[a.Account] = append(of[a.Account], a)
	}
	if len(accounts) == 0 {
		return nil
	}
	slices.Sort(accounts)
	sum, weights := new(big.Rat), new(big.Rat)
	for _, account := range accounts {
		weight := big.NewRat(int64(TierWeight(of[account][0].Tier)), 1)
		weights.Add(weights, weight)
		sum.Add(sum, weight.Mul(weight, Mean(of[account])))
	}
	return sum.Quo(sum, weights)
}

// ByQuestion is the mean answer to each question, 1 to 5, in hundredths half up.
func ByQuestion(answers []Answer) (means []int) {
	if len(answers) == 0 {
		return nil
	}
	for i := range answers[0].Answers {
		sum := 0
		for _, a := range answers {
			if i < len(a.Answers) {
				sum += a.Answers[i]
			}
		}
		means = append(means, HalfUp(big.NewRat(int64(sum), int64(len(answers))), 2))
	}
	return means
}
