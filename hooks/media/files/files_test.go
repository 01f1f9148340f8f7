package files_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func replace(s, old, with string) string { return strings.Replace(s, old, with, 1) }

// file asks PocketBase's own route with a file token.
func (a *album) file(name string, r *core.Record, field, more string) *httptest.ResponseRecorder {
	a.t.Helper()
	token, err := a.As(name).NewFileToken()
	if err != nil {
		a.t.Fatal(err)
	}
	return a.get("/api/files/blobs/" + r.Id + "/" + r.GetString(field) + "?token=" + token + more)
}

// TestFrameworksRoute obeys the view rule, gives no originals away, and no preview
// of what was refused.
func TestFrameworksRoute(t *testing.T) {
	a := newAlbum(t)
	for name, want := range map[string]int{"manager.wu": 200, "rep.he": 404, "auditor.jin": 200} {
		if got := a.file(name, a.photo, "public", "").Code; got != want {
			t.Errorf("%s gets %d for the public copy, want %d", name, got, want)
		}
	}
	for name, want := range map[string]int{"rep.chen": 404, "manager.wu": 404, "auditor.jin": 200, "admin.fang": 200} {
		if got := a.file(name, a.photo, "original", "").Code; got != want {
			t.Errorf("%s gets %d for the original, want %d", name, got, want)
		}
	}
	if got := a.get("/api/files/blobs/" + a.photo.Id + "/" + a.photo.GetString("public")); got.Code != 404 {
		t.Errorf("without a token: %d", got.Code)
	}

	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8000, 8000))); err != nil { // too many pixels
		t.Fatal(err)
	}
	bomb := a.blob("receipt", "image/png", picture.Bytes(), nil)
	a.develop()
	if bomb = a.row(bomb.Id); bomb.GetString("state") != "rejected" {
		t.Fatalf("the bomb is %s", bomb.GetString("state"))
	}
	for _, collection := range []string{"blobs", bomb.Collection().Id} {
		got := a.get("/api/files/" + collection + "/" + bomb.Id + "/" + bomb.GetString("original") + "?thumb=100x100&token=" + a.fileToken("auditor.jin"))
		if got.Code != 422 || !strings.Contains(got.Body.String(), "blob.too_many_pixels") {
			t.Errorf("a preview of %s: %d %s", collection, got.Code, got.Body)
		}
	}
	for name, want := range map[string]int{"rep.chen": 404, "auditor.jin": 200} {
		if got := a.file(name, a.photo, "original", "&thumb=100x100"); got.Code != want {
			t.Errorf("%s gets %d for a preview of the original, want %d", name, got.Code, want)
		}
	}
	if thumb := a.get("/api/files/blobs/" + a.photo.Id + "/" + a.photo.GetString("public") + "?thumb=100x100"); thumb.Code != 404 {
		t.Errorf("without a token: %d", thumb.Code)
	}
}

func (a *album) fileToken(name string) string {
	a.t.Helper()
	token, err := a.As(name).NewFileToken()
	if err != nil {
		a.t.Fatal(err)
	}
	return token
}

// TestRejectedBytes are for auditors, as what they are.
func TestRejectedBytes(t *testing.T) {
	a := newAlbum(t)
	page := a.blob("receipt", "image/jpeg", []byte("<html><script>alert(1)</script>"), nil)
	a.develop()
	got := a.get(a.sign("auditor.jin", "original", page.Id).URLs[page.Id])
	if h := got.Header(); got.Code != 200 || h.Get("Content-Type") == "text/html" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", got.Code, h)
	}
	if urls := a.sign("rep.chen", "public", page.Id).URLs; len(urls) != 0 {
		t.Errorf("%v", urls)
	}
}
