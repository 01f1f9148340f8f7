package backups

import (
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/internal/backup"
)

// bindRoot refuses a setting that would let copies, which hold everything, go
// anywhere on the server's disks.
func bindRoot(app core.App, cfg Config) {
	app.OnRecordValidate("settings").Bind(gate.Named("backupRoot", func(e *core.RecordEvent) error {
		if e.Record.GetString("key") != backup.Offsite {
			return e.Next()
		}
		var dir string
		if err := json.Unmarshal([]byte(e.Record.GetString("value")), &dir); err == nil && dir != "" { // another form is not the area's to refuse
			if err := cfg.allows(dir); err != nil {
				return err
			}
		}
		return e.Next()
	}))
}

// allows refuses a directory of copies that does not lie below the root:
// backup.no_root, backup.outside.
func (cfg Config) allows(dir string) error {
	if cfg.Root == "" {
		return gate.Refuse("backup.no_root")
	}
	below, err := backup.Below(dir, cfg.Root)
	if err != nil {
		return fmt.Errorf("failed to compare %s with the root of copies: %w", dir, err)
	}
	if !below {
		return gate.Refuse("backup.outside", "root", cfg.Root)
	}
	return nil
}
