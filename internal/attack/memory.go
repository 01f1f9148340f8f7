package attack

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Memory watches what a process and all below it hold together.
type Memory struct {
	pid  int
	stop chan struct{}
	done sync.WaitGroup
	peak int64
}

// Resident is what a process and all below it hold now, in bytes.
func Resident(pid int) int64 {
	children := map[int][]int{}
	held := map[int]int64{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is constant
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 22 {
			continue
		}
		parent, _ := strconv.Atoi(fields[1])
		pages, _ := strconv.ParseInt(fields[21], 10, 64)
		children[parent] = append(children[parent], id)
		held[id] = pages * int64(os.Getpagesize())
	}
	var sum func(id int) int64
	sum = func(id int) int64 {
		total := held[id]
		for _, child := range children[id] {
			total += sum(child)
		}
		return total
	}
	return sum(pid)
}

// highWater is the most that one process held since it was last reset, in bytes.
func highWater(pid int) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.ParseInt(fields[0], 10, 64)
	return kb << 10
}

// Watch looks on until it is asked for the peak.
func Watch(pid int) *Memory {
	m := &Memory{pid: pid, stop: make(chan struct{})}
	_ = os.WriteFile("/proc/"+strconv.Itoa(pid)+"/clear_refs", []byte("5"), 0) // else the peak is that since its start
	m.done.Go(func() {
		for {
			m.peak = max(m.peak, Resident(pid))
			select {
			case <-m.stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	return m
}

// Peak ends the watch: the most that all held together, and no less than what the
// process itself held between two looks.
func (m *Memory) Peak() int64 {
	close(m.stop)
	m.done.Wait()
	return max(m.peak, highWater(m.pid))
}
