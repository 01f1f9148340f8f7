package uploads_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"satchel/internal/testapp"
)

// TestS3: originals and copies go to the object store, bytes on their way lie on
// the local disk, and what is there is durable. The store may be away meanwhile.
func TestS3(t *testing.T) {
	w := newWorld(t, manually(nil))
	objects := testapp.FilesInObjects(t, w.App)
	chen := w.phone("rep.chen", "install-chen-1")
	small, large := photo(t, 1, 1), append(photo(t, 2, 1), make([]byte, 6<<20)...)
	objects.Break(true)
	blobs := []string{w.announce(small), w.announce(large)}
	chen.upload(blobs[0], small).expect(t, 204, "")
	chen.upload(blobs[1], large).expect(t, 204, "")
	w.expectState(blobs[0], "received")
	if files := w.onDisk(); len(files) != 4 {
		t.Errorf("on disk: %v", files)
	}

	objects.Break(false)
	w.Clock.Advance(time.Minute)
	for _, blob := range blobs {
		w.expectState(blob, "durable")
		row := w.row(blob)
		for _, field := range []string{"original", "public", "thumb", "tiny"} {
			if key := row.BaseFilesPath() + "/" + row.GetString(field); !strings.Contains(strings.Join(objects.Keys(), "\n"), key) {
				t.Errorf("no object %s", key)
			}
		}
		if _, err := os.Stat(filepath.Join(w.DataDir(), "storage", row.BaseFilesPath())); err == nil {
			t.Error("files lie in the local storage too")
		}
	}
	if files := w.onDisk(); len(files) > 0 {
		t.Errorf("on disk: %v", files)
	}

	// Developed again from the object.
	row := w.row(blobs[1])
	row.Set("state", "received")
	if err := w.SaveWithContext(asServer(t), row); err != nil {
		t.Fatal(err)
	}
	w.expectState(blobs[1], "durable")
}
