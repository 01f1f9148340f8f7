package devices

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// lane is a target of messages, a webhook or the mail server, that does not take them.
type lane struct {
	Name    string `db:"name" json:"name"`
	Faults  int    `db:"faults" json:"faults"`       // in a row
	Next    string `db:"next_at" json:"next_at"`     // when it is tried again
	Parked  string `db:"parked_at" json:"parked_at"` // empty while it is not
	Fault   string `db:"last_error" json:"last_error"`
	Waiting int    `db:"waiting" json:"waiting"` // messages
}

// readLanes lists them, the parked ones first.
func readLanes(app core.App) ([]lane, error) {
	out := []lane{}
	err := app.DB().NewQuery(`SELECT name, faults, next_at, parked_at, last_error,
		(SELECT COUNT(*) FROM dispatches d WHERE d.state = 'queued' AND d.lane = l.lane) AS waiting
		FROM message_lanes l WHERE faults > 0 ORDER BY parked_at = '', name`).All(&out)
	if err != nil {
		return nil, fmt.Errorf("read the lanes: %w", err)
	}
	return out, nil
}
