package uploads_test

import (
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
	"testing"

	"satchel/hooks"
	"satchel/hooks/media/uploads"
	"satchel/internal/testapp"
)

// tank is a disk that takes so many bytes and no more.
type tank struct{ left atomic.Int64 }

func (d *tank) open(path string) (io.WriteCloser, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	return &tankFile{file, d}, err
}

type tankFile struct {
	*os.File
	disk *tank
}

func (f *tankFile) Write(b []byte) (int, error) {
	fits := min(int64(len(b)), f.disk.left.Load())
	f.disk.left.Add(-fits)
	n, err := f.File.Write(b[:fits])
	if err == nil && fits < int64(len(b)) {
		err = &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	return n, err
}

// ReadFrom keeps io.Copy from going around Write.
func (f *tankFile) ReadFrom(r io.Reader) (int64, error) { return io.Copy(struct{ io.Writer }{f}, r) }

func with(change func(*uploads.Config)) testapp.Option {
	return testapp.Hooks(func(c *hooks.Config) { change(&c.Uploads) })
}

// TestFullDisk: uploads are put off, what arrived stays, everything else works.
func TestFullDisk(t *testing.T) {
	disk := &tank{}
	disk.left.Store(4000)
	w := newWorld(t, with(func(c *uploads.Config) { c.Append = disk.open }))
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")
	full := chen.patch(blob, 0, data)
	full.expect(t, http.StatusInsufficientStorage, "upload.disk_full")
	if full.header.Get("Retry-After") != "600" {
		t.Errorf("Retry-After %q", full.header.Get("Retry-After"))
	}
	if got := w.Do("rep.chen", "GET", "/api/collections/visits/records", ""); got.Code != 200 {
		t.Errorf("a list answers %d", got.Code)
	}
	if got := w.Do("rep.chen", "POST", "/api/collections/contacts/records", `{"account":"`+w.AccountOf("rep.chen").Id+`","name":"王采购"}`); got.Code != 200 {
		t.Errorf("a write answers %d %s", got.Code, got.Body)
	}
	chen.head(blob).expectOffset(t, 4000)
	disk.left.Store(1 << 30)
	chen.patch(blob, 4000, data[4000:]).expect(t, 204, "")
	w.expectState(blob, "stored")
}

// TestReserve keeps uploads from taking the last room of the database.
func TestReserve(t *testing.T) {
	var free atomic.Int64
	w := newWorld(t, with(func(c *uploads.Config) {
		c.Free = func(string) (int64, error) { return free.Load(), nil }
	}))
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	free.Store(256<<20 + int64(len(data)) - 1)
	chen.create(blob, len(data)).expect(t, http.StatusInsufficientStorage, "upload.disk_full")
	free.Add(1)
	chen.create(blob, len(data)).expect(t, 201, "")
	free.Add(-1)
	chen.patch(blob, 0, data).expect(t, http.StatusInsufficientStorage, "upload.disk_full")
	w.set("media.disk_reserve_mb", 1)
	chen.patch(blob, 0, data).expect(t, 204, "")
}
