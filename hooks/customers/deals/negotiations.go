package deals

import (
	"encoding/json/jsontext"
	"encoding/json/v2"

	"satchel/domain/customers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// States of a negotiation, which people write.
const (
	negotiationOpen   records.NegotiationState = "open"
	negotiationAgreed records.NegotiationState = "agreed"
)

func negotiations() kit.Collection {
	return kit.Collection{
		Name:    records.NegotiationTable,
		Hung:    true,
		Audit:   gate.Audit{Fields: []string{records.NegotiationColState}},
		Follows: kit.Always,
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Negotiations, "negotiationCreate", negotiationSaved),
			kit.On(kit.Update, records.Negotiations, "negotiationUpdate", negotiationSaved),
		},
	}
}

// negotiationSaved checks terms and objections, and that what is agreed has
// terms and no open objection (R3.2e).
func negotiationSaved(e *kit.Change[records.Negotiation]) error {
	if e.Row.State() == "" {
		e.Row.SetState(negotiationOpen)
	}
	price, err := list[customers.Term](records.NegotiationColPriceTerms, e.Row.PriceTerms())
	if err != nil {
		return err
	}
	service, err := list[customers.Term](records.NegotiationColServiceTerms, e.Row.ServiceTerms())
	if err != nil {
		return err
	}
	objections, err := list[customers.Objection](records.NegotiationColObjections, e.Row.Objections())
	if err != nil {
		return err
	}
	if err := customers.CheckTerms(price); err != nil {
		return gate.WrapError(err)
	}
	if err := customers.CheckTerms(service); err != nil {
		return gate.WrapError(err)
	}
	if e.Row.State() == negotiationAgreed {
		if err := customers.CheckAgreed(price, service, objections); err != nil {
			return gate.WrapError(err)
		}
	}
	return e.Next()
}

// list reads what somebody wrote into a field: field.type if it is another thing.
func list[T any](field string, text jsontext.Value) (all []T, err error) {
	if err := json.Unmarshal(text, &all, json.RejectUnknownMembers(true)); err != nil {
		return nil, gate.RefuseField(field, "field.type")
	}
	return all, nil
}
