package expense

import "slices"

// judgePreapproval adds up what is claimed of a category and day, so that nobody goes
// below the amount by cutting a bill in pieces; of what names the same pre-approval, all.
func judgePreapproval(j *judged) {
	p := j.line.Preapproval
	if p == nil {
		sum := 0
		for l := range j.beside() {
			if l.Category == j.line.Category && l.Day == j.line.Day && l.Preapproval == nil {
				sum += l.Fen
			}
		}
		if sum > j.whole("over_fen") {
			j.hit("expense.preapproval_required", "", map[string]any{"amount": yuan(sum), "over": yuan(j.whole("over_fen"))})
		}
		return
	}
	if err := PreapprovalUsable(p.State, j.claim.SubmitDay, p.Emergency, p.PaperDue, j.claim.SubmitDay); err != nil { // its end is judged by the expense's day
		j.hit("expense.preapproval_state", "", map[string]any{"state": p.State})
		return
	}
	if p.Category != "" && !slices.Contains(j.line.categories(), p.Category) {
		j.hit("expense.preapproval_kind", "", map[string]any{"agreed": p.Category, "category": j.line.Category})
		return
	}
	if p.Account != "" && p.Account != j.line.Account && !slices.Contains(j.line.Accounts, p.Account) || p.Node != "" && j.line.Node != "" && p.Node != j.line.Node {
		j.hit("expense.preapproval_other", "", nil)
		return
	}
	if !p.Emergency && j.line.Day < p.Day && j.line.Day < p.Applied { // from its day on it was in time: CheckApplied
		j.hit("expense.preapproval_late", "", map[string]any{"day": j.line.Day, "applied": p.Applied})
		return
	}
	if p.ExpiresOn != "" && j.line.Day > p.ExpiresOn {
		j.hit("expense.preapproval_expired", "", map[string]any{"expires": p.ExpiresOn, "day": j.line.Day})
	}
	sum := 0
	for l := range j.before() {
		if l.Preapproval != nil && l.Preapproval.ID == p.ID {
			sum += l.Fen
		}
	}
	most := p.PlannedFen*j.whole("over_bp")/10_000 - (p.PlannedFen - p.LeftFen)
	if sum > most {
		j.hit("expense.preapproval_over", "≤ "+yuan(max(most, 0)), map[string]any{"amount": yuan(sum), "limit": yuan(max(most, 0)), "planned": yuan(p.PlannedFen)})
	}
}

// sides counts who took part: a name of blanks is none, and one that a side has twice is
// one, so two of one name are told apart in writing.
func (l LineFacts) sides() (ours, theirs int) {
	seen := map[Attendee]bool{}
	for _, a := range l.Attendees {
		who := Attendee{Name: PlainName(a.Name), Side: a.Side}
		switch {
		case who.Name == "" || seen[who]:
		case a.Side == AttendeeOurs:
			ours++
		case a.Side == AttendeeTheirs:
			theirs++
		}
		seen[who] = true
	}
	return ours, theirs
}

func judgeAttendees(j *judged) {
	ours, theirs := j.line.sides()
	switch {
	case ours == 0 || theirs == 0:
		j.hit("expense.attendees_required", "", map[string]any{"ours": ours, "theirs": theirs})
	case ours*10_000 > theirs*j.whole("staff_bp"):
		most := theirs * j.whole("staff_bp") / 10_000
		j.hit("expense.too_many_ours", "", map[string]any{"ours": ours, "theirs": theirs, "most": most})
	}
}

// sameSeller reports whether this line and another of the claim were bought of the same one.
func (j *judged) sameSeller(at int) bool {
	return slices.ContainsFunc(j.sellers[at], func(name string) bool { return slices.Contains(j.sellers[j.at], name) })
}

// judgePerHead adds up the claim's bills of one seller and day with all whom they name.
func judgePerHead(j *judged) {
	meal, before := j.line, 0
	meal.Attendees = slices.Clone(meal.Attendees)
	for i, l := range j.claim.Lines[:j.at] {
		if l.Day == j.line.Day && j.sameSeller(i) && j.applies(l) {
			meal.Attendees, before = append(meal.Attendees, l.Attendees...), before+l.Fen
		}
	}
	ours, theirs := meal.sides()
	heads, fen := max(ours+theirs, 1), before+j.line.Fen
	if most := heads * j.whole("head_fen"); fen > most {
		j.hit("expense.per_head", "≤ "+yuan(max(most-before, 0)), map[string]any{"head": yuan((fen + heads - 1) / heads), "limit": yuan(j.whole("head_fen")), "heads": heads})
	}
}

// GiftGiven is a gift with what its account and its recipient had before in the year, of
// claims and of care tasks, and what the recipient had by claims on that day.
type GiftGiven struct{ Fen, AccountFen, PersonFen, DayFen int }

// GiftOver is the first limit of a gift rule that a gift exceeds: each_fen, year_fen or
// person_year_fen; empty if it keeps all. limit is what it says, had what was given before.
func GiftOver(params RuleParams, g GiftGiven) (name string, limit, had int) {
	for _, l := range []struct {
		name string
		had  int
	}{{"each_fen", g.DayFen}, {"year_fen", g.AccountFen}, {"person_year_fen", g.PersonFen}} {
		if limit := params[l.name].Whole; l.had+g.Fen > limit {
			return l.name, limit, l.had
		}
	}
	return "", 0, 0
}

func judgeGift(j *judged) {
	if j.line.Account == "" || j.line.Contact == "" {
		j.hit("expense.gift_recipient", "", nil)
		return
	}
	given := GiftGiven{Fen: j.line.Fen, AccountFen: j.line.AccountGiftsFen, PersonFen: j.line.ContactGiftsFen}
	for _, l := range j.claim.Lines[:j.at] {
		if l.Account != j.line.Account || len(l.Day) < 4 || l.Day[:4] != j.line.Day[:min(4, len(j.line.Day))] || !j.applies(l) {
			continue
		}
		given.AccountFen += l.Fen
		if l.Contact == j.line.Contact {
			given.PersonFen += l.Fen
		}
	}
	for l := range j.earlier() {
		if l.Contact == j.line.Contact && l.Day == j.line.Day && j.applies(*l) {
			given.DayFen += l.Fen
		}
	}
	if name, limit, had := GiftOver(j.rule.Params, given); name != "" {
		code := map[string]string{"each_fen": "expense.gift_each", "year_fen": "expense.gift_year", "person_year_fen": "expense.gift_person_year"}[name]
		j.hit(code, "≤ "+yuan(max(limit-had, 0)), map[string]any{"amount": yuan(j.line.Fen), "limit": yuan(limit), "had": yuan(had)})
	}
}
