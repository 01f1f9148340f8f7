package devices

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/syncer"
)

// Count brings the figures up to date that change without a word of the phone:
// the rows it holds once it has pulled, what was refused, what has not arrived.
func Count(app core.App) error {
	var users []string
	err := app.DB().NewQuery("SELECT DISTINCT user FROM sync_devices WHERE revoked = FALSE AND last_pull <> '' ORDER BY user").Column(&users)
	if err != nil {
		return fmt.Errorf("list who has phones: %w", err)
	}
	rows := make([]int, len(users))
	for i, user := range users {
		if rows[i], err = syncer.ScopeRows(app.ConcurrentDB(), user); err != nil {
			return err
		}
	}
	return app.RunInTransaction(func(txApp core.App) error {
		for i, user := range users {
			_, err := txApp.NonconcurrentDB().NewQuery("UPDATE sync_devices SET scope_rows = {:rows}, " + owed + " WHERE user = {:user} AND revoked = FALSE").
				Bind(dbx.Params{"rows": rows[i], "user": user}).Execute()
			if err != nil {
				return fmt.Errorf("write the figures of %s: %w", user, err)
			}
		}
		return nil
	})
}
