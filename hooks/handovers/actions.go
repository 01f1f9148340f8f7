package handovers

import (
	"context"
	"encoding/json/jsontext"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// cancel takes back a handover whose day has not come.
func (s *Service) cancel(ctx context.Context, txApp core.App, handover *core.Record, _ jsontext.Value) error {
	if err := step(ctx, txApp, handover, domain.HandoverCancel); err != nil {
		return err
	}
	_, err := txApp.DB().NewQuery("UPDATE account_assignments SET state = 'cancelled', updated = {:now} WHERE handover = {:id} AND state = 'planned'").
		Bind(dbx.Params{"id": handover.Id, "now": stamp(s.now())}).Execute()
	if err != nil {
		return fmt.Errorf("failed to cancel assignments: %w", err)
	}
	if err := s.save(txApp, handover); err != nil {
		return err
	}
	return s.prefetch(txApp)
}

// complete ends a drain before its last day, once both sides have signed.
func (s *Service) complete(ctx context.Context, txApp core.App, handover *core.Record, _ jsontext.Value) error {
	if err := step(ctx, txApp, handover, domain.HandoverComplete); err != nil {
		return err
	}
	if !signedByBoth(handover) {
		return gate.Refuse("handover.unsigned")
	}
	return s.save(txApp, handover)
}

// cancelAssignment takes back the planned change of one account.
func (s *Service) cancelAssignment(ctx context.Context, txApp core.App, r *core.Record, _ jsontext.Value) error {
	account, err := txApp.FindRecordById(accounts, accountOf(r))
	if err != nil {
		return err
	}
	if err := mayAct(ctx, txApp, ownerOf(account), userOf(r)); err != nil {
		return err
	}
	if stateOf(r) != domain.AssignmentPlanned || handoverOf(r) != "" {
		return gate.Refuse("handover.state", "from", stateOf(r), "action", domain.HandoverCancel)
	}
	setState(r, domain.AssignmentCancelled)
	if err := s.save(txApp, r); err != nil {
		return err
	}
	return s.prefetch(txApp)
}

// step judges who acts and where the step leads.
func step(ctx context.Context, txApp core.App, handover *core.Record, name string) error {
	if err := mayAct(ctx, txApp, fromOf(handover), toOf(handover)); err != nil {
		return err
	}
	next, err := domain.HandoverMove(stateOf(handover), name)
	if err != nil {
		return gate.WrapError(err)
	}
	setState(handover, next)
	return nil
}

// mayAct asks whether who acts may move accounts between two people: handover.not_superior.
func mayAct(ctx context.Context, app core.App, fromID, toID string) error {
	from, err := findStaff(app, fieldFrom, fromID)
	if err != nil {
		return err
	}
	to, err := findStaff(app, fieldTo, toID)
	if err != nil {
		return err
	}
	if !staff(gate.Of(ctx).User).MayReassign(from, to) {
		return gate.Refuse("handover.not_superior")
	}
	return nil
}

// save writes a record as our own code.
func (s *Service) save(txApp core.App, r *core.Record) error {
	if err := txApp.SaveWithContext(gate.AsServer(context.Background()), r); err != nil {
		return fmt.Errorf("failed to save %s: %w", r.Collection().Name, err)
	}
	return nil
}
