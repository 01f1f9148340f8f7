package accounts

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func models() kit.Collection {
	return kit.Collection{
		Name: records.ScoringModelTable,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ScoringModels, "scoringModelCreate", modelSaved),
			kit.On(kit.Update, records.ScoringModels, "scoringModelUpdate", modelSaved),
		},
	}
}

// modelSaved checks a model, counts its version up, and keeps one that is or was
// used as it is, but for whether it is active. An active one replaces the other
// of its subject.
func modelSaved(e *kit.Change[records.ScoringModel]) error {
	if e.Row.Subject() == "" {
		e.Row.SetSubject(customers.ScoresAccounts)
	}
	model, err := modelOf(e.Row)
	if err == nil {
		err = model.Check()
	}
	if err == nil && e.Row.Subject() == customers.ScoresOpportunities {
		err = model.CheckGrades()
	}
	if err != nil {
		return gate.WrapError(err)
	}
	if err := modelKept(e); err != nil {
		return err
	}
	if e.Row.IsNew() && e.Row.Version() == 0 {
		var last int
		if err := e.App.DB().NewQuery("SELECT COALESCE(MAX(version), 0) FROM scoring_models WHERE subject = {:subject}").
			Bind(dbx.Params{"subject": e.Row.Subject()}).Row(&last); err != nil {
			return err
		}
		e.Row.SetVersion(last + 1)
	}
	if e.Row.Active() {
		if err := replaced(e.App, e.Row); err != nil {
			return err
		}
	}
	return e.Next()
}

// replaced takes the other active model of the same subject out of force.
func replaced(app core.App, by records.ScoringModel) error {
	active, err := records.ScoringModels.All(app, "active = TRUE AND id <> {:id}", dbx.Params{"id": by.ID()}, "id")
	if err != nil {
		return err
	}
	for _, other := range active {
		if other.Subject() != by.Subject() {
			continue
		}
		if _, err := app.DB().NewQuery("UPDATE scoring_models SET active = FALSE WHERE id = {:id}").Bind(dbx.Params{"id": other.ID()}).Execute(); err != nil {
			return fmt.Errorf("replace a model: %w", err)
		}
	}
	return nil
}

// modelKept refuses another content of a version that is published, or that
// something was scored by: scoring.model_used.
func modelKept(e *kit.Change[records.ScoringModel]) error {
	other := func(field string) bool { return field != records.ScoringModelColActive }
	if e.Row.IsNew() || !slices.ContainsFunc(gate.Changed(e.Row.Raw()), other) {
		return nil
	}
	var used bool
	err := e.App.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM account_scorecards WHERE model = {:model})
		OR EXISTS (SELECT 1 FROM opportunities WHERE model = {:model})`).Bind(dbx.Params{"model": e.Row.ID()}).Row(&used)
	if err != nil {
		return fmt.Errorf("look for what a model scored: %w", err)
	}
	if used || e.Before().Active() {
		return gate.Refuse("scoring.model_used")
	}
	return nil
}

func modelOf(row records.ScoringModel) (m customers.ScoringModel, err error) {
	m.ThresholdBP = row.ThresholdBp()
	if err := read(records.ScoringModelColCriteria, row.Criteria(), &m.Criteria); err != nil {
		return m, err
	}
	return m, read(records.ScoringModelColBands, row.Bands(), &m.Bands)
}

// read takes what somebody wrote into a field: field.type if it is another thing.
func read(field string, text jsontext.Value, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		return gate.RefuseField(field, "field.type")
	}
	return nil
}
