package powercut_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"satchel/internal/powercut"
)

const create = vfs.OPEN_CREATE | vfs.OPEN_READWRITE | vfs.OPEN_MAIN_DB

func open(t *testing.T, d *powercut.Disk) vfs.File {
	t.Helper()
	f, _, err := d.Open("f", create)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func write(t *testing.T, f vfs.File, text string, at int64, sync bool) {
	t.Helper()
	if _, err := f.WriteAt([]byte(text), at); err != nil {
		t.Fatal(err)
	}
	if sync {
		if err := f.Sync(vfs.SYNC_FULL); err != nil {
			t.Fatal(err)
		}
	}
}

func content(t *testing.T, d *powercut.Disk) []byte {
	t.Helper()
	f := open(t, d)
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, size)
	if _, err := f.ReadAt(b, 0); err != nil && size > 0 {
		t.Fatal(err)
	}
	return b
}

// What was synced is there after every cut; what was not is there, is not, or
// is torn, and all three happen.
func TestCutKeepsWhatWasSynced(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	long := string(bytes.Repeat([]byte("n"), 3000))
	seen := map[string]int{}
	for range 200 {
		d := powercut.New(t.TempDir())
		f := open(t, d)
		write(t, f, "synced", 0, true)
		write(t, f, long, 6, false)
		d.Cut(rng)
		if _, err := f.WriteAt([]byte("x"), 0); err == nil {
			t.Fatal("a handle outlived the cut")
		}
		got := content(t, d)
		rest, ok := bytes.CutPrefix(got, []byte("synced"))
		switch n := bytes.Count(rest, []byte("n")); {
		case !ok:
			t.Fatalf("the synced bytes are gone: %q", got[:min(20, len(got))])
		case n == 0:
			seen["gone"]++
		case n == len(long):
			seen["whole"]++
		default:
			seen["torn"]++
		}
		d.Close()
	}
	t.Log(seen)
	if len(seen) != 3 {
		t.Errorf("the cuts left only %v", seen)
	}
}

// A file that was never synced may be gone with its name, and a deletion that
// was not synced may be undone.
func TestCutMayForgetNames(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	made, back := 0, 0
	for range 40 {
		d := powercut.New(t.TempDir())
		open(t, d)
		d.Cut(rng)
		if there, _ := d.Access("f", vfs.ACCESS_EXISTS); there {
			made++
		}
		write(t, open(t, d), "x", 0, true)
		if err := d.Delete("f", false); err != nil {
			t.Fatal(err)
		}
		d.Cut(rng)
		if there, _ := d.Access("f", vfs.ACCESS_EXISTS); there {
			back++
		}
		d.Close()
	}
	if made == 0 || made == 40 || back == 0 || back == 40 {
		t.Errorf("of 40 new names %d stayed, of 40 deletions %d were undone", made, back)
	}
}

// Steps fail when and as often as they are told to, with SQLite's own codes.
func TestFaults(t *testing.T) {
	d := powercut.New(t.TempDir())
	defer d.Close()
	f := open(t, d)
	try := func() error { _, err := f.WriteAt([]byte("x"), 0); return err }
	d.Break(powercut.Fault{After: 2, Times: 2, Err: syscall.ENOSPC})
	for i, fails := range []bool{false, true, true, false} {
		if err := try(); (err != nil) != fails || (fails && err.Error() != syscall.ENOSPC.Error()) {
			t.Errorf("write %d: %v", i+1, err)
		}
	}
	d.Break(powercut.Fault{Err: syscall.EIO})
	if first, second := try(), try(); first == nil || second == nil {
		t.Error("a broken disk healed by itself")
	}
	d.Break(powercut.Fault{})
	if err := try(); err != nil {
		t.Error(err)
	}
	d.CutIn(1)
	if err := try(); !errors.Is(err, sqlite3.IOERR) || !d.Off() {
		t.Errorf("the power is off: %v, %v", err, d.Off())
	}
}

// Readers share, a writer in waiting lets no new one in, and writes alone.
func TestLocks(t *testing.T) {
	d := powercut.New(t.TempDir())
	defer d.Close()
	a, b, c := open(t, d), open(t, d), open(t, d)
	want := func(err error, busy bool) {
		t.Helper()
		if (err != nil) != busy || (busy && !errors.Is(err, sqlite3.BUSY)) {
			t.Fatalf("got %v", err)
		}
	}
	want(a.Lock(vfs.LOCK_SHARED), false)
	want(b.Lock(vfs.LOCK_SHARED), false)
	want(a.Lock(vfs.LOCK_RESERVED), false)
	want(b.Lock(vfs.LOCK_RESERVED), true)
	want(a.Lock(vfs.LOCK_EXCLUSIVE), true)
	want(c.Lock(vfs.LOCK_SHARED), true)
	want(b.Unlock(vfs.LOCK_NONE), false)
	want(a.Lock(vfs.LOCK_EXCLUSIVE), false)
	want(a.Unlock(vfs.LOCK_SHARED), false)
	want(c.Lock(vfs.LOCK_SHARED), false)
	if reserved, _ := c.CheckReservedLock(); reserved {
		t.Error("the reservation outlived the writer")
	}
	want(a.Close(), false)
	want(c.Lock(vfs.LOCK_EXCLUSIVE), false)
}
