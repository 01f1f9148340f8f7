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
	// Before is what stood here when another day, city or rate came.
	Before *ComputedBefore `json:"before,omitzero"`
}

// ComputedBefore is an amount that was reckoned anew.
type ComputedBefore struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
	Fen     int    `json:"fen"`
	RateFen int    `json:"rate_fen"`
}

// ComputeLine reckons what rules say of a line's amount on its day; nil if none does.
func ComputeLine(rules []Rule, role string, line LineFacts) *Computed {
	for _, kind := range []string{RulePerDiem, RuleMileage, RuleLodging} {
		if r, found := rate(rules, kind, role, line); found {
			return reckon(rules, r, line)
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

func reckon(rules []Rule, r Rule, line LineFacts) *Computed {
	c := &Computed{Kind: r.Kind, Rule: r.ID, Code: r.Code, Version: r.Version, City: line.City}
	switch r.Kind {
	case RulePerDiem:
		c.Tier, c.Days, c.NoInvoice = tierOf(rules, line), line.days(), true
		c.RateFen = r.Params["tiers_fen"].Tiers[c.Tier-1]
		c.Fen = c.Days * c.RateFen
	case RuleLodging:
		c.Tier, c.Nights = tierOf(rules, line), line.Nights
		switch {
		case c.Nights == 0:
			c.Nights = max(line.days()-1, 1)
		case line.ToDay != "":
			c.Nights = min(c.Nights, line.days())
		}
		c.RateFen = r.Params["tiers_fen"].Tiers[c.Tier-1]
		c.Fen = c.Nights * c.RateFen
	case RuleMileage:
		c.City, c.NoInvoice = "", true
		c.RateFen, c.ClaimedM, c.TrackedM = r.Params["km_fen"].Whole, line.DistanceM, line.TrackedM
		c.count(line.TrackedM * r.Params["track_bp"].Whole / 10_000)
	}
	return c
}

// count pays what was claimed of a distance, up to most.
func (c *Computed) count(most int) {
	c.CountedM = min(c.ClaimedM, max(most, 0))
	c.Fen = (c.CountedM*c.RateFen + 500) / 1000
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
	c := reckon(j.rules, j.rule, j.line)
	if most, days := j.left(c, func(fen int) int { return fen }); j.line.Fen > most {
		j.hit("expense.per_diem", "≤ "+yuan(most), map[string]any{"amount": yuan(j.line.Fen), "computed": yuan(most), "days": days, "rate": yuan(c.RateFen), "tier": c.Tier})
	}
	for _, l := range slices.Concat(j.claim.Lines, j.claim.Others) {
		meal := slices.ContainsFunc(l.categories(), func(code string) bool { return slices.Contains(j.texts("meals"), code) })
		if meal && l.last() >= j.line.Day && l.Day <= j.line.last() {
			j.hit("expense.per_diem_meals", "", map[string]any{"day": l.Day})
			return
		}
	}
}

func judgeLodging(j *judged) {
	c := reckon(j.rules, j.rule, j.line)
	if most, nights := j.left(c, func(fen int) int { return fen * j.whole("over_bp") / 10_000 }); j.line.Fen > most {
		j.hit("expense.lodging", "≤ "+yuan(most), map[string]any{"amount": yuan(j.line.Fen), "limit": yuan(most), "nights": nights, "rate": yuan(c.RateFen), "tier": c.Tier})
	}
}

// judgeMileage pays what was tracked once, over all lines of those days.
func judgeMileage(j *judged) {
	c := reckon(j.rules, j.rule, j.line)
	most := c.TrackedM * j.whole("track_bp") / 10_000
	for _, l := range j.earlier() {
		if shared(j.line, l) && j.applies(l) {
			most -= l.DistanceM
		}
	}
	c.count(most)
	if j.line.Fen > c.Fen {
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

func judgeVisit(j *judged) {
	for _, v := range j.line.Visits {
		if j.line.Account == "" || v.Account == j.line.Account {
			return
		}
	}
	j.hit("expense.no_visit", "", map[string]any{"day": j.line.Day})
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
