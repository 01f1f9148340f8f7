package testapp

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// holdNotices fails a test in which somebody is told of a row that he may not
// read: whatever a test brings about, who hears of a thing can open it.
func holdNotices(t testing.TB, app core.App) {
	app.OnRecordAfterCreateSuccess("notifications").BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		collection, id, _ := strings.Cut(e.Record.GetString("link"), "/")
		subject, err := app.FindRecordById(collection, id)
		if err != nil {
			return nil //nolint:nilerr // it names no row, such as a day or a part of a screen
		}
		user, err := app.FindRecordById("users", e.Record.GetString("user"))
		if err != nil || !user.GetBool("active") {
			return err
		}
		info := &core.RequestInfo{
			Context: core.RequestInfoContextDefault, Method: http.MethodGet, Auth: user,
			Query: map[string]string{}, Headers: map[string]string{}, Body: map[string]any{},
		}
		ok, err := app.CanAccessRecord(subject, info, subject.Collection().ViewRule)
		if err != nil || !ok {
			t.Errorf("%s is told %s of %s/%s, which he may not read: %v", user.GetString("name"), e.Record.GetString("kind"), collection, id, err)
		}
		return nil
	})
}
