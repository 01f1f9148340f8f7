package handovers

import (
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// handoverCreate plans a handover; one of today takes effect at once.
// Problems: those of domain.CheckReassignment, handover.not_superior,
// handover.rep_unknown, handover.accounts_required, handover.not_owned,
// handover.overlap.
func (s *Service) handoverCreate(e *core.RecordEvent) error {
	r := e.Record
	if stateOf(r) == "" {
		setState(r, domain.HandoverPlanned)
	}
	if stateOf(r) != domain.HandoverPlanned {
		return gate.RefuseField(fieldState, "field.locked")
	}
	if err := gate.LockFields(e, handoverLocked[1:]...); err != nil {
		return err
	}
	from, to, err := s.judge(e, fromOf(r), toOf(r), dateOf(r))
	if err != nil {
		return err
	}
	list := slices.Compact(slices.Sorted(slices.Values(accountsOf(r))))
	if err := checkAccounts(e.App, list, from.ID, dateOf(r)); err != nil {
		return err
	}
	if err := prepare(e.App, r, list); err != nil {
		return err
	}
	r.Set(fieldAccounts, list)
	r.Set("total", len(list))
	setLines(r, from, to)
	if actor := gate.From(e).User; actor != nil {
		r.Set("requested_by", actor.Id)
	}
	if err := e.Next(); err != nil {
		return err
	}
	_, err = e.App.DB().NewQuery(`INSERT INTO account_assignments (id, account, user, dept, from_date, state, handover, created, updated)
		SELECT ` + newID + `, value, {:user}, {:dept}, {:day}, 'planned', {:handover}, {:now}, {:now} FROM json_each({:accounts})`).
		Bind(dbx.Params{"user": to.ID, "dept": to.Dept, "day": dateOf(r), "handover": r.Id, "now": stamp(s.now()), "accounts": jsonList(list)}).Execute()
	if err != nil {
		return fmt.Errorf("failed to plan assignments: %w", err)
	}
	if err := s.begin(e.App, group{Handover: r.Id, Day: dateOf(r)}); err != nil {
		return err
	}
	return refresh(e.App, r)
}

// newID makes a record's id in SQL.
const newID = `substr(lower(hex(randomblob(8))), 1, 15)`

// judge reads both people and asks whether who acts may do this, and then.
func (s *Service) judge(e *core.RecordEvent, fromID, toID, day string) (from, to domain.Staff, err error) {
	if from, err = findStaff(e.App, fieldFrom, fromID); err != nil {
		return from, to, err
	}
	if to, err = findStaff(e.App, fieldTo, toID); err != nil {
		return from, to, err
	}
	if actor := gate.From(e).User; actor != nil && !staff(actor).MayReassign(from, to) {
		return from, to, gate.Refuse("handover.not_superior")
	}
	return from, to, gate.WrapError(domain.CheckReassignment(from, to, day, s.today()))
}

// checkAccounts wants each account to be held by from and on its way to nobody.
func checkAccounts(app core.App, list []string, from, day string) error {
	if len(list) == 0 {
		return gate.RefuseField(fieldAccounts, "handover.accounts_required")
	}
	bind := dbx.Params{"accounts": jsonList(list), "from": from, "day": day}
	var others []string
	err := app.DB().NewQuery(`SELECT value FROM json_each({:accounts}) WHERE value NOT IN (SELECT id FROM accounts WHERE owner = {:from}) LIMIT 1`).
		Bind(bind).Column(&others)
	if err != nil {
		return fmt.Errorf("failed to check the holder: %w", err)
	}
	if len(others) > 0 {
		return gate.Refuse("handover.not_owned", "field", fieldAccounts, "account", others[0])
	}
	err = app.DB().NewQuery(`SELECT p.account FROM account_assignments p LEFT JOIN account_handovers h ON h.id = p.handover
		WHERE p.account IN (SELECT value FROM json_each({:accounts})) AND (p.state = 'planned' OR
			(p.state = 'active' AND h.state = 'draining' AND h.drain_until >= {:day})) LIMIT 1`).Bind(bind).Column(&others)
	if err != nil {
		return fmt.Errorf("failed to look for other handovers: %w", err)
	}
	if len(others) > 0 {
		return gate.Refuse("handover.overlap", "field", fieldAccounts, "account", others[0])
	}
	return nil
}

// assignmentCreate plans the change of one account. With a to_date it is a
// stand-in: the account goes back to its present holder on the day after.
func (s *Service) assignmentCreate(e *core.RecordEvent) error {
	r := e.Record
	if stateOf(r) == "" {
		setState(r, domain.AssignmentPlanned)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if stateOf(r) != domain.AssignmentPlanned {
		return gate.RefuseField(fieldState, "field.locked")
	}
	if err := gate.LockFields(e, slices.DeleteFunc(slices.Clone(assignmentLocked), func(f string) bool { return f == fieldState })...); err != nil {
		return err
	}
	account, err := e.App.FindRecordById(accounts, accountOf(r))
	if err != nil {
		return e.Next() // the relation's own validation refuses it
	}
	_, to, err := s.judge(e, ownerOf(account), userOf(r), fromDateOf(r))
	if err != nil {
		return err
	}
	if until := toDateOf(r); until != "" && (ownerOf(account) == "" || !domain.IsDay(until) || until < fromDateOf(r)) {
		return gate.RefuseField("to_date", "handover.date_invalid")
	}
	if err := checkAccounts(e.App, []string{account.Id}, ownerOf(account), fromDateOf(r)); err != nil {
		return err
	}
	r.Set("dept", to.Dept)
	if err := e.Next(); err != nil {
		return err
	}
	if err := s.begin(e.App, group{Assignment: r.Id, Day: fromDateOf(r)}); err != nil {
		return err
	}
	return refresh(e.App, r)
}

// begin lets what was planned take effect if its day has come, and the new
// holders read ahead if that has.
func (s *Service) begin(txApp core.App, g group) error {
	if g.Day <= s.today() {
		if err := s.effect(txApp, g); err != nil {
			return err
		}
	}
	return s.prefetch(txApp)
}

// refresh brings the record in hand up to what the row became.
func refresh(app core.App, r *core.Record) error {
	fresh, err := app.FindRecordById(r.Collection(), r.Id)
	if err != nil {
		return err
	}
	for _, f := range r.Collection().Fields {
		r.SetRaw(f.GetName(), fresh.GetRaw(f.GetName()))
	}
	return nil
}

func handoverUpdate(e *core.RecordEvent) error {
	if err := gate.LockFields(e, slices.Concat(handoverLocked, handoverFixed)...); err != nil {
		return err
	}
	return e.Next()
}

func assignmentUpdate(e *core.RecordEvent) error {
	if err := gate.LockFields(e, slices.Concat(assignmentLocked, assignmentFixed)...); err != nil {
		return err
	}
	return e.Next()
}

// jsonList renders ids for json_each.
func jsonList(ids []string) string {
	text, err := json.Marshal(ids)
	if err != nil {
		panic(err) // a list of strings
	}
	return string(text)
}
