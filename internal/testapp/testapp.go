// Package testapp gives each test a whole server of its own: migrated, with
// the very hooks of main bound, and with the small demo company in it, whose
// people are called by name.
package testapp

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"

	"satchel/hooks"
	"satchel/internal/demo"
	"satchel/internal/store"
)

// App is a server under test on a directory of its own. It is a core.App, and
// its TestApp counts events and keeps mails.
type App struct {
	*tests.TestApp
	Clock *Clock
	Bound *hooks.Hooks // what runs behind the routes

	t testing.TB
}

// Option changes what New makes.
type Option func(*plan)

type plan struct {
	company company
	hooks   hooks.Config
}

// Empty leaves the company out: migrations only.
func Empty() Option { return func(p *plan) { p.company = company{none: true} } }

// Company takes another company than demo.Small. It is built once per process.
func Company(opt demo.Options) Option { return func(p *plan) { p.company = company{opt: opt} } }

// Hooks changes the configuration of the hooks, in which Now is the app's clock.
func Hooks(change func(*hooks.Config)) Option { return func(p *plan) { change(&p.hooks) } }

// New returns an app on a clone of the template. It is closed and removed when
// the test ends. Apps of parallel tests share nothing.
func New(t testing.TB, opts ...Option) *App {
	t.Helper()
	clock := &Clock{now: Start}
	p := plan{company: company{opt: demo.Small(Start)}, hooks: hooks.Config{Now: clock.Now}}
	for _, o := range opts {
		o(&p)
	}
	files, err := template(p.company)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	app, err := tests.NewTestAppWithConfig(core.BaseAppConfig{
		DataDir: dir, EncryptionEnv: encryptionEnv, DBConnect: store.ConnectWith(store.Off),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Cleanup)
	bound := hooks.MustBind(app, p.hooks)
	return &App{TestApp: app, Clock: clock, Bound: bound, t: t}
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

// Token returns a fresh auth token of the person with that name.
func (a *App) Token(name string) string {
	a.t.Helper()
	token, err := a.As(name).NewAuthToken()
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

// Server serves the app's routes on 127.0.0.1 until the test ends.
func (a *App) Server(t testing.TB) *httptest.Server {
	t.Helper()
	mux, err := handler(a.TestApp)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections() // open event streams would hold up Close
		server.Close()
	})
	return server
}

// Scenario returns s bound to this app, which stays open after it.
func (a *App) Scenario(s tests.ApiScenario) *tests.ApiScenario {
	s.TestAppFactory = func(testing.TB) *tests.TestApp { return a.TestApp }
	s.DisableTestAppCleanup = true
	return &s
}
