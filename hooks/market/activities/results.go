package activities

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/market"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) results() kit.Collection {
	return kit.Collection{
		Name:     records.ActivityResultTable,
		Personal: &kit.Personal{Stranger: "activity.not_party"},
		Server:   []string{records.ActivityResultColAccounts, records.ActivityResultColDepts, records.ActivityResultColLate},
		Within: &kit.Within{
			Field: records.ActivityResultColActivity, Parent: records.ActivityTable, Open: market.ActivityResultStates, Refusal: "activity.result_state",
		},
		Keep:  &gate.Keep{Log: true, Moves: []string{records.ActivityResultColAccounts, records.ActivityResultColDepts}}, // what was told was told
		Rules: []kit.Rule{kit.On(kit.Create, records.ActivityResults, "activityResultCreate", s.told)},
	}
}

// told takes an activity's result, from its owner or from those who serve one of its
// accounts, or did when they wrote it. What comes late is kept, and marked.
func (s service) told(e *kit.Change[records.ActivityResult]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	activity, found, err := records.Activities.Find(e.App, e.Row.Activity())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.ActivityResultColActivity, "record.not_found")
	}
	if err := takesPart(e.App, gate.From(e.RecordEvent), activity); err != nil {
		return err
	}
	before, err := records.ActivityResults.Count(e.App, "activity = {:a}", dbx.Params{"a": activity.ID()})
	if err != nil {
		return err
	}
	if before > 0 {
		return gate.Refuse("activity.reported")
	}
	if activity.ToDate() > domain.BusinessDay(s.Arrived(e.Context)) {
		return gate.Refuse("activity.not_over", "to", activity.ToDate())
	}
	if err := s.date(e, activity); err != nil {
		return err
	}
	if err := showPhotos(e.Context, e.App, e.Row, activity); err != nil {
		return err
	}
	show(e.Row, activity)
	if err := e.Next(); err != nil {
		return err
	}
	return s.reported(gate.With(e.Context, gate.From(e.RecordEvent)), e.App, activity)
}

// takesPart refuses who is neither an activity's owner nor answers for an account of
// it: activity.not_party.
func takesPart(app core.App, actor gate.Actor, activity records.Activity) error {
	author := actor.Author()
	if author == nil || author.Id == string(activity.Owner()) {
		return nil
	}
	for _, account := range activity.Accounts() {
		team, err := gate.TeamOf(app, string(account))
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return fmt.Errorf("find an account of an activity: %w", err)
		}
		if team.Serves(author) {
			return nil
		}
		if actor.Held == nil {
			continue
		}
		if then, err := actor.Held(string(account)); err != nil || then {
			return err
		}
	}
	return gate.Refuse("activity.not_party")
}

// date says when the result was written, as far as a phone's clock is good for it,
// and whether that is late. What no phone captured is as late as it arrived, whatever
// day it names.
func (s service) date(e *kit.Change[records.ActivityResult], activity records.Activity) error {
	reading, err := s.ReadStep(e.Context, e.App, e.Row.At(), nil)
	if err != nil {
		return err
	}
	e.Row.SetAt(reading.At)
	written := reading.At
	if actor := gate.From(e.RecordEvent); actor.Device == "" && actor.Work.Device == "" {
		written = s.Arrived(e.Context)
	}
	due := activity.ResultDue()
	e.Row.SetLate(due != "" && domain.BusinessDay(written) > due)
	return nil
}

// reported moves an activity on with its result, and tells its owner.
func (s service) reported(ctx context.Context, tx core.App, activity records.Activity) error {
	next, err := market.ActivityMachine.OwnNext(string(activity.State()), market.ActivityReport)
	if err != nil {
		return gate.WrapError(err)
	}
	activity.SetState(records.ActivityState(next))
	if err := tx.SaveWithContext(gate.AsServer(ctx), activity.Raw()); err != nil {
		return fmt.Errorf("report an activity: %w", err)
	}
	return s.tell(ctx, tx, "activity.reported", activityLink(activity), map[string]any{"name": activity.Name()}, activity.Owner())
}
