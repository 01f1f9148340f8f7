package visits

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

func contains(list []string, s string) bool { return slices.Contains(list, s) }

func stepCreate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, stepFilled...); err != nil {
		return err
	}
	visit, err := visitOf(e, visitIDOf(e.Record))
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
	if _, err := visitOf(e, visitIDOf(e.Record)); err != nil {
		return err
	}
	return e.Next()
}

// partCreate ties what was written down once to its visit.
func partCreate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, partFilled...); err != nil {
		return err
	}
	visit, err := visitOf(e, visitIDOf(e.Record))
	if err != nil {
		return err
	}
	copyPlace(e.Record, visit)
	e.Record.Set("manager", managerOf(visit))
	return e.Next()
}

// visitOf finds the visit that a step or photo joins: the actor's own.
func visitOf(e *core.RecordEvent, id string) (*core.Record, error) {
	visit, err := e.App.FindRecordById(visits, id)
	if err != nil {
		return nil, gate.RefuseField("visit", "record.not_found")
	}
	if actor := gate.From(e).Author(); actor != nil && ownerOf(visit) != actor.Id {
		return nil, gate.Refuse("visit.not_owner")
	}
	return visit, nil
}
