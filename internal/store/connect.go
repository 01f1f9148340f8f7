// Package store opens the SQLite databases.
//
// PocketBase hard-wires synchronous=NORMAL, with which an acknowledged write may
// roll back after a power loss. Satchel acknowledges pushes, so its data
// database waits for the disk.
package store

import (
	"fmt"
	"path/filepath"

	"github.com/pocketbase/dbx"
	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// DataFile is the name of the database that holds the records.
const DataFile = "data.db"

// Sync is SQLite's level of waiting for the disk.
type Sync string

// Levels. Off is for tests and benchmark fixtures only: a crash may damage the file.
const (
	Full   Sync = "FULL"
	Normal Sync = "NORMAL"
	Off    Sync = "OFF"
)

// Connect opens the database at path: with synchronous=FULL for data.db and
// NORMAL for any other, such as the request logs in auxiliary.db.
func Connect(path string) (*dbx.DB, error) {
	return ConnectWith(Full)(path)
}

// ConnectWith is Connect with another level for data.db.
func ConnectWith(data Sync) func(path string) (*dbx.DB, error) {
	return func(path string) (*dbx.DB, error) {
		db, err := Open("sqlite", path+Pragmas(filepath.Base(path), data)+"&_defensive=1")
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", filepath.Base(path), err)
		}
		return db, nil
	}
}

// Pragmas are PocketBase's own but for synchronous, as the query of a data source
// name: data is the level for data.db. The timeout comes first: the switch to WAL
// has to wait for other connections.
func Pragmas(file string, data Sync) string {
	level := data
	if level == Full && file != DataFile {
		level = Normal
	}
	return "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)" +
		"&_pragma=synchronous(" + string(level) + ")" +
		"&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)"
}
