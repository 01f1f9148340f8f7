//go:build linux && !race

package imageworker

import (
	"os"
	"strconv"
	"syscall"
)

// limited reports whether the system keeps a child to its memory.
const limited = true

const patience = 10 // on the scale of nice

// limitMemory bounds what the process may write to. Go reserves far more
// addresses than it uses, so a limit on addresses (RLIMIT_AS) would have to
// guess; this one counts what is mapped for writing, and the allocation that
// goes beyond ends the process before it has cost anything.
func limitMemory(bytes int64) {
	limit := syscall.Rlimit{Cur: uint64(bytes), Max: uint64(bytes)}
	_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &limit) // without it the collector's limit remains
}

// stepBack lets requests go before photos. Threads that exist are told one by
// one, those to come inherit it.
func stepBack() {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return
	}
	for _, t := range threads {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = syscall.Setpriority(syscall.PRIO_PROCESS, id, patience) // a wish
		}
	}
}
