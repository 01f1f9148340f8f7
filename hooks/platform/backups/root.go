package backups

import (
	"encoding/json/v2"
	"fmt"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/internal/backup"
	"satchel/records"
)

// root refuses a setting that would let copies, which hold everything, go
// anywhere on the server's disks.
func (cfg Config) root(e *kit.Change[records.Setting]) error {
	if e.Row.Key() != backup.Offsite {
		return e.Next()
	}
	var dir string
	if err := json.Unmarshal(e.Row.Value(), &dir); err == nil && dir != "" { // another form is not the area's to refuse
		if err := cfg.allows(dir); err != nil {
			return err
		}
	}
	return e.Next()
}

// allows refuses a directory of copies that does not lie below the root:
// backup.no_root, backup.outside.
func (cfg Config) allows(dir string) error {
	if cfg.Root == "" {
		return gate.Refuse("backup.no_root")
	}
	below, err := backup.Below(dir, cfg.Root)
	if err != nil {
		return fmt.Errorf("compare %s with the root of copies: %w", dir, err)
	}
	if !below {
		return gate.Refuse("backup.outside", "root", cfg.Root)
	}
	return nil
}
