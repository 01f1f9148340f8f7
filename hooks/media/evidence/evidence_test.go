package evidence_test

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/media/evidence"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/media"
	"satchel/records"
)

// world is a company whose photos are stored by hand.
type world struct {
	*testapp.App
	t *testing.T
	n int
}

func newWorld(t *testing.T) *world { return &world{App: testapp.New(t), t: t} }

func (w *world) save(r *core.Record) *core.Record {
	w.t.Helper()
	if err := w.SaveWithContext(gate.AsServer(context.Background()), r); err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) row(collection string, fields map[string]any) *core.Record {
	w.t.Helper()
	coll, err := w.FindCollectionByNameOrId(collection)
	if err != nil {
		w.t.Fatal(err)
	}
	r := core.NewRecord(coll)
	r.Load(fields)
	return w.save(r)
}

// visit is one of rep's visits to his first account, checked in at so many minutes past nine.
func (w *world) visit(rep string, minute int) *core.Record {
	w.t.Helper()
	account := w.AccountOf(rep)
	return w.row("visits", map[string]any{
		"account": account.Id, "owner": account.GetString("owner"), "manager": account.GetString("manager"), "dept": account.GetString("dept"),
		"type": "unplanned", "planned_date": "2026-03-16", "state": "in_progress", "in_at": nine.Add(time.Duration(minute) * time.Minute),
	})
}

var nine = time.Date(2026, 3, 16, 1, 0, 0, 0, time.UTC) // in Shanghai

// photo stores one of a visit. Its picture is known by what; the same what twice
// is the same picture in another file.
func (w *world) photo(visit *core.Record, what uint64, more map[string]any) *core.Record {
	w.t.Helper()
	w.n++
	fields := map[string]any{
		"sha256": fmt.Sprintf("%064x", w.n), "size": 1, "mime": "image/jpeg", "purpose": "visit_photo", "state": "received",
		"owner": visit.GetString("owner"), "account": visit.GetString("account"), "dept": visit.GetString("dept"), "visit": visit.Id,
	}
	for k, v := range more {
		fields[k] = v
	}
	r := w.row("blobs", fields)
	r.Set("phash", fmt.Sprintf("%016x", what*0x9e3779b97f4a7c15))
	r.Set("colours", fmt.Sprintf("%016x%016x", what*0xbf58476d1ce4e5b9, what*0x94d049bb133111eb))
	r.Set("stored_at", w.Clock.Now())
	r.Set("state", "stored")
	return w.save(r)
}

// signals are the codes and points that a photo has now.
func (w *world) signals(blob *core.Record) string {
	w.t.Helper()
	fresh, err := w.FindRecordById("blobs", blob.Id)
	if err != nil {
		w.t.Fatal(err)
	}
	var reasons []domain.RiskReason
	if text := fresh.GetString("signals"); text != "" && text != "null" {
		if err := json.Unmarshal([]byte(text), &reasons); err != nil {
			w.t.Fatal(err)
		}
	}
	var out []string
	for _, r := range reasons {
		out = append(out, fmt.Sprint(r.Code, r.Points))
	}
	return strings.Join(out, " ")
}

func (w *world) expect(name string, blob *core.Record, want string) {
	w.t.Helper()
	if got := w.signals(blob); got != want {
		w.t.Errorf("%s: %q, want %q", name, got, want)
	}
}

func (w *world) set(key string, value any) {
	w.t.Helper()
	w.row("settings", map[string]any{"key": key, "value": value})
}

// TestUsedBefore: the later use of a picture is the suspicious one, in whatever
// order the bytes come.
func TestUsedBefore(t *testing.T) {
	w := newWorld(t)
	morning, noon := w.visit("rep.chen", 0), w.visit("rep.he", 180)
	first := w.photo(morning, 1, nil)
	w.expect("the first", first, "")
	again := w.photo(noon, 1, nil)
	w.expect("the same picture", again, "photo_similar35")
	copied := w.photo(noon, 2, map[string]any{"sha256": first.GetString("sha256")})
	w.expect("the same bytes", copied, "photo_same60")
	w.expect("the first, still", first, "")
	w.expect("another picture", w.photo(noon, 3, nil), "")

	// The cheat's copy arrives before the photo that it was made of.
	w.photo(noon, 4, nil)
	late := w.photo(noon, 5, nil)
	w.expect("alone", late, "")
	w.expect("earlier, but here later", w.photo(morning, 5, nil), "")
	w.expect("later, but here earlier", late, "photo_similar35")
}

// TestTheSameVisit: two pictures of one shelf in one visit say nothing.
func TestTheSameVisit(t *testing.T) {
	w := newWorld(t)
	visit := w.visit("rep.chen", 0)
	first := w.photo(visit, 1, nil)
	w.expect("a second look", w.photo(visit, 1, nil), "")
	w.expect("the file twice", w.photo(visit, 1, map[string]any{"sha256": first.GetString("sha256")}), "")
}

// TestPapersAreOfTheirOwn: a bill in the photo of a visit is no reason, a bill
// that two people hand in is.
func TestPapersAreOfTheirOwn(t *testing.T) {
	w := newWorld(t)
	chen, he := w.visit("rep.chen", 0), w.visit("rep.he", 10)
	paper := map[string]any{"purpose": "receipt", "visit": "", "source": "gallery", "screenshot": true}
	w.photo(chen, 1, nil)
	bill := w.photo(chen, 1, paper)
	w.expect("the bill", bill, "")
	w.Clock.Advance(time.Minute)
	w.expect("the bill again", w.photo(he, 1, paper), "photo_similar35")
	pdf := map[string]any{"purpose": "invoice", "visit": "", "mime": "application/pdf", "sha256": strings.Repeat("c", 64)}
	w.photo(chen, 7, pdf)
	w.expect("the file again", w.photo(he, 8, pdf), "photo_same60")
}

// TestCameraAgainstTheVisit: time, place and source.
func TestCameraAgainstTheVisit(t *testing.T) {
	w := newWorld(t)
	visit := w.visit("rep.chen", 0)
	account := w.AccountOf("rep.chen")
	near := map[string]any{"has_gps": true, "lat": account.GetFloat("lat") + 0.001, "lng": account.GetFloat("lng")}
	far := map[string]any{"has_gps": true, "lat": account.GetFloat("lat") + 0.1, "lng": account.GetFloat("lng")}
	w.expect("in time, of another zone", w.photo(visit, 1, map[string]any{"taken_at": "2026-03-16T01:20:00Z"}), "")
	w.expect("without a zone", w.photo(visit, 2, map[string]any{"taken_at": "2026-03-16T09:20:00"}), "")
	w.expect("too early", w.photo(visit, 3, map[string]any{"taken_at": "2026-03-16T08:30:00+08:00"}), "photo_time20")
	w.expect("near", w.photo(visit, 4, near), "")
	w.expect("far", w.photo(visit, 5, far), "photo_place30")
	w.expect("gallery", w.photo(visit, 6, map[string]any{"source": "gallery"}), "photo_gallery30")
	w.expect("screenshot", w.photo(visit, 7, map[string]any{"screenshot": true}), "photo_screenshot40")
	w.set("risk.photo_gallery", 0)
	w.set("risk.photo_time_min", 40)
	w.expect("gallery is fine now", w.photo(visit, 8, map[string]any{"source": "gallery", "taken_at": "2026-03-16T08:30:00+08:00"}), "")
}

// TestATimeThatIsKnownLater: photos are judged again when the visit is checked
// in and out, which may reach the server after their bytes.
func TestATimeThatIsKnownLater(t *testing.T) {
	w := newWorld(t)
	visit := w.visit("rep.chen", 0)
	write := func(field string, value any) {
		fresh, err := w.FindRecordById("visits", visit.Id)
		if err != nil {
			t.Fatal(err)
		}
		fresh.Set(field, value)
		w.save(fresh)
	}
	write("in_at", "")
	early := w.photo(visit, 1, map[string]any{"taken_at": "2026-03-16T08:30:00+08:00"})
	late := w.photo(visit, 2, map[string]any{"taken_at": "2026-03-16T12:00:00+08:00"})
	w.expect("before the check-in is known", early, "")
	write("in_at", nine)
	w.expect("early", early, "photo_time20")
	w.expect("late, while the visit lasts", late, "")
	write("out_at", nine.Add(time.Hour))
	w.expect("early", early, "photo_time20")
	w.expect("late", late, "photo_time20")
}

// TestHabitOfTheDevice: what is missing is a reason only for a phone that usually writes it.
func TestHabitOfTheDevice(t *testing.T) {
	w := newWorld(t)
	visit := w.visit("rep.chen", 0)
	device := func(install string) string {
		return w.row("sync_devices", map[string]any{"user": visit.GetString("owner"), "install": install}).Id
	}
	writes, strips := device("a"), device("b")
	for i := range uint64(10) {
		w.photo(visit, 10+i, map[string]any{"device": writes, "source": "camera", "device_make": "HUAWEI"})
		w.photo(visit, 30+i, map[string]any{"device": strips, "source": "camera"})
	}
	w.expect("usually writes it", w.photo(visit, 50, map[string]any{"device": writes, "source": "camera"}), "photo_no_exif15")
	w.expect("from another source", w.photo(visit, 51, map[string]any{"device": writes}), "")
	w.expect("never writes it", w.photo(visit, 52, map[string]any{"device": strips, "source": "camera"}), "")
}

// TestSignalsNameNobody: the reasons sync to whoever sees the photo.
func TestSignalsNameNobody(t *testing.T) {
	w := newWorld(t)
	chen, he := w.visit("rep.chen", 0), w.visit("rep.he", 60)
	first := w.photo(chen, 1, nil)
	again := w.photo(he, 1, nil)
	w.photo(he, 1, map[string]any{"sha256": first.GetString("sha256")})
	fresh, err := w.FindRecordById("blobs", again.Id)
	if err != nil {
		t.Fatal(err)
	}
	if text := fresh.GetString("signals"); text != `[{"code":"photo_similar","params":{"distance":0},"points":35}]` &&
		text != `[{"code":"photo_similar","points":35,"params":{"distance":0}}]` {
		t.Errorf("%s", text)
	}
	// Nobody else writes them, and the colours stay inside.
	rep := w.Do("rep.he", http.MethodGet, "/api/collections/blobs/records/"+again.Id, "").Body.String()
	if !strings.Contains(rep, `"photo_similar"`) || strings.Contains(rep, "colours") || strings.Contains(rep, first.Id) {
		t.Errorf("%s", rep)
	}
	patch := w.Do("admin.fang", http.MethodPatch, "/api/collections/blobs/records/"+again.Id, `{"signals":[]}`)
	if patch.Code < 400 {
		t.Errorf("%d %s", patch.Code, patch.Body)
	}
	fresh.Set("signals", "[]")
	if err := w.Save(fresh); err == nil {
		t.Error("anybody empties the signals")
	}
}

// TestMatches answers by what the asking person may see.
func TestMatches(t *testing.T) {
	w := newWorld(t)
	chen, he, ma := w.visit("rep.chen", 0), w.visit("rep.he", 60), w.visit("rep.ma", 30) // he: another team than ma's
	first, foreign := w.photo(chen, 1, nil), w.photo(ma, 1, nil)
	again := w.photo(he, 1, nil)
	ask := func(name string, blob *core.Record) (int, evidence.Matches) {
		answer := w.Do(name, http.MethodGet, "/api/ka/blobs/"+blob.Id+"/matches", "")
		var out evidence.Matches
		if answer.Code == http.StatusOK {
			if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{foreign.Id, ma.Id, ma.GetString("owner")} {
				if name == "manager.wu" && strings.Contains(answer.Body.String(), id) {
					t.Errorf("%s reads %s", name, answer.Body)
				}
			}
		}
		return answer.Code, out
	}
	code, got := ask("manager.wu", again)
	if code != 200 || len(got.Matches) != 1 || !got.Hidden {
		t.Fatalf("%d %+v", code, got)
	}
	m := got.Matches[0]
	if m.Kind != "similar" || m.Distance != 0 || !m.Earlier || string(m.Photo.ID) != first.Id || m.Photo.OwnerName != w.As("rep.chen").GetString("name") ||
		!m.Photo.Used.Equal(nine) || m.Photo.AccountName == "" || string(got.Photo.ID) != again.Id {
		t.Errorf("%+v", got)
	}
	here, there := w.AccountOf("rep.he"), w.AccountOf("rep.chen")
	apart := domain.DistanceM(
		domain.Position{Lat: here.GetFloat("lat"), Lng: here.GetFloat("lng")}, domain.Position{Lat: there.GetFloat("lat"), Lng: there.GetFloat("lng")})
	if m.AwayM == nil || apart < 1000 || math.Abs(float64(*m.AwayM)-apart) > 1 {
		t.Errorf("the accounts are %.0f m apart, it says %v", apart, m.AwayM)
	}
	for _, address := range []string{m.Photo.Thumb, m.Photo.Public, got.Photo.Thumb} {
		if !strings.HasPrefix(address, "/api/ka/blobs/") || !strings.Contains(address, "s=") {
			t.Errorf("address %q", address)
		}
		if answer := w.Do("", http.MethodGet, address, ""); answer.Code == http.StatusForbidden || answer.Code == http.StatusUnauthorized {
			t.Errorf("%s: %d %s", address, answer.Code, answer.Body)
		}
	}
	if _, got := ask("manager.wu", first); len(got.Matches) != 1 || got.Matches[0].Earlier {
		t.Errorf("from the other side: %+v", got)
	}
	if code, got := ask("auditor.jin", again); code != 200 || len(got.Matches) != 2 || got.Hidden {
		t.Errorf("auditor: %d %+v", code, got)
	}
	for name, want := range map[string]int{"rep.he": 403, "rep.chen": 404, "manager.xu": 404, "": 401} {
		if code, _ := ask(name, again); code != want {
			t.Errorf("%q: %d, want %d", name, code, want)
		}
	}
}

// TestLooksOutliveTheProcess: a second process reads them from the rows.
func TestLooksOutliveTheProcess(t *testing.T) {
	w := newWorld(t)
	chen, he := w.visit("rep.chen", 0), w.visit("rep.he", 60)
	gone := w.photo(chen, 2, nil)
	w.photo(chen, 1, nil)
	if _, err := w.DB().Delete("blobs", dbx.HashExp{"id": gone.Id}).Execute(); err != nil { // it is kept: by SQL alone
		t.Fatal(err)
	}
	fresh := evidence.New(evidence.Config{})
	if err := fresh.Load(w.App); err != nil {
		t.Fatal(err)
	}
	if n := fresh.Len(); n != 1 {
		t.Errorf("%d looks", n)
	}
	w.expect("of a row that is gone", w.photo(he, 2, nil), "")
	w.expect("of one that is there", w.photo(he, 1, nil), "photo_similar35")
}

// TestARolledBackPhotoIsNoUse: what was never committed was not used.
func TestARolledBackPhotoIsNoUse(t *testing.T) {
	w := newWorld(t)
	chen, he := w.visit("rep.chen", 0), w.visit("rep.he", 60)
	r := w.row("blobs", map[string]any{
		"sha256": strings.Repeat("d", 64), "size": 1, "mime": "image/jpeg", "purpose": "visit_photo", "state": "received",
		"owner": chen.GetString("owner"), "account": chen.GetString("account"), "visit": chen.Id,
	})
	err := w.RunInTransaction(func(tx core.App) error {
		r.Set("state", "stored")
		r.Set("phash", fmt.Sprintf("%016x", uint64(1)*0x9e3779b97f4a7c15))
		if err := tx.SaveWithContext(gate.AsServer(context.Background()), r); err != nil {
			return err
		}
		return context.Canceled
	})
	if err == nil {
		t.Fatal("committed")
	}
	w.expect("the only one", w.photo(he, 1, nil), "")
}

// TestWatermark says when, at whom and where, as far as the setting wants it.
func TestWatermark(t *testing.T) {
	w := newWorld(t)
	blob := w.photo(w.visit("rep.chen", 12), 1, nil)
	account := w.AccountOf("rep.chen")
	lines := func() string {
		got, err := evidence.Watermark(w.App, records.Blobs.Of(blob))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(got, "|")
	}
	if got := lines(); got != "" {
		t.Errorf("by default: %q", got)
	}
	w.set("media.watermark", []string{"time", "account", "place"})
	want := media.TakenLine("2026-03-16 09:12") + "|" + account.GetString("name") + "|" + account.GetString("address")
	if got := lines(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	blob.Set("purpose", "receipt")
	if got := lines(); got != "" {
		t.Errorf("of a paper: %q", got)
	}
}
