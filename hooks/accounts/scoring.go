package accounts

import (
	"encoding/json/v2"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	models     = "scoring_models"
	scorecards = "account_scorecards"

	cardDraft = "draft"
)

// cardFilled is what the server computes of a scorecard, and what only its
// approval changes.
var cardFilled = []string{"total_bp", "suggested_tier", "state", "override_by", "override_reason", "decided_at", "by"}

func bindScoring(app core.App, _ gate.Config) {
	app.OnRecordCreate(models).Bind(gate.Named("scoringModelCreate", gate.Atomic(modelSaved)))
	app.OnRecordUpdate(models).Bind(gate.Named("scoringModelUpdate", gate.Atomic(modelSaved)))
	app.OnRecordCreate(scorecards).Bind(gate.Named("scorecardCreate", gate.Atomic(cardSaved)))
	app.OnRecordUpdate(scorecards).Bind(gate.Named("scorecardUpdate", gate.Atomic(cardSaved)))
}

// modelSaved checks a model, counts its version up, and keeps one that cards
// use as it is, but for whether it is active. An active one replaces the other.
func modelSaved(e *core.RecordEvent) error {
	model, err := modelOf(e.Record)
	if err == nil {
		err = model.Check()
	}
	if err != nil {
		return gate.WrapError(err)
	}
	if !e.Record.IsNew() && len(without(gate.Changed(e.Record), "active")) > 0 {
		used, err := e.App.CountRecords(scorecards, dbx.HashExp{"model": e.Record.Id})
		if err != nil {
			return err
		}
		if used > 0 {
			return gate.Refuse("scoring.model_used")
		}
	}
	if e.Record.IsNew() && e.Record.GetInt("version") == 0 {
		var last int
		if err := e.App.DB().NewQuery("SELECT COALESCE(MAX(version), 0) FROM scoring_models").Row(&last); err != nil {
			return err
		}
		e.Record.Set("version", last+1)
	}
	if e.Record.GetBool("active") {
		_, err := e.App.DB().NewQuery("UPDATE scoring_models SET active = FALSE WHERE active = TRUE AND id <> {:id}").Bind(dbx.Params{"id": e.Record.Id}).Execute()
		if err != nil {
			return err
		}
	}
	return e.Next()
}

func without(list []string, name string) (out []string) {
	for _, s := range list {
		if s != name {
			out = append(out, s)
		}
	}
	return out
}

// cardSaved scores a card. A draft may be incomplete: it has no score until
// every criterion is rated. Only approvals change one that was handed in.
func cardSaved(e *core.RecordEvent) error {
	if e.Record.IsNew() && e.Record.GetString("state") == "" {
		e.Record.Set("state", cardDraft)
		if actor := gate.From(e).Author(); actor != nil {
			e.Record.Set("by", actor.Id)
		}
	} else if err := gate.LockFields(e, cardFilled...); err != nil {
		return err
	}
	if !gate.ByServer(e) && e.Record.Original().GetString("state") != "" && e.Record.GetString("state") != cardDraft {
		return gate.Refuse("scorecard.state", "from", e.Record.GetString("state"), "action", "update")
	}
	if err := gate.Hang(e); err != nil {
		return err
	}
	if e.Record.GetString("model") == "" {
		active, err := e.App.FindFirstRecordByFilter(models, "active = true")
		if err != nil {
			return gate.Refuse("scoring.model_missing")
		}
		e.Record.Set("model", active.Id)
	}
	model, card, err := cardOf(e.App, e.Record)
	if err != nil {
		return err
	}
	total, err := model.Score(card)
	if p, ok := errors.AsType[domain.Problem](err); ok && p.Code != "scorecard.rating_missing" && p.Code != "scorecard.evidence_required" {
		return gate.Wrap(p, map[string]string{"ratings": p.Code})
	}
	e.Record.Set("total_bp", total)
	e.Record.Set("suggested_tier", "")
	if err == nil {
		e.Record.Set("suggested_tier", model.Suggest(total))
	}
	return e.Next()
}

// cardOf reads a card's model and ratings.
func cardOf(app core.App, r *core.Record) (domain.ScoringModel, map[string]domain.Rating, error) {
	found, err := app.FindRecordById(models, r.GetString("model"))
	if err != nil {
		return domain.ScoringModel{}, nil, gate.RefuseField("model", "record.not_found")
	}
	model, err := modelOf(found)
	if err != nil {
		return model, nil, err
	}
	card := map[string]domain.Rating{}
	if text := r.GetString("ratings"); text != "" && text != "null" {
		if err := json.Unmarshal([]byte(text), &card); err != nil {
			return model, nil, gate.RefuseField("ratings", "field.type")
		}
	}
	return model, card, nil
}

func modelOf(r *core.Record) (domain.ScoringModel, error) {
	m := domain.ScoringModel{ThresholdBP: r.GetInt("threshold_bp")}
	for field, into := range map[string]any{"criteria": &m.Criteria, "bands": &m.Bands} {
		text := r.GetString(field)
		if text == "" || text == "null" {
			continue
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return m, gate.RefuseField(field, "field.type")
		}
	}
	return m, nil
}
