package expense

import (
	"slices"

	"satchel/domain"
)

// reckoning is by which rules lines are reckoned: those of a kind, of one severity or of
// any, for a role. Each day has the rate of its own day.
type reckoning struct {
	rules                []Rule
	kind, severity, role string
}

func (j *judged) reckoning() reckoning {
	return reckoning{j.rules, j.rule.Kind, j.rule.Severity, j.claim.Role}
}

// on picks the one rule of a day: of those that fit alike, that which began last.
func (r reckoning) on(line LineFacts, day string) (best Rule, found bool) {
	line.Day = day
	at := -1
	for _, rule := range RulesFor(r.rules, r.kind, r.role, line) {
		if r.severity != "" && rule.Severity != r.severity {
			continue
		}
		if fit, _ := rule.fit(r.role, line); fit > at || fit == at && rule.From > best.From {
			best, at, found = rule, fit, true
		}
	}
	return best, found
}

// turns are the first day of a stretch, and those within it on which a rule begins or
// has ended: between them nothing changes.
func (r reckoning) turns(from, end string) []string {
	out := []string{from}
	for _, rule := range r.rules {
		if rule.Kind != r.kind && rule.Kind != RuleCityTiers {
			continue
		}
		out = append(out, rule.From)
		if rule.To != "" {
			out = append(out, domain.AddDays(rule.To, 1))
		}
	}
	out = slices.DeleteFunc(out, func(day string) bool { return day < from || day > from && day >= end })
	slices.Sort(out)
	return slices.Compact(out)
}

// piece is a part of a line's days, or nights, with one rate; without a rule it has none.
type piece struct {
	from, end string
	rule      Rule
	tier      int
	rateFen   int
	bp        int // what may be asked for, of the rate
	metres    int
}

// pieces divide so many days from a line's first.
func (r reckoning) pieces(line LineFacts, days int) (out []piece) {
	const most = 3660 // nothing that lasts longer
	end := domain.AddDays(line.Day, min(days, most))
	turns := r.turns(line.Day, end)
	for i, from := range turns {
		p := piece{from: from, end: end, bp: 10_000}
		if i+1 < len(turns) {
			p.end = turns[i+1]
		}
		if rule, found := r.on(line, from); found {
			p.rate(r.rules, rule, line)
		}
		if last := len(out) - 1; last >= 0 && out[last].rule.ID == p.rule.ID && out[last].rule.Version == p.rule.Version && out[last].tier == p.tier {
			out[last].end = p.end
			continue
		}
		out = append(out, p)
	}
	return out
}

func (p *piece) rate(rules []Rule, rule Rule, line LineFacts) {
	p.rule = rule
	if rule.Kind == RuleMileage {
		p.rateFen = rule.Params["km_fen"].Whole
		return
	}
	line.Day = p.from
	p.tier = tierOf(rules, line)
	p.rateFen = rule.Params["tiers_fen"].Tiers[p.tier-1]
	if rule.Kind == RuleLodging {
		p.bp = rule.Params["over_bp"].Whole
	}
}

func (p piece) days() int { return nights(p.from, p.end) }

// tracked is what may be claimed of what was tracked on a piece's days; what is not told
// by days is of the first piece with a rule.
func (p piece) tracked(line LineFacts, first bool) (metres int) {
	if p.rule.Kind == "" {
		return 0
	}
	if line.TrackedDays == nil && first {
		metres = line.TrackedM
	}
	for day, m := range line.TrackedDays {
		if p.from <= day && day < p.end {
			metres += m
		}
	}
	return metres * p.rule.Params["track_bp"].Whole / 10_000
}

// rulesOver are the rules of a kind that hold for a line: of what is reckoned by days, one
// of each severity, that of the first day which has one.
func rulesOver(rules []Rule, kind RuleKind, role string, line LineFacts) (out []Rule) {
	if !kind.daily {
		return RulesFor(rules, kind.Kind, role, line)
	}
	end := max(domain.AddDays(line.last(), 1), domain.AddDays(line.Day, min(line.Nights, 3660)))
	for _, severity := range Severities {
		r := reckoning{rules, kind.Kind, severity, role}
		for _, day := range r.turns(line.Day, end) {
			if rule, found := r.on(line, day); found {
				out = append(out, rule)
				break
			}
		}
	}
	return out
}
