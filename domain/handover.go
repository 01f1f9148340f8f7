package domain

// States of a handover of accounts. Planned moves to draining, or at once to
// done, when its day comes; a drain that is over is done.
const (
	HandoverPlanned   = "planned"
	HandoverDraining  = "draining"
	HandoverDone      = "done"
	HandoverCancelled = "cancelled"
)

// Steps that people take with a handover.
const (
	HandoverCancel   = "cancel"   // before its day
	HandoverComplete = "complete" // ends the drain early
)

// States of an assignment of one account to one user.
const (
	AssignmentPlanned   = "planned"
	AssignmentActive    = "active"
	AssignmentEnded     = "ended"
	AssignmentCancelled = "cancelled"
)

// Staff is what decides of a person who may hand over accounts, and to whom.
type Staff struct {
	ID, Role, Manager, Dept string
	Active                  bool
}

// Oversees tells whether s decides about what u holds: it is his own, u reports
// to him, or both are of the department that s manages.
func (s Staff) Oversees(u Staff) bool {
	if u.ID == "" {
		return false
	}
	return s.ID == u.ID || s.ID == u.Manager || (s.Role == "dept_manager" && s.Dept != "" && s.Dept == u.Dept)
}

// MayReassign tells whether s may move accounts between two people: as the
// manager of both, or as an administrator. A from without an id is nobody.
func (s Staff) MayReassign(from, to Staff) bool {
	return s.Active && (s.Role == "admin" || (s.Oversees(from) && s.Oversees(to)))
}

// HandoverMove returns the state after a step, or problem handover.state.
func HandoverMove(state, step string) (string, error) {
	switch {
	case state == HandoverPlanned && step == HandoverCancel:
		return HandoverCancelled, nil
	case state == HandoverDraining && step == HandoverComplete:
		return HandoverDone, nil
	}
	return "", Problem{Code: "handover.state", Params: map[string]any{"from": state, "action": step}}
}

// CheckReassignment judges a change of holder that is to take effect on day:
// problems handover.same_rep, handover.rep_inactive, handover.date_invalid and
// handover.date_past.
func CheckReassignment(from, to Staff, day, today string) error {
	switch {
	case from.ID == to.ID:
		return Problem{Code: "handover.same_rep"}
	case !to.Active:
		return Problem{Code: "handover.rep_inactive"}
	case !IsDay(day):
		return Problem{Code: "handover.date_invalid"}
	case day < today:
		return Problem{Code: "handover.date_past", Params: map[string]any{"today": today}}
	}
	return nil
}

// DrainUntil returns the last day on which what the old rep captured before the
// move still arrives; days is taken as 0 to 7.
func DrainUntil(moved string, days int) string { return AddDays(moved, min(max(days, 0), 7)-1) }
