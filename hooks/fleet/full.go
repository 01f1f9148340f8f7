package fleet

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/hooks/gate"
)

// IssuesFull raises an alert for a device whose push was refused since its user
// has too many open issues, and tells his manager, or the head of his department
// if he has none: once until Watch finds that enough were answered, however often
// his phones come again.
func (s *Service) IssuesFull(app core.App, device *core.Record) error {
	user := device.GetString("user")
	told := func(app core.App) (bool, error) {
		n, err := app.CountRecords(alerts, dbx.HashExp{"user": user, "kind": full, "resolved": ""})
		return n > 0, err
	}
	if yes, err := told(app); err != nil || yes {
		return err
	}
	room, err := gate.SettingsNow(app).Whole("issues.open_max")
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		if yes, err := told(txApp); err != nil || yes {
			return err
		}
		now := s.now()
		found, err := read(txApp, now, "d.id = {:d}", dbx.Params{"d": device.Id})
		if err != nil || len(found) == 0 {
			return err
		}
		since, err := types.ParseDateTime(now)
		if err != nil {
			return err
		}
		f := found[0]
		if err := raise(txApp, f, full, since, map[string]any{"count": f.Issues, "limit": room}); err != nil {
			return err
		}
		over, err := superior(txApp, user)
		if err != nil {
			return err
		}
		return gate.Notify(gate.AsServer(context.Background()), txApp, now, gate.Notice{
			User: over, Kind: "sync.issues_full", Link: gate.Users + "/" + user, Params: map[string]any{"name": f.Name, "count": f.Issues},
		})
	})
}

// superior is the user's manager, or the head of his department; empty if he has
// neither.
func superior(app core.App, user string) (string, error) {
	var row struct {
		Manager string `db:"manager"`
		Head    string `db:"head"`
	}
	err := app.DB().NewQuery("SELECT u.manager, COALESCE(NULLIF(d.head, u.id), '') AS head FROM users u LEFT JOIN departments d ON d.id = u.department WHERE u.id = {:u}").
		Bind(dbx.Params{"u": user}).One(&row)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("failed to find a superior: %w", err)
	}
	return cmp.Or(row.Manager, row.Head), nil
}
