package powercut

import (
	"fmt"
	"path/filepath"

	_ "github.com/ncruces/go-sqlite3/driver" // registers the driver "sqlite3"
	"github.com/pocketbase/dbx"

	"satchel/internal/store"
)

// Connect opens databases on the disk as store.ConnectWith does in a directory,
// with the same pragmas. Of a path only the last element counts.
func (d *Disk) Connect(data store.Sync) func(path string) (*dbx.DB, error) {
	return func(path string) (*dbx.DB, error) {
		name := filepath.Base(path)
		source := "file:" + name + store.Pragmas(name, data) + "&vfs=" + d.vfs + "&_txlock=deferred"
		if d.Checkpoint > 0 {
			source += fmt.Sprintf("&_pragma=wal_autocheckpoint(%d)", d.Checkpoint)
		}
		db, err := store.Open("sqlite3", source)
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", name, err)
		}
		return db, nil
	}
}
