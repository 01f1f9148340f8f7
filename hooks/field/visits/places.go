package visits

import (
	"satchel/domain"
	"satchel/records"
)

// accountPlace is where an account is, as far as anybody says.
func accountPlace(account records.Account) domain.Position {
	return domain.Position{Lat: account.Lat(), Lng: account.Lng()}
}

// inPlace is where a visit's owner checked in.
func inPlace(visit records.Visit) domain.Position {
	return domain.Position{Lat: visit.InLat(), Lng: visit.InLng(), AccM: visit.InAccM()}
}

// outPlace is where he checked out.
func outPlace(visit records.Visit) domain.Position {
	return domain.Position{Lat: visit.OutLat(), Lng: visit.OutLng(), AccM: visit.OutAccM()}
}

// setIn keeps the position of a check-in and what it came from.
func setIn(visit records.Visit, p sighting) {
	visit.SetInLat(p.place.Lat)
	visit.SetInLng(p.place.Lng)
	visit.SetInAccM(p.place.AccM)
	if p.raw.Known() {
		visit.SetInSrcCrs(records.VisitInSrcCrs(p.crs))
		visit.SetInSrcLat(p.raw.Lat)
		visit.SetInSrcLng(p.raw.Lng)
	}
}

// setOut keeps the position of a check-out and what it came from.
func setOut(visit records.Visit, p sighting) {
	visit.SetOutLat(p.place.Lat)
	visit.SetOutLng(p.place.Lng)
	visit.SetOutAccM(p.place.AccM)
	if p.raw.Known() {
		visit.SetOutSrcCrs(records.VisitOutSrcCrs(p.crs))
		visit.SetOutSrcLat(p.raw.Lat)
		visit.SetOutSrcLng(p.raw.Lng)
	}
}

func setFence(visit records.Visit, metres int, result string) {
	visit.SetInDistanceM(metres)
	visit.SetInResult(records.VisitInResult(result))
}
