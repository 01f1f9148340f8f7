package devices

import (
	"embed"
	"io/fs"

	"github.com/pocketbase/pocketbase/core"
)

// dashboard is the page that superusers see at /_/#/fleet.
//
//go:embed dashboard
var dashboard embed.FS

// addPage adds the page to PocketBase's dashboard. It shows what the route
// answers and writes nothing.
func addPage(e *core.ServeEvent) error {
	files, err := fs.Sub(dashboard, "dashboard")
	if err != nil {
		return err
	}
	e.UIExtensions = append(e.UIExtensions, core.UIExtension{Name: "fleet", FS: files})
	return nil
}
