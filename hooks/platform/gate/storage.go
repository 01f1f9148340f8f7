package gate

import (
	"errors"
	"strings"
	"syscall"

	"github.com/pocketbase/pocketbase/tools/router"
)

// noStorage are the signs by which SQLite and the system tell of a disk that
// cannot be written. PocketBase keeps the texts of errors, not always the errors.
var noStorage = []string{
	"SQLITE_FULL", "SQLITE_BUSY", "SQLITE_IOERR", "SQLITE_READONLY", "disk is full", "database is locked", "disk I/O error",
	"no space left on device", "disk quota exceeded",
}

// CannotWrite tells a fault of the disk or of a lock from a fault of the data. What
// somebody wrote is in the text of a refusal, which is none, whatever it says.
func CannotWrite(err error) bool {
	if err == nil {
		return false
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return true
	}
	if _, _, refused := ProblemOf(err); refused {
		return false
	}
	if said, ok := errors.AsType[*router.ApiError](err); ok {
		inner, _ := said.RawData().(error)
		_, raw, _ := strings.Cut(said.Message, "Raw error:") // PocketBase's, to superusers
		return CannotWrite(inner) || saysNoStorage(raw)
	}
	return saysNoStorage(err.Error())
}

func saysNoStorage(text string) bool {
	for _, sign := range noStorage {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
