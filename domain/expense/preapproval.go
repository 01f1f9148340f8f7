package expense

import (
	"slices"

	"satchel/domain"
)

// Kinds of what is applied for beforehand.
const (
	PreapprovalEntertainment = "entertainment"
	PreapprovalGift          = "gift"
	PreapprovalActivity      = "activity"
	PreapprovalTrip          = "trip"
)

// preapprovalCategories are the codes of the categories that a kind is of, where it
// names none.
var preapprovalCategories = map[string]string{
	PreapprovalEntertainment: "entertainment", PreapprovalGift: "gift", PreapprovalActivity: "promotion", PreapprovalTrip: "travel",
}

// PreapprovalCategory is the code of a kind's category.
func PreapprovalCategory(kind string) string { return preapprovalCategories[kind] }

// States of a pre-approval.
const (
	PreapprovalDraft     = "draft"
	PreapprovalSubmitted = "submitted"
	PreapprovalApproved  = "approved" // what it plans is reserved
	PreapprovalReturned  = "returned"
	PreapprovalRejected  = "rejected"
	PreapprovalUsed      = "used" // claims drew on it, in part or whole
	PreapprovalClosed    = "closed"
	PreapprovalExpired   = "expired"
)

// Steps of a pre-approval.
const (
	PreapprovalClose    = "close"
	PreapprovalUse      = "use"
	PreapprovalGiveBack = "give_back"
	PreapprovalExpire   = "expire"
	PreapprovalUseUp    = "use_up"
)

var (
	preapprovalWritten = []string{PreapprovalDraft, PreapprovalReturned, PreapprovalRejected}
	preapprovalInForce = []string{PreapprovalApproved, PreapprovalUsed}
)

// PreapprovalMachine is the life of a pre-approval. Its approval belongs to approvals.
var PreapprovalMachine = domain.Machine{
	Collection: "preapprovals",
	States: []string{
		PreapprovalDraft, PreapprovalSubmitted, PreapprovalApproved, PreapprovalReturned, PreapprovalRejected, PreapprovalUsed, PreapprovalClosed,
		PreapprovalExpired,
	},
	Open:    preapprovalWritten,
	Refusal: "preapproval.state",
	Locked:  "preapproval.locked",
	Steps: []domain.Step{
		{
			Action: PreapprovalClose, From: preapprovalInForce, To: []string{PreapprovalClosed}, By: []domain.Party{domain.PartyOwner, domain.PartySuperior},
			Stranger: "preapproval.not_owner", Leads: []string{"what is left of its reservation goes back"},
		},
		{Action: PreapprovalUse, From: preapprovalInForce, To: []string{PreapprovalUsed}},
		{Action: PreapprovalGiveBack, From: []string{PreapprovalUsed}, To: []string{PreapprovalApproved}},
		{Action: PreapprovalExpire, From: preapprovalInForce, To: []string{PreapprovalExpired}, Leads: []string{"what is left of its reservation goes back"}},
		{Action: PreapprovalUseUp, From: []string{PreapprovalUsed}, To: []string{PreapprovalClosed}},
	},
}

// PreapprovalHolds reports whether a pre-approval may hold money of a budget.
func PreapprovalHolds(state string) bool { return slices.Contains(preapprovalInForce, state) }

// CheckPreapproval judges what is applied for by itself. Problems
// preapproval.days_invalid, preapproval.amount_invalid.
func CheckPreapproval(day, toDay string, fen int) error {
	switch {
	case !domain.IsPlausibleDay(day), !domain.IsPlausibleDay(toDay), toDay < day, toDay > domain.AddDays(day, 366):
		return domain.Problem{Code: "preapproval.days_invalid"}
	case fen < 1 || fen > BudgetMost:
		return domain.Problem{Code: "preapproval.amount_invalid"}
	}
	return nil
}

// CheckApplied judges the day on which somebody applies: before it takes place, unless
// a superior agreed by word before. Problem preapproval.too_late.
func CheckApplied(day, applied string, emergency bool) error {
	if applied > day && !emergency {
		return domain.Problem{Code: "preapproval.too_late", Params: map[string]any{"day": day}}
	}
	return nil
}

// PaperDue is the day by which an emergency is to be handed in.
func PaperDue(consented string, days int) string { return domain.AddDays(consented, days) }

// PreapprovalUsable judges whether claims may draw on a pre-approval on a day: one in
// force until it expires; an emergency before it was decided too, as long as its paper
// is not overdue. Problems preapproval.not_usable, preapproval.paper_overdue.
func PreapprovalUsable(state, expires string, emergency bool, paperDue, today string) error {
	inWriting := state == PreapprovalDraft || state == PreapprovalReturned
	switch {
	case PreapprovalHolds(state) && expires >= today, emergency && state == PreapprovalSubmitted:
		return nil
	case emergency && inWriting && paperDue >= today:
		return nil
	case emergency && inWriting:
		return domain.Problem{Code: "preapproval.paper_overdue", Params: map[string]any{"due": paperDue}}
	}
	return domain.Problem{Code: "preapproval.not_usable", Params: map[string]any{"state": state}}
}

// PreapprovalDraws is what each claim took of a pre-approval.
type PreapprovalDraws map[string]int

// With is what was taken once a claim takes so much, in place of what it took.
func (d PreapprovalDraws) With(claim string, fen int) PreapprovalDraws {
	out := PreapprovalDraws{}
	for c, f := range d {
		if c != claim && f > 0 {
			out[c] = f
		}
	}
	if fen > 0 {
		out[claim] = fen
	}
	return out
}

// Sum is what all claims took.
func (d PreapprovalDraws) Sum() (fen int) {
	for _, f := range d {
		fen += f
	}
	return fen
}
