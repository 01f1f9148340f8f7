package handovers

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// cancel takes back a handover whose day has not come.
func (s *Service) cancel(_ context.Context, tx core.App, row records.AccountHandover, _ kit.None) error {
	_, err := tx.DB().NewQuery("UPDATE account_assignments SET state = 'cancelled', updated = {:now} WHERE handover = {:id} AND state = 'planned'").
		Bind(dbx.Params{"id": row.ID(), "now": stamp(s.now())}).Execute()
	if err != nil {
		return fmt.Errorf("cancel assignments: %w", err)
	}
	return s.prefetch(tx)
}

// guards are what a handover that is complete has.
func guards(_ context.Context, _ core.App, row records.AccountHandover) (func(string) bool, error) {
	signed := !row.SignedFromAt().IsZero() && !row.SignedToAt().IsZero()
	return func(string) bool { return signed }, nil
}

// complete ends a drain before its last day, once both sides have signed.
func complete(context.Context, core.App, records.AccountHandover, kit.None) error { return nil }

// cancelAssignment takes back the planned change of one account; one of a handover
// goes with it: handover.state.
func cancelAssignment(_ context.Context, _ core.App, row records.AccountAssignment, _ kit.None) error {
	if row.Handover() != "" {
		return gate.Refuse("handover.state", "from", people.AssignmentPlanned, "action", people.HandoverCancel)
	}
	return nil
}

// assignmentChanged lets whoever gets the account no more read ahead no longer.
func (s *Service) assignmentChanged(e *kit.Change[records.AccountAssignment]) error {
	moved := e.Row.State() != e.Before().State()
	if err := e.Next(); err != nil || !moved {
		return err
	}
	return s.prefetch(e.App)
}
