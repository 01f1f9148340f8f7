package audit

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// consoleKey is the setting that opens PocketBase's SQL console. What it deletes
// and changes, no rule of ours can refuse row by row.
const consoleKey = "security.sql_console"

// bindConsole keeps the console shut unless the setting opens it, and notes what
// was asked of an open one before it is carried out.
func (w *writer) bindConsole(app core.App) {
	app.OnServe().Bind(gate.Named("auditConsole", func(e *core.ServeEvent) error {
		e.Router.BindFunc(func(e *core.RequestEvent) error {
			if !strings.HasSuffix(e.Request.Pattern, " /api/sql") {
				return e.Next()
			}
			open, err := gate.SettingsNow(e.App).Flag(consoleKey)
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
