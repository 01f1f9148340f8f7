package sessions

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

// loginsKept is how long it is known which phone a login has registered: longer
// than any token of a login lives.
const loginsKept = 400 * 24 * time.Hour

// Jobs are the area's work of the clock.
func (s *Service) Jobs() []gate.Job {
	return []gate.Job{{Name: "sessionSweep", Schedule: "41 3 * * *", Run: sweep}}
}

// sweep forgets logins whose tokens have long expired.
func sweep(app core.App, now time.Time) error {
	_, err := app.NonconcurrentDB().NewQuery("DELETE FROM " + logins + " WHERE at < {:at}").
		Bind(dbx.Params{"at": now.Add(-loginsKept).Unix()}).Execute()
	if err != nil {
		return fmt.Errorf("failed to forget old logins: %w", err)
	}
	return nil
}
