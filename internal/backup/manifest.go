package backup

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/internal/store"
)

const (
	manifestFile = "manifest.json"
	format       = 1
)

// Manifest says what a copy holds.
type Manifest struct {
	Format int            `json:"format"`
	Made   time.Time      `json:"made"`
	State  map[string]any `json:"state"` // of the sync engine: head, epoch …
	Files  []File         `json:"files"` // in the order of their paths
}

// File is one file of a copy.
type File struct {
	Path   string `json:"path"` // with forward slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// ReadManifest reads the manifest of a copy without looking at its files.
func ReadManifest(path string) (Manifest, error) {
	var m Manifest
	text, err := os.ReadFile(filepath.Join(path, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return m, fail(ExitUsage, "%s 不是备份", "%s is no backup", path)
	}
	if err != nil {
		return m, fmt.Errorf("read the manifest: %w", err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fail(ExitDamaged, "%s 的清单已损坏", "the manifest of %s is damaged", path)
	}
	if m.Format != format {
		return m, fail(ExitUsage, "%s 的格式是 %d，本程序读 %d", "%s has format %d, this program reads %d", path, m.Format, format)
	}
	for _, f := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			return m, fail(ExitDamaged, "%s 的清单指向目录之外：%s", "the manifest of %s leaves its directory: %s", path, f.Path)
		}
	}
	return m, nil
}

// Verify reads a whole copy and compares it with its manifest: every file, no
// other file, and a database that is whole.
func Verify(ctx context.Context, path string) (Manifest, error) {
	m, err := ReadManifest(path)
	if err != nil {
		return m, err
	}
	return m, verify(ctx, path, m, nil)
}

// verify compares a copy with its manifest, but for the files already read.
func verify(ctx context.Context, path string, m Manifest, read map[string]bool) error {
	known := map[string]bool{manifestFile: true}
	for _, f := range m.Files {
		known[f.Path] = true
		if read[f.Path] {
			continue
		}
		got, err := sum(ctx, filepath.Join(path, filepath.FromSlash(f.Path)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if got.Size != f.Size || got.SHA256 != f.SHA256 {
			return fail(ExitDamaged, "%s 已损坏：%s", "%s is damaged: %s", path, f.Path)
		}
	}
	if !known[store.DataFile] {
		return fail(ExitDamaged, "%s 中没有数据库", "%s has no database", path)
	}
	found, err := files(path)
	if err != nil {
		return err
	}
	for _, f := range found {
		if !known[f] {
			return fail(ExitDamaged, "%s 中多出文件：%s", "%s has a file too many: %s", path, f)
		}
	}
	return whole(ctx, path)
}

// whole asks SQLite whether the database of a copy is sound.
func whole(ctx context.Context, path string) error {
	db, err := open(filepath.Join(path, store.DataFile))
	if err != nil {
		return err
	}
	var word string
	err = db.NewQuery("PRAGMA quick_check(1)").WithContext(ctx).Row(&word)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("check the copied database: %w", err)
	}
	if word != "ok" {
		return fail(ExitDamaged, "%s 的数据库已损坏：%s", "the database of %s is damaged: %s", path, word)
	}
	return nil
}

// open opens the database of a copy, which nobody changes, and leaves no trace beside it.
func open(path string) (*dbx.DB, error) {
	uri := (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: "mode=ro&immutable=1"}).String()
	db, err := dbx.Open("sqlite", uri)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return db, nil
}

// stateOf reads where the sync engine stands.
func stateOf(ctx context.Context, db dbx.Builder) (map[string]any, error) {
	rows, err := db.NewQuery("SELECT key, value FROM _sync_state WHERE key IN ('head', 'rules', 'reset', 'epoch')").WithContext(ctx).Rows()
	if err != nil {
		return nil, fmt.Errorf("read the engine's state: %w", err)
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	state := map[string]any{}
	for rows.Next() {
		var key string
		var value any
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		state[key] = value
	}
	return state, rows.Err()
}

func (m Manifest) text() ([]byte, error) {
	return json.Marshal(m, json.Deterministic(true), jsontext.WithIndent("  "))
}
