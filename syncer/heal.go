package syncer

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
)

// Kinds of heals.
const (
	HealRepair  = "repair"  // rows that differed were sent
	HealReset   = "reset"   // too many differed: the device was told to start over
	HealStopped = "stopped" // too many again on the same day: a person must look
)

// Heal is one repair of a device as the log keeps it.
type Heal struct {
	Device, User string
	At           time.Time
	Mended       Mended
}

// Record logs a heal on the caller's write transaction before its rows are
// sent. budget is the number of rows that a device may be sent per day, UTC.
// Above it the device is told to start over, once a day; after that it is told
// to stop. The Problem then says so: repair_reset, repair_stopped (409).
func (h Heal) Record(tx dbx.Builder, budget int) (kind string, refusal *Problem, err error) {
	var today struct {
		Rows  int  `db:"rows"`
		Reset bool `db:"reset"`
	}
	bind := dbx.Params{"device": h.Device, "day": dayOf(h.At)}
	err = tx.NewQuery(`SELECT COALESCE(SUM(rows) FILTER (WHERE kind = 'repair'), 0) AS rows, COALESCE(MAX(kind = 'reset'), 0) AS reset
		FROM _sync_heal WHERE device = {:device} AND day = {:day}`).Bind(bind).One(&today)
	if err != nil {
		return "", nil, fmt.Errorf("read the heals of a device: %w", err)
	}
	switch {
	case today.Rows+h.Mended.Rows <= budget:
		kind = HealRepair
	case !today.Reset:
		kind, refusal = HealReset, refuseRequest(409, "repair_reset")
	default:
		kind, refusal = HealStopped, refuseRequest(409, "repair_stopped")
	}
	bind["user"], bind["kind"], bind["rows"] = h.User, kind, h.Mended.Rows
	bind["at"], bind["leaves"] = h.At.Unix(), jsonText(h.Mended)
	_, err = tx.NewQuery(`INSERT INTO _sync_heal (device, user, day, at, kind, rows, leaves)
		VALUES ({:device}, {:user}, {:day}, {:at}, {:kind}, {:rows}, {:leaves})`).Bind(bind).Execute()
	if err != nil {
		return "", nil, fmt.Errorf("log a heal: %w", err)
	}
	return kind, refusal, nil
}
