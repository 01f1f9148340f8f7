package gate

import (
	"satchel/domain"
	"satchel/domain/field"
)

// InWGS84 turns a position from the datum that it names; none stays none.
// visit.position_invalid, and what is wrong with the datum.
func InWGS84(crs string, p domain.Position) (domain.Position, error) {
	if !p.Valid() {
		return p, Refuse("visit.position_invalid")
	}
	if !p.Known() {
		return p, nil
	}
	wgs, err := field.ToWGS84(crs, p)
	return wgs, WrapError(err)
}
