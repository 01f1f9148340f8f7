package appraisal

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/formula"
)

// asPoints is how a mean answer becomes points.
const asPoints = "(mean - low) * 100 / (high - low)"

// customers makes the score of the answers: each account's mean, weighed by tier. Too few
// are none, and the scheme says what then holds. No account is named.
func (e *evaluation) customers() error {
	e.out.Self, e.out.Superior = e.have[raterSelf].pointer(), e.have[raterSuperior].pointer()
	means, responses, err := e.accountMeans()
	if err != nil {
		return err
	}
	r := e.scheme.Raters
	name := words("客户评价", "Customers' rating")
	e.note(Step{Key: "answers", Name: words("有效答卷数", "Valid answers"), Op: OpFact, Rule: "raters/min_responses"}, is(whole(responses)))
	e.note(Step{Key: "answers.accounts", Name: words("答卷客户数", "Accounts that answered"), Op: OpFact, Rule: "raters/min_accounts"}, is(whole(len(means))))
	if responses < r.MinResponses || len(means) < max(r.MinAccounts, 1) {
		if p := e.facts.PreviousCustomer; r.MissingCustomer == MissingPrevious && p != nil {
			e.note(Step{Key: "customer.previous", Name: words("上一周期客户评价", "Customers' rating of the cycle before"), Op: OpFact, Rule: "raters/on_missing_customer"}, is(*p))
			step := Step{Key: raterCustomer, Name: name, Op: OpReplace, Rule: "raters/on_missing_customer", Inputs: []Input{e.from("previous", "customer.previous")}}
			e.out.Customer = e.note(step, is(*p)).pointer()
			return nil
		}
		e.note(Step{Key: raterCustomer, Name: name, Op: OpFact, Rule: "raters/on_missing_customer"}, none(WhyFewAnswers))
		return nil
	}
	e.tiers(means)
	q := e.scheme.Customer
	mean := e.have["customer.mean"].Decimal
	points := formula.Divide(mean.Sub(q.Low).Mul(hundred), q.High.Sub(q.Low))
	step := Step{Key: raterCustomer, Name: name, Op: OpFormula, Rule: "customer", Formula: asPoints, Inputs: []Input{e.from("mean", "customer.mean"), plain("low", q.Low), plain("high", q.High)}}
	e.out.Customer = e.note(step, is(points)).pointer()
	return nil
}

// accountMean is the mean of all answers of one account.
type accountMean struct {
	tier string
	mean decimal.Decimal
}

// accountMeans are those of accounts that answered anything, and how many answers that were.
func (e *evaluation) accountMeans() (out []accountMean, responses int, err error) {
	type sum struct {
		tier  string
		total decimal.Decimal
		n     int
	}
	sums := map[string]*sum{}
	for _, a := range e.facts.Answers {
		if len(a.Marks) == 0 {
			continue
		}
		responses++
		s := sums[a.Account]
		if s == nil {
			s = &sum{tier: a.Tier}
			sums[a.Account] = s
		}
		s.tier = min(s.tier, a.Tier) // of an account that moved, the better
		for _, mark := range a.Marks {
			if mark.LessThan(e.scheme.Customer.Low) || mark.GreaterThan(e.scheme.Customer.High) {
				return nil, 0, domain.Problem{Code: MarkInvalid, Params: map[string]any{"mark": mark.String()}}
			}
			s.total, s.n = s.total.Add(mark), s.n+1
		}
	}
	for _, s := range sums {
		if slices.ContainsFunc(e.scheme.Customer.Tiers, func(t TierWeight) bool { return t.Tier == s.tier }) {
			out = append(out, accountMean{s.tier, formula.Divide(s.total, whole(s.n))})
		}
	}
	slices.SortFunc(out, func(a, b accountMean) int { return cmp.Or(cmp.Compare(a.tier, b.tier), a.mean.Cmp(b.mean)) })
	return out, responses, nil
}

// tiers notes the sum of each tier's means, and the mean of all by weight.
func (e *evaluation) tiers(means []accountMean) {
	over := decimal.Zero
	for _, m := range means {
		over = over.Add(e.tierWeight(m.tier))
	}
	step, sum := Step{Key: "customer.mean", Name: words("客户平均分（按等级加权）", "Mean answer by tier"), Op: OpSum, Rule: "customer/tiers"}, exact{}
	for _, t := range e.scheme.Customer.Tiers {
		total, n := decimal.Zero, 0
		for _, m := range means {
			if m.tier == t.Tier {
				total, n = total.Add(m.mean), n+1
			}
		}
		if n == 0 {
			continue
		}
		key := "customer." + t.Tier
		leaf := Step{Key: key, Name: words(t.Tier+" 级客户平均分之和（"+whole(n).String()+" 家）", "Sum of the means of "+whole(n).String()+" accounts of tier "+t.Tier), Op: OpFact, Rule: "customer/tiers/" + t.Tier}
		e.note(leaf, is(total))
		step.Inputs = append(step.Inputs, e.from(t.Tier, key).share(t.Weight, over))
		sum.add(total, t.Weight, over)
	}
	e.note(step, is(sum.value()))
}

func (e *evaluation) tierWeight(tier string) decimal.Decimal {
	for _, t := range e.scheme.Customer.Tiers {
		if t.Tier == tier {
			return t.Weight
		}
	}
	return decimal.Zero
}
