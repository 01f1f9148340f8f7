package accounts

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

// given is a place as somebody wrote it.
type given struct {
	crs string
	at  domain.Position
}

func givenPlace(r *core.Record) given {
	return given{r.GetString("src_crs"), domain.Position{Lat: r.GetFloat("src_lat"), Lng: r.GetFloat("src_lng")}}
}

func setGivenPlace(r *core.Record, crs string, at domain.Position) {
	r.Set("src_crs", crs)
	r.Set("src_lat", at.Lat)
	r.Set("src_lng", at.Lng)
}

func placeOf(r *core.Record) domain.Position {
	return domain.Position{Lat: r.GetFloat("lat"), Lng: r.GetFloat("lng")}
}

func setPlace(r *core.Record, at domain.Position) {
	r.Set("lat", at.Lat)
	r.Set("lng", at.Lng)
}
