package visits

import (
	"context"
	"encoding/json/jsontext"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// proposal is where an account is, by the word of who visits it. It waits for who
// leads him: nobody moves the fence that he is judged by.
type proposal struct {
	owner string
	visit string          // at which it was found; empty if he says so
	place domain.Position // WGS-84
	crs   string          // of raw
	raw   domain.Position // as it came
}

// propose notes a proposal and tells the account's manager.
func (s *Service) propose(ctx context.Context, txApp core.App, account *core.Record, p proposal) error {
	coll, err := txApp.FindCachedCollectionByNameOrId(positions)
	if err != nil {
		return err
	}
	r := core.NewRecord(coll)
	r.Load(map[string]any{
		"account": account.Id, "visit": p.visit, "owner": p.owner, "dept": deptOf(account), "state": "open",
		"lat": p.place.Lat, "lng": p.place.Lng, "acc_m": p.place.AccM, "src_crs": p.crs, "src_lat": p.raw.Lat, "src_lng": p.raw.Lng,
	})
	if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
		return err
	}
	return gate.Notify(ctx, txApp, s.now(), gate.Notice{
		User: managerOf(account), Kind: "position.open", Link: positions + "/" + r.Id, Params: map[string]any{"account": account.GetString("name")},
	})
}

// waiting tells whether a proposal for an account is open: there is one at a time.
func waiting(app core.App, account *core.Record) (bool, error) {
	open, err := app.CountRecords(positions, dbx.HashExp{"account": account.Id, "state": "open"})
	return open > 0, err
}

// proposeSeen notes where an account without a place seems to be, by a check-in.
func (s *Service) proposeSeen(ctx context.Context, txApp core.App, visit, account *core.Record) error {
	if open, err := waiting(txApp, account); err != nil || open {
		return err
	}
	return s.propose(ctx, txApp, account, proposal{
		owner: ownerOf(visit), visit: visit.Id, place: placeAt(visit, "in"), crs: visit.GetString("in_src_crs"),
		raw: domain.Position{Lat: visit.GetFloat("in_src_lat"), Lng: visit.GetFloat("in_src_lng")},
	})
}

// proposePlace args: {lat, lng, acc_m, crs}: whose account it is says that it is
// elsewhere. record.not_allowed, visit.position_invalid, visit.crs_unknown,
// position.waiting.
func (s *Service) proposePlace(ctx context.Context, txApp core.App, account *core.Record, raw jsontext.Value) error {
	actor := gate.Of(ctx).Author()
	if actor == nil || !serves(actor, account) {
		return gate.Refuse("record.not_allowed")
	}
	var args struct {
		domain.Position
		CRS string `json:"crs"` // wgs84 if empty
	}
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	if !args.Valid() || !args.Known() {
		return gate.Refuse("visit.position_invalid")
	}
	if args.CRS == "" {
		args.CRS = domain.CRSWGS84
	}
	wgs, err := domain.ToWGS84(args.CRS, args.Position)
	if err != nil {
		return gate.WrapError(err)
	}
	if open, err := waiting(txApp, account); err != nil {
		return err
	} else if open {
		return gate.Refuse("position.waiting")
	}
	return s.propose(ctx, txApp, account, proposal{owner: actor.Id, place: wgs, crs: args.CRS, raw: args.Position})
}

// accountProposed takes the place that who will visit a new account gives it as
// his proposal; the account has none until it is confirmed.
func (s *Service) accountProposed(e *core.RecordEvent) error {
	actor := gate.From(e).User
	if actor == nil || gate.ByServer(e) || actor.GetString("role") != "rep" && ownerOf(e.Record) != actor.Id {
		return e.Next()
	}
	place, _ := accountPlace(e.Record)
	p := proposal{
		owner: actor.Id, place: place, crs: e.Record.GetString("src_crs"),
		raw: domain.Position{Lat: e.Record.GetFloat("src_lat"), Lng: e.Record.GetFloat("src_lng")},
	}
	for _, f := range []string{"lat", "lng", "src_crs", "src_lat", "src_lng"} {
		e.Record.Set(f, nil)
	}
	if err := e.Next(); err != nil || !place.Known() {
		return err
	}
	return s.propose(contextOf(e), e.App, e.Record, p)
}

// contextOf is the context of a save; one over REST may have none.
func contextOf(e *core.RecordEvent) context.Context {
	if e.Context == nil {
		return context.Background()
	}
	return e.Context
}
