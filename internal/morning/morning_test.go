package morning_test

import (
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/morning"
	"satchel/internal/store"
	"satchel/internal/testapp"
	_ "satchel/migrations"
)

// now is a Monday morning at eleven in Shanghai.
func now() time.Time { return time.Date(2026, 3, 16, 3, 0, 0, 0, time.UTC) }

// open bootstraps an app as main does, on a directory that may be used already.
func open(t *testing.T, dir string) core.App {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.ConnectWith(store.Off)})
	config := hooks.Config{Now: now}
	testapp.Pictures(&config)
	hooks.MustBind(app, config)
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, app) })
	return app
}

func stop(t *testing.T, app core.App) {
	t.Helper()
	if !app.IsBootstrapped() {
		return
	}
	event := &core.TerminateEvent{App: app}
	err := app.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ClearBootstrap() })
	if err != nil {
		t.Error(err)
	}
}

func run(t *testing.T, app core.App, company demo.Options, seed uint64) (string, error) {
	t.Helper()
	var out strings.Builder
	err := morning.Run(t.Context(), app, morning.Config{
		Address: "127.0.0.1:0", Out: &out, Now: now, Seed: seed, Exit: true, PhotoLong: 800, Company: company,
	})
	return out.String(), err
}

// Two starts on one directory: the second keeps the data and plays on. The first
// migrates it only if all is wanted: that takes as long as both mornings.
func TestMornings(t *testing.T) {
	dir := t.TempDir()
	if effort.Times(0, 1) == 0 {
		if err := testapp.Migrated(dir); err != nil {
			t.Fatal(err)
		}
	}
	company := demo.Full(now())
	company.CheapLogin = true
	for i, want := range []string{"新建演示公司", "沿用演示公司"} {
		app := open(t, dir)
		out, err := run(t, app, company, uint64(i+1))
		if err != nil {
			t.Fatalf("morning %d: %v\n%s", i+1, err, out)
		}
		for _, text := range []string{want, "全部一致", "网络恢复，从第", "合并 1，拒绝 0", "admin@demo.test", "疑似旧照片", "银行已付", "paid, ¥186.00 → ¥160.00"} {
			if !strings.Contains(out, text) {
				t.Errorf("morning %d does not say %q:\n%s", i+1, text, out)
			}
		}
		var photos int
		if err := app.DB().Select("count(*)").From("blobs").Where(dbx.HashExp{"purpose": "visit_photo"}).Row(&photos); err != nil {
			t.Fatal(err)
		}
		if want := 4 * (i + 1); photos != want {
			t.Errorf("after morning %d the server holds %d photos, want %d", i+1, photos, want)
		}
		var frozen, open int
		err = app.DB().NewQuery("SELECT (SELECT COUNT(*) FROM metric_snapshots), (SELECT COUNT(*) FROM analysis_months WHERE month = {:today})").
			Bind(dbx.Params{"today": now().Format("2006-01")}).Row(&frozen, &open)
		if err != nil || frozen == 0 || open != 0 || strings.Contains(out, "财务关账") != (i == 0) {
			t.Errorf("morning %d: %d months are frozen, %d of them today's (%v)", i+1, frozen, open, err)
		}
		stop(t, app)
	}
}

// The reckoning is no decoration: what the server holds otherwise, it finds.
func TestADifferenceIsFound(t *testing.T) {
	effort.Late(t)
	app := open(t, t.TempDir())
	app.OnRecordUpdate("visits").BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("state") == "reported" {
			e.Record.Set("summary", "something else")
		}
		return e.Next()
	})
	out, err := run(t, app, small(), 1)
	if err == nil || !strings.Contains(err.Error(), "differ") || !strings.Contains(out, "✗") {
		t.Errorf("the demo ended with %v:\n%s", err, out)
	}
}

// TestARowSavedMeanwhileIsNoDifference: somebody works on the server while the
// morning is played, and saves a row of the rep's just before the reckoning.
func TestARowSavedMeanwhileIsNoDifference(t *testing.T) {
	effort.Late(t)
	app := open(t, t.TempDir())
	saved := false
	app.OnRecordsListRequest("products").BindFunc(func(e *core.RecordsListRequestEvent) error {
		if len(e.Records) == 0 || saved {
			return e.Next()
		}
		saved = true
		fresh, err := e.App.FindRecordById("products", e.Records[0].Id)
		if err != nil {
			return err
		}
		fresh.Set("name", "改过的名字")
		if err := e.App.Save(fresh); err != nil {
			return err
		}
		e.Records[0] = fresh
		return e.Next()
	})
	out, err := run(t, app, small(), 1)
	if err != nil || !saved {
		t.Errorf("the demo ended with %v (saved: %v):\n%s", err, saved, out)
	}
	for _, p := range demo.People() {
		if !strings.Contains(out, demo.Email(p.Name)) {
			t.Errorf("the login of %s is not named", p.Name)
		}
	}
}

// A directory that is somebody's own is left alone.
func TestForeignDirectory(t *testing.T) {
	effort.Late(t)
	app := open(t, t.TempDir())
	if err := app.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}
	superusers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	somebody := core.NewRecord(superusers)
	somebody.SetEmail("it@company.example")
	somebody.SetPassword("a password of their own")
	if err := app.Save(somebody); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, app, small(), 1); err == nil || !strings.Contains(err.Error(), "--dir") {
		t.Errorf("the demo ended with %v", err)
	}
	if _, found, err := demo.Find(app); err != nil || found {
		t.Errorf("a company was built in somebody's directory (%v)", err)
	}
}

// A port that is taken is told before anything is built.
func TestPortInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	app := open(t, filepath.Join(t.TempDir(), "data"))
	err = morning.Run(t.Context(), app, morning.Config{Address: taken.Addr().String(), Out: new(strings.Builder), Now: now, Exit: true})
	if err == nil || !strings.Contains(err.Error(), "PORT=") {
		t.Fatalf("the demo ended with %v", err)
	}
	if has := app.HasTable("settings"); has {
		t.Error(errors.New("the directory was migrated all the same"))
	}
}
