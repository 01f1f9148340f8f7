package phone_test

import (
	"testing"
	"time"

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
