package accounts

import (
	"encoding/json/v2"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	models     = "scoring_models"
	scorecards = "account_scorecards"

	fieldVersion = "version"
	cardDraft    = "draft"
)

// cardFilled is what the server computes of a card, and what an override writes.
var cardFilled = []string{"total_bp", "suggested_tier", "override_by", "override_reason"}

func roleOf(r *core.Record) string       { return r.GetString("role") }
func isActive(r *core.Record) bool       { return r.GetBool("active") }
func modelID(r *core.Record) string      { return r.GetString("model") }
func setModel(r *core.Record, id string) { r.Set("model", id) }
func scoreOf(r *core.Record) int         { return r.GetInt("total_bp") }
func cardState(r *core.Record) string    { return r.GetString("state") }
func overridden(r *core.Record) bool     { return r.GetString("override_by") != "" }
func setCardOwner(r, author *core.Record) {
	if author != nil {
		r.Set(fieldOwner, author.Id)
	}
}

func setScore(r *core.Record, totalBP int, tier string) {
	r.Set("total_bp", totalBP)
	r.Set("suggested_tier", tier)
}

func setOverride(r *core.Record, by, reason string) {
	r.Set("override_by", by)
	r.Set("override_reason", reason)
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
