package phone_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/phone"
	"satchel/internal/testapp"
)

// TestPhotoOfARefusedRowDelaysNothing: the account went to a colleague before
// the visit was handed in, so the photo has no row on the server. The phone
// keeps it and still gets its pull.
func TestPhotoOfARefusedRowDelaysNothing(t *testing.T) {
	app := testapp.New(t)
	rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
	rep.sync(t, app)
	visit, _ := rep.visitOffline(t, app)
	row, err := rep.Get("visits", visit)
	do(t, err)
	account, err := app.FindRecordById("accounts", row.Text("account"))
	do(t, err)
	account.Set("owner", app.As("rep.he").Id)
	do(t, app.Save(account))
	do(t, app.Bound.Sync.Fold(app))
	app.Clock.Advance(8 * 24 * time.Hour) // longer than what comes late is taken
	r := rep.sync(t, app)
	left, err := rep.PhotosLeft()
	do(t, err)
	if r.Pushed.Rejected == 0 || r.Photos != 0 || r.Pulled.Leaves == 0 || left != 1 {
		t.Errorf("%+v, %d photos are kept", r, left)
	}
}

// TestBytesGoWhenTheRowSaysSo: not when they were sent, and not when they are
// stored, unless the company's setting is content with that.
func TestBytesGoWhenTheRowSaysSo(t *testing.T) {
	for setting, gone := range map[string]string{"": "durable", "durable": "durable", "stored": "stored"} {
		t.Run(setting, func(t *testing.T) {
			app := testapp.New(t, undeveloped)
			if setting != "" {
				put(t, app, "media.keep_until", setting)
			}
			rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
			rep.sync(t, app)
			rep.visitOffline(t, app)
			rep.sync(t, app)
			blob, photo := rep.photo(t)
			if photo.State != "sent" || photo.Bytes == 0 {
				t.Fatalf("after it was sent: %+v", photo)
			}
			do(t, app.Bound.Uploads.Work(t.Context(), app))
			for _, state := range []string{"stored", "durable"} {
				_, err := app.DB().NewQuery("UPDATE blobs SET state = '" + state + "' WHERE id = '" + blob + "'").Execute()
				do(t, err, app.Bound.Sync.Fold(app))
				rep.sync(t, app)
				row, err := rep.Get("blobs", blob)
				do(t, err)
				if row.Text("state") != state || row.Text("source") != phone.Camera {
					t.Fatalf("the phone shows %v", row)
				}
				_, photo = rep.photo(t)
				if want := state == gone || gone == "stored"; (photo.Bytes == 0) != want {
					t.Errorf("%s: %d bytes are left", state, photo.Bytes)
				}
			}
		})
	}
}

// TestRefusedPhotoIsKept, with the code by which it was refused.
func TestRefusedPhotoIsKept(t *testing.T) {
	app := testapp.New(t, undeveloped)
	rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
	rep.sync(t, app)
	rep.visitOffline(t, app)
	_, err := rep.Push(t.Context())
	do(t, err)
	blob, _ := rep.photo(t)
	_, err = app.DB().NewQuery("UPDATE blobs SET state = 'rejected', code = 'blob.damaged' WHERE id = '" + blob + "'").Execute()
	do(t, err, app.Bound.Sync.Fold(app))
	rep.sync(t, app)
	if _, photo := rep.photo(t); photo.State != "refused" || photo.Code != "blob.damaged" || photo.Bytes == 0 {
		t.Errorf("%+v", photo)
	}
}

// TestPhotosThatArePutOff hold up nothing else.
func TestPhotosThatArePutOff(t *testing.T) {
	app := testapp.New(t)
	put(t, app, "media.device_daily_bytes", 1_000_000_000)
	put(t, app, "media.device_daily_count", 1)
	rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
	rep.sync(t, app)
	rep.visitOffline(t, app)
	rep.visitOffline(t, app)
	r := rep.sync(t, app)
	if r.Photos != 1 || r.Waits != "upload.quota" || r.Pushed.Applied == 0 || r.Pulled.Puts == 0 {
		t.Errorf("%+v", r)
	}
	app.Clock.Advance(24 * time.Hour)
	if r = rep.sync(t, app); r.Photos != 1 || r.Waits != "" {
		t.Errorf("the next day: %+v", r)
	}
}

// undeveloped leaves the queue of photos to the test.
var undeveloped = testapp.Hooks(func(c *hooks.Config) { c.Uploads.Manual = true })

// photo is the phone's only photo.
func (h hand) photo(t *testing.T) (blob string, state phone.PhotoState) {
	t.Helper()
	all, err := h.PhotoStates()
	do(t, err)
	if len(all) != 1 {
		t.Fatalf("%d photos", len(all))
	}
	for blob, state = range all {
	}
	return blob, state
}

func put(t *testing.T, app *testapp.App, key string, value any) {
	t.Helper()
	coll, err := app.FindCollectionByNameOrId("settings")
	do(t, err)
	record := core.NewRecord(coll)
	record.Load(map[string]any{"key": key, "value": value})
	do(t, app.Save(record), app.Bound.Sync.Fold(app))
}
