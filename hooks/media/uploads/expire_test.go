package uploads_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/media/uploads"
)

func TestExpiredUpload(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	want := w.Clock.Now().Add(48 * time.Hour)
	for _, got := range []reply{chen.create(blob, len(data)), chen.patch(blob, 0, data[:100]), chen.head(blob), chen.create(blob, len(data))} {
		if at, err := http.ParseTime(got.header.Get("Upload-Expires")); err != nil || !at.Equal(want) {
			t.Errorf("expires %v, want %v, %v", at, want, err)
		}
	}

	w.Clock.Advance(48*time.Hour - time.Second)
	chen.head(blob).expectOffset(t, 100)
	w.Clock.Advance(time.Second)
	chen.patch(blob, 100, data[100:]).expect(t, 410, "upload.expired")
	if files := w.onDisk(); len(files) > 0 {
		t.Errorf("on disk: %v", files)
	}
	chen.head(blob).expect(t, 404, "")

	chen.create(blob, len(data)).expect(t, 201, "")
	chen.patch(blob, 0, data).expect(t, 204, "")
	w.expectState(blob, "stored")
}

func TestTerminate(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.terminate(blob).expect(t, 404, "upload.not_found")
	chen.create(blob, len(data)).expect(t, 201, "")
	chen.patch(blob, 0, data[:100]).expect(t, 204, "")
	chen.terminate(blob).expect(t, 204, "")
	if files := w.onDisk(); len(files) > 0 {
		t.Errorf("on disk: %v", files)
	}
	chen.head(blob).expect(t, 404, "")
	w.expectState(blob, "pending")
	chen.create(blob, len(data)).expect(t, 201, "")
	chen.head(blob).expectOffset(t, 0)
}

func TestSweep(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	var blobs []string
	start := func() string {
		data := photo(t, uint64(len(blobs)), 1)
		blob := w.announce(data)
		chen.create(blob, len(data)).expect(t, 201, "")
		chen.patch(blob, 0, data[:100]).expect(t, 204, "")
		blobs = append(blobs, blob)
		return blob
	}
	expired := start()
	w.Clock.Advance(time.Hour)
	settled, fresh := start(), start()

	row := w.row(settled) // as if the server had died before it removed the files
	row.Set("state", "stored")
	if err := w.SaveWithContext(asServer(t), row); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(w.DataDir(), "uploads")
	now := w.Clock.Now().Add(47 * time.Hour)
	for name, age := range map[string]time.Duration{"oldorphan": 49 * time.Hour, "neworphan": time.Hour} {
		path := filepath.Join(dir, name)
		write(t, path, []byte("bytes without a description"))
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}

	service := uploads.New(core.NewBaseApp(core.BaseAppConfig{DataDir: w.DataDir()}), uploads.Config{Now: w.Clock.Now})
	if err := service.Sweep(t.Context(), w.App, now); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{expired: false, settled: false, fresh: true, "oldorphan": false, "neworphan": true} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s: %v, want there %t", name, err, want)
		}
	}
}

func TestSweepOfNothing(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	if err := uploads.New(app, uploads.Config{}).Sweep(t.Context(), app, time.Time{}); err != nil {
		t.Error(err)
	}
}
