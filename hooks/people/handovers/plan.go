package handovers

import (
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// handoverCreate plans a handover; one of today takes effect at once.
// Problems: those of domain.CheckReassignment, handover.not_superior,
// handover.rep_unknown, handover.accounts_required, handover.not_owned,
// handover.overlap.
func (s *Service) handoverCreate(e *kit.Change[records.AccountHandover]) error {
	row := e.Row
	from, to, err := s.judge(e.RecordEvent, row.FromRep(), row.ToRep(), row.PlannedDate())
	if err != nil {
		return err
	}
	list := slices.Compact(slices.Sorted(slices.Values(row.Accounts())))
	if err := checkAccounts(e.App, list, row.FromRep(), row.PlannedDate()); err != nil {
		return err
	}
	row.SetAccounts(list)
	row.SetTotal(len(list))
	if err := prepare(e.App, row); err != nil {
		return err
	}
	row.SetFromManager(records.UserID(from.Manager))
	row.SetFromDept(records.DepartmentID(from.Dept))
	row.SetToManager(records.UserID(to.Manager))
	row.SetToDept(records.DepartmentID(to.Dept))
	if actor := gate.From(e.RecordEvent).User; actor != nil {
		row.SetRequestedBy(records.UserID(actor.Id))
	}
	if err := e.Next(); err != nil {
		return err
	}
	_, err = e.App.DB().NewQuery(`INSERT INTO account_assignments (id, account, user, dept, from_date, state, handover, created, updated)
		SELECT ` + newID + `, value, {:user}, {:dept}, {:day}, 'planned', {:handover}, {:now}, {:now} FROM json_each({:accounts})`).
		Bind(dbx.Params{"user": to.ID, "dept": to.Dept, "day": row.PlannedDate(), "handover": row.ID(), "now": stamp(s.now()), "accounts": jsonList(list)}).Execute()
	if err != nil {
		return fmt.Errorf("plan assignments: %w", err)
	}
	if err := s.begin(e.App, group{Handover: row.ID(), Day: row.PlannedDate()}); err != nil {
		return err
	}
	return row.Refresh(e.App)
}

// newID makes a record's id in SQL.
const newID = `substr(lower(hex(randomblob(8))), 1, 15)`

// judge reads both people and asks whether who acts may do this, and then.
func (s *Service) judge(e *core.RecordEvent, fromID, toID records.UserID, day string) (from, to people.Staff, err error) {
	if from, to, err = findBoth(e.App, fromID, toID); err != nil {
		return from, to, err
	}
	if actor := gate.From(e).User; actor != nil && !acting(actor).MayReassign(from, to) {
		return from, to, gate.Refuse("handover.not_superior")
	}
	return from, to, gate.WrapError(people.CheckReassignment(from, to, day, s.today()))
}

// checkAccounts wants each account to be held by from and on its way to nobody.
func checkAccounts(app core.App, list []records.AccountID, from records.UserID, day string) error {
	if len(list) == 0 {
		return gate.RefuseField(records.AccountHandoverColAccounts, "handover.accounts_required")
	}
	bind := dbx.Params{"accounts": jsonList(list), "from": from, "day": day}
	var others []string
	err := app.DB().NewQuery(`SELECT value FROM json_each({:accounts}) WHERE value NOT IN (SELECT id FROM accounts WHERE owner = {:from}) LIMIT 1`).
		Bind(bind).Column(&others)
	if err != nil {
		return fmt.Errorf("check the holder: %w", err)
	}
	if len(others) > 0 {
		return gate.Refuse("handover.not_owned", "field", records.AccountHandoverColAccounts, "account", others[0])
	}
	err = app.DB().NewQuery(`SELECT p.account FROM account_assignments p LEFT JOIN account_handovers h ON h.id = p.handover
		WHERE p.account IN (SELECT value FROM json_each({:accounts})) AND (p.state = 'planned' OR
			(p.state = 'active' AND h.state = 'draining' AND h.drain_until >= {:day})) LIMIT 1`).Bind(bind).Column(&others)
	if err != nil {
		return fmt.Errorf("look for other handovers: %w", err)
	}
	if len(others) > 0 {
		return gate.Refuse("handover.overlap", "field", records.AccountHandoverColAccounts, "account", others[0])
	}
	return nil
}

// assignmentCreate plans the change of one account. With a to_date it is a
// stand-in: the account goes back to its present holder on the day after.
func (s *Service) assignmentCreate(e *kit.Change[records.AccountAssignment]) error {
	row := e.Row
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	account, found, err := records.Accounts.Find(e.App, row.Account())
	if err != nil {
		return err
	}
	if !found {
		return e.Next() // the relation's own validation refuses it
	}
	_, to, err := s.judge(e.RecordEvent, account.Owner(), row.User(), row.FromDate())
	if err != nil {
		return err
	}
	if until := row.ToDate(); until != "" && (account.Owner() == "" || !domain.IsDay(until) || until < row.FromDate()) {
		return gate.RefuseField(records.AccountAssignmentColToDate, "handover.date_invalid")
	}
	if err := checkAccounts(e.App, []records.AccountID{account.ID()}, account.Owner(), row.FromDate()); err != nil {
		return err
	}
	row.SetDept(records.DepartmentID(to.Dept))
	if err := e.Next(); err != nil {
		return err
	}
	if err := s.begin(e.App, group{Assignment: row.ID(), Day: row.FromDate()}); err != nil {
		return err
	}
	return row.Refresh(e.App)
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

// jsonList renders ids for json_each.
func jsonList[T ~string](ids []T) string {
	text, err := json.Marshal(ids)
	if err != nil {
		panic(err) // a list of strings
	}
	return string(text)
}
