package cycles

import (
	"context"
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

type params = dbx.Params

// save saves a row as our own code.
func save(ctx context.Context, tx core.App, row interface{ Raw() *core.Record }) error {
	if !row.Raw().IsNew() && !gate.HasChanged(row.Raw()) {
		return nil
	}
	return tx.SaveWithContext(gate.AsServer(ctx), row.Raw())
}

// text writes what a JSON field keeps: the same bytes for the same value.
func text(value any) (string, error) {
	out, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return "", fmt.Errorf("write what is kept of an appraisal: %w", err)
	}
	return string(out), nil
}

// kept writes a value into a JSON field.
func kept(set func(any), value any) error {
	out, err := text(value)
	if err == nil {
		set(out)
	}
	return err
}

// own is the state to which a step of the server's own leads.
func own[S ~string](m *domain.Machine, state S, action string) (S, error) {
	next, err := m.OwnNext(string(state), action)
	return S(next), err
}

// take takes a step of the server's own with an appraisal.
func take(row records.Appraisal, action string) error {
	next, err := own(&appraisal.AppraisalMachine, row.State(), action)
	if err == nil {
		row.SetState(next)
	}
	return err
}

// in reports whether an appraisal is in one of some states.
func in(row records.Appraisal, states ...string) bool {
	for _, s := range states {
		if string(row.State()) == s {
			return true
		}
	}
	return false
}

func snapshots(cycle records.AppraisalCycle) ([]appraisal.Snapshot, error) {
	return records.Decode[[]appraisal.Snapshot](cycle.Schemes())
}

// schemeOf is the scheme of an appraisal as its cycle keeps it.
func schemeOf(tx core.App, row records.Appraisal) (appraisal.Snapshot, records.AppraisalCycle, error) {
	cycle, err := records.AppraisalCycles.Require(tx, row.Cycle())
	if err != nil {
		return appraisal.Snapshot{}, cycle, err
	}
	all, err := snapshots(cycle)
	if err != nil {
		return appraisal.Snapshot{}, cycle, err
	}
	snapshot, found := appraisal.SnapshotOf(all, row.Role())
	if !found {
		return snapshot, cycle, fmt.Errorf("cycle %s has no scheme of %s", cycle.ID(), row.Role())
	}
	return snapshot, cycle, nil
}

func rulesOf(cycle records.AppraisalCycle) (appraisal.CycleRules, error) {
	return records.Decode[appraisal.CycleRules](cycle.Rules())
}

func deadlinesOf(cycle records.AppraisalCycle) (appraisal.Deadlines, error) {
	return records.Decode[appraisal.Deadlines](cycle.Deadlines())
}

func ratedItems(row records.AppraisalRating) ([]appraisal.Rating, error) {
	return records.Decode[[]appraisal.Rating](row.Items())
}

func periodOf(cycle records.AppraisalCycle) domain.Period {
	return domain.Period{From: cycle.FromDay(), To: cycle.ToDay()}
}

// appraisalsOf are the appraisals of a cycle, by whose they are.
func appraisalsOf(tx core.App, cycle records.AppraisalCycleID) ([]records.Appraisal, error) {
	return records.Appraisals.All(tx, "cycle = {:c}", params{"c": cycle}, "subject")
}

// tell tells somebody of an appraisal.
func (s *Service) tell(ctx context.Context, tx core.App, whom records.UserID, kind, link string, cycle records.AppraisalCycle, more map[string]any) error {
	said := map[string]any{"period": cycle.Period()}
	for name, value := range more {
		said[name] = value
	}
	return gate.Notify(ctx, tx, s.cfg.Now(), gate.Notice{User: string(whom), Kind: kind, Params: said, Link: link})
}

func linkTo(row interface{ Raw() *core.Record }) string {
	return row.Raw().Collection().Name + "/" + row.Raw().Id
}
