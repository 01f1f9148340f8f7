package visits

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// sightings finds where a visit's owner was last before a moment, and first after
// it, across visits whose place nothing tells.
func sightings(app core.App, visit records.Visit, at time.Time, coarseM int) (last, next *field.Sighting, err error) {
	tells := func(side string) string {
		return side + "_lat <> 0 AND " + side + "_lng <> 0 AND " + side + "_acc_m > 0 AND " + side + "_acc_m <= {:coarse}"
	}
	read := func(which, order string) (*field.Sighting, error) {
		var rows []struct {
			At  types.DateTime `db:"at"`
			Lat float64        `db:"lat"`
			Lng float64        `db:"lng"`
			Acc float64        `db:"acc"`
		}
		err := app.DB().NewQuery(which + " " + order + " LIMIT 1").
			Bind(dbx.Params{"o": visit.Owner(), "at": gate.Stamp(at), "id": visit.ID(), "coarse": coarseM}).All(&rows)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		r := rows[0]
		return &field.Sighting{Place: domain.Position{Lat: r.Lat, Lng: r.Lng, AccM: r.Acc}, At: r.At.Time()}, nil
	}
	const others = "FROM visits WHERE owner = {:o} AND id <> {:id} AND in_at <> ''"
	left := "out_at <> '' AND out_at <= {:at} AND " + tells("out")
	last, err = read("SELECT CASE WHEN "+left+" THEN out_at ELSE in_at END AS at, CASE WHEN "+left+" THEN out_lat ELSE in_lat END AS lat, "+
		"CASE WHEN "+left+" THEN out_lng ELSE in_lng END AS lng, CASE WHEN "+left+" THEN out_acc_m ELSE in_acc_m END AS acc "+
		others+" AND in_at <= {:at} AND (("+tells("in")+") OR ("+left+"))", "ORDER BY in_at DESC")
	if err != nil {
		return nil, nil, err
	}
	next, err = read("SELECT in_at AS at, in_lat AS lat, in_lng AS lng, in_acc_m AS acc "+others+" AND in_at > {:at} AND "+tells("in"), "ORDER BY in_at")
	return last, next, err
}
