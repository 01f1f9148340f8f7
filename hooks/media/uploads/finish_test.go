package uploads_test

import (
	"bytes"
	"errors"
	"fmt"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/media"
)

func TestGoodPhotoIsAttached(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 6)
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")
	last := chen.patch(blob, 0, data)
	last.expect(t, 204, "")
	last.expectOffset(t, len(data))
	w.work()

	row := w.row(blob)
	for name, want := range map[string]any{
		"state": "stored", "code": "", "mime": "image/jpeg", "width": 300.0, "height": 400.0, "orientation": 6.0,
		"taken_at": "2026-03-16T09:30:00+08:00", "has_gps": true, "original": blob + ".jpg",
	} {
		if got := row.Get(name); got != want {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	if got := fmt.Sprintf("%.4f %.4f", row.GetFloat("lat"), row.GetFloat("lng")); got != "31.2304 121.4737" {
		t.Errorf("place %s", got)
	}
	if got := row.GetDateTime("stored_at").Time(); !got.Equal(w.Clock.Now()) {
		t.Errorf("stored at %v", got)
	}
	if got := w.file(row, blob+".jpg"); !bytes.Equal(got, data) {
		t.Error("the original is another file")
	}
	if got := w.photos(); !slices.Equal(got, []string{blob + ".jpg"}) {
		t.Errorf("photos %v", got)
	}
	for _, c := range []struct {
		field string
		w, h  int
		raw   []byte
	}{{field: "public", w: 300, h: 400}, {field: "thumb", w: 240, h: 320}, {field: "tiny", w: 48, h: 64}} {
		c.raw = w.file(row, row.GetString(c.field))
		config, err := jpeg.DecodeConfig(bytes.NewReader(c.raw))
		if err != nil || config.Width != c.w || config.Height != c.h {
			t.Errorf("copy is %dx%d, %v", config.Width, config.Height, err)
		}
		if exif := media.ReadExif(c.raw, media.JPEG); exif != (media.Exif{Orientation: 1}) {
			t.Errorf("copy tells %+v", exif)
		}
	}
	if files := w.onDisk(); len(files) > 0 {
		t.Errorf("on disk: %v", files)
	}
}

func TestStoredBlobTakesNothingMore(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")
	chen.patch(blob, 0, data).expect(t, 204, "")

	// The phone lost the last answer.
	head := chen.head(blob)
	head.expect(t, 200, "")
	head.expectOffset(t, len(data))
	chen.patch(blob, len(data), nil).expect(t, 204, "")
	chen.patch(blob, 0, data).expect(t, 409, "blob.already_stored")
	chen.create(blob, len(data)).expect(t, 409, "blob.already_stored")
	chen.terminate(blob).expect(t, 404, "upload.not_found")
	if got := w.photos(); len(got) != 1 {
		t.Errorf("photos %v", got)
	}
}

func TestSeveralPhotosOfAStep(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	var want []string
	for seed := range uint64(3) {
		data := photo(t, seed, 1)
		blob := w.announce(data)
		want = append(want, blob+".jpg")
		chen.create(blob, len(data)).expect(t, 201, "")
		chen.patch(blob, 0, data).expect(t, 204, "")
	}
	if got := w.photos(); !slices.Equal(got, want) {
		t.Errorf("photos %v, want %v", got, want)
	}
}

func TestFailureToTakeOverLeavesNothingHalf(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")

	var broken atomic.Bool
	broken.Store(true)
	w.OnRecordUpdateExecute("blobs").BindFunc(func(e *core.RecordEvent) error {
		if broken.Load() {
			return errors.New("broken")
		}
		return e.Next()
	})
	chen.patch(blob, 0, data).expect(t, 500, "internal")
	w.expectState(blob, "pending")
	if got := w.photos(); len(got) > 0 {
		t.Errorf("photos %v", got)
	}

	broken.Store(false)
	head := chen.head(blob) // all bytes are there: this finishes it
	head.expect(t, 200, "")
	head.expectOffset(t, len(data))
	w.expectState(blob, "stored")
	if got := w.photos(); !slices.Equal(got, []string{blob + ".jpg"}) {
		t.Errorf("photos %v", got)
	}
}

func TestCreationWithUpload(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	created := chen.createWith(blob, len(data), data[:3000])
	created.expect(t, 201, "")
	created.expectOffset(t, 3000)
	// Once more, as if the answer had been lost: it starts over.
	chen.createWith(blob, len(data), data[:2000]).expectOffset(t, 2000)
	// Without bytes it goes on with what is there.
	again := chen.create(blob, len(data))
	again.expect(t, 201, "")
	again.expectOffset(t, 2000)
	chen.createWith(blob, len(data), data).expect(t, 201, "")
	w.expectState(blob, "stored")
}

func (p phone) createWith(blob string, size int, chunk []byte, headers ...string) reply {
	p.t.Helper()
	return p.send(http.MethodPost, "/api/sync/blobs", bytes.NewReader(chunk), append([]string{
		"Content-Type", "application/offset+octet-stream",
		"Upload-Length", fmt.Sprint(size), "Upload-Metadata", "blob " + base64Of(blob),
	}, headers...)...)
}

func (w *world) file(rec *core.Record, name string) []byte {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join(w.DataDir(), "storage", rec.BaseFilesPath(), name))
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}
