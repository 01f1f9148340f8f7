package expense

import (
	"slices"
	"strings"
	"time"

	"satchel/domain"
)

// Computed is how an amount came about: by which version of which rule, and of what. For
// lodging it is what may be asked at most. It is of the day of the expense, and stays as
// it is from the submit on.
type Computed struct {
	Kind      string `json:"kind"`
	Rule      string `json:"rule"`
	Code      string `json:"code"`
	Version   int    `json:"version"`
	Fen       int    `json:"fen"`
	RateFen   int    `json:"rate_fen"` // a day, a night, a kilometre
	City      string `json:"city,omitzero"`
	Tier      int    `json:"tier,omitzero"`
	Days      int    `json:"days,omitzero"`
	Nights    int    `json:"nights,omitzero"`
	ClaimedM  int    `json:"claimed_m,omitzero"`
	TrackedM  int    `json:"tracked_m,omitzero"`
	CountedM  int    `json:"counted_m,omitzero"`
	NoInvoice bool   `json:"no_invoice,omitzero"` // it is paid without one
	// Parts are what each rate comes to, where it changes between the days.
	Parts []ComputedPart `json:"parts,omitzero"`
	// Before is what stood here when another day, city or rate came.
	Before *ComputedBefore `json:"before,omitzero"`
}

// ComputedPart is what one rate comes to of a line over whose days it changes; the rest
// of the line says what the first has.
type ComputedPart struct {
	From     string `json:"from_day"`
	To       string `json:"to_day"` // the last day, or night
	Code     string `json:"code,omitzero"`
	Version  int    `json:"version,omitzero"` // none: on these days no rule holds
	RateFen  int    `json:"rate_fen"`
	Tier     int    `json:"tier,omitzero"`
	CountedM int    `json:"counted_m,omitzero"`
	Fen      int    `json:"fen"`
}

// ComputedBefore is an amount that was reckoned anew.
type ComputedBefore struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
	Fen     int    `json:"fen"`
	RateFen int    `json:"rate_fen"`
}

// ComputeLine reckons what rules say of a line's amount, of each day by its own rule; nil
// if none does.
func ComputeLine(rules []Rule, role string, line LineFacts) *Computed {
	for _, kind := range []string{RulePerDiem, RuleMileage, RuleLodging} {
		if c, _ := (reckoning{rules: rules, kind: kind, role: role}).line(line); c != nil {
			return c
		}
	}
	return nil
}

// After notes what a computed amount was before, if it has changed.
func (c *Computed) After(before *Computed) *Computed {
	if c == nil || before == nil {
		return c
	}
	switch {
	case c.Fen != before.Fen || c.RateFen != before.RateFen || c.Code != before.Code || c.Version != before.Version:
		c.Before = &ComputedBefore{before.Code, before.Version, before.Fen, before.RateFen}
	default:
		c.Before = before.Before
	}
	return c
}

// line reckons a line, and says of which pieces it is made; nil if no day has a rule.
func (r reckoning) line(line LineFacts) (*Computed, []piece) {
	days, stays := line.days(), line.Nights
	switch {
	case r.kind != RuleLodging:
		stays = 0
	case stays == 0:
		stays = max(days-1, 1)
	case line.ToDay != "":
		stays = min(stays, days)
	}
	pieces := r.pieces(line, max(stays, days*asInt(r.kind != RuleLodging)))
	at := slices.IndexFunc(pieces, func(p piece) bool { return p.rule.Kind != "" })
	if at < 0 {
		return nil, nil
	}
	first := pieces[at]
	c := &Computed{Kind: r.kind, Rule: first.rule.ID, Code: first.rule.Code, Version: first.rule.Version, RateFen: first.rateFen, Tier: first.tier, City: line.City}
	switch r.kind {
	case RulePerDiem:
		c.Days, c.NoInvoice = days, true
	case RuleLodging:
		c.Nights = stays
	case RuleMileage:
		c.City, c.NoInvoice, c.ClaimedM, c.TrackedM = "", true, line.DistanceM, line.TrackedM
		c.count(line, pieces, 0)
		return c, pieces
	}
	for _, p := range pieces {
		c.add(p, p.days()*p.rateFen, len(pieces) > 1)
	}
	return c, pieces
}

// add adds what a piece comes to, and tells it if it is one of several.
func (c *Computed) add(p piece, fen int, told bool) {
	c.Fen += fen
	if told {
		c.Parts = append(c.Parts, ComputedPart{p.from, domain.AddDays(p.end, -1), p.rule.Code, p.rule.Version, p.rateFen, p.tier, p.metres, fen})
	}
}

// count pays what was claimed of a distance, up to what was tracked less what others took
// of it; each rate its part by what was tracked on its days.
func (c *Computed) count(line LineFacts, pieces []piece, taken int) {
	c.Fen, c.Parts = 0, nil
	tracked, first, most := make([]int, len(pieces)), true, -taken
	for i, p := range pieces {
		tracked[i] = p.tracked(line, first)
		first = first && p.rule.Kind == ""
		most += tracked[i]
	}
	c.CountedM = min(c.ClaimedM, max(most, 0))
	rated := 0 // in thousandths of a fen
	for i, metres := range SplitFen(c.CountedM, tracked) {
		pieces[i].metres = metres
		rated += metres * pieces[i].rateFen
		c.add(pieces[i], (rated+500)/1000-c.Fen, len(pieces) > 1)
	}
}

// tierOf is the tier of a line's city on its day; a city that is in no list is of the third.
func tierOf(rules []Rule, line LineFacts) int {
	plain := func(city string) string { return strings.TrimSuffix(PlainName(city), "市") }
	city := plain(line.City)
	for _, r := range newest(rules, RuleCityTiers, line.Day) {
		for i, name := range []string{"first", "second"} {
			if slices.ContainsFunc(r.Params[name].Texts, func(c string) bool { return plain(c) == city }) {
				return i + 1
			}
		}
	}
	return 3
}

func judgePerDiem(j *judged) {
	if most, days, c := j.left(); j.line.Fen > most {
		j.hit("expense.per_diem", "≤ "+yuan(most), map[string]any{"amount": yuan(j.line.Fen), "computed": yuan(most), "days": days, "rate": yuan(c.RateFen), "tier": c.Tier})
	}
	for l := range j.beside() {
		if shared(*l, j.line) && j.isMeal(*l) {
			j.hit("expense.per_diem_meals", "", map[string]any{"day": l.Day})
			return
		}
	}
}

func (j *judged) isMeal(l LineFacts) bool {
	return slices.ContainsFunc(l.categories(), func(code string) bool { return slices.Contains(j.texts("meals"), code) })
}

// perDiem is a line of days with the rules that it is reckoned by.
type perDiem struct {
	line  LineFacts
	rules []Rule
}

// perDiemsBefore are those that were handed in before: looked up once for all lines of a claim.
func perDiemsBefore(rules []Rule, claim ClaimFacts) (out []perDiem) {
	kind, _ := RuleKindOf(RulePerDiem)
	for _, line := range claim.Others {
		if line.Fen == 0 {
			continue
		}
		if over := rulesOver(rules, kind, claim.Role, line); len(over) > 0 {
			out = append(out, perDiem{line, over})
		}
	}
	return out
}

// judgeMeal finds a meal of a day whose per diem was handed in before; one of the same
// claim is judged at its per diem.
func judgeMeal(before []perDiem, kind RuleKind, claim ClaimFacts, at int) []Hit {
	line := claim.Lines[at]
	for _, other := range before {
		if !shared(line, other.line) {
			continue
		}
		j := judged{kind: kind, claim: claim, at: at, line: line}
		for _, j.rule = range other.rules {
			if j.isMeal(line) {
				j.hit("expense.meal_per_diem", "", map[string]any{"day": max(line.Day, other.line.Day)})
			}
		}
		if len(j.hits) > 0 {
			return j.hits
		}
	}
	return nil
}

func judgeLodging(j *judged) {
	if most, nights, c := j.left(); j.line.Fen > most {
		j.hit("expense.lodging", "≤ "+yuan(most), map[string]any{"amount": yuan(j.line.Fen), "limit": yuan(most), "nights": nights, "rate": yuan(c.RateFen), "tier": c.Tier})
	}
}

// judgeMileage pays what was tracked once, over all lines of those days.
func judgeMileage(j *judged) {
	c, pieces := j.reckoning().line(j.line)
	taken := 0
	for l := range j.earlier() {
		if shared(j.line, *l) && j.applies(*l) {
			taken += l.DistanceM
		}
	}
	if c.count(j.line, pieces, taken); j.line.Fen > c.Fen {
		j.hit("expense.mileage", "≤ "+yuan(c.Fen), map[string]any{
			"amount": yuan(j.line.Fen), "computed": yuan(c.Fen), "claimed": c.ClaimedM, "tracked": c.TrackedM, "counted": c.CountedM, "rate": yuan(c.RateFen),
		})
	}
}

// judgeTaxi wants a visit about the time of the ride, of the day if no time is told, or a
// trip that was approved.
func judgeTaxi(j *judged) {
	if p := j.line.Preapproval; p != nil && p.Kind == PreapprovalTrip && p.Day <= j.line.Day && j.line.Day <= max(p.Day, p.ToDay) {
		return
	}
	within := time.Duration(j.whole("minutes")) * time.Minute
	for _, v := range j.line.Visits {
		if j.line.At.IsZero() || !j.line.At.Before(v.From.Add(-within)) && !j.line.At.After(v.until().Add(within)) {
			return
		}
	}
	j.hit("expense.taxi", "", map[string]any{"minutes": j.whole("minutes"), "day": j.line.Day})
}

func (v VisitFacts) until() time.Time {
	if v.To.Before(v.From) {
		return v.From
	}
	return v.To
}

// judgeVisit wants a visit to the account, or the one that a line names which has none.
func judgeVisit(j *judged) {
	for _, v := range j.line.Visits {
		if v.Account == j.line.Account || j.line.Account == "" && v.ID == j.line.Visit {
			return
		}
	}
	code := "expense.no_visit"
	if j.line.Account == "" && len(j.line.Visits) > 0 {
		code = "expense.visit_unnamed"
	}
	j.hit(code, "", map[string]any{"day": j.line.Day})
}

// judgeCurrency holds foreign money to its rate, to the fen.
func judgeCurrency(j *judged) {
	l := j.line
	if l.Currency == "" || l.Currency == "CNY" {
		return
	}
	if l.ForeignFen <= 0 || l.RatePPM <= 0 || !domain.IsDay(l.RateDay) {
		j.hit("expense.currency", "", map[string]any{"currency": l.Currency})
		return
	}
	if fen := int((int64(l.ForeignFen)*int64(l.RatePPM) + 500_000) / 1_000_000); fen != l.Fen {
		j.hit("expense.currency_amount", "= "+yuan(fen), map[string]any{"amount": yuan(l.Fen), "computed": yuan(fen)})
	}
}
