package powercut

import (
	"errors"
	"io"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// Open implements vfs.VFS. A file without a name is gone with its handle.
func (d *Disk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.power.off {
		return nil, flags, errOff
	}
	f := d.names[name]
	if f == nil {
		if flags&vfs.OPEN_CREATE == 0 {
			return nil, flags, sqlite3.CANTOPEN
		}
		f = &file{}
		if name != "" {
			d.names[name] = f
		}
	}
	return &handle{disk: d, power: d.power, file: f, name: name, index: d.shm(d.power, name, flags)}, flags, nil
}

// Delete implements vfs.VFS.
func (d *Disk) Delete(name string, syncDir bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(d.power, false); err != nil {
		return err
	}
	if d.names[name] == nil {
		return sqlite3.IOERR_DELETE_NOENT
	}
	delete(d.names, name)
	if syncDir {
		delete(d.safe, name)
	}
	return nil
}

// Access implements vfs.VFS.
func (d *Disk) Access(name string, _ vfs.AccessFlag) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.power.off {
		return false, errOff
	}
	return d.names[name] != nil, nil
}

// FullPathname implements vfs.VFS.
func (d *Disk) FullPathname(name string) (string, error) { return name, nil }

// handle is an open file, until the power fails.
type handle struct {
	disk  *Disk
	power *power
	file  *file
	name  string
	index vfs.SharedMemory
	level vfs.LockLevel
}

var (
	_ vfs.FileSharedMemory = (*handle)(nil)
	_ vfs.FileLockState    = (*handle)(nil)
)

// SharedMemory implements vfs.FileSharedMemory.
func (h *handle) SharedMemory() vfs.SharedMemory { return h.index }

// Close implements io.Closer.
func (h *handle) Close() error {
	if h.index != nil {
		h.index.Close() //nolint:errcheck // nobody reads the WAL-index again
	}
	return h.Unlock(vfs.LOCK_NONE)
}

// ReadAt implements io.ReaderAt.
func (h *handle) ReadAt(p []byte, at int64) (int, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if h.power.off {
		return 0, errOff
	}
	if at >= int64(len(h.file.now)) {
		return 0, io.EOF
	}
	n := copy(p, h.file.now[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt implements io.WriterAt.
func (h *handle) WriteAt(p []byte, at int64) (int, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if err := h.disk.step(h.power, false); err != nil {
		return 0, err
	}
	h.file.write(p, at)
	return len(p), nil
}

// Truncate implements vfs.File.
func (h *handle) Truncate(size int64) error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if err := h.disk.step(h.power, false); err != nil {
		return err
	}
	h.file.truncate(size)
	return nil
}

// Sync implements vfs.File. The first one makes the file's name last, too.
func (h *handle) Sync(vfs.SyncFlag) error {
	if h.disk.OnSync != nil {
		h.disk.OnSync(h.name)
	}
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if err := h.disk.step(h.power, true); err != nil {
		return err
	}
	h.disk.syncs[h.name]++
	h.file.sync()
	if h.disk.names[h.name] == h.file {
		h.disk.safe[h.name] = h.file
	}
	return nil
}

// Size implements vfs.File.
func (h *handle) Size() (int64, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if h.power.off {
		return 0, errOff
	}
	return int64(len(h.file.now)), nil
}

// SectorSize implements vfs.File.
func (h *handle) SectorSize() int { return 4096 }

// DeviceCharacteristics are those of SQLite's own VFS for Unix: a write leaves
// the bytes beside it alone, and promises nothing else.
func (h *handle) DeviceCharacteristics() vfs.DeviceCharacteristic {
	return vfs.IOCAP_POWERSAFE_OVERWRITE
}

// asSQLite gives a fault the code by which SQLite tells a full disk from a broken one.
func asSQLite(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return vfs.SystemError(err, sqlite3.FULL)
	}
	return vfs.SystemError(err, sqlite3.IOERR)
}
