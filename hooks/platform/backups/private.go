package backups

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/backup"
	"satchel/internal/store"
)

const openWarning = "%[1]s 的权限允许本机其他用户访问，其中有密码哈希与密钥；请执行：\n  %[2]s\n" +
	"The mode of %[1]s lets in other users of this machine, and here lie password hashes and keys. Run:\n  %[2]s"

// bindPrivate looks, when the server starts, whether others may read what it
// keeps. What it makes itself they may not; a directory of before stays as it is.
func bindPrivate(app core.App, cfg Config) {
	app.OnServe().Bind(gate.Named("backupPrivate", func(e *core.ServeEvent) error {
		dirs := []string{e.App.DataDir()}
		if off, err := backup.OffsiteDir(e.App.DB()); err == nil && off != "" {
			dirs = append(dirs, off)
		}
		for _, dir := range dirs {
			found, err := store.OpenToOthers(dir)
			if err != nil {
				e.App.Logger().Error("Failed to look who may read a directory", "directory", dir, "error", err)
			} else if found != "" {
				cfg.warn(e.App, dir, found)
			}
		}
		return e.Next()
	}))
}

func (cfg Config) warn(app core.App, dir, found string) {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	text := fmt.Sprintf(openWarning, found, "chmod -R go-rwx '"+strings.ReplaceAll(dir, "'", `'\''`)+"'")
	app.Logger().Warn(text, "directory", dir, "found", found)
	if cfg.Console != nil {
		fmt.Fprintln(cfg.Console, text) //nolint:errcheck // it is in the log too
	}
}
