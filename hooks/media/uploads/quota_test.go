package uploads_test

import (
	"strconv"
	"testing"
	"time"
)

// TestQuotaOfADevice: by count and by bytes, told with when it frees.
func TestQuotaOfADevice(t *testing.T) {
	w := newWorld(t)
	w.set("media.device_daily_count", 2)
	chen := w.phone("rep.chen", "install-chen-1")
	var blobs []string
	data := photo(t, 1, 1)
	for range 3 {
		blobs = append(blobs, w.announce(data))
	}
	chen.create(blobs[0], len(data)).expect(t, 201, "")
	chen.create(blobs[0], len(data)).expect(t, 201, "") // goes on with the same
	chen.upload(blobs[1], data).expect(t, 204, "")

	refused := chen.create(blobs[2], len(data))
	refused.expect(t, 429, "upload.quota")
	frees, err := time.Parse(time.RFC3339, refused.params["frees"].(string))
	if err != nil || frees.Sub(w.Clock.Now()) <= 0 || frees.Sub(w.Clock.Now()) > 24*time.Hour {
		t.Errorf("frees at %v, %v", refused.params, err)
	}
	if wait := refused.header.Get("Retry-After"); wait != strconv.Itoa(int(frees.Sub(w.Clock.Now()).Seconds())) {
		t.Errorf("Retry-After %s, frees %v", wait, frees)
	}
	chen.patch(blobs[0], 0, data).expect(t, 204, "") // what was begun goes on
	w.phone("rep.chen", "install-chen-2").create(blobs[2], len(data)).expect(t, 201, "")

	w.Clock.Advance(frees.Sub(w.Clock.Now()))
	chen.upload(w.announce(data), data).expect(t, 204, "")
}

func TestQuotaOfBytes(t *testing.T) {
	w := newWorld(t)
	data := photo(t, 1, 1)
	w.set("media.device_daily_bytes", len(data)*3/2)
	chen := w.phone("rep.chen", "install-chen-1")
	chen.create(w.announce(data), len(data)).expect(t, 201, "")
	chen.create(w.announce(data), len(data)).expect(t, 429, "upload.quota")
	large := make([]byte, len(data)*2)
	chen.create(w.announce(large), len(large)).expect(t, 413, "blob.too_large")
}

// TestSizesByPurpose: the setting names some, the others keep theirs.
func TestSizesByPurpose(t *testing.T) {
	w := newWorld(t)
	w.set("media.max_bytes", map[string]any{"visit_photo": 1000})
	chen := w.phone("rep.chen", "install-chen-1")
	data := make([]byte, 1001)
	refused := chen.create(w.announce(data), len(data))
	refused.expect(t, 413, "blob.too_large")
	if refused.params["limit"] != 1000.0 {
		t.Errorf("params %v", refused.params)
	}
	chen.create(w.announceAs("receipt", data), len(data)).expect(t, 201, "")
}
