// Package testapp gives each test a whole server of its own: migrated, with
// the very hooks of main bound, and with the small demo company in it, whose
// people are called by name.
package testapp

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/demo"
	"satchel/internal/store"
	"satchel/syncer"
)

// App is a server under test on a directory of its own. It is a core.App, and
// its TestApp keeps mails. It counts no events: that costs more than most tests.
type App struct {
	*tests.TestApp
	Clock *Clock
	Bound *hooks.Hooks // what runs behind the routes

	t      testing.TB
	mux    http.Handler
	router *router.Router[*core.RequestEvent]
}

// Memory is there, and to collect it often is a twentieth of a run. See Sparing.
var _ = debug.SetGCPercent(wasteful)

const wasteful = 400

// Sparing collects garbage as the product does until the test ends, for one that
// measures memory.
func Sparing(t testing.TB) {
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
}

// Option changes what New makes.
type Option func(*plan)

type plan struct {
	company company
	hooks   hooks.Config
	backup  string
	connect func(path string) (*dbx.DB, error)
}

// Empty leaves the company out: migrations only.
func Empty() Option { return func(p *plan) { p.company = company{none: true} } }

// Company takes another company than demo.Small. It is built once per process.
func Company(opt demo.Options) Option { return func(p *plan) { p.company = company{opt: opt} } }

// Hooks changes the configuration of the hooks, in which Now is the app's clock.
func Hooks(change func(*hooks.Config)) Option { return func(p *plan) { change(&p.hooks) } }

// FromBackup opens a copy that Backup made, as a restored server would.
func FromBackup(path string) Option { return func(p *plan) { p.backup = path } }

// Backup copies the database to a file.
func (a *App) Backup() string {
	a.t.Helper()
	path := filepath.Join(a.t.TempDir(), "backup.db")
	if _, err := a.NonconcurrentDB().NewQuery("VACUUM INTO {:path}").Bind(dbx.Params{"path": path}).Execute(); err != nil {
		a.t.Fatal(err)
	}
	return path
}

// Connect opens the databases in another way than from the app's directory.
func Connect(fn func(path string) (*dbx.DB, error)) Option {
	return func(p *plan) { p.connect = fn }
}

// Database returns the content of a database file of the template that New
// with these options clones.
func Database(t testing.TB, name string, opts ...Option) []byte {
	t.Helper()
	p := newPlan(&Clock{now: Start}, opts)
	files, err := template(p.company)
	if err != nil {
		t.Fatal(err)
	}
	content, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Migrated makes dir the data directory of a server that was migrated and holds nothing.
func Migrated(dir string) error {
	files, err := template(company{none: true})
	if err != nil {
		return err
	}
	return os.CopyFS(dir, files)
}

func newPlan(clock *Clock, opts []Option) plan {
	p := plan{
		company: company{opt: demo.Small(Start)}, hooks: hooks.Config{Now: clock.Now, Slack: 20},
		connect: store.ConnectWith(store.Off),
	}
	p.hooks.Messages.Spread = func(time.Duration) time.Duration { return 0 }
	Pictures(&p.hooks)
	for _, o := range opts {
		o(&p)
	}
	return p
}

// New returns an app on a clone of the template. It is closed and removed when
// the test ends. Apps of parallel tests share nothing.
func New(t testing.TB, opts ...Option) *App {
	t.Helper()
	clock := &Clock{now: Start}
	p := newPlan(clock, opts)
	files, err := template(p.company)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "satchel-test-") //nolint:usetesting // the app removes it when it is closed
	if err == nil {
		err = os.CopyFS(dir, files)
	}
	if err != nil {
		t.Fatal(err)
	}
	if p.backup != "" {
		b, err := os.ReadFile(p.backup)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "data.db"), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	app := &tests.TestApp{
		BaseApp:    core.NewBaseApp(core.BaseAppConfig{DataDir: dir, EncryptionEnv: encryptionEnv, DBConnect: p.connect}),
		TestMailer: &tests.TestMailer{},
	}
	t.Cleanup(app.Cleanup)
	if err := start(app); err != nil {
		t.Fatal(err)
	}
	if p.backup != "" {
		if err := syncer.Restored(app.NonconcurrentDB()); err != nil {
			t.Fatal(err)
		}
	}
	bound := hooks.MustBind(app, p.hooks)
	holdNotices(t, app)
	return &App{TestApp: app, Clock: clock, Bound: bound, t: t}
}

// start bootstraps an app on a directory that is migrated. It is what PocketBase's
// NewTestAppWithConfig does, but for the counting of events and a second reading of
// all collections.
func start(app *tests.TestApp) error {
	app.OnBootstrap().Unbind("__pbCollectionSystemHook__")
	if err := app.Bootstrap(); err != nil {
		return err
	}
	app.Settings().Logs.MaxDays = 0 // they are written beside the test, also after its end
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil
		return e.Next()
	})
	app.OnMailerSend().Bind(&hook.Handler[*core.MailerEvent]{Priority: -99999, Func: func(e *core.MailerEvent) error {
		e.Mailer = app.TestMailer
		return e.Next()
	}})
	return nil
}

// As returns the person with that name, such as "rep.chen". See demo.People.
func (a *App) As(name string) *core.Record {
	a.t.Helper()
	record, err := a.FindAuthRecordByEmail("users", demo.Email(name))
	if err != nil {
		a.t.Fatalf("no person %q in the company: %v", name, err)
	}
	return record
}

// Override saves a record past the rules of its collection, as an administrator
// may who gives a reason.
func (a *App) Override(record *core.Record) error {
	return a.SaveWithContext(gate.Overriding(context.Background(), "a test"), record)
}

// Setting sets a parameter that takes effect today.
func (a *App) Setting(key string, value any) {
	a.t.Helper()
	record, err := a.FindFirstRecordByData("settings", "key", key)
	if err != nil {
		coll, err := a.FindCollectionByNameOrId("settings")
		if err != nil {
			a.t.Fatal(err)
		}
		record = core.NewRecord(coll)
		record.Set("key", key)
	}
	record.Set("value", value)
	if err := a.Save(record); err != nil {
		a.t.Fatalf("failed to set %s: %v", key, err)
	}
}

// Token returns the token of a fresh login of the person with that name. It may
// register one phone, whose own token is good for all else from then on.
func (a *App) Token(name string) string {
	a.t.Helper()
	token, err := a.Bound.Sessions.LoginToken(a, a.As(name))
	if err != nil {
		a.t.Fatalf("no token for %q: %v", name, err)
	}
	return token
}

// SuperuserToken returns a fresh auth token of the company's superuser.
func (a *App) SuperuserToken() string {
	a.t.Helper()
	record, err := a.FindAuthRecordByEmail(core.CollectionNameSuperusers, demo.SuperuserEmail)
	if err != nil {
		a.t.Fatalf("no superuser: %v", err)
	}
	token, err := record.NewAuthToken()
	if err != nil {
		a.t.Fatalf("no token for the superuser: %v", err)
	}
	return token
}

// AccountOf returns the first account, by id, of the rep with that name.
func (a *App) AccountOf(name string) *core.Record {
	a.t.Helper()
	accounts, err := a.FindRecordsByFilter("accounts", "owner = {:owner}", "id", 1, 0, dbx.Params{"owner": a.As(name).Id})
	if err != nil || len(accounts) == 0 {
		a.t.Fatalf("%q has no account: %v", name, err)
	}
	return accounts[0]
}

// Handler returns the app's routes. They are made once: PocketBase cannot
// serve one app twice, so a test takes either these or an ApiScenario on an app
// of its own, see Factory.
func (a *App) Handler() http.Handler {
	a.t.Helper()
	if a.mux == nil {
		mux, routes, err := handler(a.TestApp)
		if err != nil {
			a.t.Fatal(err)
		}
		a.mux, a.router = mux, routes
	}
	return a.mux
}

// Do sends a request as the person called name, nobody if it is empty, and
// returns the answer. A body is sent as JSON.
func (a *App) Do(name, method, path, body string) *httptest.ResponseRecorder {
	a.t.Helper()
	if name == "" {
		return a.DoBy("", method, path, body)
	}
	return a.DoBy(a.Token(name), method, path, body)
}

// DoBy sends a request by a token that somebody holds, as nobody if it is empty.
func (a *App) DoBy(token, method, path, body string) *httptest.ResponseRecorder {
	a.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	answer := httptest.NewRecorder()
	a.Handler().ServeHTTP(answer, req)
	return answer
}

// Server serves the app's routes on 127.0.0.1 until the test ends.
func (a *App) Server(t testing.TB) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(a.Handler())
	t.Cleanup(func() {
		server.CloseClientConnections() // open event streams would hold up Close
		server.Close()
	})
	return server
}

// Factory makes apps for tests.ApiScenario, one for each.
func Factory(opts ...Option) func(t testing.TB) *tests.TestApp {
	return func(t testing.TB) *tests.TestApp { return New(t, opts...).TestApp }
}
