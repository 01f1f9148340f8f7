package accounts

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// keepFence refuses another place or fence from who has the account, whatever his
// role: account.field_locked.
func keepFence(e *kit.Change[records.Account], actor *core.Record) error {
	if actor == nil || gate.ByServer(e.RecordEvent) || actor.Id != string(e.Row.Owner()) && actor.Id != string(e.Before().Owner()) {
		return nil
	}
	for _, f := range gate.Changed(e.Row.Raw()) {
		if f == records.AccountColGeofenceM || !e.Row.IsNew() && slices.Contains(said, f) {
			return gate.RefuseField(f, "account.field_locked")
		}
	}
	return nil
}

// placeSaved keeps an account's place in WGS-84 and what it was given as beside
// it: whoever has it from a Chinese map writes src_crs, src_lat and src_lng.
func placeSaved(e *kit.Change[records.Account]) error {
	at, given, crs, before := placeOf(e.Row), givenPlace(e.Row), e.Row.SrcCrs(), e.Before()
	switch {
	case (given != givenPlace(before) || crs != before.SrcCrs()) && given != domain.Position{}:
		if !given.Valid() || !given.Known() {
			return gate.RefuseField(records.AccountColSrcLat, "visit.position_invalid")
		}
		wgs, err := field.ToWGS84(string(crs), given)
		if err != nil {
			return gate.WrapError(err)
		}
		e.Row.SetLat(wgs.Lat)
		e.Row.SetLng(wgs.Lng)
	case at != placeOf(before):
		if !at.Valid() || !at.Known() && at != (domain.Position{}) {
			return gate.RefuseField(records.AccountColLat, "visit.position_invalid")
		}
		e.Row.SetSrcCrs(field.CRSWGS84)
		e.Row.SetSrcLat(at.Lat)
		e.Row.SetSrcLng(at.Lng)
	}
	return e.Next()
}

func placeOf(account records.Account) domain.Position {
	return domain.Position{Lat: account.Lat(), Lng: account.Lng()}
}

// givenPlace is the place as somebody wrote it.
func givenPlace(account records.Account) domain.Position {
	return domain.Position{Lat: account.SrcLat(), Lng: account.SrcLng()}
}

// proposedPlace is where an account without a place is said to be, if anybody says so.
func proposedPlace(app core.App, account records.AccountID) (domain.Position, error) {
	proposed, found, err := records.AccountPositions.First(app, `account = {:account} AND state = 'open'`, dbx.Params{"account": account}, "")
	if err != nil || !found {
		return domain.Position{}, err
	}
	return domain.Position{Lat: proposed.Lat(), Lng: proposed.Lng()}, nil
}
