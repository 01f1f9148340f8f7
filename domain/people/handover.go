package people

import (
	"satchel/domain"
)

// States of a handover of accounts.
const (
	HandoverPlanned   = "planned"
	HandoverDraining  = "draining"
	HandoverDone      = "done"
	HandoverCancelled = "cancelled"
)

// Steps of a handover.
const (
	HandoverCancel   = "cancel"   // before its day
	HandoverComplete = "complete" // ends the drain early
	HandoverCheck    = "check"    // one of the two ticks an item of the checklist off
	HandoverSign     = "sign"     // one of the two puts his name to it
	HandoverMove     = "move"     // its day has come
	HandoverDrained  = "drained"  // the last day of the drain is over
)

// HandoverMachine is the life of a handover, which nobody rewrites: it is planned,
// and moves by its steps.
var HandoverMachine = domain.Machine{
	Collection: "account_handovers",
	States:     []string{HandoverPlanned, HandoverDraining, HandoverDone, HandoverCancelled},
	Open:       []string{},
	Refusal:    "handover.state",
	Steps: []domain.Step{
		{
			Action: HandoverCancel, From: []string{HandoverPlanned}, To: []string{HandoverCancelled}, By: []domain.Party{domain.PartySuperior}, Stranger: "handover.not_superior",
			Leads: []string{"its accounts stay where they are"},
		},
		{
			Action: HandoverComplete, From: []string{HandoverDraining}, To: []string{HandoverDone}, By: []domain.Party{domain.PartySuperior}, Stranger: "handover.not_superior",
			Guards: []string{"handover.unsigned"}, Leads: []string{"what the old rep captured before arrives no longer"},
		},
		bySides(HandoverCheck),
		bySides(HandoverSign),

		{Action: HandoverMove, From: []string{HandoverPlanned}, To: []string{HandoverDraining, HandoverDone}, Leads: []string{"its accounts are the new rep's"}},
		{Action: HandoverDrained, From: []string{HandoverDraining}, To: []string{HandoverDone}},
	},
}

// bySides is what the two do between whom accounts change hands, at any time.
func bySides(action string) domain.Step {
	return domain.Step{
		Action: action, From: []string{HandoverPlanned, HandoverDraining, HandoverDone}, By: []domain.Party{domain.PartySide}, Stranger: "handover.not_party",
	}
}

// States of an assignment of one account to one user.
const (
	AssignmentPlanned   = "planned"
	AssignmentActive    = "active"
	AssignmentEnded     = "ended"
	AssignmentCancelled = "cancelled"
)

// Steps of an assignment that nobody asks for.
const (
	AssignmentBegin = "begin" // its day has come
	AssignmentEnd   = "end"   // somebody else has the account
	AssignmentSkip  = "skip"  // the account went elsewhere before
)

// AssignmentMachine is the life of an assignment. One of a handover goes with it.
var AssignmentMachine = domain.Machine{
	Collection: "account_assignments",
	States:     []string{AssignmentPlanned, AssignmentActive, AssignmentEnded, AssignmentCancelled},
	Open:       []string{},
	Refusal:    "handover.state",
	Steps: []domain.Step{
		{
			Action: HandoverCancel, From: []string{AssignmentPlanned}, To: []string{AssignmentCancelled}, By: []domain.Party{domain.PartySuperior}, Stranger: "handover.not_superior",
			Leads: []string{"the account stays where it is"},
		},

		{Action: AssignmentBegin, From: []string{AssignmentPlanned}, To: []string{AssignmentActive}, Leads: []string{"the account is the user's"}},
		{Action: AssignmentEnd, From: []string{AssignmentActive}, To: []string{AssignmentEnded}},
		{Action: AssignmentSkip, From: []string{AssignmentPlanned}, To: []string{AssignmentCancelled}},
	},
}

// Staff is what decides of a person who may hand over accounts, and to whom.
type Staff struct {
	ID, Role, Manager, Dept string
	Active                  bool
}

// Over reports whether u reports to s, or both are of the department that s
// manages. Nobody is over himself.
func (s Staff) Over(u Staff) bool {
	return u.ID != "" && u.ID != s.ID && (s.ID == u.Manager || (s.Role == "dept_manager" && s.Dept != "" && s.Dept == u.Dept))
}

// MayReassign reports whether s may move accounts between two people: an
// administrator, or who is over both; one of the two may be he himself. A from
// without an id is nobody.
func (s Staff) MayReassign(from, to Staff) bool {
	decides := func(u Staff) bool { return u.ID == s.ID || s.Over(u) }
	return s.Active && (s.Role == "admin" || decides(from) && decides(to) && (s.Over(from) || s.Over(to)))
}

// CheckReassignment judges a change of holder that is to take effect on day:
// problems handover.same_rep, handover.rep_inactive, handover.date_invalid and
// handover.date_past.
func CheckReassignment(from, to Staff, day, today string) error {
	switch {
	case from.ID == to.ID:
		return domain.Problem{Code: "handover.same_rep"}
	case !to.Active:
		return domain.Problem{Code: "handover.rep_inactive"}
	case !domain.IsDay(day):
		return domain.Problem{Code: "handover.date_invalid"}
	case day < today:
		return domain.Problem{Code: "handover.date_past", Params: map[string]any{"today": today}}
	}
	return nil
}

// DrainUntil returns the last day on which what the old rep captured before the
// move still arrives; days is taken as 0 to 7.
func DrainUntil(moved string, days int) string { return domain.AddDays(moved, min(max(days, 0), 7)-1) }
