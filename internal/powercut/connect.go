package powercut

import (
	"fmt"
	"path/filepath"

	_ "github.com/ncruces/go-sqlite3/driver" // registers the driver "sqlite3"
	"github.com/pocketbase/dbx"

	"satchel/internal/store"
)

// Checkpoint is the length of the log, in pages, at which SQLite moves it into
// the database: short, so that cuts fall into that, too.
const Checkpoint = 40

// Connect opens databases on the disk as store.ConnectWith does in a directory,
// with the same pragmas. Of a path only the last element counts.
func (d *Disk) Connect(data store.Sync) func(path string) (*dbx.DB, error) {
	return func(path string) (*dbx.DB, error) {
		name := filepath.Base(path)
		db, err := dbx.Open("sqlite3", fmt.Sprintf("file:%s%s&_pragma=wal_autocheckpoint(%d)&vfs=%s&_txlock=deferred",
			name, store.Pragmas(name, data), Checkpoint, d.vfs))
		if err != nil {
			return nil, fmt.Errorf("failed to open %s: %w", name, err)
		}
		return db, nil
	}
}
