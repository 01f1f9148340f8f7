// Package visits binds the rules of visits, their steps and their photos.
package visits

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Bind registers the area's events.
func Bind(app core.App) {
	app.OnRecordCreate(visits).Bind(gate.Named("visitCreate", gate.Atomic(visitCreate)))
	app.OnRecordUpdate(visits).Bind(gate.Named("visitUpdate", gate.Atomic(visitUpdate)))
	app.OnRecordCreate(steps).Bind(gate.Named("visitStepCreate", gate.Atomic(stepCreate)))
	app.OnRecordUpdate(steps).Bind(gate.Named("visitStepUpdate", gate.Atomic(stepUpdate)))
	bindBlobs(app)
}

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	a := actions{now: cfg.Now}
	return gate.Actions{
		visits + "." + domain.VisitCheckIn:  a.checkIn,
		visits + "." + domain.VisitCheckOut: a.checkOut,
		visits + "." + domain.VisitReport:   a.report,
		visits + "." + domain.VisitCancel:   a.cancel,
	}
}

// visitCreate fills who is responsible, from the account and for good.
func visitCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, domain.VisitPlanned)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if stateOf(e.Record) != domain.VisitPlanned {
		return gate.RefuseField(fieldState, "field.locked")
	}
	if err := gate.LockFields(e, append(computed, "manager", "dept")...); err != nil {
		return err
	}
	account := accountOf(e.Record)
	line, err := gate.LineOf(e.App, account)
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
		if !line.Serves(actor) && !line.Serves(gate.From(e).User) {
			if err := gate.From(e).ServedThen(account); err != nil {
				return err
			}
		}
	}
	setLine(e.Record, line)
	return e.Next()
}

// visitUpdate refuses to touch what actions write, and all of a visit that is over.
func visitUpdate(e *core.RecordEvent) error {
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
	return e.Next()
}

func stepCreate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, stepFilled...); err != nil {
		return err
	}
	visit, err := visitOf(e, e.Record.GetString("visit"))
	if err != nil {
		return err
	}
	copyPlace(e.Record, visit)
	return e.Next()
}

func stepUpdate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, append(stepFilled, "visit", "key", "kind")...); err != nil {
		return err
	}
	if _, err := visitOf(e, e.Record.GetString("visit")); err != nil {
		return err
	}
	return e.Next()
}

// visitOf finds the visit that a step or photo joins: the actor's own, not cancelled.
func visitOf(e *core.RecordEvent, id string) (*core.Record, error) {
	visit, err := e.App.FindRecordById(visits, id)
	if err != nil {
		return nil, gate.RefuseField("visit", "record.not_found")
	}
	if actor := gate.From(e).Author(); actor != nil && ownerOf(visit) != actor.Id {
		return nil, gate.Refuse("visit.not_owner")
	}
	if stateOf(visit) == domain.VisitCancelled {
		return nil, gate.Refuse("visit.locked", "from", domain.VisitCancelled)
	}
	return visit, nil
}
