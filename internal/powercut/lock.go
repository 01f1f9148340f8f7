package powercut

import (
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// Lock implements vfs.File: many readers, one writer in waiting, or one writer
// alone. It never waits; SQLite's busy handler does.
func (h *handle) Lock(level vfs.LockLevel) error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	f := h.file
	switch {
	case h.power.off:
		return errOff
	case h.level >= level:
		return nil
	case level == vfs.LOCK_SHARED:
		if f.waiting {
			return sqlite3.BUSY
		}
		f.shared++
	case level == vfs.LOCK_RESERVED:
		if f.reserved {
			return sqlite3.BUSY
		}
		f.reserved = true
	case level == vfs.LOCK_EXCLUSIVE:
		if h.level < vfs.LOCK_PENDING {
			if f.waiting || (f.reserved && h.level < vfs.LOCK_RESERVED) {
				return sqlite3.BUSY
			}
			f.reserved, f.waiting = true, true
			h.level = vfs.LOCK_PENDING
		}
		if f.shared > 1 {
			return sqlite3.BUSY
		}
	}
	h.level = level
	return nil
}

// Unlock implements vfs.File.
func (h *handle) Unlock(level vfs.LockLevel) error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if h.level <= level {
		return nil
	}
	if h.level >= vfs.LOCK_PENDING {
		h.file.waiting = false
	}
	if h.level >= vfs.LOCK_RESERVED {
		h.file.reserved = false
	}
	if level == vfs.LOCK_NONE {
		h.file.shared--
	}
	h.level = level
	return nil
}

// CheckReservedLock implements vfs.File.
func (h *handle) CheckReservedLock() (bool, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	return h.file.reserved, nil
}

// LockState implements vfs.FileLockState.
func (h *handle) LockState() vfs.LockLevel { return h.level }
