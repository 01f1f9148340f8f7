package deals

import (
	"encoding/json/v2"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	negotiations = "negotiations"

	negotiationOpen   = "open"
	negotiationAgreed = "agreed"
)

// negotiationSaved checks terms and objections, and that what is agreed has
// terms and no open objection (R3.2e).
func negotiationSaved(e *core.RecordEvent) error {
	if err := gate.Hang(e); err != nil {
		return err
	}
	if e.Record.GetString("state") == "" {
		e.Record.Set("state", negotiationOpen)
	}
	var price, service []domain.Term
	var objections []domain.Objection
	for field, into := range map[string]any{"price_terms": &price, "service_terms": &service, "objections": &objections} {
		text := e.Record.GetString(field)
		if text == "" || text == "null" {
			continue
		}
		if err := json.Unmarshal([]byte(text), into, json.RejectUnknownMembers(true)); err != nil {
			return gate.RefuseField(field, "field.type")
		}
	}
	if err := domain.CheckTerms(price); err != nil {
		return gate.WrapError(err)
	}
	if err := domain.CheckTerms(service); err != nil {
		return gate.WrapError(err)
	}
	if e.Record.GetString("state") == negotiationAgreed {
		if err := domain.CheckAgreed(price, service, objections); err != nil {
			return gate.WrapError(err)
		}
	}
	return e.Next()
}
