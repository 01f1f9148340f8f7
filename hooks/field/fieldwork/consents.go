package fieldwork

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) consents() kit.Collection {
	return kit.Collection{
		Name:     records.ConsentTable,
		Personal: mine(),
		Server:   []string{records.ConsentColWithdrawnAt, records.ConsentColDevice},
		Audit:    gate.Audit{Fields: []string{records.ConsentColGivenAt, records.ConsentColToldAt, records.ConsentColWithdrawnAt}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Consents, "consentCreate", s.consentCreate),
			frozen(records.ConsentTable, "consentUpdate"),
		},
	}
}

// consentCreate notes what somebody agreed to, himself. It is dated by when the
// server heard of it: what he says of the time is kept as a note, told_at, and
// nothing follows from it.
func (s service) consentCreate(e *kit.Change[records.Consent]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if e.Row.ToldAt().IsZero() {
		e.Row.SetToldAt(e.Row.GivenAt())
	}
	e.Row.SetGivenAt(s.clock.Arrived(e.Context))
	e.Row.SetDevice(gate.From(e.RecordEvent).Device)
	return e.Next()
}

// withdraw takes a consent back, from now on.
func (s service) withdraw(ctx context.Context, _ core.App, row records.Consent, _ kit.None) error {
	if author := gate.Of(ctx).Author(); author == nil || author.Id != string(row.Owner()) {
		return gate.Refuse("work.not_owner")
	}
	if !row.WithdrawnAt().IsZero() {
		return gate.Refuse("consent.withdrawn")
	}
	row.SetWithdrawnAt(s.clock.Arrived(ctx))
	return nil
}
