package visits

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// proposal is where an account is, by the word of who visits it. It waits for who
// leads him: nobody moves the fence that he is judged by.
type proposal struct {
	owner records.UserID
	visit records.VisitID // at which it was found; empty if he says so
	place domain.Position // WGS-84
	crs   string          // of raw
	raw   domain.Position // as it came
}

// propose notes a proposal and tells the account's manager.
func (s *service) propose(ctx context.Context, tx core.App, account records.Account, p proposal) error {
	position, err := records.AccountPositions.New(tx)
	if err != nil {
		return err
	}
	position.SetAccount(account.ID())
	position.SetVisit(p.visit)
	position.SetOwner(p.owner)
	position.SetDept(account.Dept())
	position.SetLat(p.place.Lat)
	position.SetLng(p.place.Lng)
	position.SetAccM(p.place.AccM)
	position.SetSrcCrs(records.AccountPositionSrcCrs(p.crs))
	position.SetSrcLat(p.raw.Lat)
	position.SetSrcLng(p.raw.Lng)
	if err := tx.SaveWithContext(gate.AsServer(ctx), position.Raw()); err != nil {
		return err
	}
	return gate.Notify(ctx, tx, s.now(), gate.Notice{
		User: string(account.Manager()), Kind: "position.open", Link: records.AccountPositionTable + "/" + string(position.ID()),
		Params: map[string]any{"account": account.Name()},
	})
}

// waiting reports whether a proposal for an account is open: there is one at a time.
func waiting(app core.App, account records.Account) (bool, error) {
	open, err := records.AccountPositions.Count(app, "account = {:a} AND state = 'open'", dbx.Params{"a": account.ID()})
	return open > 0, err
}

// proposeSeen notes where an account without a place seems to be, by a check-in.
func (s *service) proposeSeen(ctx context.Context, tx core.App, visit records.Visit, account records.Account) error {
	if open, err := waiting(tx, account); err != nil || open {
		return err
	}
	return s.propose(ctx, tx, account, proposal{
		owner: visit.Owner(), visit: visit.ID(), place: inPlace(visit), crs: string(visit.InSrcCrs()),
		raw: domain.Position{Lat: visit.InSrcLat(), Lng: visit.InSrcLng()},
	})
}

type placeArgs struct {
	domain.Position
	CRS string `json:"crs"` // wgs84 if empty
}

// proposePlace: whose account it is says that it is elsewhere. record.not_allowed,
// visit.position_invalid, visit.crs_unknown, position.waiting.
func (s *service) proposePlace(ctx context.Context, tx core.App, account records.Account, args placeArgs) error {
	if !owns(ctx, account.Owner()) && !owns(ctx, account.Manager()) {
		return gate.Refuse("record.not_allowed")
	}
	if !args.Valid() || !args.Known() {
		return gate.Refuse("visit.position_invalid")
	}
	if args.CRS == "" {
		args.CRS = field.CRSWGS84
	}
	wgs, err := field.ToWGS84(args.CRS, args.Position)
	if err != nil {
		return gate.WrapError(err)
	}
	open, err := waiting(tx, account)
	if err != nil {
		return err
	}
	if open {
		return gate.Refuse("position.waiting")
	}
	return s.propose(ctx, tx, account, proposal{owner: idOf(gate.Of(ctx).Author()), place: wgs, crs: args.CRS, raw: args.Position})
}

// accountProposed takes the place that who will visit a new account gives it as
// his proposal; the account has none until it is confirmed. It runs at the
// statement, when the account's own rules have read the place into one datum.
func (s *service) accountProposed(e *kit.Change[records.Account]) error {
	actor := gate.From(e.RecordEvent).User
	if actor == nil || gate.ByServer(e.RecordEvent) || !hasRole(actor, "rep") && e.Row.Owner() != idOf(actor) {
		return e.Next()
	}
	p := proposal{
		owner: idOf(actor), place: accountPlace(e.Row), crs: string(e.Row.SrcCrs()),
		raw: domain.Position{Lat: e.Row.SrcLat(), Lng: e.Row.SrcLng()},
	}
	e.Row.SetLat(0)
	e.Row.SetLng(0)
	e.Row.SetSrcCrs("")
	e.Row.SetSrcLat(0)
	e.Row.SetSrcLng(0)
	if err := e.Next(); err != nil || !p.place.Known() {
		return err
	}
	return s.propose(contextOf(e.RecordEvent), e.App, e.Row, p)
}
