// Package backups ties copies of the data directory to the server: it holds the
// directory against a restore, makes copies on a schedule, and tells phones
// through _sync_device.durable_n what a copy off the machine holds.
package backups

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/cron"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/internal/backup"
	"satchel/records"
)

const (
	defaultSchedule = "30 2 * * *"
	job             = "satchelBackup"
)

// Config is what the area takes from outside.
type Config struct {
	Now func() time.Time
	// Root is the directory below which a copy may go because a setting says so;
	// empty for none. Who runs satchel backup may copy anywhere.
	Root    string
	Console io.Writer // where an operator reads a warning; nil for the log alone
}

// Area is what copies are to the server. The job that makes them is no line here:
// when it runs is a setting, and without a directory it does not.
func Area(cfg Config) kit.Area {
	planned := func(e *kit.Change[records.Setting]) error {
		if err := e.Next(); err != nil {
			return err
		}
		if key := e.Row.Key(); key == backup.Cron || key == backup.Offsite {
			plan(e.App, cfg)
		}
		return nil
	}
	return kit.Area{
		Name: "backups",
		Collections: []kit.Collection{{Name: records.SettingTable, Rules: []kit.Rule{
			kit.On(kit.Validate, records.Settings, "backupRoot", cfg.root),
			kit.On(kit.AfterCreate, records.Settings, "backupPlanned", planned),
			kit.On(kit.AfterUpdate, records.Settings, "backupPlanned", planned),
			kit.On(kit.AfterDelete, records.Settings, "backupPlanned", planned),
		}}},
		Bind: func(app core.App) {
			bindHold(app)
			bindFramework(app)
			bindPrivate(app, cfg)
			app.OnServe().Bind(gate.Named("backupSchedule", func(e *core.ServeEvent) error {
				plan(app, cfg)
				return e.Next()
			}))
		},
	}
}

// bindHold keeps restores away from the data directory while the app is up.
func bindHold(app core.App) {
	var held io.Closer
	app.OnBootstrap().Bind(gate.Named("backupHold", func(e *core.BootstrapEvent) error {
		if held == nil {
			var err error
			if held, err = backup.Hold(e.App.DataDir()); err != nil {
				return err
			}
		}
		if err := e.Next(); err != nil {
			return err
		}
		return backup.Resume(e.App.DataDir(), e.App.NonconcurrentDB())
	}))
	app.OnBootstrapClear().Bind(gate.Named("backupRelease", func(e *core.BootstrapEvent) error {
		err := e.Next()
		if held != nil {
			held.Close() //nolint:errcheck // nothing was written to it
			held = nil
		}
		return err
	}))
}

// bindFramework makes PocketBase's own backups count, and keeps what is not
// state out of them.
func bindFramework(app core.App) {
	app.OnBackupCreate().Bind(gate.Named("backupCovers", func(e *core.BackupEvent) error {
		if err := exclude(e); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		if err := advanceByZip(e); err != nil { // the backup is there, it only does not count
			e.App.Logger().Error("Failed to read what a backup covers", "backup", e.Name, "error", err)
		}
		return nil
	}))
	app.OnBackupRestore().Bind(gate.Named("backupKeeps", func(e *core.BackupEvent) error {
		if err := backup.Older(e.App.DataDir()); err != nil { // the server that comes up on the copy reads it
			return err
		}
		if err := exclude(e); err != nil {
			return err
		}
		return e.Next()
	}))
}

func exclude(e *core.BackupEvent) error {
	entries, err := os.ReadDir(e.App.DataDir())
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if backup.Foreign(entry.Name()) {
			e.Exclude = append(e.Exclude, entry.Name())
		}
	}
	return nil
}

// plan puts the copy job where the settings want it: nowhere without a directory.
func plan(app core.App, cfg Config) {
	app.Cron().Remove(job)
	dir, err := backup.OffsiteDir(app.DB())
	if err != nil {
		app.Logger().Error("Failed to plan backups", "error", err)
	}
	if dir == "" {
		return
	}
	expression, err := backup.Schedule(app.DB())
	if err != nil || expression == "" {
		expression = defaultSchedule
	}
	if _, bad := cron.NewSchedule(expression); bad != nil {
		app.Logger().Error("The backup schedule makes no sense, the default stands", "setting", backup.Cron, "error", bad)
		expression = defaultSchedule
	}
	app.Cron().MustAdd(job, expression, func() {
		if err := Run(context.Background(), app, cfg); err != nil {
			app.Logger().Error("Failed to make a backup", "error", err)
		}
	})
}

// Run makes the copy that the schedule asks for, now.
func Run(ctx context.Context, app core.App, cfg Config) error {
	dir, err := backup.OffsiteDir(app.DB())
	if err != nil || dir == "" {
		return err
	}
	if err := cfg.allows(dir); err != nil { // a setting of before, or the root has moved
		return err
	}
	keep, err := gate.SettingsNow(app).BackupKeep()
	if err != nil {
		return err
	}
	c, err := backup.Make(ctx, backup.Options{Data: app.DataDir(), To: filepath.Clean(dir), Keep: max(1, keep), Now: cfg.Now()})
	if err != nil {
		return err
	}
	what, err := backup.Covered(ctx, c.Path)
	if err != nil {
		return err
	}
	if err := backup.Advance(app.NonconcurrentDB(), what); err != nil {
		return fmt.Errorf("the copy %s does not count: %w", c.Path, err)
	}
	app.Logger().Info("Made a backup", "path", c.Path, "files", len(c.Files))
	return nil
}
