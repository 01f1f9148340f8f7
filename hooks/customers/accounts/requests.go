package accounts

import (
	"context"
	"database/sql"
	"encoding/json/v2"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/customers"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// requests are what a rep wanted to change on an account that was somebody
// else's by the time it arrived.
func requests() kit.Collection {
	return kit.Collection{
		Name:    records.AccountChangeRequestTable,
		Machine: &customers.ChangeRequestMachine,
		Parties: kit.Parties(records.AccountChangeRequests, deciders),
		Audit:   gate.Audit{Fields: []string{records.AccountChangeRequestColState, records.AccountChangeRequestColReviewer}},
	}
}

// deciders are the account's owner and manager of today, and administrators.
func deciders(ctx context.Context, tx core.App, request records.AccountChangeRequest) ([]domain.Party, error) {
	account, err := records.Accounts.Require(tx, request.Account())
	if err != nil {
		return nil, err
	}
	actor := gate.Of(ctx).User
	if actor == nil || actor.Id != string(account.Owner()) && actor.Id != string(account.Manager()) && roleOf(actor) != people.RoleAdmin {
		return nil, nil
	}
	return []domain.Party{domain.PartyTeam}, nil
}

// accept carries the change out as him who accepts it, under his rules.
func (d desk) accept(ctx context.Context, tx core.App, request records.AccountChangeRequest, _ kit.None) error {
	row, err := tx.FindRecordById(request.Collection(), request.Record())
	if errors.Is(err, sql.ErrNoRows) {
		return gate.Refuse("record.not_found")
	}
	if err != nil {
		return fmt.Errorf("find what a change request is about: %w", err)
	}
	var patch map[string]any
	if err := json.Unmarshal(request.Patch(), &patch); err != nil {
		return err
	}
	row.Load(patch)
	if err := tx.SaveWithContext(ctx, row); err != nil {
		return err
	}
	d.decided(ctx, request)
	return nil
}

func (d desk) refuse(ctx context.Context, _ core.App, request records.AccountChangeRequest, args reason) error {
	request.SetReason(args.Reason)
	d.decided(ctx, request)
	return nil
}

// decided signs a decision.
func (d desk) decided(ctx context.Context, request records.AccountChangeRequest) {
	request.SetReviewer(records.UserID(gate.Of(ctx).User.Id))
	request.SetDecidedAt(d.now())
}
