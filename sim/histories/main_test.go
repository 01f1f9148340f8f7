package histories

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain collects garbage by the amount, not by what is kept: histories make
// much and keep little.
func TestMain(m *testing.M) {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(64 << 20)
	os.Exit(m.Run())
}
