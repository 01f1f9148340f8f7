package devices

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// IssuesFull raises an alert for a device whose push was refused since its user
// has too many open issues, and tells his manager, or the head of his department
// if he has none: once until Watch finds that enough were answered, however often
// his phones come again.
func (s *Service) IssuesFull(app core.App, device *core.Record) error {
	user := records.SyncDevices.Of(device).User()
	told := func(app core.App) (bool, error) {
		n, err := records.SyncAlerts.Count(app, "user = {:u} AND kind = {:k} AND resolved = ''", dbx.Params{"u": user, "k": full})
		return n > 0, err
	}
	if yes, err := told(app); err != nil || yes {
		return err
	}
	room, err := gate.SettingsNow(app).IssuesOpenMax()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		if yes, err := told(tx); err != nil || yes {
			return err
		}
		now := s.now()
		found, err := read(tx, now, "d.id = {:d}", dbx.Params{"d": device.Id})
		if err != nil || len(found) == 0 {
			return err
		}
		f := found[0]
		if err := raise(tx, f, full, now, map[string]any{"count": f.Issues, "limit": room}); err != nil {
			return err
		}
		over, err := superior(tx, user)
		if err != nil {
			return err
		}
		return gate.Notify(gate.AsServer(context.Background()), tx, now, gate.Notice{
			User: string(over), Kind: "sync.issues_full", Link: records.UserTable + "/" + string(user), Params: map[string]any{"name": f.Name, "count": f.Issues},
		})
	})
}

// superior is the user's manager, or the head of his department; empty if he has
// neither.
func superior(app core.App, id records.UserID) (records.UserID, error) {
	user, found, err := records.Users.Find(app, id)
	if err != nil || !found {
		return "", err
	}
	if user.Manager() != "" {
		return user.Manager(), nil
	}
	dept, found, err := records.Departments.Find(app, user.Department())
	if err != nil || !found || dept.Head() == id {
		return "", err
	}
	return dept.Head(), nil
}
