package expense

import (
	"cmp"
	"iter"
	"slices"
)

// Rule is a version of an expense rule (R7.3): one of a closed list of kinds with its
// parameters. A changed rule is a new version; the newest of those in force on the day of
// the expense holds.
type Rule struct {
	ID         string     `json:"id"`
	Code       string     `json:"code"` // what its versions have in common
	Version    int        `json:"version"`
	Kind       string     `json:"kind"`
	Severity   string     `json:"severity"`
	Clause     string     `json:"clause,omitzero"`
	Params     RuleParams `json:"params"`
	Categories []string   `json:"categories,omitzero"` // codes; none for all. One stands for those below it
	Roles      []string   `json:"roles,omitzero"`      // of the owner; none for all
	From       string     `json:"from_day"`
	To         string     `json:"to_day,omitzero"`
	Active     bool       `json:"active"`
}

// Severities are what a rule's hit may do.
var Severities = []string{HitBlocks, HitWarns, HitReviews}

// JudgeClaim finds what of a claim keeps its rules not, line by line, in the order of the
// kinds. It decides nothing by anything but the values given: server and phone agree.
func JudgeClaim(rules []Rule, claim ClaimFacts) (hits []Hit) {
	perDiems, sellers := perDiemsBefore(rules, claim), sellersOf(claim.Lines)
	for i := range claim.Lines {
		for _, kind := range RuleKinds {
			if kind.judge == nil {
				continue
			}
			for _, rule := range rulesOver(rules, kind, claim.Role, claim.Lines[i]) {
				j := judged{rules: rules, rule: rule, kind: kind, claim: claim, at: i, line: claim.Lines[i], sellers: sellers}
				kind.judge(&j)
				hits = append(hits, j.hits...)
			}
			if kind.Kind == RulePerDiem {
				hits = append(hits, judgeMeal(perDiems, kind, claim, i)...)
			}
		}
	}
	return hits
}

// RulesFor picks the rules of a kind that hold for a line on its day: of each severity
// those that name its case best, by role first and then by category, so that a general
// one holds where a special one is missing.
func RulesFor(rules []Rule, kind, role string, line LineFacts) (out []Rule) {
	best := map[string]int{}
	fits := map[string]int{}
	for _, r := range newest(rules, kind, line.Day) {
		fit, ok := r.fit(role, line)
		if !ok {
			continue
		}
		fits[r.Code] = fit
		best[r.Severity] = max(best[r.Severity], fit)
		out = append(out, r)
	}
	return slices.DeleteFunc(out, func(r Rule) bool { return fits[r.Code] < best[r.Severity] })
}

// newest are the versions of a kind that hold on a day, in the order of severities and codes.
func newest(rules []Rule, kind, day string) []Rule {
	last := map[string]Rule{}
	for _, r := range rules {
		if r.Kind == kind && r.From <= day && (r.To == "" || day <= r.To) && r.Version > last[r.Code].Version {
			last[r.Code] = r
		}
	}
	var out []Rule
	for _, r := range last {
		if r.Active {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Rule) int {
		return cmp.Or(slices.Index(Severities, a.Severity)-slices.Index(Severities, b.Severity), cmp.Compare(a.Code, b.Code))
	})
	return out
}

// fit tells how well a rule names a line's case.
func (r Rule) fit(role string, line LineFacts) (fit int, ok bool) {
	if len(r.Roles) > 0 {
		if !slices.Contains(r.Roles, role) {
			return 0, false
		}
		fit = 1000
	}
	if len(r.Categories) == 0 {
		return fit, true
	}
	for i, code := range line.categories() {
		if slices.Contains(r.Categories, code) {
			return fit + 100 - min(i, 99), true
		}
	}
	return 0, false
}

// categories are a line's own and those above it.
func (l LineFacts) categories() []string { return append([]string{l.Category}, l.Above...) }

// last is the last of a line's days.
func (l LineFacts) last() string { return max(l.Day, l.ToDay) }

// judged is a rule at work on a line.
type judged struct {
	rules []Rule
	rule  Rule
	kind  RuleKind
	claim ClaimFacts
	at    int
	line  LineFacts

	sellers [][]string // of the claim's lines
	hits    []Hit
}

// hit notes that the line does not keep the rule: the numbers, and what would keep it.
func (j *judged) hit(code, pass string, params map[string]any) {
	j.hits = append(j.hits, Hit{
		Line: j.line.ID, Rule: j.rule.ID, Version: j.rule.Version, Code: code, Severity: j.rule.Severity, Clause: j.rule.Clause,
		Params: params, Pass: pass, Limit: j.kind.limit && pass != "", Reason: j.line.Reason,
	})
}

func (j *judged) whole(name string) int      { return j.rule.Params[name].Whole }
func (j *judged) texts(name string) []string { return j.rule.Params[name].Texts }
func (j *judged) applies(line LineFacts) bool {
	return len(rulesOver(j.rules, j.kind, j.claim.Role, line)) > 0
}

// earlier are lines that were there first: of claims handed in, and of this one.
func (j *judged) earlier() iter.Seq[*LineFacts] { return each(j.claim.Others, j.claim.Lines[:j.at]) }

// before are the lines of the claim ahead of this one, and it.
func (j *judged) before() iter.Seq[*LineFacts] { return each(j.claim.Lines[:j.at+1]) }

// beside are all lines of the claim, and of claims handed in.
func (j *judged) beside() iter.Seq[*LineFacts] { return each(j.claim.Lines, j.claim.Others) }

// each goes over lines where they are: a line is large, and of a claim each asks for all others.
func each(parts ...[]LineFacts) iter.Seq[*LineFacts] {
	return func(yield func(*LineFacts) bool) {
		for _, lines := range parts {
			for i := range lines {
				if !yield(&lines[i]) {
					return
				}
			}
		}
	}
}

// NamedBy reports whether a rule of a kind, of whatever version, names one of some categories.
func NamedBy(rules []Rule, kind string, codes []string) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool {
		return r.Kind == kind && slices.ContainsFunc(codes, func(code string) bool { return slices.Contains(r.Categories, code) })
	})
}

// GiftRules are those of a day for somebody's gifts of care, which have no category.
func GiftRules(rules []Rule, role, day string) (out []Rule) {
	special := false
	for _, r := range newest(rules, RuleGift, day) {
		if len(r.Roles) == 0 || slices.Contains(r.Roles, role) {
			special = special || len(r.Roles) > 0
			out = append(out, r)
		}
	}
	return slices.DeleteFunc(out, func(r Rule) bool { return special && len(r.Roles) == 0 })
}
