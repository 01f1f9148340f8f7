package uploads_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"satchel/hooks/media/uploads"
)

// TestAnUploadThroughAnOldProxy that knows GET and POST only, from a client that
// adds a charset to every type.
func TestAnUploadThroughAnOldProxy(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	path := uploads.Path + "/" + blob
	post := func(method string, body []byte, headers ...string) reply {
		return chen.send(http.MethodPost, path, bytes.NewReader(body), append([]string{"X-HTTP-Method-Override", method}, headers...)...)
	}
	kind := []string{"Content-Type", "application/offset+octet-stream; charset=utf-8"}
	chen.create(blob, len(data)).expect(t, 201, "")
	post("PATCH", data[:10], append(kind, "Upload-Offset", "0")...).expect(t, 204, "")
	post("patch", data[10:20], append(kind, "Upload-Offset", "10")...).expect(t, 204, "")
	post("PUT", data, kind...).expect(t, 404, "upload.not_found")
	chen.send(http.MethodPost, path, bytes.NewReader(data), kind...).expect(t, 404, "upload.not_found")
	chen.head(blob).expectOffset(t, 20)
	post("DELETE", nil).expect(t, 204, "")
	chen.head(blob).expect(t, 404, "")
	chen.create(blob, len(data)).expect(t, 201, "")
	chen.send(http.MethodPatch, path, bytes.NewReader(data), "Upload-Offset", "0", "Content-Type", "Application/Offset+Octet-Stream;charset=\"utf-8\"").expect(t, 204, "")
	chen.head(blob).expectOffset(t, len(data))
}

// TestPagesOfOtherOriginsMayReadWhatTheyNeed of uploads as of all else.
func TestPagesOfOtherOriginsMayReadWhatTheyNeed(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{uploads.Path, "/api/sync/pull", "/api/sync/push", "/api/sync/hello", "/api/ka/blobs/sign", "/api/collections/visits/records"} {
		for _, method := range []string{http.MethodPost, http.MethodOptions} {
			r, err := http.NewRequestWithContext(t.Context(), method, w.url+path, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", "https://elsewhere.test")
			r.Header.Set("Access-Control-Request-Method", "POST")
			got, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			got.Body.Close()
			for _, header := range []string{"ETag", "Content-Location", "Retry-After", "Date", "Upload-Offset", "Tus-Resumable"} {
				if !strings.Contains(got.Header.Get("Access-Control-Expose-Headers"), header) {
					t.Errorf("%s %s does not expose %s", method, path, header)
				}
			}
		}
	}
}
