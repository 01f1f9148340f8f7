package appraisal

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"satchel/domain"
)

// Raters, and the keys of their forms in a trace.
const (
	raterSelf     = "self"
	raterSuperior = "superior"
	raterCustomer = "customer"
)

// items reckons what is computed, once for all raters.
func (e *evaluation) items() error {
	for i, item := range e.scheme.Items {
		if item.Kind == IndicatorRated || item.Weight.IsZero() {
			continue
		}
		if e.days < e.scheme.MinDays {
			e.note(Step{Key: "item." + item.Code, Name: item.Name, Op: OpFact, Rule: "min_days"}, none(WhyFewDays))
			continue
		}
		step := Step{Key: "value." + item.Code, Name: words(item.Name.ZH+"（指标值）", item.Name.EN+" (value)"), Rule: "items/" + item.Code + "/formula", Formula: item.Formula}
		if _, err := e.reckon(step, e.r.items[i]); err != nil {
			return err
		}
		e.band("item."+item.Code, "value."+item.Code, item)
	}
	return nil
}

// band makes points of an item's value.
func (e *evaluation) band(key, of string, item Item) {
	step := Step{Key: key, Name: item.Name, Op: OpBand, Rule: "items/" + item.Code + "/band", Inputs: []Input{e.from("x", of)}}
	var flat []decimal.Decimal
	for _, p := range item.Band {
		step.Inputs = append(step.Inputs, Input{Name: p.X.String(), Value: p.Y.String()})
		flat = append(flat, p.X, p.Y)
	}
	v := e.have[of]
	if v.known {
		v = is(bandAt(v.Decimal, flat))
	}
	e.note(step, v)
}

// forms reckons the self form and those of the superiors.
func (e *evaluation) forms() error {
	if e.facts.Self == nil {
		e.note(Step{Key: raterSelf, Name: words("自评", "Self rating"), Op: OpFact, Rule: "raters/self"}, none(WhyNoSelf))
	} else if err := e.form(raterSelf, words("自评", "Self rating"), *e.facts.Self); err != nil {
		return err
	}
	return e.superiors()
}

// superiors reckons the form of who led the person at cut-off, or those of all by days.
func (e *evaluation) superiors() error {
	name := words("上级评价", "Superior's rating")
	forms := slices.SortedFunc(slices.Values(e.facts.Superiors), func(a, b Form) int {
		if a.At != b.At {
			if a.At {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(a.Rater, b.Rater), cmp.Compare(a.Days, b.Days))
	})
	if len(forms) == 0 || !forms[len(forms)-1].At {
		e.note(Step{Key: raterSuperior, Name: name, Op: OpFact, Rule: "raters/superior"}, none(WhyNoSuperior))
		return nil
	}
	if e.scheme.Managers != ManagersByDays || len(forms) == 1 {
		return e.form(raterSuperior, name, forms[len(forms)-1])
	}
	days := 0
	for i, f := range forms {
		if err := e.form(numbered(raterSuperior, i), words("上级评价（第"+whole(i+1).String()+"位）", "Rating of superior "+whole(i+1).String()), f); err != nil {
			return err
		}
		if e.have[numbered(raterSuperior, i)].known {
			days += f.Days
		}
	}
	step, sum := Step{Key: raterSuperior, Name: words("上级评价（按天数加权）", "Superiors' ratings by days"), Op: OpSum, Rule: "managers"}, exact{}
	for i, f := range forms {
		key := numbered(raterSuperior, i)
		if v := e.have[key]; v.known && days > 0 {
			step.Inputs = append(step.Inputs, e.from(key, key).share(whole(f.Days), whole(days)))
			sum.add(v.Decimal, whole(f.Days), whole(days))
		}
	}
	if days == 0 {
		e.note(step, none(e.have[numbered(raterSuperior, len(forms)-1)].why))
		return nil
	}
	e.note(step, is(sum.value()))
	return nil
}

// form is Σ weight × points of what a rater's form has: an n/a item's weight goes to the
// others of its group, a group's to the other groups, in proportion.
func (e *evaluation) form(key string, name domain.Texts, form Form) error {
	scores := map[string]*decimal.Decimal{}
	for _, s := range form.Scores {
		if s.Score != nil && (s.Score.IsNegative() || s.Score.GreaterThan(hundred)) {
			return domain.Problem{Code: RatingInvalid, Params: map[string]any{"item": s.Item}}
		}
		scores[s.Item] = s.Score
	}
	at := map[string]string{}
	of, have := map[string]decimal.Decimal{}, map[string]decimal.Decimal{} // weights of groups: all, and of what is not n/a
	for _, item := range e.scheme.Items {
		if item.Weight.IsZero() {
			continue
		}
		at[item.Code] = "item." + item.Code
		if item.Kind == IndicatorRated {
			at[item.Code] = e.rated(key, item, scores[item.Code])
		}
		of[item.Group] = of[item.Group].Add(item.Weight)
		if e.have[at[item.Code]].known {
			have[item.Group] = have[item.Group].Add(item.Weight)
		}
	}
	var left, all decimal.Decimal // weights of groups that have something, and of all
	for group, w := range of {
		all = all.Add(w)
		if have[group].Sign() > 0 {
			left = left.Add(w)
		}
	}
	step, sum := Step{Key: key, Name: name, Op: OpSum, Rule: "items"}, exact{}
	for _, item := range e.scheme.Items {
		if item.Weight.IsZero() {
			continue
		}
		v := e.have[at[item.Code]]
		if !v.known {
			step.Inputs = append(step.Inputs, e.from(item.Code, at[item.Code]).share(decimal.Zero, all))
			continue
		}
		weight, over := item.Weight, all
		if !left.Equal(all) || !have[item.Group].Equal(of[item.Group]) {
			weight, over = item.Weight.Mul(of[item.Group]), have[item.Group].Mul(left)
		}
		step.Inputs = append(step.Inputs, e.from(item.Code, at[item.Code]).share(weight, over))
		sum.add(v.Decimal, weight, over)
	}
	if left.IsZero() {
		why := WhyNothingLeft
		if e.days < e.scheme.MinDays {
			why = WhyFewDays
		}
		e.note(step, none(why))
		return nil
	}
	e.note(step, is(sum.value()))
	return nil
}

// rated notes what a rater gave an item, and returns where the points stand.
func (e *evaluation) rated(form string, item Item, score *decimal.Decimal) string {
	key := form + "." + item.Code
	step := Step{Key: key, Name: item.Name, Op: OpFact, Rule: "items/" + item.Code}
	switch {
	case e.days < e.scheme.MinDays:
		e.note(step, none(WhyFewDays))
		return key
	case score == nil:
		e.note(step, none(WhyNotRated))
		return key
	case len(item.Band) == 0:
		e.note(step, is(*score))
		return key
	}
	step.Key = key + ".rated"
	e.note(step, is(*score))
	e.band(key, step.Key, item)
	return key
}

// distance is how far self and superior are apart.
func (e *evaluation) distance() error {
	self, superior := e.have[raterSelf], e.have[raterSuperior]
	if !self.known || !superior.known {
		return nil
	}
	gap := self.Sub(superior.Decimal).Abs()
	e.note(Step{Key: "gap", Name: words("自评与上级评价之差", "Distance of self and superior"), Op: OpDistance, Rule: "self_inflation", Inputs: []Input{e.from(raterSelf, raterSelf), e.from(raterSuperior, raterSuperior)}}, is(gap))
	e.out.Gap, e.out.NoteNeeded = &gap, gap.GreaterThan(e.scheme.SelfInflation)
	return nil
}
