// Package powercut is a disk for tests on which power can fail: SQLite writes to
// it through a VFS, and what was not synced when the power went may be gone,
// whole or in part, in any order. It also fills up, breaks, counts its syncs and
// is as slow as a test wants.
package powercut

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// Disk holds files by name, in memory. Safe for concurrent use.
type Disk struct {
	// OnSync is called with a file's name before each of its syncs, with no lock
	// held: a function that sleeps makes a slow disk. Set it before Connect.
	OnSync func(name string)
	// Checkpoint is the length of the log, in pages, at which SQLite moves it into
	// the database; 0 leaves SQLite's own. A short one lets cuts fall into that, too.
	Checkpoint int

	vfs, dir string // the name SQLite knows it by; where the WAL-index lies

	mu    sync.Mutex
	power *power
	names map[string]*file // the directory as it shows
	safe  map[string]*file // the directory as a cut leaves it
	steps int              // writes, truncations, syncs and deletions so far
	syncs map[string]int
	fault Fault
}

// power is one period between two cuts.
type power struct {
	n      int
	off    bool
	budget int // steps until it fails, if above 0
}

// Fault makes steps fail: the one After steps from now, and Times-1 more; for
// ever if Times is 0. syscall.ENOSPC is told to SQLite as a full disk, any other
// as an I/O error. A Fault without Err heals the disk.
type Fault struct {
	After int
	Times int
	Syncs bool // only syncs count, and fail
	Err   error
}

var disks atomic.Int64

// errOff is what every handle answers without power.
const errOff = sqlite3.IOERR

// New makes an empty disk. The WAL-index, which no cut survives, is kept in dir.
func New(dir string) *Disk {
	d := &Disk{
		vfs: fmt.Sprint("powercut", disks.Add(1)), dir: dir, power: &power{},
		names: map[string]*file{}, safe: map[string]*file{}, syncs: map[string]int{},
	}
	vfs.Register(d.vfs, d)
	return d
}

// Close makes SQLite forget the disk.
func (d *Disk) Close() { vfs.Unregister(d.vfs) }

// Store puts a file on the disk that is there for good.
func (d *Disk) Store(name string, content []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := newFile(slices.Clone(content))
	d.names[name], d.safe[name] = f, f
}

// CutIn lets the power fail instead of the nth step from now.
func (d *Disk) CutIn(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.power.budget = n
}

// Off reports whether the power has failed.
func (d *Disk) Off() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.power.off
}

// Cut cuts the power, unless it has failed already, and turns it on again. rng
// says what is left of the writes that were not synced: all, none, those before
// some moment, or any of their sectors. Handles from before are dead for good.
func (d *Disk) Cut(rng *rand.Rand) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.power.off = true
	d.power = &power{n: d.power.n + 1}
	d.fault = Fault{}

	luck := newLuck(rng)
	left := map[string]*file{}
	for _, name := range sortedKeys(d.names, d.safe) { // a fixed order keeps a seed's history the same
		f := d.safe[name]
		if d.names[name] != f && luck.entry() {
			f = d.names[name]
		}
		if f != nil {
			left[name] = newFile(f.survivors(luck))
		}
	}
	d.names, d.safe = left, map[string]*file{}
	for name, f := range left {
		d.safe[name] = f
	}
}

// Break plants a fault, or takes it away.
func (d *Disk) Break(f Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault = f
}

// Steps counts writes, truncations, syncs and deletions so far.
func (d *Disk) Steps() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.steps
}

// Syncs counts the syncs of a file so far; SQLite's log is called data.db-wal.
func (d *Disk) Syncs(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.syncs[name]
}

// step is asked, under the lock, before anything changes.
func (d *Disk) step(p *power, sync bool) error {
	if p.off {
		return errOff
	}
	d.steps++
	if p.budget > 0 {
		if p.budget--; p.budget == 0 {
			p.off = true
			return errOff
		}
	}
	if d.fault.Err == nil || (d.fault.Syncs && !sync) {
		return nil
	}
	if d.fault.After > 1 {
		d.fault.After--
		return nil
	}
	err := d.fault.Err
	if d.fault.Times--; d.fault.Times == 0 {
		d.fault = Fault{}
	}
	return asSQLite(err)
}

func (d *Disk) shm(p *power, name string, flags vfs.OpenFlag) vfs.SharedMemory {
	return vfs.NewSharedMemory(filepath.Join(d.dir, fmt.Sprint(p.n, "-", name, "-shm")), flags)
}
