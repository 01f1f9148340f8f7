// Package visits binds the rules of visits: from the draft to the verdict, with
// their steps, photos, feedback, shelf checks and audits. What speaks against a
// visit is summed in one place, judge; nothing is blocked by it.
package visits

import (
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	gate.Config
	Routes  gate.Routes    // where feedback may go
	Planted syncer.Planted // a fault, for tests of the tests
}

// Service is the area's state.
type Service struct {
	now    func() time.Time
	clock  gate.Config
	routes gate.Routes
	plant  syncer.Planted
}

// Bind registers the area's events.
func Bind(app core.App, cfg Config) *Service {
	s := &Service{now: cfg.Now, clock: cfg.Config, routes: cfg.Routes, plant: cfg.Planted}
	bindTemplates(app)
	app.OnRecordCreate(visits).Bind(gate.Named("visitCreate", gate.Atomic(s.visitCreate)))
	app.OnRecordUpdate(visits).Bind(gate.Named("visitUpdate", gate.Atomic(s.visitUpdate)))
	app.OnRecordCreate(steps).Bind(gate.Named("visitStepCreate", gate.Atomic(stepCreate)))
	app.OnRecordUpdate(steps).Bind(gate.Named("visitStepUpdate", gate.Atomic(stepUpdate)))
	app.OnRecordCreate(checks).Bind(gate.Named("storeCheckCreate", gate.Atomic(partCreate)))
	app.OnRecordCreate(feedback).Bind(gate.Named("visitFeedbackCreate", gate.Atomic(s.feedbackCreate)))
	app.OnRecordCreate(audits).Bind(gate.Named("visitAuditCreate", gate.Atomic(s.auditCreate)))
	for _, name := range []string{checks, feedback, audits} {
		app.OnRecordUpdate(name).Bind(gate.Named("visitPartUpdate:"+name, onlyServer))
	}
	kept := func(*core.RecordEvent) error { return gate.Refuse("visit.kept") }
	app.OnRecordCreate(events).Bind(gate.Named("visitEventCreate", kept))
	app.OnRecordUpdate(events).Bind(gate.Named("visitEventUpdate", kept))
	app.OnRecordDelete(events).Bind(gate.Named("visitEventDelete", kept))
	app.OnRecordCreate(positions).Bind(gate.Named("positionCreate", onlyServer))
	app.OnRecordUpdate(positions).Bind(gate.Named("positionUpdate", onlyServer))
	app.OnRecordCreate(accounts).Bind(gate.Named("accountProposed", gate.Atomic(s.accountProposed))) // after the place is in one datum
	app.OnRecordUpdateExecute(accounts).Bind(gate.Named("accountFenced", gate.Atomic(s.accountFenced)))
	app.OnRecordUpdateExecute("visit_plans").Bind(gate.Named("visitsOfPlan", gate.Atomic(s.planApproved)))
	s.bindBlobs(app)
	return s
}

// Keeps declares that a visit's chain is never changed.
func Keeps() gate.Keeps { return gate.Keeps{events: {Log: true}} }

// Actions are the area's state changes.
func Actions(cfg Config) gate.Actions {
	s := &Service{now: cfg.Now, clock: cfg.Config, plant: cfg.Planted}
	return gate.Actions{
		visits + "." + domain.VisitPlan:       s.plan,
		visits + "." + domain.VisitCheckIn:    s.checkIn,
		visits + "." + domain.VisitCheckOut:   s.checkOut,
		visits + "." + domain.VisitReport:     s.report,
		visits + "." + domain.VisitCancel:     s.cancel,
		visits + "." + domain.VisitAnswer:     s.answer,
		visits + "." + domain.VisitReopen:     s.reopen,
		visits + "." + domain.VisitAccept:     s.accept,
		visits + "." + domain.VisitQuestion:   s.question,
		visits + "." + domain.VisitVoid:       s.void,
		visits + "." + domain.VisitConfirmIt:  s.confirmVoid,
		visits + "." + domain.VisitRefuseVoid: s.refuseVoid,
		accounts + ".propose_place":           s.proposePlace,
		positions + ".confirm":                s.confirmPosition,
		positions + ".refuse":                 s.refusePosition,
		audits + ".finish":                    s.finishAudit,
		audits + ".cancel":                    s.cancelAudit,
	}
}

// visitCreate fills who is responsible, from the account and for good, and the
// template that fits.
func (s *Service) visitCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, domain.VisitPlanned)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if state := stateOf(e.Record); state != domain.VisitPlanned && state != domain.VisitDraft {
		return gate.RefuseField(fieldState, "field.locked")
	}
	if err := gate.LockFields(e, append(computed, "manager", "dept")...); err != nil {
		return err
	}
	account, err := e.App.FindRecordById(accounts, accountOf(e.Record))
	if err != nil {
		return gate.RefuseField("account", "visit.account_required")
	}
	if actor := gate.From(e).Author(); actor != nil {
		if ownerOf(e.Record) == "" {
			e.Record.Set(fieldOwner, actor.Id)
		}
		if ownerOf(e.Record) != actor.Id {
			return gate.Refuse("visit.not_owner")
		}
		if !serves(actor, account) && !serves(gate.From(e).User, account) {
			if err := gate.From(e).ServedThen(account.Id); err != nil {
				return err
			}
		}
	}
	if err := s.plannedDay(e); err != nil {
		return err
	}
	copyLine(e.Record, account)
	if err := checkPeople(e.App, e.Record); err != nil {
		return err
	}
	if err := chooseTemplate(e.App, e.Record, account); err != nil {
		return err
	}
	s.notePrep(e.Record)
	return e.Next()
}

// visitUpdate refuses to touch what actions write, and all of a visit that is over.
func (s *Service) visitUpdate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	locked := append(computed, fieldState, "account", fieldOwner, "manager", "dept")
	if err := gate.LockFields(e, locked...); err != nil {
		return err
	}
	if actor := gate.From(e).Author(); actor != nil && ownerOf(e.Record) != actor.Id {
		return gate.Refuse("visit.not_owner")
	}
	if err := domain.VisitEditable(stateOf(e.Record)); err != nil {
		return gate.WrapError(err)
	}
	if domain.VisitBegun(stateOf(e.Record)) { // how it was judged goes by these
		if err := gate.LockFields(e, "type", "planned_date"); err != nil {
			return err
		}
	}
	if err := s.plannedDay(e); err != nil {
		return err
	}
	if err := checkPeople(e.App, e.Record); err != nil {
		return err
	}
	s.notePrep(e.Record)
	return e.Next()
}

// plannedDay bounds the day for which a visit is planned, as seen from when the
// server heard of it: visit.day_implausible.
func (s *Service) plannedDay(e *core.RecordEvent) error {
	day := e.Record.GetString("planned_date")
	if !domain.IsDay(day) || !e.Record.IsNew() && day == e.Record.Original().GetString("planned_date") {
		return nil // the field's own validation judges what is no day
	}
	settings, today := gate.SettingsNow(e.App), domain.BusinessDay(s.clock.Arrived(e.Context))
	back, err := settings.Whole(plannedBackKey)
	if err != nil {
		return err
	}
	ahead, err := settings.Whole(plannedAheadKey)
	if err != nil {
		return err
	}
	from, to := domain.AddDays(today, -back), domain.AddDays(today, ahead)
	if day < from || day > to {
		return gate.Refuse("visit.day_implausible", "field", "planned_date", "day", day, "from", from, "to", to)
	}
	return nil
}

// notePrep remembers since when a visit is prepared.
func (s *Service) notePrep(visit *core.Record) {
	done := strings.TrimSpace(visit.GetString("objective")) != "" && strings.TrimSpace(visit.GetString("prep_note")) != ""
	switch {
	case !done:
		visit.Set("prep_at", nil)
	case visit.GetDateTime("prep_at").IsZero() && !domain.VisitBegun(stateOf(visit)):
		visit.Set("prep_at", s.now())
	}
}

// checkPeople judges who came along and whom they met: visit.companion_invalid
// and visit.contact_invalid. What stands already is not asked again.
func checkPeople(app core.App, visit *core.Record) error {
	before := visit.Original()
	for _, id := range visit.GetStringSlice("companions") {
		if !visit.IsNew() && contains(before.GetStringSlice("companions"), id) {
			continue
		}
		user, err := app.FindRecordById(gate.Users, id)
		if err != nil || !user.GetBool("active") || id == ownerOf(visit) {
			return gate.RefuseField("companions", "visit.companion_invalid")
		}
	}
	for _, id := range visit.GetStringSlice("contacts_met") {
		if !visit.IsNew() && contains(before.GetStringSlice("contacts_met"), id) {
			continue
		}
		contact, err := app.FindRecordById("contacts", id)
		if err != nil || accountOf(contact) != accountOf(visit) {
			return gate.RefuseField("contacts_met", "visit.contact_invalid")
		}
	}
	return nil
}
