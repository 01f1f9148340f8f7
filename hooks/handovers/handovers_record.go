package handovers

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	handovers   = "account_handovers"
	assignments = "account_assignments"
	accounts    = "accounts"

	fieldState    = "state"
	fieldFrom     = "from_rep"
	fieldTo       = "to_rep"
	fieldAccounts = "accounts"
	fieldDate     = "planned_date"
	fieldProblem  = "problem"
)

var (
	// handoverLocked are the server's to write; a handover that was planned is
	// changed by its actions only.
	handoverLocked = []string{
		fieldState, "requested_by", "from_manager", "to_manager", "from_dept", "to_dept",
		"moved_at", "drain_until", "total", "moved", "skipped", fieldProblem,
		"checklist", "open_items", "signed_from_at", "signed_to_at",
	}
	handoverFixed    = []string{fieldFrom, fieldTo, fieldAccounts, fieldDate}
	assignmentLocked = []string{"dept", fieldState, "handover", "began_at", "ended_at", fieldProblem}
	assignmentFixed  = []string{"account", "user", "from_date", "to_date"}
)

func stateOf(r *core.Record) string        { return r.GetString(fieldState) }
func setState(r *core.Record, s string)    { r.Set(fieldState, s) }
func fromOf(r *core.Record) string         { return r.GetString(fieldFrom) }
func toOf(r *core.Record) string           { return r.GetString(fieldTo) }
func accountsOf(r *core.Record) []string   { return r.GetStringSlice(fieldAccounts) }
func dateOf(r *core.Record) string         { return r.GetString(fieldDate) }
func accountOf(r *core.Record) string      { return r.GetString("account") }
func userOf(r *core.Record) string         { return r.GetString("user") }
func fromDateOf(r *core.Record) string     { return r.GetString("from_date") }
func toDateOf(r *core.Record) string       { return r.GetString("to_date") }
func handoverOf(r *core.Record) string     { return r.GetString("handover") }
func ownerOf(account *core.Record) string  { return account.GetString("owner") }
func setProblem(r *core.Record, of string) { r.Set(fieldProblem, of) }

// setLines fills who is responsible on both sides.
func setLines(r *core.Record, from, to domain.Staff) {
	r.Set("from_manager", from.Manager)
	r.Set("from_dept", from.Dept)
	r.Set("to_manager", to.Manager)
	r.Set("to_dept", to.Dept)
}

// setOutcome notes what a handover did.
func setOutcome(r *core.Record, state string, moved, skipped int, at time.Time, drainUntil string) {
	setState(r, state)
	r.Set("moved", moved)
	r.Set("skipped", skipped)
	r.Set("moved_at", stamp(at))
	r.Set("drain_until", drainUntil)
	setProblem(r, "")
}

// staff reads what decides of a user; nobody is one without an id.
func staff(user *core.Record) domain.Staff {
	if user == nil {
		return domain.Staff{}
	}
	return domain.Staff{
		ID: user.Id, Role: user.GetString("role"), Manager: user.GetString("manager"),
		Dept: user.GetString("department"), Active: user.GetBool("active"),
	}
}

// findStaff finds a user: handover.rep_unknown. An empty id is nobody.
func findStaff(app core.App, field, id string) (domain.Staff, error) {
	if id == "" {
		return domain.Staff{}, nil
	}
	user, err := app.FindRecordById(gate.Users, id)
	if err != nil {
		return domain.Staff{}, gate.RefuseField(field, "handover.rep_unknown")
	}
	return staff(user), nil
}

// stamp writes a moment as the database keeps it.
func stamp(at time.Time) string {
	return at.UTC().Format(types.DefaultDateLayout)
}

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{handovers: {Fields: []string{fieldState}, Create: true}}
}
