package files_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"satchel/internal/testapp"
)

const day = 24 * time.Hour

func (a *album) retain(at time.Time) int {
	a.t.Helper()
	n, err := a.Bound.Blobs.Retain(a.t.Context(), a.App, at)
	if err != nil {
		a.t.Fatal(err)
	}
	if err := a.Bound.Sync.Fold(a.App); err != nil {
		a.t.Fatal(err)
	}
	return n
}

// TestRetention by purpose: the row stays and says when and why.
func TestRetention(t *testing.T) {
	a := newAlbum(t)
	now := a.Clock.Now()
	address := a.sign("manager.wu", "thumb", a.photo.Id).URLs[a.photo.Id]
	if n := a.retain(now.AddDate(50, 0, 0)); n != 0 {
		t.Errorf("%d went without a setting", n)
	}
	a.make("settings", map[string]any{"key": "media.keep_days", "value": map[string]any{"visit_photo": 730, "rejected": 10}})
	if n := a.retain(now.AddDate(0, 0, 730)); n != 0 {
		t.Errorf("%d went before their time", n)
	}
	expect(t, "before", a.get(address), 200, "")
	end := now.AddDate(0, 0, 730).Add(time.Second)
	if n := a.retain(end); n != 1 {
		t.Errorf("%d went", n)
	}
	row := a.row(a.photo.Id)
	if row.GetString("original")+row.GetString("public")+row.GetString("thumb")+row.GetString("tiny") != "" ||
		row.GetString("bytes_removed_why") != "retention" || row.GetDateTime("bytes_removed_at").IsZero() ||
		row.GetString("sha256") == "" || row.GetString("taken_at") == "" || row.GetString("state") != "stored" {
		t.Errorf("%v", row.PublicExport())
	}
	if left := a.files(row.BaseFilesPath()); len(left) > 0 {
		t.Errorf("in the storage: %v", left)
	}
	expect(t, "after", a.get(address), 410, "blob.bytes_removed")
	fresh := a.sign("auditor.jin", "original", a.photo.Id).URLs[a.photo.Id]
	expect(t, "a new address", a.get(fresh), 410, "blob.bytes_removed")
	expect(t, "the receipt", a.get(a.sign("finance.zhao", "public", a.receipt.Id).URLs[a.receipt.Id]), 200, "")
	if n := a.retain(end); n != 0 {
		t.Errorf("%d went twice", n)
	}
}

func (a *album) files(dir string) []string {
	a.t.Helper()
	files, err := filepath.Glob(filepath.Join(a.DataDir(), "storage", dir, "*"))
	if err != nil {
		a.t.Fatal(err)
	}
	return files
}

// TestHold keeps the bytes; auditors put it on and take it off, with a reason.
func TestHold(t *testing.T) {
	a := newAlbum(t)
	a.make("settings", map[string]any{"key": "media.keep_days", "value": map[string]any{"visit_photo": 1}})
	late := a.Clock.Now().Add(3 * day)
	path := "/api/ka/blobs/" + a.photo.Id
	expect(t, "a manager", a.Do("manager.wu", "POST", path+"/hold", `{"reason":"x"}`), 400, "record.not_allowed")
	expect(t, "no reason", a.Do("auditor.jin", "POST", path+"/hold", `{"reason":" "}`), 400, "blob.hold_reason")
	expect(t, "a hold", a.Do("auditor.jin", "POST", path+"/hold", `{"reason":"稽核案件 2026-7"}`), 200, "")
	row := a.row(a.photo.Id)
	if row.GetString("hold_reason") != "稽核案件 2026-7" || row.GetString("hold_by") != a.As("auditor.jin").Id || row.GetDateTime("hold_at").IsZero() {
		t.Errorf("%v", row.PublicExport())
	}
	if n := a.retain(late); n != 0 {
		t.Errorf("%d went under a hold", n)
	}
	expect(t, "a rep", a.Do("rep.chen", "POST", path+"/release", ``), 400, "record.not_allowed")
	expect(t, "an admin", a.Do("admin.fang", "POST", path+"/release", ``), 200, "")
	if n := a.retain(late); n != 1 {
		t.Errorf("%d went after the hold", n)
	}
	expect(t, "too late", a.Do("auditor.jin", "POST", path+"/hold", `{"reason":"x"}`), 400, "blob.bytes_removed")
}

// TestRejectedGo after their own time, which has a default.
func TestRejectedGo(t *testing.T) {
	a := newAlbum(t)
	bad := a.blob("receipt", "image/jpeg", []byte("no receipt"), nil)
	a.develop()
	now := a.Clock.Now()
	if n := a.retain(now.Add(30 * day)); n != 0 {
		t.Errorf("%d went early", n)
	}
	if n := a.retain(now.Add(30*day + time.Second)); n != 1 {
		t.Errorf("%d went", n)
	}
	if row := a.row(bad.Id); row.GetString("bytes_removed_why") != "rejected" || row.GetString("state") != "rejected" || row.GetString("code") == "" {
		t.Errorf("%v", row.PublicExport())
	}
}

// TestServerDiesBetweenRowAndFiles: the next run removes what stayed behind.
func TestServerDiesBetweenRowAndFiles(t *testing.T) {
	a := newAlbum(t)
	dir := filepath.Join(a.DataDir(), "storage", a.photo.BaseFilesPath())
	_, err := a.DB().NewQuery("UPDATE blobs SET original = '', public = '', thumb = '', tiny = '', bytes_removed_at = '" +
		a.Clock.Now().UTC().Format("2006-01-02 15:04:05.000Z") + "' WHERE id = '" + a.photo.Id + "'").Execute()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	a.retain(a.Clock.Now().Add(day))
	if left := a.files(a.photo.BaseFilesPath()); len(left) > 0 {
		t.Errorf("in the storage: %v", left)
	}
}

// TestRetentionInS3 and serving from there.
func TestRetentionInS3(t *testing.T) {
	var objects *testapp.Objects
	a := newAlbum(t, func(app *testapp.App) { objects = testapp.FilesInObjects(t, app) })
	if a.photo.GetString("state") != "durable" {
		t.Fatalf("state %s", a.photo.GetString("state"))
	}
	original := a.sign("auditor.jin", "original", a.photo.Id).URLs[a.photo.Id]
	if got := a.get(original, "Range", "bytes=5-9"); got.Code != 206 || got.Body.String() != string(a.jpeg[5:10]) {
		t.Errorf("a range: %d %q", got.Code, got.Body)
	}
	a.make("settings", map[string]any{"key": "media.keep_days", "value": map[string]any{"visit_photo": 1}})
	if n := a.retain(a.Clock.Now().Add(2 * day)); n != 1 {
		t.Errorf("%d went", n)
	}
	for _, key := range objects.Keys() {
		if strings.Contains(key, a.photo.Id) {
			t.Errorf("%s is left", key)
		}
	}
	expect(t, "after", a.get(original), 410, "blob.bytes_removed")
}
