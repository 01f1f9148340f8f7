package visits

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// positions are proposals of where an account is.
func (s *service) positions() kit.Collection {
	return kit.Collection{
		Name:    records.AccountPositionTable,
		Machine: &field.PositionMachine,
		Parties: kit.Parties(records.AccountPositions, positionParties),
		Audit:   gate.Audit{Fields: []string{records.AccountPositionColState}, Create: true},
		Rules: []kit.Rule{
			{On: kit.Create, Collection: records.AccountPositionTable, Name: "positionCreate", Run: gate.OnlyServer},
			{On: kit.Update, Collection: records.AccountPositionTable, Name: "positionUpdate", Run: gate.OnlyServer},
		},
	}
}

// positionParties is what who acts is to a proposal. The account's manager and
// the head of its department decide, but neither who proposes nor whose account
// it is.
func positionParties(ctx context.Context, tx core.App, position records.AccountPosition) ([]domain.Party, error) {
	account, err := records.Accounts.Require(tx, position.Account())
	if err != nil {
		return nil, err
	}
	actor := gate.Of(ctx).User
	is := idOf(actor)
	if is == "" || is == position.Owner() || is == account.Owner() || is != account.Manager() && !heads(actor, account.Dept()) {
		return nil, nil
	}
	return []domain.Party{domain.PartySuperior}, nil
}

// confirmPosition puts the account where the proposal says.
func (s *service) confirmPosition(ctx context.Context, tx core.App, position records.AccountPosition, _ kit.None) error {
	account, err := records.Accounts.Require(tx, position.Account())
	if err != nil {
		return err
	}
	s.sign(ctx, position)
	account.SetLat(position.Lat())
	account.SetLng(position.Lng())
	account.SetSrcCrs(records.AccountSrcCrs(position.SrcCrs()))
	account.SetSrcLat(position.SrcLat())
	account.SetSrcLng(position.SrcLng())
	return tx.SaveWithContext(gate.AsServer(ctx), account.Raw())
}

func (s *service) refusePosition(ctx context.Context, _ core.App, position records.AccountPosition, args reasonArgs) error {
	if err := args.required(); err != nil {
		return err
	}
	s.sign(ctx, position)
	position.SetReason(args.Reason)
	return nil
}

// sign keeps who decided, and when.
func (s *service) sign(ctx context.Context, position records.AccountPosition) {
	position.SetDecidedBy(idOf(gate.Of(ctx).User))
	position.SetDecidedAt(s.now())
}
