package phone_test

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"satchel/internal/demo"
	"satchel/internal/phone"
	"satchel/internal/testapp"
)

// hand is a phone in a test: its network in reach.
type hand struct {
	*phone.Phone
	network *phone.Network
}

func pick(t *testing.T, app *testapp.App, server, name string, seed uint64) hand {
	t.Helper()
	store, err := phone.OpenStore("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	network := &phone.Network{Next: http.DefaultTransport}
	p := phone.New(phone.Config{
		Server: server, Transport: network, Now: app.Clock.Now, Rand: rand.New(rand.NewPCG(seed, 7)), Platform: "test", App: "test",
	}, store)
	if err := p.Login(t.Context(), demo.Email(name), demo.Password); err != nil {
		t.Fatal(err)
	}
	return hand{p, network}
}

func (h hand) sync(t *testing.T, app *testapp.App) phone.Report {
	t.Helper()
	if err := app.Bound.Sync.Fold(app); err != nil {
		t.Fatal(err)
	}
	r, err := h.Sync(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func do(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// visitOffline does a whole visit with one photo and an order of two lines.
func (h hand) visitOffline(t *testing.T, app *testapp.App) (visit, order string) {
	t.Helper()
	account, err := h.Find("accounts", phone.Row{"owner": app.As("rep.chen").Id})
	do(t, err)
	at := phone.Place{Lat: account.Number("lat"), Lng: account.Number("lng"), AccM: 12}
	visit, err = h.StartVisit(account.Text("id"), "新品陈列")
	do(t, err, h.CheckIn(visit, at))
	step, err := h.AddStep(visit, "shelf", "photo", nil)
	do(t, err)
	_, err = h.AddPhoto(step, demo.PhotoOf(800, 600, 3, app.Clock.Now(), at.Lat, at.Lng), phone.Camera)
	do(t, err)
	list, err := h.Find("price_lists", phone.Row{"scope": "default"})
	do(t, err)
	items, err := h.List("price_items")
	do(t, err)
	var lines []phone.OrderLine
	for _, it := range items {
		if it.Text("list") == list.Text("id") && it.Number("min_qty_milli") == 0 && len(lines) < 2 {
			lines = append(lines, phone.OrderLine{Product: it.Text("product"), QtyMilli: 24_000})
		}
	}
	order, err = h.NewOrder(account.Text("id"), visit, list.Text("id"), lines)
	do(t, err, h.SubmitOrder(order, nil))
	app.Clock.Advance(30 * time.Minute)
	do(t, h.CheckOut(visit, at), h.Report(visit, "客户同意增加两个排面", "需要试吃台"))
	return visit, order
}

func TestVisitWithoutNetworkArrivesWhole(t *testing.T) {
	app := testapp.New(t)
	rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
	if r := rep.sync(t, app); r.Pulled.Puts == 0 {
		t.Fatal("the first sync brought nothing")
	}
	rep.network.SetOffline(true)
	visit, order := rep.visitOffline(t, app)
	if _, err := rep.Sync(t.Context()); !errors.Is(err, phone.ErrOffline) {
		t.Fatalf("a sync without a network: %v", err)
	}
	shown, err := rep.Get("visits", visit)
	do(t, err)
	if shown.Text("state") != "reported" {
		t.Errorf("offline the phone shows %v", shown)
	}
	rep.network.SetOffline(false)
	r := rep.sync(t, app)
	if r.Pushed.Rejected != 0 || r.Photos != 1 {
		verdicts, _ := rep.Verdicts()
		t.Fatalf("%+v %+v", r, verdicts)
	}
	stored, err := app.FindRecordById("visits", visit)
	do(t, err)
	if stored.GetString("state") != "reported" || stored.GetString("in_result") != "inside" || stored.GetInt("dwell_s") != 1800 || stored.GetInt("photos_missing") != 0 {
		t.Errorf("the server holds %v", stored)
	}
	priced, err := app.FindRecordById("orders", order)
	do(t, err)
	if priced.GetString("state") != "approved" || priced.GetInt("total_fen") == 0 || priced.GetInt("total_fen") != priced.GetInt("lines_fen")+priced.GetInt("tax_fen") {
		t.Errorf("the server holds %v", priced)
	}
	if n, err := rep.PhotosLeft(); err != nil || n != 0 {
		t.Errorf("%d photos left, %v", n, err)
	}
	manager := pick(t, app, app.Server(t).URL, "manager.wu", 2)
	manager.sync(t, app)
	if seen, err := manager.Get("visits", visit); err != nil || seen.Text("state") != "reported" {
		t.Errorf("the manager sees %v, %v", seen, err)
	}
}

// TestLostAnswerIsReplayedOnce: the server takes the push, the phone never
// hears of it and sends it again.
func TestLostAnswerIsReplayedOnce(t *testing.T) {
	app := testapp.New(t)
	rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
	rep.sync(t, app)
	visit, _ := rep.visitOffline(t, app)
	rep.network.LoseAnswer()
	if _, err := rep.Push(t.Context()); err == nil {
		t.Fatal("the answer was not lost")
	}
	before, err := app.CountRecords("visit_steps")
	do(t, err)
	if n, err := rep.Pending(); err != nil || n == 0 {
		t.Fatalf("%d pending, %v", n, err)
	}
	rep.sync(t, app)
	if after, err := app.CountRecords("visit_steps"); err != nil || after != before {
		t.Errorf("%d steps became %d", before, after)
	}
	if stored, err := app.FindRecordById("visits", visit); err != nil || stored.GetString("state") != "reported" {
		t.Errorf("%v, %v", stored, err)
	}
}

func TestPhotoGoesOnAfterACut(t *testing.T) {
	app := testapp.New(t)
	rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
	rep.sync(t, app)
	visit, _ := rep.visitOffline(t, app)
	if _, err := rep.Push(t.Context()); err != nil {
		t.Fatal(err)
	}
	rep.network.CutAfter(20_000)
	if _, err := rep.Upload(t.Context()); err == nil {
		t.Fatal("the line did not break")
	}
	if stored, err := app.FindRecordById("visits", visit); err != nil || stored.GetInt("photos_missing") != 1 {
		t.Errorf("after the cut: %v, %v", stored, err)
	}
	rep.network.SetOffline(false)
	rep.sync(t, app)
	if stored, err := app.FindRecordById("visits", visit); err != nil || stored.GetInt("photos_missing") != 0 {
		t.Errorf("after the resume: %v, %v", stored, err)
	}
}

func TestRevokedPhoneWipesItself(t *testing.T) {
	app := testapp.New(t)
	rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
	rep.sync(t, app)
	device, err := rep.Device()
	do(t, err)
	record, err := app.FindRecordById("sync_devices", device)
	do(t, err)
	record.Set("revoked", true)
	do(t, app.Save(record))
	if _, err := rep.Sync(t.Context()); !errors.Is(err, phone.ErrWiped) {
		t.Fatalf("%v", err)
	}
	if rows, err := rep.List("accounts"); err != nil || len(rows) != 0 {
		t.Errorf("%d accounts are left, %v", len(rows), err)
	}
}

// TestRejectionStaysReadable: what the server refuses leaves the overlay and is kept.
func TestRejectionStaysReadable(t *testing.T) {
	app := testapp.New(t)
	rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
	rep.sync(t, app)
	account := app.AccountOf("rep.chen")
	do(t, rep.Update("accounts", account.Id, phone.Row{"tier": "C"}))
	rep.sync(t, app)
	shown, err := rep.Get("accounts", account.Id)
	do(t, err)
	if shown.Text("tier") != account.GetString("tier") {
		t.Errorf("the phone still shows %v", shown)
	}
	verdicts, err := rep.Verdicts()
	do(t, err)
	if len(verdicts) != 1 || verdicts[0].Result.Code != "account.field_locked" || string(verdicts[0].Mutation.Set["tier"]) != `"C"` {
		t.Errorf("%+v", verdicts)
	}
}

func TestScript(t *testing.T) {
	app := testapp.New(t)
	rep := pick(t, app, app.Server(t).URL, "rep.chen", 1)
	rep.sync(t, app)
	account := app.AccountOf("rep.chen")
	var out strings.Builder
	good := "# a short day\noffline\nvisit " + account.Id + "\ncheckin 31.2 121.4 10\nreport done\nonline\nsync\nissues\n"
	do(t, phone.Run(t.Context(), rep.Phone, rep.network, strings.NewReader(good), &out))
	if !strings.Contains(out.String(), "2 applied, 0 merged, 1 rejected") || !strings.Contains(out.String(), "visit.state") {
		t.Errorf("the script says\n%s", out.String())
	}
	for script, want := range map[string]string{
		"sync\nfly\n":             "line 2: there is no line \"fly\"",
		"checkin 1\n":             "line 1: checkin: a place is LAT LNG ACC, or here",
		"visit nowhere\n":         "line 1: visit: no such record",
		"expect accounts 99999\n": "line 1: expect: the phone shows",
		"set accounts x name=y\n": "line 1: set: no such record",
		"photo /does/not/exist\n": "line 1: photo: open",
		"checkin north east 1\n":  "line 1: checkin: strconv",
	} {
		err := phone.Run(t.Context(), rep.Phone, rep.network, strings.NewReader(script), &out)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q fails with %v, want %s", script, err, want)
		}
	}
}
