package accounts

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

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
