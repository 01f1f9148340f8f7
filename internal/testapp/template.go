package testapp

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing/fstest"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks"
	"satchel/internal/datadir"
	"satchel/internal/demo"
	"satchel/internal/store"
	_ "satchel/migrations"
)

// encryptionEnv is the variable name that PocketBase's own test kit uses.
const encryptionEnv = "pb_test_env"

// templates holds one data directory per kind of company in memory.
var templates = struct {
	sync.Mutex
	made map[company]func() (fs.FS, error)
}{made: map[company]func() (fs.FS, error){}}

// company is what a template is filled with.
type company struct {
	none bool
	opt  demo.Options
}

// template returns the data directory of c, made at the first call in the process.
func template(c company) (fs.FS, error) {
	templates.Lock()
	made, ok := templates.made[c]
	if !ok {
		made = sync.OnceValues(func() (fs.FS, error) { return build(c) })
		templates.made[c] = made
	}
	templates.Unlock()
	return made()
}

func build(c company) (fs.FS, error) {
	temp, err := os.MkdirTemp("", "satchel-template-")
	if err != nil {
		return nil, fmt.Errorf("make template: %w", err)
	}
	defer os.RemoveAll(temp) //nolint:errcheck // a leftover in the temporary directory harms nobody
	dir := filepath.Join(temp, "data")
	if err := datadir.Kept(dir, fmt.Sprintf("%+v", c), func(dir string) error { return found(c, dir) }, "."); err != nil {
		return nil, err
	}
	return readAll(dir)
}

// found makes c's company in a copy of the empty one: to migrate takes far longer
// than to fill.
func found(c company, dir string) error {
	if !c.none {
		if err := Migrated(dir); err != nil {
			return err
		}
	}
	return migrate(c, dir)
}

// migrate migrates a directory with all hooks bound, fills it, and serves
// it once without a listener, so that whatever the app prepares at its start is ready.
func migrate(c company, dir string) error {
	clock := &Clock{now: Start}
	app := core.NewBaseApp(core.BaseAppConfig{
		DataDir: dir, EncryptionEnv: encryptionEnv, DBConnect: store.ConnectWith(store.Off),
	})
	hooks.MustBind(app, hooks.Config{Now: clock.Now})
	if err := app.Bootstrap(); err != nil {
		return fmt.Errorf("bootstrap template: %w", err)
	}
	if err := fill(app, c); err != nil {
		return err
	}
	event := &core.TerminateEvent{App: app}
	err := app.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ClearBootstrap() })
	if err != nil {
		return fmt.Errorf("close template: %w", err)
	}
	return nil
}

func fill(app core.App, c company) error {
	if err := app.RunAllMigrations(); err != nil {
		return fmt.Errorf("migrate template: %w", err)
	}
	if c.none {
		if err := cheapLogins(app); err != nil {
			return err
		}
	} else {
		if _, err := demo.Build(app, c.opt); err != nil {
			return fmt.Errorf("fill template: %w", err)
		}
	}
	_, _, err := handler(app)
	return err
}

// cheapLogins has passwords hashed at bcrypt's least cost, in a millisecond.
func cheapLogins(app core.App) error {
	_, err := app.NonconcurrentDB().NewQuery(`UPDATE _collections SET fields = replace(fields, '"cost":0', '"cost":4')`).Execute()
	if err != nil {
		return fmt.Errorf("make logins cheap: %w", err)
	}
	return app.ReloadCachedCollections()
}

// handler triggers the serve event, as the server's start does, and returns
// what answers then, and the routes of PocketBase and ours.
func handler(app core.App) (answers http.Handler, routes *router.Router[*core.RequestEvent], err error) {
	routes, err = apis.NewRouter(app)
	if err != nil {
		return nil, nil, fmt.Errorf("make router: %w", err)
	}
	app.OnServe().Unbind("__pbCronStart__") // PocketBase's: no job by the machine's clock beside a test
	event := &core.ServeEvent{App: app, Router: routes, Server: &http.Server{}}
	err = app.OnServe().Trigger(event, func(e *core.ServeEvent) (err error) {
		e.Server.Handler, err = e.Router.BuildMux()
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("serve: %w", err)
	}
	return event.Server.Handler, routes, nil
}

func readAll(dir string) (fs.FS, error) {
	out := fstest.MapFS{}
	files := os.DirFS(dir)
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, path)
		out[path] = &fstest.MapFile{Data: data, Mode: 0o644}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	return out, nil
}
