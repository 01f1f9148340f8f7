package accounts

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// keepFence refuses another place or fence from who has the account, whatever his
// role: account.field_locked.
func keepFence(e *core.RecordEvent, actor *core.Record) error {
	if actor == nil || gate.ByServer(e) || actor.Id != ownerOf(e.Record) && actor.Id != ownerOf(e.Record.Original()) {
		return nil
	}
	for _, f := range gate.Changed(e.Record) {
		if f == "geofence_m" || !e.Record.IsNew() && slices.Contains(said, f) {
			return gate.RefuseField(f, "account.field_locked")
		}
	}
	return nil
}

// placeSaved keeps an account's place in WGS-84 and what it was given as beside
// it: whoever has it from a Chinese map writes src_crs, src_lat and src_lng.
func placeSaved(e *core.RecordEvent) error {
	given, was := givenPlace(e.Record), givenPlace(e.Record.Original())
	switch {
	case given != was && given.at != (domain.Position{}):
		if !given.at.Valid() || !given.at.Known() {
			return gate.RefuseField("src_lat", "visit.position_invalid")
		}
		wgs, err := domain.ToWGS84(given.crs, given.at)
		if err != nil {
			return gate.WrapError(err)
		}
		setPlace(e.Record, wgs)
	case placeOf(e.Record) != placeOf(e.Record.Original()):
		if at := placeOf(e.Record); !at.Valid() || !at.Known() && at != (domain.Position{}) {
			return gate.RefuseField("lat", "visit.position_invalid")
		}
		setGivenPlace(e.Record, domain.CRSWGS84, placeOf(e.Record))
	}
	return e.Next()
}

// proposedPlace is where an account without a place is said to be, if anybody says so.
func proposedPlace(app core.App, account *core.Record) (domain.Position, error) {
	var rows []struct {
		Lat float64 `db:"lat"`
		Lng float64 `db:"lng"`
	}
	err := app.DB().Select("lat", "lng").From("account_positions").
		Where(dbx.HashExp{"account": account.Id, "state": "open"}).Limit(1).All(&rows)
	if err != nil {
		return domain.Position{}, fmt.Errorf("failed to look for a proposed place: %w", err)
	}
	if len(rows) == 0 {
		return domain.Position{}, nil
	}
	return domain.Position{Lat: rows[0].Lat, Lng: rows[0].Lng}, nil
}
