package fleet

import (
	"embed"
	"io/fs"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

// dashboard is the page that superusers see at /_/#/fleet.
//
//go:embed dashboard
var dashboard embed.FS

// bindPage adds the page to PocketBase's dashboard. It shows what the route
// answers and writes nothing.
func bindPage(app core.App) {
	app.OnServe().Bind(gate.Named("fleetPage", func(e *core.ServeEvent) error {
		files, err := fs.Sub(dashboard, "dashboard")
		if err != nil {
			return err
		}
		e.UIExtensions = append(e.UIExtensions, core.UIExtension{Name: "fleet", FS: files})
		return e.Next()
	}))
}
