package uploads_test

import (
	"bytes"
	"encoding/json/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satchel/hooks/media/uploads"
)

// tusCall is one request with whatever stands in it.
type tusCall struct {
	method, id, device, version, length, offset, metadata, kind, override, checksum string
	body                                                                            []byte
}

// sendable reports whether a value can arrive at all: the server's HTTP reader
// refuses control characters in a header.
func sendable(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// FuzzTus sends uploads with arbitrary headers. Whatever comes: no fault of the
// server, a code with every refusal, no file but those of the upload, and no
// photo that is not the one announced.
func FuzzTus(f *testing.F) {
	w := newWorld(f, manually(nil))
	chen := w.phone("rep.chen", "install-chen-1")
	routes := w.Handler()
	whole := []byte("not a photo at all")
	blob := w.announce(whole)
	other := w.announce([]byte("another"))
	meta := "blob " + base64Of(blob)
	octets := "application/offset+octet-stream"

	for _, c := range []tusCall{
		{method: "POST", device: chen.device, version: "1.0.0", length: "18", metadata: meta},
		{method: "POST", device: chen.device, version: "1.0.0", length: "18", metadata: meta, kind: octets, body: whole},
		{method: "POST", device: chen.device, version: "1.0.0", length: "-1", metadata: meta + ",expires " + base64Of("2099-01-01T00:00:00Z")},
		{method: "POST", device: chen.device, version: "1.0.0", length: "99999999999999999999", metadata: "blob !!!, blob"},
		{method: "POST", device: "x", version: "0.2.2", length: "1e3", metadata: "blob " + base64Of("../"+other)},
		{method: "PATCH", id: blob, device: chen.device, version: "1.0.0", offset: "5", kind: octets, body: whole[5:]},
		{method: "PATCH", id: blob, device: chen.device, version: "1.0.0", offset: "5", kind: octets, body: []byte("not the bytes announced")},
		{method: "PATCH", id: blob, device: chen.device, version: "1.0.0", offset: "18446744073709551615", kind: "text/plain", body: whole},
		{method: "HEAD", id: blob, device: chen.device, version: "1.0.0"},
		{method: "DELETE", id: other, device: chen.device, version: "1.0.0"},
		{method: "POST", id: "../../data.db", device: chen.device, version: "1.0.0", override: "PATCH", offset: "0"},
		{method: "POST", device: chen.device, version: "1.0.0", length: "18", metadata: meta, override: "DELETE"},
		{method: "PATCH", id: blob, device: chen.device, version: "1.0.0", offset: "5", kind: octets, body: whole[5:], checksum: checksumOf("sha1", whole[5:])},
		{method: "PATCH", id: blob, device: chen.device, version: "1.0.0", offset: "5", kind: octets, body: whole[5:9], checksum: checksumOf("sha256", whole[5:])},
		{method: "PATCH", id: blob, device: chen.device, version: "1.0.0", offset: "5", kind: octets, body: whole[5:9], checksum: "md5 !!"},
		{method: "POST", device: chen.device, version: "1.0.0", length: "18", metadata: meta, kind: octets, body: whole, checksum: "sha1 AAAA"},
	} {
		f.Add(c.method, c.id, c.device, c.version, c.length, c.offset, c.metadata, c.kind, c.override, c.checksum, c.body)
	}
	f.Fuzz(func(t *testing.T, method, id, device, version, length, offset, metadata, kind, override, checksum string, body []byte) {
		for _, v := range []string{device, version, length, offset, metadata, kind, override, checksum} {
			if !sendable(v) {
				return
			}
		}
		switch method {
		case http.MethodPost, http.MethodPatch, http.MethodHead, http.MethodDelete, http.MethodOptions, http.MethodGet:
		default:
			return
		}
		w.anew(t, blob)
		if method != http.MethodPost { // five bytes of it have arrived
			first := serveTus(routes, http.MethodPost, "", whole[:5], map[string]string{
				"Authorization": chen.token, uploads.DeviceHeader: chen.device, "Tus-Resumable": "1.0.0",
				"Upload-Length": "18", "Upload-Metadata": meta, "Content-Type": octets,
			})
			if first.Code != http.StatusCreated {
				t.Fatalf("no upload to go on with: %d %s", first.Code, first.Body)
			}
		}
		out := serveTus(routes, method, id, body, map[string]string{
			"Authorization": chen.token, uploads.DeviceHeader: device, "Tus-Resumable": version, "Upload-Length": length,
			"Upload-Offset": offset, "Upload-Metadata": metadata, "Content-Type": kind, "X-HTTP-Method-Override": override, "Upload-Checksum": checksum,
		})
		checkTus(t, method, out)
		for _, path := range w.onDisk() {
			if name := strings.TrimSuffix(filepath.Base(path), ".info"); name != blob && name != other {
				t.Fatalf("%s lies among the uploads", path)
			}
		}
		w.work()
		if got := w.row(blob).GetString("state"); got != "pending" && got != "rejected" {
			t.Fatalf("what is no photo is %s", got)
		}
	})
}

func checkTus(t *testing.T, method string, out *httptest.ResponseRecorder) {
	t.Helper()
	if out.Code >= 500 && out.Code != http.StatusNotImplemented {
		t.Fatalf("the server's fault: %d %s", out.Code, out.Body)
	}
	if out.Code < 400 || method == http.MethodHead {
		return
	}
	var answer struct {
		Message string `json:"message"`
		Data    struct {
			Code string `json:"code"`
		} `json:"data"`
	}
	if err := json.Unmarshal(out.Body.Bytes(), &answer); err != nil || answer.Message == "" {
		t.Fatalf("an error in another shape: %d %q", out.Code, out.Body)
	}
	if answer.Data.Code == "" && out.Code != http.StatusNotFound { // PocketBase's own for a route that is not there
		t.Fatalf("an error without a code: %d %s", out.Code, out.Body)
	}
}

// serveTus serves one request; a header without a value is left out.
func serveTus(routes http.Handler, method, id string, body []byte, headers map[string]string) *httptest.ResponseRecorder {
	path := uploads.Path
	if id != "" {
		path += "/" + url.PathEscape(id)
	}
	req := httptest.NewRequest(method, path, bytes.NewReader(body))
	for name, value := range headers {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	out := httptest.NewRecorder()
	routes.ServeHTTP(out, req)
	return out
}

// anew puts the blob back to where nothing of it has arrived.
func (w *world) anew(t *testing.T, blob string) {
	t.Helper()
	w.t = t
	for _, path := range w.onDisk() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	row := w.row(blob)
	if row.GetString("state") == "pending" {
		return
	}
	row.Set("state", "pending")
	row.Set("code", "")
	row.Set("original", "")
	if err := w.UnsafeWithoutHooks().Save(row); err != nil {
		t.Fatal(err)
	}
}
