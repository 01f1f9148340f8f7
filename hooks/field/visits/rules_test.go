package visits_test

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/field/visits"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// phone registers a device of a person; who shares a phone shares its installation.
func (d desk) phone(who, install string) string { return d.handset(who, install).device }

// handset is a phone that was switched on half an hour before it heard the
// server's time.
type handset struct {
	desk
	who, device string
	anchor      map[string]any
	heard       time.Time
}

func (d desk) handset(who, install string) handset {
	d.t.Helper()
	answer := d.Do(who, "POST", "/api/sync/hello", fmt.Sprintf(`{"install":"install-%s","platform":"x","app":"1","schema":1}`, install))
	var hello struct {
		Device string         `json:"device"`
		Anchor map[string]any `json:"anchor"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &hello); err != nil || hello.Anchor["sig"] == nil {
		d.t.Fatal(err, answer.Body)
	}
	return handset{d, who, hello.Device, hello.Anchor, d.Clock.Now()}
}

const booted = 30 * time.Minute // before the server was heard

// clock is the evidence of the phone at a moment, in the boot in which it heard
// the server.
func (h handset) clock(at time.Time) string { return h.evidence(at, "b1", h.anchor, nil) }

// evidence is clock with anything else in its place.
func (h handset) evidence(at time.Time, boot string, anchor, more map[string]any) string {
	h.t.Helper()
	all := map[string]any{"boot_id": "b1", "elapsed_ms": booted.Milliseconds(), "device_at": h.heard}
	maps.Copy(all, anchor)
	maps.Copy(all, more)
	text, err := json.Marshal(map[string]any{"boot_id": boot, "elapsed_ms": (at.Sub(h.heard) + booted).Milliseconds(), "server_anchor": all})
	if err != nil {
		h.t.Fatal(err)
	}
	return `"clock":` + string(text)
}

// does is act by the phone.
func (h handset) does(action string, visit *core.Record, args string) {
	h.t.Helper()
	h.Must(h.push(h.who, h.device, action, visit, args))
}

// push is act by a phone.
func (d desk) push(who, device, action string, visit *core.Record, args string) string {
	d.t.Helper()
	return d.RunBy(gate.With(d.t.Context(), gate.Actor{User: d.As(who), Device: device}), visit, action, args)
}

// fixes are args of a good check-in at an account, so many metres north of it.
func fixes(account *core.Record, metres float64, at time.Time) string {
	lat, lng := account.GetFloat("lat")+metres/111195, account.GetFloat("lng")
	one := func(i float64) string {
		return fmt.Sprintf(`{"at":%q,"lat":%.7f,"lng":%.7f,"acc_m":%.0f}`, at.Format(time.RFC3339), lat+i*0.00002, lng-i*0.00001, 12+i)
	}
	return fmt.Sprintf(`"at":%q,"lat":%.7f,"lng":%.7f,"acc_m":12,"fixes":[%s,%s,%s]`, at.Format(time.RFC3339), lat, lng, one(-1), one(0), one(1))
}

func reasons(visit *core.Record) string {
	var list []domain.RiskReason
	if err := json.Unmarshal([]byte(visit.GetString("risk_reasons")), &list); err != nil {
		return err.Error()
	}
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprint(r.Code, " ", r.Points))
	}
	return strings.Join(out, ", ")
}

func flags(visit *core.Record) []string {
	var out []string
	_ = json.Unmarshal([]byte(visit.GetString("flags")), &out)
	return out
}

// whole plays a visit in order: half an hour at the account, reported at once.
func (d desk) whole(visit *core.Record) *core.Record {
	d.t.Helper()
	account := d.AccountOf("rep.chen")
	d.Clock.Set(testapp.Start)
	h := d.handset("rep.chen", "whole")
	d.Clock.Set(checkInAt.Add(time.Hour))
	h.does("check_in", visit, "{"+fixes(account, 10, checkInAt)+","+h.clock(checkInAt)+"}")
	out := checkInAt.Add(30 * time.Minute)
	h.does("check_out", visit, "{"+fixes(account, 12, out)+","+h.clock(out)+"}")
	d.Must(d.Run("rep.chen", visit, "report", fmt.Sprintf(`{"at":%q,"summary":"谈妥"}`, out.Format(time.RFC3339))))
	return d.Fresh(visit)
}

// TestHVisPrep: a planned visit to a tier that asks for it is prepared before
// the check-in. A desk is told so, a phone's visit is taken and flagged.
//
// policy: R4.6 H-VIS-PREP
func TestHVisPrep(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	account.Set("tier", "B")
	if err := d.SaveWithContext(gate.AsServer(t.Context()), account); err != nil {
		t.Fatal(err)
	}
	planned := func(more map[string]any) *core.Record { return d.visit(map[string]any{"type": "planned"}, more) }
	bare := planned(map[string]any{"objective": "谈堆头"})
	if got := d.Run("rep.chen", bare, "check_in", "{}"); got != "visit.prep_required" {
		t.Fatalf("at a desk: %q", got)
	}
	d.Must(d.push("rep.chen", d.phone("rep.chen", "one"), "check_in", bare, "{}"))
	if got := d.Fresh(bare); !slices.Contains(flags(got), "prep_missing") || !got.GetDateTime("prep_at").IsZero() {
		t.Errorf("flags %v, prepared at %s", flags(got), got.GetString("prep_at"))
	}
	ready := planned(map[string]any{"objective": "谈堆头", "prep_note": "带样品"})
	d.Must(d.Run("rep.chen", ready, "check_in", "{}"))
	if got := d.Fresh(ready); slices.Contains(flags(got), "prep_missing") || !got.GetDateTime("prep_at").Time().Equal(d.Clock.Now()) {
		t.Errorf("flags %v, prepared at %s", flags(got), got.GetString("prep_at"))
	}
	account.Set("tier", "C")
	if err := d.SaveWithContext(gate.AsServer(t.Context()), account); err != nil {
		t.Fatal(err)
	}
	d.Must(d.Run("rep.chen", planned(nil), "check_in", "{}"))
}

// TestHVisRec: a record that comes later than the policy grants is late.
//
// policy: R4.8 H-VIS-REC
func TestHVisRec(t *testing.T) {
	d := open(t)
	for hours, late := range map[int]bool{24: false, 25: true} {
		t.Run(fmt.Sprint(hours), func(t *testing.T) {
			visit := d.visit()
			d.Clock.Set(checkInAt)
			d.Must(d.Run("rep.chen", visit, "check_in", fmt.Sprintf(`{"at":%q}`, checkInAt.Format(time.RFC3339))))
			d.Must(d.Run("rep.chen", visit, "check_out", fmt.Sprintf(`{"at":%q}`, checkInAt.Format(time.RFC3339))))
			at := checkInAt.Add(time.Duration(hours) * time.Hour)
			d.Clock.Set(at)
			d.Must(d.Run("rep.chen", visit, "report", fmt.Sprintf(`{"at":%q,"summary":"x"}`, at.Format(time.RFC3339))))
			if got := d.Fresh(visit).GetBool("late_record"); got != late {
				t.Errorf("after %d hours: late %v", hours, got)
			}
		})
	}
}

// TestAGoodVisitCounts, and no reason speaks against it.
func TestAGoodVisitCounts(t *testing.T) {
	d := open(t)
	visit := d.whole(d.visit())
	if visit.GetString("state") != field.VisitReported || !visit.GetBool("counts") || visit.GetInt("risk_score") != 0 || reasons(visit) != "" {
		t.Errorf("%s, counts %v, %d points: %s", visit.GetString("state"), visit.GetBool("counts"), visit.GetInt("risk_score"), reasons(visit))
	}
	if visit.GetInt("dwell_s") != 1800 || visit.GetString("in_src_crs") != "wgs84" {
		t.Errorf("stayed %d s, datum %q", visit.GetInt("dwell_s"), visit.GetString("in_src_crs"))
	}
}

// TestPlacesAreKeptInOneDatum: a phone with Chinese maps is where it is, and
// what it sent stays.
func TestPlacesAreKeptInOneDatum(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	at := domain.Position{Lat: account.GetFloat("lat"), Lng: account.GetFloat("lng"), AccM: 10}
	for _, crs := range []string{field.CRSGCJ02, field.CRSBD09} {
		raw := field.FromWGS84(crs, at)
		visit := d.visit()
		d.Must(d.Run("rep.chen", visit, "check_in", fmt.Sprintf(`{"lat":%.8f,"lng":%.8f,"acc_m":10,"crs":%q}`, raw.Lat, raw.Lng, crs)))
		now := d.Fresh(visit)
		place := domain.Position{Lat: now.GetFloat("in_lat"), Lng: now.GetFloat("in_lng")}
		if domain.DistanceM(place, at) > 0.1 || now.GetString("in_result") != "inside" || now.GetInt("in_distance_m") > 1 {
			t.Errorf("%s: %.2f m off, %s at %d m", crs, domain.DistanceM(place, at), now.GetString("in_result"), now.GetInt("in_distance_m"))
		}
		if now.GetString("in_src_crs") != crs || now.GetFloat("in_src_lat") != raw.Lat && now.GetFloat("in_src_lat")-raw.Lat > 1e-7 {
			t.Errorf("%s: kept %s %v", crs, now.GetString("in_src_crs"), now.GetFloat("in_src_lat"))
		}
	}
	if got := d.Run("rep.chen", d.visit(), "check_in", `{"lat":31,"lng":121,"crs":"mars"}`); got != "visit.crs_unknown" && got != "args.invalid" {
		t.Errorf("another planet: %q", got)
	}
}

// TestAWrongClockIsCorrected by the counter since the phone was switched on
// (hard case f); without it the visit is flagged.
func TestAWrongClockIsCorrected(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	h := d.handset("rep.chen", "wrong")
	d.Clock.Set(checkInAt.Add(time.Hour))
	visit := d.visit()
	wrong := checkInAt.AddDate(3, 0, 0)
	h.does("check_in", visit, "{"+fixes(account, 0, wrong)+","+h.clock(checkInAt)+"}")
	now := d.Fresh(visit)
	if !now.GetDateTime("in_at").Time().Equal(checkInAt) || reasons(now) != "clock_shift 25" || !strings.Contains(now.GetString("clock"), wrong.Format("2006-01-02")) {
		t.Errorf("in at %s, %s, kept %s", now.GetString("in_at"), reasons(now), now.GetString("clock"))
	}
	visit = d.visit()
	d.Must(d.Run("rep.chen", visit, "check_in", "{"+fixes(account, 0, checkInAt)+`,"clock":{"boot_id":"b2","elapsed_ms":5}}`))
	if now := d.Fresh(visit); !now.GetDateTime("in_at").Time().Equal(checkInAt) || reasons(now) != "clock_fresh 15" {
		t.Errorf("in at %s, %s", now.GetString("in_at"), reasons(now))
	}
}

// TestAHighScoreQuestionsItself: nothing is blocked; the rep answers once, the
// manager decides, and only what is worse than before is asked again.
//
// policy: R4.7 visits.question
func TestAHighScoreQuestionsItself(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	h := d.handset("rep.chen", "mocked")
	d.Clock.Set(checkInAt.Add(time.Hour))
	visit := d.visit()
	h.does("check_in", visit, "{"+fixes(account, 40_000, checkInAt)+","+h.clock(checkInAt)+`,"signals":{"mock":true}}`)
	h.does("check_out", visit, "{"+fixes(account, 0, checkInAt.Add(20*time.Minute))+","+h.clock(checkInAt.Add(20*time.Minute))+"}")
	d.Must(d.Run("rep.chen", visit, "report", `{"summary":"谈妥"}`))
	now := d.Fresh(visit)
	if now.GetString("state") != field.VisitQuestioned || now.GetInt("risk_score") != 510 || reasons(now) != "mock 60, outside 235, moved 215" || now.GetBool("counts") {
		t.Fatalf("%s with %d: %s, counts %v", now.GetString("state"), now.GetInt("risk_score"), reasons(now), now.GetBool("counts"))
	}
	d.Must(d.Run("rep.chen", visit, "answer", `{"text":"旧手机，已换"}`))
	if now := d.Fresh(visit); now.GetString("state") != field.VisitReported || now.GetString("answer") == "" {
		t.Fatalf("after the answer: %s", now.GetString("state"))
	}
	for _, c := range []struct{ who, action, args, want string }{
		{"rep.chen", "accept", "{}", "visit.not_superior"},
		{"manager.xu", "accept", "{}", "visit.not_superior"},
		{"manager.wu", "question", "{}", "visit.reason_required"},
		{"manager.wu", "question", `{"note":"请附门头照"}`, ""},
		{"manager.wu", "accept", `{"note":"已核实"}`, ""},
		{"rep.chen", "answer", `{"text":"x"}`, "visit.state"},
	} {
		if got := d.Run(c.who, visit, c.action, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.action, got, c.want)
		}
	}
	if now := d.Fresh(visit); !now.GetBool("counts") || now.GetString("verdict") != "ok" || now.GetString("verdict_by") != d.As("manager.wu").Id {
		t.Errorf("the manager's word counts: %v", now.PublicExport())
	}
}

// TestAVoidNeedsTwo: the manager claims a fraud, the head of the department confirms it.
//
// policy: R4.7 visits.void
func TestAVoidNeedsTwo(t *testing.T) {
	d := open(t)
	visit := d.whole(d.visit())
	for _, c := range []struct{ who, action, args, want, state string }{
		{"manager.wu", "void", `{"reason":"x"}`, "visit.state", field.VisitReported},
		{"manager.wu", "accept", "{}", "", field.VisitAccepted},
		{"director.lin", "confirm_void", "{}", "visit.void_missing", field.VisitAccepted},
		{"manager.wu", "void", "{}", "visit.reason_required", field.VisitAccepted},
		{"manager.wu", "void", `{"reason":"当天在外地"}`, "", field.VisitAccepted},
		{"manager.wu", "confirm_void", "{}", "visit.not_head", field.VisitAccepted},
		{"rep.chen", "confirm_void", "{}", "visit.not_head", field.VisitAccepted},
		{"director.lin", "refuse_void", `{"reason":"证据不足"}`, "", field.VisitAccepted},
		{"manager.wu", "void", `{"reason":"已取证"}`, "", field.VisitAccepted},
		{"director.lin", "confirm_void", "{}", "", field.VisitVoidFraud},
		{"manager.wu", "accept", "{}", "visit.state", field.VisitVoidFraud},
	} {
		if got := d.Run(c.who, visit, c.action, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.action, got, c.want)
		}
		if now := d.Fresh(visit); now.GetString("state") != c.state {
			t.Errorf("%s %s leads to %s", c.who, c.action, now.GetString("state"))
		}
	}
	if now := d.Fresh(visit); now.GetBool("counts") {
		t.Error("a fraud counts")
	}
	other := d.whole(d.visit())
	d.Must(d.Run("director.lin", other, "accept", "{}"))
	d.Must(d.Run("director.lin", other, "void", `{"reason":"x"}`))
	if got := d.Run("director.lin", other, "confirm_void", "{}"); got != "visit.not_head" {
		t.Errorf("the head confirms himself: %q", got)
	}
}

// TestSharedPhoneAndImpossibleSpeed: both sides of a shared phone are told, and
// nobody is in two towns within minutes.
func TestSharedPhoneAndImpossibleSpeed(t *testing.T) {
	d := open(t)
	chens, hes := d.AccountOf("rep.chen"), d.AccountOf("rep.he")
	shared, borrowed, own := d.handset("rep.chen", "shared"), d.handset("rep.he", "shared"), d.handset("rep.chen", "own")
	d.Clock.Set(checkInAt.Add(time.Hour))
	visit := d.visit()
	shared.does("check_in", visit, "{"+fixes(chens, 0, checkInAt)+","+shared.clock(checkInAt)+"}")
	his := d.Blank("visits", map[string]any{"account": hes.Id, "type": "unplanned", "planned_date": "2026-03-16"})
	d.Must(d.SaveBy("rep.he", his))
	later := checkInAt.Add(10 * time.Minute)
	borrowed.does("check_in", his, "{"+fixes(hes, 0, later)+","+borrowed.clock(later)+"}")
	for who, v := range map[string]*core.Record{"rep.chen": visit, "rep.he": his} {
		if got := reasons(d.Fresh(v)); got != "device_shared 30" {
			t.Errorf("%s: %s", who, got)
		}
	}
	far := d.visit()
	own.does("check_in", far, "{"+fixes(chens, 60_000, later)+","+own.clock(later)+"}")
	if got := reasons(d.Fresh(far)); got != "outside 335, speed 40" {
		t.Errorf("60 km in ten minutes: %s", got)
	}
}

// TestPhotoSignalsAreSummedHere: what photos say is in the visit's risk once per
// code, whenever it arrives, and goes with the photo.
func TestPhotoSignalsAreSummedHere(t *testing.T) {
	d := open(t)
	if field := (&core.JSONField{Name: "signals"}); d.Blank("blobs").Collection().Fields.GetByName("signals") == nil {
		coll, err := d.FindCollectionByNameOrId("blobs")
		if err != nil {
			t.Fatal(err)
		}
		coll.Fields.Add(field)
		if err := d.Save(coll); err != nil {
			t.Fatal(err)
		}
	}
	visit := d.visit()
	step := d.Blank("visit_steps", map[string]any{"visit": visit.Id, "key": "shelf", "kind": "photo"})
	d.Must(d.SaveBy("rep.chen", step))
	var photos []*core.Record
	for i := range 2 {
		photo := d.Blank("blobs", map[string]any{"sha256": strings.Repeat(fmt.Sprint(i), 64), "size": 1, "mime": "image/jpeg", "purpose": "visit_photo", "step": step.Id})
		d.Must(d.SaveBy("rep.chen", photo))
		photos = append(photos, photo)
	}
	visit = d.whole(visit)
	say := func(photo *core.Record, signals ...domain.RiskReason) *core.Record {
		photo = d.Fresh(photo)
		photo.Set("signals", signals)
		if err := d.SaveWithContext(gate.AsServer(t.Context()), photo); err != nil {
			t.Fatal(err)
		}
		return d.Fresh(visit)
	}
	if now := say(photos[0], domain.RiskReason{Code: "photo_similar", Points: 35}); now.GetInt("risk_score") != 35 || !now.GetBool("sampled") || now.GetString("state") != field.VisitReported {
		t.Errorf("%d points, sampled %v, %s", now.GetInt("risk_score"), now.GetBool("sampled"), now.GetString("state"))
	}
	now := say(photos[1], domain.RiskReason{Code: "photo_similar", Points: 35}, domain.RiskReason{Code: "photo_gallery", Points: 30})
	if now.GetInt("risk_score") != 65 || now.GetString("state") != field.VisitQuestioned || now.GetBool("counts") {
		t.Errorf("%d points, %s: %s", now.GetInt("risk_score"), now.GetString("state"), reasons(now))
	}
	if err := d.DeleteWithContext(gate.AsServer(t.Context()), d.Fresh(photos[1])); err != nil {
		t.Fatal(err)
	}
	if now := d.Fresh(visit); now.GetInt("risk_score") != 35 || now.GetString("state") != field.VisitQuestioned {
		t.Errorf("without it: %d points, %s", now.GetInt("risk_score"), now.GetString("state"))
	}
}

// TestTheChainHolds over the visits of a person, and shows what raw SQL changes.
func TestTheChainHolds(t *testing.T) {
	d := open(t)
	first, second := d.whole(d.visit()), d.whole(d.visit())
	owner := d.As("rep.chen").Id
	if err := visits.CheckChain(d.App, owner); err != nil {
		t.Fatal(err)
	}
	events, err := d.FindAllRecords("visit_events", dbx.HashExp{"owner": owner})
	if err != nil || len(events) != 6 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	if first.GetString("event_hash") == "" || second.GetString("prev_hash") == "" || second.GetString("event_hash") == first.GetString("event_hash") {
		t.Error("the visits do not name their events")
	}
	if _, err := d.DB().NewQuery("UPDATE visit_events SET data = '{}' WHERE visit = {:v} AND action = 'check_in'").Bind(dbx.Params{"v": first.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	if err := visits.CheckChain(d.App, owner); err == nil || !strings.Contains(err.Error(), first.Id) {
		t.Errorf("a changed event: %v", err)
	}
}

// TestAVisitKeepsWhatItIsOnceItHasBegun: nobody calls it a call while he checks in,
// and a visit afterwards.
func TestAVisitKeepsWhatItIsOnceItHasBegun(t *testing.T) {
	d := open(t)
	visit := d.visit(map[string]any{"type": "phone"})
	d.Must(d.Run("rep.chen", visit, "check_in", "{}"))
	for field, value := range map[string]string{"type": "unplanned", "planned_date": "2026-03-17"} {
		row := d.Fresh(visit)
		row.Set(field, value)
		if got := d.SaveBy("rep.chen", row); got != "field.locked "+field {
			t.Errorf("%s: %q", field, got)
		}
	}
}
