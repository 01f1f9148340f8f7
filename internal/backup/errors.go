package backup

import (
	"errors"
	"fmt"
)

// Exit codes of the commands beside 0 and 1, the code of any other failure.
const (
	ExitUsage      = 2 // a flag or a path makes no sense
	ExitInUse      = 3 // a server holds the data directory, or another backup the target
	ExitDamaged    = 4 // the copy is not what its manifest says
	ExitUnfinished = 5 // a restore was cut off; the data directory is not whole
)

// Error is a failure with an exit code.
type Error struct {
	Exit int
	Text string // for a person, in both languages
}

// Error implements error.
func (e *Error) Error() string { return e.Text }

// ExitCode returns what a command that failed with err exits with.
func ExitCode(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Exit
	}
	return 1
}

func fail(exit int, zh, en string, args ...any) error {
	return &Error{Exit: exit, Text: fmt.Sprintf(zh+" / "+en, append(args, args...)...)}
}
