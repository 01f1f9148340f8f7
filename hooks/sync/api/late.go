package api

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"net/http"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

// past lets an applier look back to what a device has seen.
type past struct {
	session *syncer.Session
	device  syncer.Device
	outcome syncer.Outcome
	arrived time.Time       // when the server first heard of it
	sent    time.Time       // what the phone's clock said then; zero if unknown
	release map[string]bool // users whose held work may go on after the commit
}

// Outcome implements syncer.Applier. It is of the mutation carried out last.
func (a *applier) Outcome() syncer.Outcome {
	out := a.past.outcome
	a.past.outcome = syncer.Outcome{}
	return out
}

// createLate accepts a row which its author may no longer add, if he could when
// he captured it. The record is in place; a refusal rolls it back.
func (a *applier) createLate(rule *syncer.Rule, record *core.Record, m *syncer.Mutation) error {
	refused := &syncer.Problem{Code: "record.not_allowed"}
	if rule.Late == "" {
		return refused
	}
	seen, err := a.past.session.HeldKey(a.past.device, rule.KeysOf(columnsOf(record)))
	if err != nil {
		return err
	}
	ok, err := a.inTime(seen)
	if err == nil && ok {
		ok, err = a.could(a.user, record, &rule.Late, m, http.MethodPost)
	}
	if err != nil {
		return err
	}
	if !ok {
		return refused
	}
	a.past.outcome.Late = true
	if !mark(record, records.VisitColLate, true) {
		return nil
	}
	return a.app.SaveWithContext(gate.AsServer(a.ctx), record)
}

// isLate reports whether a row that left its author may still be added to by him.
func (a *applier) isLate(rule *syncer.Rule, record *core.Record, m *syncer.Mutation) (bool, error) {
	if rule.Late == "" || m.Op == syncer.OpDelete {
		return false, nil
	}
	seen, err := a.past.session.SawRow(a.past.device, rule, record.Id)
	if err == nil && !seen.OK { // the row is newer than what the phone has seen
		seen, err = a.past.session.HeldKey(a.past.device, rule.KeysOf(columnsOf(record)))
	}
	if err != nil {
		return false, err
	}
	ok, err := a.inTime(seen)
	if err == nil && ok {
		ok, err = a.could(a.user, record, &rule.Late, m, http.MethodPatch)
	}
	a.past.outcome.Late = a.past.outcome.Late || ok
	return ok, err
}

// held reports whether the user served an account at the device's cursor.
func (a *applier) held(account string) (bool, error) {
	seen, err := a.past.session.HeldKey(a.past.device, []string{"account:" + account})
	if err != nil {
		return false, err
	}
	return a.inTime(seen)
}

// knew is when the phone's view of the company was published.
func (a *applier) knew() (time.Time, error) { return a.past.session.KnewAt(a.past.device) }

// inTime reports whether what a user captured while he saw an account is still taken.
func (a *applier) inTime(seen syncer.Seen) (bool, error) {
	if !seen.OK {
		return false, nil
	}
	days, err := gate.SettingsNow(a.app).SyncLateDays()
	if err != nil {
		return false, err
	}
	return a.past.arrived.Sub(seen.Until) <= time.Duration(days)*24*time.Hour, nil
}

// left refuses a delete of a row that its author saw and that is no longer his.
// Of rows that he never saw nothing is said: they are gone already, as far as he
// can tell.
func (a *applier) left(rule *syncer.Rule, m *syncer.Mutation) error {
	seen, err := a.past.session.SawRow(a.past.device, rule, m.R)
	if err != nil || !seen.OK {
		return err
	}
	coll, err := a.app.FindCachedCollectionByNameOrId(rule.Collection.ID)
	if err != nil {
		return err
	}
	if there, err := a.exists(coll, m.R); err != nil || !there {
		return err
	}
	return &syncer.Problem{Code: "record.not_found"}
}

// propose keeps an edit of master data that is no longer its author's as a
// proposal to whom it belongs now.
func (a *applier) propose(rule *syncer.Rule, m *syncer.Mutation, set map[string]jsontext.Value) error {
	refused := &syncer.Problem{Code: "record.not_found"}
	if !rule.Propose || len(set) == 0 {
		return refused
	}
	seen, err := a.past.session.SawRow(a.past.device, rule, m.R)
	if err != nil {
		return err
	}
	if !seen.OK {
		return refused
	}
	account, found, err := a.accountOf(rule, m.R)
	if err != nil {
		return err
	}
	if !found {
		return refused
	}
	patch, err := json.Marshal(set, json.Deterministic(true))
	if err != nil {
		return err
	}
	was, err := json.Marshal(m.Was, json.Deterministic(true))
	if err != nil {
		return err
	}
	request, err := records.AccountChangeRequests.New(a.app)
	if err != nil {
		return err
	}
	request.SetAccount(account.ID())
	request.SetCollection(rule.Collection.Name)
	request.SetRecord(m.R)
	request.SetPatch(string(patch))
	request.SetWas(string(was))
	request.SetBy(records.UserID(a.user.Id))
	request.SetOwner(account.Owner())
	request.SetManager(account.Manager())
	request.SetDept(account.Dept())
	request.SetState("open")
	request.SetMutation(m.ID)
	if err := a.app.SaveWithContext(gate.AsServer(a.ctx), request.Raw()); err != nil {
		return err
	}
	a.past.outcome.Proposed = true
	return nil
}

// accountOf finds the account that a row is, or hangs on.
func (a *applier) accountOf(rule *syncer.Rule, id string) (account records.Account, found bool, err error) {
	if rule.Collection.Name == records.AccountTable {
		return records.Accounts.Find(a.app, records.AccountID(id))
	}
	coll, err := a.app.FindCachedCollectionByNameOrId(rule.Collection.ID)
	if err != nil {
		return account, false, err
	}
	row, err := a.find(coll, id)
	if err != nil || row == nil {
		return account, false, err
	}
	return records.Accounts.Find(a.app, hangsOn(row))
}
