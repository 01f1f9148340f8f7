package store_test

import (
	"path/filepath"
	"testing"

	"satchel/internal/store"
)

// The data database waits for the disk, all others do not.
func TestConnectSynchronous(t *testing.T) {
	for _, c := range []struct {
		name, file string
		level      store.Sync
		want       int // SQLite's number of the level
	}{
		{"data", "data.db", store.Full, 2},
		{"logs", "auxiliary.db", store.Full, 1},
		{"data in tests", "data.db", store.Off, 0},
		{"logs in tests", "auxiliary.db", store.Off, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := store.ConnectWith(c.level)(filepath.Join(t.TempDir(), c.file))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			var got int
			if err := db.NewQuery("PRAGMA synchronous").Row(&got); err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("synchronous = %d, want %d", got, c.want)
			}
		})
	}
}
