package visits

import (
	"context"
	"database/sql"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Hangs declares what a visit closes over when it is reported.
func Hangs(cfg gate.Config) (out []gate.Hangs) {
	s := &Service{now: cfg.Now}
	for _, name := range []string{steps, checks, feedback, blobs} {
		out = append(out, gate.Hangs{Child: name, Field: "visit", Parent: visits, Open: domain.OpenVisit, Code: "visit.locked", Else: s.latePart})
	}
	return out
}

// latePart takes what was captured before the visit's report and arrives after
// it, and what an administrator changes for a reason: both are steps of the
// visit's chain. All else is refused.
func (s *Service) latePart(e *core.RecordEvent, id string) error {
	visit, err := e.App.FindRecordById(visits, id)
	if err != nil {
		return err
	}
	action, data := domain.VisitOverridden, map[string]any{"reason": gate.OverrideReason(e.Context)}
	if data["reason"] == "" {
		action, data = domain.VisitLatePart, map[string]any{}
		ok, err := capturedBefore(e.App, visit, gate.From(e).Work)
		if err != nil {
			return err
		}
		if !ok || e.Type == core.ModelEventTypeDelete {
			return gate.Refuse("visit.locked", "from", stateOf(visit))
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	visit, err = e.App.FindRecordById(visits, id) // what hooks of the row made of it
	if err != nil {
		return err
	}
	if action == domain.VisitLatePart {
		addFlag(visit, flagLatePart)
	}
	data["collection"], data["record"], data["op"] = e.Record.Collection().Name, e.Record.Id, e.Type
	if e.Type != core.ModelEventTypeDelete {
		data["row"] = gate.Values(e.Record, contentColumns[e.Record.Collection().Name])
	}
	text, err := json.Marshal(data, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("failed to render a part of a visit: %w", err)
	}
	ctx := e.Context
	if ctx == nil {
		ctx = context.Background()
	}
	return s.step(gate.With(ctx, gate.From(e)), e.App, visit, action, stateOf(visit), jsontext.Value(text))
}

// capturedBefore tells whether a phone captured something before the report of
// the visit that stands. The phone that reported says so by its numbers. Of any
// other only what the server had already by then is known to be that old.
func capturedBefore(app core.App, visit *core.Record, work gate.Work) (bool, error) {
	if work.N == 0 || !domain.VisitTold(stateOf(visit)) {
		return false, nil
	}
	var report struct {
		At     types.DateTime `db:"at"`
		Device string         `db:"device"`
		Push   int64          `db:"push"`
	}
	err := app.DB().NewQuery("SELECT at, device, push FROM visit_events WHERE visit = {:v} AND action = {:a} ORDER BY n DESC LIMIT 1").
		Bind(dbx.Params{"v": visit.Id, "a": domain.VisitReport}).One(&report)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("failed to find the report of visit %s: %w", visit.Id, err)
	}
	if work.Device != "" && work.Device == report.Device && report.Push > 0 {
		return work.N < report.Push, nil
	}
	return !work.Kept.IsZero() && work.Kept.Before(report.At.Time()), nil
}

// reopen args: {reason}: its owner takes his report back to correct it, or his
// superior has him correct what was accepted. What the visit said stays in its
// chain; it counts again once it is reported again.
func (s *Service) reopen(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	begin, other := s.begin, managerOf(visit)
	if stateOf(visit) == domain.VisitAccepted {
		other = ownerOf(visit)
		begin = func(ctx context.Context, visit *core.Record, action string) (string, error) {
			return s.beginJudging(ctx, txApp, visit, action)
		}
	}
	from, err := begin(ctx, visit, domain.VisitReopen)
	if err != nil {
		return err
	}
	if visit.GetString("void_by") != "" {
		return gate.Refuse("visit.void_pending")
	}
	if _, err := reasonArg(raw); err != nil {
		return err
	}
	setState(visit, domain.VisitReopened(!checkedOutAt(visit).IsZero()))
	takeBack(visit)
	if err := s.step(ctx, txApp, visit, domain.VisitReopen, from, raw); err != nil {
		return err
	}
	if other == "" || other == gate.Of(ctx).User.Id {
		return nil
	}
	return s.tell(ctx, txApp, other, "visit.reopened", visit, linkOf(visit))
}

// corrected tells whether a visit was reported before and reopened since.
func corrected(visit *core.Record) bool { return slices.Contains(flagsOf(visit), flagCorrected) }
