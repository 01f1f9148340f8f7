//go:build !unix

package backup

import (
	"errors"
	"os"
	"path/filepath"
)

// flock has no lock to offer here: whoever needs it for himself is refused.
func flock(dir string, exclusive bool) (*os.File, error) {
	if exclusive {
		return nil, errors.New("this system has no file locks that end with their process")
	}
	return os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
}
