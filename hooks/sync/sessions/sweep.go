package sessions

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// loginsKept is how long it is known which phone a login has registered: longer
// than any token of a login lives.
const loginsKept = 400 * 24 * time.Hour

// sweep forgets logins whose tokens have long expired.
func sweep(_ context.Context, app core.App, now time.Time) error {
	_, err := app.NonconcurrentDB().NewQuery("DELETE FROM " + logins + " WHERE at < {:at}").
		Bind(dbx.Params{"at": now.Add(-loginsKept).Unix()}).Execute()
	if err != nil {
		return fmt.Errorf("forget old logins: %w", err)
	}
	return nil
}
