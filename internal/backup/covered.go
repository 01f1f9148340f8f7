package backup

import (
	"context"
	"database/sql"
	"encoding/json/v2"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pocketbase/dbx"

	"satchel/internal/store"
)

// Settings that are read with the server or without it.
const (
	Offsite = "backup.offsite" // the directory whose copies lie off the machine
	Cron    = "backup.cron"    // when copies are made
)

// Coverage is what a copy holds of the phones' work.
type Coverage struct {
	Epoch string           // of the server that it is a copy of
	N     map[string]int64 // device → its highest mutation number
	Blobs []string         // stored blobs whose bytes are in the copy too
}

// Covered reads from a copy, and from nothing else, what it holds.
func Covered(ctx context.Context, path string) (Coverage, error) {
	return CoveredBy(ctx, filepath.Join(path, store.DataFile), func(name string) bool {
		info, err := os.Stat(filepath.Join(path, filepath.FromSlash(name)))
		return err == nil && info.Mode().IsRegular()
	})
}

// CoveredBy is Covered for a copy of which only data.db is a file: has tells
// whether a file is in it, by its path with forward slashes.
func CoveredBy(ctx context.Context, data string, has func(name string) bool) (Coverage, error) {
	db, err := open(data)
	if err != nil {
		return Coverage{}, err
	}
	c, err := covered(ctx, db)
	if err == nil {
		c.Blobs, err = coveredBlobs(ctx, db, has)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return c, fmt.Errorf("read what the copy covers: %w", err)
	}
	return c, nil
}

func covered(ctx context.Context, db dbx.Builder) (Coverage, error) {
	c := Coverage{N: map[string]int64{}}
	var err error
	if c.Epoch, err = epoch(db); err != nil {
		return c, err
	}
	rows, err := db.NewQuery("SELECT device, high_water FROM _sync_device").WithContext(ctx).Rows()
	if err != nil {
		return c, err
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	for rows.Next() {
		var device string
		var n int64
		if err := rows.Scan(&device, &n); err != nil {
			return c, err
		}
		c.N[device] = n
	}
	return c, rows.Err()
}

func coveredBlobs(ctx context.Context, db dbx.Builder, has func(name string) bool) ([]string, error) {
	var rows []struct {
		ID  string `db:"id"`
		Key string `db:"key"`
	}
	err := db.NewQuery(`SELECT b.id, 'storage/' || c.id || '/' || b.id || '/' || b.original AS key
		FROM blobs b, _collections c WHERE c.name = 'blobs' AND b.state = 'stored' AND b.original <> ''`).WithContext(ctx).All(&rows)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range rows {
		if has(r.Key) {
			out = append(out, r.ID)
		}
	}
	return out, nil
}

// Advance tells the server what a copy off the machine holds. A copy of another
// epoch covers nothing, and no number above what the server has taken is ever
// covered. Each is one statement that waits for its turn: a transaction that
// reads first would fail beside a server that writes.
func Advance(db dbx.Builder, c Coverage) error {
	n, err := json.Marshal(c.N)
	if err != nil {
		return err
	}
	_, err = db.NewQuery(`UPDATE _sync_device SET durable_n = MAX(durable_n, MIN(high_water, c.value)) FROM json_each({:n}) AS c
		WHERE device = c.key AND {:epoch} = ` + epochNow).Bind(dbx.Params{"n": string(n), "epoch": c.Epoch}).Execute()
	if err != nil {
		return fmt.Errorf("advance what is durable: %w", err)
	}
	if len(c.Blobs) == 0 {
		return nil
	}
	blobs, err := json.Marshal(c.Blobs)
	if err != nil {
		return err
	}
	_, err = db.NewQuery(`UPDATE blobs SET state = 'durable', updated = strftime('%Y-%m-%d %H:%M:%fZ')
		WHERE state = 'stored' AND id IN (SELECT value FROM json_each({:blobs})) AND {:epoch} = ` + epochNow).
		Bind(dbx.Params{"blobs": string(blobs), "epoch": c.Epoch}).Execute()
	if err != nil {
		return fmt.Errorf("mark blobs as durable: %w", err)
	}
	return nil
}

const epochNow = "COALESCE((SELECT CAST(value AS TEXT) FROM _sync_state WHERE key = 'epoch'), '')"

func epoch(tx dbx.Builder) (string, error) {
	var text string
	err := tx.NewQuery("SELECT " + epochNow).Row(&text)
	if err != nil {
		return "", fmt.Errorf("read the epoch: %w", err)
	}
	return text, nil
}

// IsOffsite reports whether a directory lies in the one that the settings call
// off the machine.
func IsOffsite(tx dbx.Builder, dir string) (bool, error) {
	root, err := OffsiteDir(tx)
	if err != nil || root == "" {
		return false, err
	}
	inside, err := Within(dir, root)
	if err != nil {
		return false, nil //nolint:nilerr // a directory that is not there holds no copy
	}
	return inside, nil
}

// OffsiteDir reads the setting; empty if it is not set.
func OffsiteDir(tx dbx.Builder) (string, error) { return textSetting(tx, Offsite) }

// Schedule reads the cron expression by which copies are made; empty if it is not set.
func Schedule(tx dbx.Builder) (string, error) { return textSetting(tx, Cron) }

// textSetting reads a text from the settings; empty if it is none.
func textSetting(tx dbx.Builder, key string) (string, error) {
	var raw string
	err := tx.NewQuery("SELECT value FROM settings WHERE key = {:key}").Bind(dbx.Params{"key": key}).Row(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the setting %s: %w", key, err)
	}
	var text string
	if err := json.Unmarshal([]byte(raw), &text); err != nil {
		return "", nil //nolint:nilerr // a value that is no text
	}
	return text, nil
}

// AdvanceBy advances the server's database in a data directory by a copy in
// dir, if dir is off the machine. The server may run.
func AdvanceBy(ctx context.Context, data string, c Copy) (offsite bool, err error) {
	db, err := store.Connect(filepath.Join(data, store.DataFile))
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if offsite, err = IsOffsite(db, filepath.Dir(c.Path)); err != nil || !offsite {
		return false, err
	}
	what, err := Covered(ctx, c.Path)
	if err != nil {
		return true, err
	}
	return true, Advance(db, what)
}
