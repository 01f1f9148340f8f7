package visits

import (
	"database/sql"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// within says that a visit closes over what hangs on it when it is reported.
func (s *service) within(part string) *kit.Within {
	return &kit.Within{Field: part, Parent: records.VisitTable, Open: field.VisitMachine.Editable(), Refusal: "visit.locked", Else: s.latePart}
}

// latePart takes what was captured before the visit's report and arrives after
// it, and what an administrator changes for a reason: both are steps of the
// visit's chain. All else is refused.
func (s *service) latePart(e *core.RecordEvent, id string) error {
	visit, err := records.Visits.Require(e.App, records.VisitID(id))
	if err != nil {
		return err
	}
	action, data := field.VisitOverride, map[string]any{"reason": gate.OverrideReason(e.Context)}
	if data["reason"] == "" {
		action, data = field.VisitLatePart, map[string]any{}
		ok, err := capturedBefore(e.App, visit, gate.From(e).Work)
		if err != nil {
			return err
		}
		if !ok || e.Type == core.ModelEventTypeDelete {
			return gate.Refuse("visit.locked", "from", string(visit.State()))
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	visit, err = records.Visits.Require(e.App, records.VisitID(id)) // what hooks of the row made of it
	if err != nil {
		return err
	}
	taken, fits := own(visit, action)
	if !fits {
		return gate.Refuse("visit.locked", "from", string(visit.State()))
	}
	if action == field.VisitLatePart {
		if err := addFlag(visit, flagLatePart); err != nil {
			return err
		}
	}
	if taken.data, err = partOf(e, data); err != nil {
		return err
	}
	ctx := gate.With(contextOf(e), gate.From(e))
	if err := s.done(ctx, e.App, visit, taken); err != nil {
		return err
	}
	return e.App.SaveWithContext(gate.AsServer(ctx), visit.Raw())
}

// partOf is what the chain says of a part: which, what was done with it, and
// what people say in it now.
func partOf(e *core.RecordEvent, data map[string]any) (jsontext.Value, error) {
	table := e.Record.Collection().Name
	data["collection"], data["record"], data["op"] = table, e.Record.Id, e.Type
	if e.Type != core.ModelEventTypeDelete {
		data["row"] = gate.Values(e.Record, contentColumns[table])
	}
	text, err := json.Marshal(data, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("render a part of a visit: %w", err)
	}
	return jsontext.Value(text), nil
}

// capturedBefore reports whether a phone captured something before the report of
// the visit that stands. The phone that reported says so by its numbers. Of any
// other only what the server had already by then is known to be that old.
func capturedBefore(app core.App, visit records.Visit, work gate.Work) (bool, error) {
	if work.N == 0 || !field.VisitTold(string(visit.State())) {
		return false, nil
	}
	var report struct {
		At     types.DateTime `db:"at"`
		Device string         `db:"device"`
		Push   int64          `db:"push"`
	}
	err := app.DB().NewQuery("SELECT at, device, push FROM visit_events WHERE visit = {:v} AND action = {:a} ORDER BY n DESC LIMIT 1").
		Bind(dbx.Params{"v": visit.ID(), "a": field.VisitReport}).One(&report)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find the report of visit %s: %w", visit.ID(), err)
	}
	if work.Device != "" && work.Device == report.Device && report.Push > 0 {
		return work.N < report.Push, nil
	}
	return !work.Kept.IsZero() && work.Kept.Before(report.At.Time()), nil
}
