package phone_test

import (
	"math/rand/v2"
	"testing"

	"satchel/internal/demo"
	"satchel/internal/phone"
	"satchel/internal/testapp"
)

// TestAPhotoOf12MBThroughThirtyCuts goes on each time from what the server has:
// no more than what was under way is sent twice, and it arrives byte for byte.
func TestAPhotoOf12MBThroughThirtyCuts(t *testing.T) {
	app := testapp.New(t)
	rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
	rep.sync(t, app)
	account, err := rep.Find("accounts", phone.Row{"owner": app.As("rep.chen").Id})
	do(t, err)
	at := phone.Place{Lat: account.Number("lat"), Lng: account.Number("lng"), AccM: 12}
	visit, err := rep.StartVisit(account.Text("id"), "新品陈列")
	do(t, err, rep.CheckIn(visit, at))
	step, err := rep.AddStep(visit, "shelf", "photo", nil)
	do(t, err)
	photo := large(demo.PhotoOf(800, 600, 3, app.Clock.Now(), at.Lat, at.Lng), 12<<20)
	blob, err := rep.AddPhoto(step, photo, phone.Camera)
	do(t, err)
	if _, err := rep.Push(t.Context()); err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(30, 12))
	for cut := range 30 {
		rep.network.CutAfter(1 + dice.Int64N(600_000))
		if _, err := rep.Upload(t.Context()); err == nil {
			t.Fatalf("cut %d did not break the line", cut+1)
		}
		rep.network.SetOffline(false)
	}
	rep.sync(t, app)
	do(t, app.Bound.Uploads.Work(t.Context(), app))
	arrived, err := app.FindRecordById("blobs", blob)
	if err != nil || arrived.GetString("state") != "stored" || arrived.GetInt("size") != len(photo) {
		t.Errorf("%v, %v", arrived, err)
	}
	if v, err := app.FindRecordById("visits", visit); err != nil || v.GetInt("photos_missing") != 0 {
		t.Errorf("%v, %v", v, err)
	}
}

// large makes a JPEG of so many bytes, with comments that no decoder shows.
func large(photo []byte, size int) []byte {
	out := append([]byte{}, photo[:2]...)
	for missing := size - len(photo); missing > 4; {
		n := min(missing, 65_000)
		out = append(out, 0xff, 0xfe, byte((n-2)>>8), byte(n-2))
		out = append(out, make([]byte, n-4)...)
		missing -= n
	}
	return append(out, photo[2:]...)
}
