package gate_test

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks/platform/gate"
)

// TestADiskFaultIsToldFromItsText: wherever it is wrapped, and never by what somebody
// wrote in a row.
func TestADiskFaultIsToldFromItsText(t *testing.T) {
	full := &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errors.New("broken"), false},
		{full, true},
		{fmt.Errorf("failed to save: %w", full), true},
		{errors.New("upload failed: write x: no space left on device"), true},
		{errors.New("constraint failed: database or disk is full (13)"), true},
		{router.NewBadRequestError("Failed to create record.", full), true},
		{router.NewBadRequestError("Failed to create collection. Raw error: \nsqlite3: database or disk is full.", nil), true},
		{router.NewBadRequestError("disk is full", nil), false},
		{gate.RefuseField("disk is full", "field.unknown"), false},
		{fmt.Errorf("row 1: %w", gate.RefuseField("database is locked", "field.unknown")), false},
	} {
		if got := gate.CannotWrite(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}
