package accounts

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"slices"

	"github.com/pocketbase/dbx"

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

// modelSaved checks a model, counts its version up, and keeps one that cards
// use as it is, but for whether it is active. An active one replaces the other.
func modelSaved(e *kit.Change[records.ScoringModel]) error {
	model, err := modelOf(e.Row)
	if err == nil {
		err = model.Check()
	}
	if err != nil {
		return gate.WrapError(err)
	}
	other := func(field string) bool { return field != records.ScoringModelColActive }
	if !e.Row.IsNew() && slices.ContainsFunc(gate.Changed(e.Row.Raw()), other) {
		used, err := records.AccountScorecards.Count(e.App, `model = {:model}`, dbx.Params{"model": e.Row.ID()})
		if err != nil {
			return err
		}
		if used > 0 {
			return gate.Refuse("scoring.model_used")
		}
	}
	if e.Row.IsNew() && e.Row.Version() == 0 {
		var last int
		if err := e.App.DB().NewQuery("SELECT COALESCE(MAX(version), 0) FROM scoring_models").Row(&last); err != nil {
			return err
		}
		e.Row.SetVersion(last + 1)
	}
	if e.Row.Active() {
		_, err := e.App.DB().NewQuery("UPDATE scoring_models SET active = FALSE WHERE active = TRUE AND id <> {:id}").Bind(dbx.Params{"id": e.Row.ID()}).Execute()
		if err != nil {
			return err
		}
	}
	return e.Next()
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
