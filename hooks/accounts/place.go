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
	case given != was && given.at.Known():
		if !given.at.Valid() {
			return gate.RefuseField("src_lat", "visit.position_invalid")
		}
		wgs, err := domain.ToWGS84(given.crs, given.at)
		if err != nil {
			return gate.WrapError(err)
		}
		setPlace(e.Record, wgs)
	case placeOf(e.Record) != placeOf(e.Record.Original()):
		setGivenPlace(e.Record, domain.CRSWGS84, placeOf(e.Record))
	}
	return e.Next()
}
