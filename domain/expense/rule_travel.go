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
		if c.Nights == 0 {
			c.Nights = max(line.days()-1, 1)
		}
		c.RateFen = r.Params["tiers_fen"].Tiers[c.Tier-1]
		c.Fen = c.Nights * c.RateFen
	case RuleMileage:
		c.City, c.NoInvoice = "", true
		c.RateFen, c.ClaimedM, c.TrackedM = r.Params["km_fen"].Whole, line.DistanceM, line.TrackedM
		c.CountedM = min(line.DistanceM, line.TrackedM*r.Params["track_bp"].Whole/10_000)
		c.Fen = (c.CountedM*c.RateFen + 500) / 1000
	}
	return c
}

// tierOf is the tier of a line's city on its day; a city that is in no list is of the third.
func tierOf(rules []Rule, line LineFacts) int {
	city := strings.TrimSuffix(strings.TrimSpace(line.City), "市")
	for _, r := range newest(rules, RuleCityTiers, line.Day) {
		for i, name := range []string{"first", "second"} {
			if slices.ContainsFunc(r.Params[name].Texts, func(c string) bool { return strings.TrimSuffix(c, "市") == city }) {
				return i + 1
			}
		}
	}
	return 3
}

// days is how many days a line has, with the first and the last.
func (l LineFacts) days() int {
	from, err := time.Parse(time.DateOnly, l.Day)
	to, err2 := time.Parse(time.DateOnly, l.last())
	if err != nil || err2 != nil {
		return 1
	}
	return int(to.Sub(from)/(24*time.Hour)) + 1
}

// mostDays is for how many days of a line there is a per diem at most.
const mostDays = 400

// perDiemDays are how many of the line's days have no per diem yet, of a line ahead of it
// or of another claim.
func (j *judged) perDiemDays() (n int) {
	ahead := j.ahead()
	for day, i := j.line.Day, 0; day <= j.line.last() && i < mostDays; day, i = domain.AddDays(day, 1), i+1 {
		if !slices.Contains(j.line.PerDiemDays, day) && !slices.ContainsFunc(ahead, func(l LineFacts) bool { return l.Day <= day && day <= l.last() }) {
			n++
		}
	}
	return n
}

// ahead are the lines ahead of this one that the rule holds for, and that have a day of it.
func (j *judged) ahead() (out []LineFacts) {
	for _, l := range j.claim.Lines[:j.at] {
		if l.Day <= j.line.last() && j.line.Day <= l.last() && j.applies(l) {
			out = append(out, l)
		}
	}
	return out
}

func judgePerDiem(j *judged) {
	c := reckon(j.rules, j.rule, j.line)
	c.Days = min(c.Days, j.perDiemDays())
	c.Fen = c.Days * c.RateFen
	if j.line.Fen > c.Fen {
		j.hit("expense.per_diem", "≤ "+yuan(c.Fen), map[string]any{"amount": yuan(j.line.Fen), "computed": yuan(c.Fen), "days": c.Days, "rate": yuan(c.RateFen), "tier": c.Tier})
	}
	for _, l := range j.claim.Lines {
		meal := slices.ContainsFunc(l.categories(), func(code string) bool { return slices.Contains(j.texts("meals"), code) })
		if meal && l.last() >= j.line.Day && l.Day <= j.line.last() {
			j.hit("expense.per_diem_meals", "", map[string]any{"day": l.Day})
			return
		}
	}
}

func judgeLodging(j *judged) {
	c := reckon(j.rules, j.rule, j.line)
	if most := c.Fen * j.whole("over_bp") / 10_000; j.line.Fen > most {
		j.hit("expense.lodging", "≤ "+yuan(most), map[string]any{"amount": yuan(j.line.Fen), "limit": yuan(most), "nights": c.Nights, "rate": yuan(c.RateFen), "tier": c.Tier})
	}
}

func judgeMileage(j *judged) {
	line := j.line // what was tracked is driven once
	for _, l := range j.ahead() {
		line.TrackedM = max(0, line.TrackedM-l.DistanceM)
	}
	c := reckon(j.rules, j.rule, line)
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
