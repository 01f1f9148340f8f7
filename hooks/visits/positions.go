package visits

import (
	"context"
	"encoding/json/jsontext"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// confirmPosition puts the account where the proposal says.
func (s *Service) confirmPosition(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	account, err := s.decidePosition(ctx, txApp, r, "confirmed")
	if err != nil {
		return err
	}
	for _, f := range []string{"lat", "lng", "src_crs", "src_lat", "src_lng"} {
		account.Set(f, r.Get(f))
	}
	if err := txApp.SaveWithContext(gate.AsServer(ctx), account); err != nil {
		return err
	}
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}

// accountFenced judges visits anew where an account gets its first place, from
// whoever may say so.
func (s *Service) accountFenced(e *core.RecordEvent) error {
	before, _ := accountPlace(e.Record.Original())
	now, _ := accountPlace(e.Record)
	if err := e.Next(); err != nil || before.Known() || !now.Known() {
		return err
	}
	return s.fenceAnew(contextOf(e), e.App, e.Record)
}

// fenceAnew judges visits at an account that has a place now and had none.
func (s *Service) fenceAnew(ctx context.Context, txApp core.App, account *core.Record) error {
	rules, err := riskRules(txApp)
	if err != nil {
		return err
	}
	unknown, err := txApp.FindRecordsByFilter(visits, "account = {:a} && in_result = {:r} && in_lat != 0", "in_at,id", 0, 0,
		dbx.Params{"a": account.Id, "r": domain.FenceUnknown})
	if err != nil {
		return err
	}
	place, radius := accountPlace(account)
	radius = max(radius, domain.FirstVisitM)
	for _, visit := range unknown {
		at := placeAt(visit, "in")
		metres, result := domain.Fence(place, at, radius, rules.Of("coarse_m"))
		setFence(visit, metres, result)
		reasons := domain.PlaceRisk(at, result, metres, radius, rules)
		if err := s.finish(ctx, txApp, visit, "place", stateOf(visit), nil, domain.PlaceAt, reasons); err != nil {
			return err
		}
	}
	return nil
}

// refusePosition args: {reason}.
func (s *Service) refusePosition(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	if _, err := s.decidePosition(ctx, txApp, r, "refused"); err != nil {
		return err
	}
	reason, err := reasonArg(raw)
	if err != nil {
		return err
	}
	r.Set("reason", reason)
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}

// decidePosition asks whether who acts may: the account's manager or the head of
// its department, and neither who says so nor who has the account.
func (s *Service) decidePosition(ctx context.Context, txApp core.App, r *core.Record, state string) (*core.Record, error) {
	account, err := txApp.FindRecordById(accounts, accountOf(r))
	if err != nil {
		return nil, err
	}
	actor := gate.Of(ctx).User
	if actor == nil || actor.Id == ownerOf(r) || actor.Id == ownerOf(account) || (actor.Id != managerOf(account) && !headOf(actor, account)) {
		return nil, gate.Refuse("position.not_manager")
	}
	if stateOf(r) != "open" {
		return nil, gate.Refuse("position.decided")
	}
	setState(r, state)
	r.Set("decided_by", actor.Id)
	r.Set("decided_at", s.now())
	return account, nil
}

// onlyServer refuses every other hand: such rows are made and changed by actions.
func onlyServer(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	return gate.RefuseField(fieldState, "field.locked")
}
