package audit

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
)

// bindConsole keeps PocketBase's SQL console shut unless the setting
// security.sql_console opens it, since no rule of ours can refuse row by row what
// it deletes and changes; and notes what was asked of an open one before it is
// carried out.
func (w *writer) bindConsole(app core.App) {
	app.OnServe().Bind(gate.Named("auditConsole", func(e *core.ServeEvent) error {
		e.Router.BindFunc(func(e *core.RequestEvent) error {
			if !strings.HasSuffix(e.Request.Pattern, " /api/sql") {
				return e.Next()
			}
			open, err := gate.SettingsNow(e.App).SecuritySqlConsole()
			if err != nil {
				return err
			}
			if !open {
				return gate.Answer(http.StatusForbidden, domain.Problem{Code: "console.off"}, nil)
			}
			if !e.HasSuperuserAuth() {
				return e.Next()
			}
			var asked struct {
				Query string `form:"query" json:"query"`
			}
			if err := e.BindBody(&asked); err != nil {
				return gate.Refuse("args.invalid")
			}
			event := gate.Event{Action: "sql.console", After: map[string]any{"query": asked.Query}}
			if err := w.insert(e.App.NonconcurrentDB(), &event, gate.ActorOf(e), ""); err != nil {
				return err
			}
			return e.Next()
		})
		return e.Next()
	}))
}
