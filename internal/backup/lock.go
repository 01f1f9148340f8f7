package backup

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const (
	lockFile   = ".satchel.lock"
	markerFile = ".satchel-restoring" // there while the data directory is not whole
	olderFile  = ".satchel-restored"  // there until a server has taken note that its data are an older copy
	asideDir   = "before-restore-"    // what a restore replaced
	stageDir   = ".restore-"          // what a restore is about to put in place
)

var errHeld = errors.New("locked by another process")

// Hold marks a data directory as in use until the closer is closed or the
// process ends. Any number may hold it at once; no restore goes on meanwhile.
// A directory that a restore left half done is refused.
func Hold(dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	f, err := flock(dir, false)
	if errors.Is(err, errHeld) {
		return nil, fail(ExitInUse, "%s 正在恢复备份，请稍候", "a backup is being restored into %s, wait for it", dir)
	}
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, markerFile)); err == nil {
		err = fail(ExitUnfinished, "上次恢复中断，%s 不完整：请重新执行 satchel restore",
			"a restore was cut off and %s is not whole: run satchel restore again", dir)
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Foreign reports whether an entry of a data directory is no part of its state:
// it enters no copy, and a restore leaves it where it is.
func Foreign(name string) bool {
	switch name {
	case "backups", ".pb_temp_to_delete", ".notify", ".autocert_cache", "lost+found", lockFile, markerFile, olderFile:
		return true
	}
	return strings.HasPrefix(name, asideDir) || strings.HasPrefix(name, stageDir)
}
