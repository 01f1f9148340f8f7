package fieldwork_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/internal/testapp"
)

// desk is a test's hand on an app, over REST.
type desk struct {
	t   *testing.T
	app *testapp.App
}

// open leaves the company's own consents and tracks out.
func open(t *testing.T) desk {
	app := testapp.New(t)
	for _, table := range []string{"track_points", "consents"} {
		if _, err := app.DB().NewQuery("DELETE FROM " + table).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	return desk{t, app}
}

func code(answer *httptest.ResponseRecorder) string {
	if answer.Code < 300 {
		return ""
	}
	var out struct {
		Data map[string]any `json:"data"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		return answer.Body.String()
	}
	if c, ok := out.Data["code"].(string); ok {
		return c
	}
	return fmt.Sprint(answer.Code)
}

func (d desk) create(who, collection string, body map[string]any) (id, refused string) {
	d.t.Helper()
	if _, named := body["owner"]; !named {
		body["owner"] = d.app.As(who).Id
	}
	text, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	answer := d.app.Do(who, "POST", "/api/collections/"+collection+"/records", string(text))
	var row struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(answer.Body.Bytes(), &row)
	return row.ID, code(answer)
}

func (d desk) act(who, collection, id, action, args string) string {
	d.t.Helper()
	return code(d.app.Do(who, "POST", "/api/ka/"+collection+"/"+id+"/"+action, args))
}

func (d desk) must(got string) {
	d.t.Helper()
	if got != "" {
		d.t.Fatal(got)
	}
}

func (d desk) row(collection, id string) *core.Record {
	d.t.Helper()
	r, err := d.app.FindRecordById(collection, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d desk) job(name string) {
	d.t.Helper()
	i := slices.IndexFunc(d.app.Bound.Jobs, func(j gate.Job) bool { return j.Name == name })
	if err := d.app.Bound.Jobs[i].Run(d.app, d.app.Clock.Now()); err != nil {
		d.t.Fatal(err)
	}
}

// TestADayInTheField begins once, is tracked with consent, and ends.
func TestADayInTheField(t *testing.T) {
	d := open(t)
	session, got := d.create("rep.chen", "work_sessions", map[string]any{"start_at": "2026-03-16 00:30:00.000Z", "start_lat": 31.2, "start_lng": 121.4, "start_src_crs": "gcj02"})
	d.must(got)
	if r := d.row("work_sessions", session); r.GetString("date") != "2026-03-16" || r.GetFloat("start_lat") == 31.2 || r.GetString("manager") != d.app.As("manager.wu").Id {
		t.Errorf("%v", r.PublicExport())
	}
	if _, got := d.create("rep.chen", "work_sessions", map[string]any{"date": "2026-03-16"}); got != "work.session_taken" {
		t.Errorf("twice a day: %q", got)
	}
	point := func(at string, lat float64) string {
		_, got := d.create("rep.chen", "track_points", map[string]any{"session": session, "at": at, "lat": lat, "lng": 121.4, "acc_m": 10})
		return got
	}
	if got := point("2026-03-16 01:00:00.000Z", 31.2); got != "track.no_consent" {
		t.Errorf("without consent: %q", got)
	}
	consent, got := d.create("rep.chen", "consents", map[string]any{"kind": "location", "version": "1", "given_at": "2026-03-16 00:30:00.000Z"})
	d.must(got)
	d.must(point("2026-03-16 01:00:00.000Z", 31.2))
	d.must(point("2026-03-16 02:00:00.000Z", 31.21))
	d.must(point("2026-03-16 02:01:00.000Z", 31.21001)) // noise
	if got := point("2026-03-16 13:00:00.000Z", 31.2); got != "track.outside_hours" {
		t.Errorf("nine in the evening: %q", got)
	}
	d.app.Clock.Advance(2 * time.Hour)
	if got := d.act("rep.he", "consents", consent, "withdraw", "{}"); got != "record.not_found" {
		t.Errorf("another takes it back: %q", got)
	}
	d.must(d.act("rep.chen", "consents", consent, "withdraw", "{}"))
	if got := d.act("rep.chen", "consents", consent, "withdraw", "{}"); got != "consent.withdrawn" {
		t.Errorf("twice: %q", got)
	}
	if got := point("2026-03-16 02:30:00.000Z", 31.2); got != "track.no_consent" {
		t.Errorf("after it was taken back: %q", got)
	}
	if got := d.act("rep.chen", "work_sessions", session, "end", `{"at":"2026-03-15T10:00:00Z"}`); got != "work.end_before_start" {
		t.Errorf("it ends before it begins: %q", got)
	}
	d.must(d.act("rep.chen", "work_sessions", session, "end", `{"at":"2026-03-16T09:00:00Z","lat":31.2,"lng":121.4,"acc_m":5}`))
	if got := d.act("rep.chen", "work_sessions", session, "end", "{}"); got != "work.session_over" {
		t.Errorf("it ends twice: %q", got)
	}
	if metres := d.row("work_sessions", session).GetInt("distance_m"); metres < 1100 || metres > 1125 {
		t.Errorf("%d m", metres)
	}
}

// TestAConsentIsDatedByTheServer: whatever its owner says of the time, and
// however his phone's clock stands, nothing before the server heard of it was
// agreed to. What he said is kept.
func TestAConsentIsDatedByTheServer(t *testing.T) {
	d := open(t)
	session, got := d.create("rep.chen", "work_sessions", map[string]any{"start_at": "2026-03-16 00:30:00.000Z"})
	d.must(got)
	d.app.Clock.Advance(2 * time.Hour)
	heard := d.app.Clock.Now()
	for _, c := range []struct{ given, told, note string }{
		{"2026-03-07 00:30:00.000Z", "", "2026-03-07 00:30:00.000Z"},
		{"2099-01-01 00:00:00.000Z", "", "2099-01-01 00:00:00.000Z"},
		{"", "", ""},
		{"", "2026-03-07 00:30:00.000Z", "2026-03-07 00:30:00.000Z"},
		{"2026-03-16 00:30:00.000Z", "2026-03-07 00:30:00.000Z", "2026-03-07 00:30:00.000Z"},
	} {
		id, got := d.create("rep.chen", "consents", map[string]any{"kind": "location", "version": "1", "given_at": c.given, "told_at": c.told})
		d.must(got)
		if r := d.row("consents", id); !r.GetDateTime("given_at").Time().Equal(heard) || r.GetString("told_at") != c.note {
			t.Errorf("%+v: given at %s, note %s", c, r.GetString("given_at"), r.GetString("told_at"))
		}
	}
	point := func(at time.Time) string {
		_, got := d.create("rep.chen", "track_points", map[string]any{"session": session, "at": gate.Stamp(at), "lat": 31.2, "lng": 121.4, "acc_m": 10})
		return got
	}
	if got := point(heard.Add(-time.Minute)); got != "track.no_consent" {
		t.Errorf("a minute before the server heard: %q", got)
	}
	d.must(point(heard))
}

// TestADayBeginsWhenItDid: no day of field work begins or ends in the future,
// whatever the phone shows; what it said is kept.
func TestADayBeginsWhenItDid(t *testing.T) {
	d := open(t)
	session, got := d.create("rep.chen", "work_sessions", map[string]any{"start_at": "2099-03-16 00:30:00.000Z"})
	d.must(got)
	if r := d.row("work_sessions", session); !r.GetDateTime("start_at").Time().Equal(d.app.Clock.Now()) || r.GetString("date") != "2026-03-16" || !strings.Contains(r.GetString("clock"), "2099") {
		t.Errorf("%v", r.PublicExport())
	}
	d.app.Clock.Advance(8 * time.Hour)
	d.must(d.act("rep.chen", "work_sessions", session, "end", `{"at":"2099-03-16T10:00:00Z"}`))
	if r := d.row("work_sessions", session); !r.GetDateTime("end_at").Time().Equal(d.app.Clock.Now()) || !strings.Contains(r.GetString("clock"), `"start"`) || !strings.Contains(r.GetString("clock"), `"end"`) {
		t.Errorf("%v", r.PublicExport())
	}
}

// TestTracksAreShownToFewAndTold: his superior sees a track by the route that
// writes it down where he reads it.
//
// policy: R1.1 track_points
func TestTracksAreShownToFewAndTold(t *testing.T) {
	d := open(t)
	session, got := d.create("rep.chen", "work_sessions", map[string]any{"start_at": "2026-03-16 00:30:00.000Z"})
	d.must(got)
	_, got = d.create("rep.chen", "consents", map[string]any{"kind": "location", "version": "1", "given_at": "2026-03-16 00:30:00.000Z"})
	d.must(got)
	_, got = d.create("rep.chen", "track_points", map[string]any{"session": session, "at": "2026-03-16 01:00:00.000Z", "lat": 31.2, "lng": 121.4, "acc_m": 10})
	d.must(got)
	for _, c := range []struct {
		who           string
		status, noted int
	}{
		{"rep.chen", http.StatusOK, 0},
		{"rep.he", http.StatusNotFound, 0},
		{"manager.xu", http.StatusNotFound, 0},
		{"manager.wu", http.StatusOK, 1},
		{"director.lin", http.StatusOK, 2},
		{"auditor.jin", http.StatusOK, 3},
	} {
		answer := d.app.Do(c.who, "GET", "/api/ka/work_sessions/"+session+"/track", "")
		noted, err := d.app.CountRecords("access_log", dbx.HashExp{"subject_user": d.app.As("rep.chen").Id, "what": "location"})
		if err != nil {
			t.Fatal(err)
		}
		if answer.Code != c.status || int(noted) != c.noted {
			t.Errorf("%s gets %d, %d accesses are noted", c.who, answer.Code, noted)
		}
	}
	if got := d.app.Do("manager.wu", "GET", "/api/collections/track_points/records", ""); got.Code != http.StatusOK || strings.Contains(got.Body.String(), "31.2") {
		t.Errorf("past the log: %d %s", got.Code, got.Body)
	}
	d.app.Clock.Set(time.Date(2026, 5, 15, 0, 30, 0, 0, time.UTC))
	d.job("tracksPurge")
	left := func() int64 {
		n, err := d.app.CountRecords("track_points")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if left() != 1 {
		t.Error("purged before its time")
	}
	d.app.Clock.Advance(24 * time.Hour)
	d.job("tracksPurge")
	if left() != 0 {
		t.Error("kept for more than 60 days")
	}
}

// TestForgottenDaysEnd at their midnight.
func TestForgottenDaysEnd(t *testing.T) {
	d := open(t)
	session, got := d.create("rep.chen", "work_sessions", map[string]any{"start_at": "2026-03-16 00:30:00.000Z"})
	d.must(got)
	d.app.Clock.Set(time.Date(2026, 3, 16, 15, 59, 0, 0, time.UTC))
	d.job("workSessionsEnd")
	if got := d.row("work_sessions", session).GetString("state"); got != "open" {
		t.Errorf("before midnight: %s", got)
	}
	d.app.Clock.Advance(time.Minute)
	d.job("workSessionsEnd")
	if r := d.row("work_sessions", session); r.GetString("state") != "auto_closed" || !r.GetDateTime("end_at").Time().Equal(d.app.Clock.Now()) {
		t.Errorf("%s at %s", r.GetString("state"), r.GetString("end_at"))
	}
	d.must(d.act("rep.chen", "work_sessions", session, "end", `{"at":"2026-03-16T10:00:00Z"}`))
}

// TestReportsArePrefilled with what the period's records say, and late after
// their hour (R2.11).
//
// policy: R2.11 work_reports
func TestReportsArePrefilled(t *testing.T) {
	d := open(t)
	chen := d.app.As("rep.chen").Id
	visit := func(fields map[string]any) {
		coll, err := d.app.FindCollectionByNameOrId("visits")
		if err != nil {
			t.Fatal(err)
		}
		r := core.NewRecord(coll)
		r.Load(map[string]any{"account": d.app.AccountOf("rep.chen").Id, "owner": chen})
		r.Load(fields)
		if err := d.app.SaveWithContext(gate.AsServer(t.Context()), r); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range []map[string]any{
		{"type": "planned", "planned_date": "2026-02-16", "state": "missed"},
		{"type": "planned", "planned_date": "2026-02-16", "state": "reported", "in_at": "2026-02-16 01:00:00.000Z", "dwell_s": 1200, "counts": true},
		{"type": "unplanned", "planned_date": "2026-02-16", "state": "reported", "in_at": "2026-02-16 15:59:00.000Z", "dwell_s": 60, "late_record": true},
		{"type": "unplanned", "planned_date": "2026-02-16", "state": "reported", "in_at": "2026-02-16 16:00:00.000Z"}, // the next day
		{"type": "planned", "planned_date": "2026-02-16", "state": "draft"},
	} {
		visit(v)
	}
	id, got := d.create("rep.chen", "work_reports", map[string]any{"kind": "day", "period": "2026-02-16"})
	d.must(got)
	var auto map[string]int
	if err := json.Unmarshal([]byte(d.row("work_reports", id).GetString("auto")), &auto); err != nil {
		t.Fatal(err)
	}
	for fact, want := range map[string]int{"planned": 2, "done": 2, "valid": 1, "unplanned": 1, "missed": 1, "late_records": 1, "dwell_s": 1260} {
		if auto[fact] != want {
			t.Errorf("%s: %d, want %d", fact, auto[fact], want)
		}
	}
	for want, body := range map[string]map[string]any{
		"report.exists": {"kind": "day", "period": "2026-02-16"}, "report.period_invalid": {"kind": "week", "period": "2026-02-16"},
	} {
		if _, got := d.create("rep.chen", "work_reports", body); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, c := range []struct{ who, action, args, want string }{
		{"manager.wu", "comment", `{"text":"x"}`, "report.not_submitted"},
		{"rep.chen", "submit", "{}", "report.text_required"},
		{"rep.chen", "submit", `{"text":"两家门店"}`, ""},
		{"rep.chen", "submit", "{}", "report.submitted"},
		{"rep.chen", "comment", `{"text":"x"}`, "report.not_superior"},
		{"manager.wu", "comment", `{"text":"注意漏访"}`, ""},
	} {
		if got := d.act(c.who, "work_reports", id, c.action, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.action, got, c.want)
		}
	}
	if r := d.row("work_reports", id); !r.GetBool("late") || r.GetString("state") != "submitted" {
		t.Errorf("a month later: late %v, %s", r.GetBool("late"), r.GetString("state"))
	}
	today, got := d.create("rep.chen", "work_reports", map[string]any{"kind": "day", "period": "2026-03-16", "text": "x"})
	d.must(got)
	d.app.Clock.Set(time.Date(2026, 3, 16, 14, 0, 0, 0, time.UTC)) // ten in the evening
	d.must(d.act("rep.chen", "work_reports", today, "submit", "{}"))
	if d.row("work_reports", today).GetBool("late") {
		t.Error("late on time")
	}
	if got := code(d.app.Do("rep.chen", "PATCH", "/api/collections/work_reports/records/"+today, `{"text":"y"}`)); got != "report.submitted" {
		t.Errorf("changed afterwards: %q", got)
	}
}

// TestReportsAreAskedFor of those who were out, once.
func TestReportsAreAskedFor(t *testing.T) {
	d := open(t)
	_, got := d.create("rep.chen", "work_sessions", map[string]any{"start_at": "2026-03-16 00:30:00.000Z"})
	d.must(got)
	_, got = d.create("rep.he", "work_sessions", map[string]any{"start_at": "2026-03-16 00:30:00.000Z"})
	d.must(got)
	id, got := d.create("rep.he", "work_reports", map[string]any{"kind": "day", "period": "2026-03-16", "text": "x"})
	d.must(got)
	d.must(d.act("rep.he", "work_reports", id, "submit", "{}"))
	d.app.Clock.Set(time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC))
	d.job("workReportsDue")
	d.job("workReportsDue")
	all, err := d.app.FindAllRecords("notifications", dbx.HashExp{"kind": "report.due"})
	if err != nil || len(all) != 1 || all[0].GetString("user") != d.app.As("rep.chen").Id {
		t.Errorf("%d are asked, %v", len(all), err)
	}
}

// TestSurveysAreAnsweredWhileTheyAreOpen (R2.14).
//
// policy: R2.14 survey_answers
func TestSurveysAreAnsweredWhileTheyAreOpen(t *testing.T) {
	d := open(t)
	survey, got := d.create("market.tang", "surveys", map[string]any{
		"title": "货架调研", "active": true, "from": "2026-03-10", "to": "2026-03-16",
		"questions": []any{map[string]any{"key": "rows", "kind": "number", "required": true}, map[string]any{"key": "place", "kind": "choice", "choices": []string{"上层", "下层"}}},
	})
	d.must(got)
	answer := func(answers map[string]any, at string) string {
		_, got := d.create("rep.chen", "survey_answers", map[string]any{"survey": survey, "answers": answers, "at": at})
		return got
	}
	for _, c := range []struct {
		answers  map[string]any
		at, want string
	}{
		{map[string]any{"rows": 4, "place": "上层"}, "2026-03-16 01:00:00.000Z", ""},
		{map[string]any{"rows": 4}, "2026-03-16 01:00:00.000Z", ""},
		{map[string]any{}, "2026-03-16 01:00:00.000Z", "survey.answers_invalid"},
		{map[string]any{"rows": "4"}, "2026-03-16 01:00:00.000Z", "survey.answers_invalid"},
		{map[string]any{"rows": 4, "place": "中层"}, "2026-03-16 01:00:00.000Z", "survey.answers_invalid"},
		{map[string]any{"rows": 4}, "2026-03-16 16:00:00.000Z", "survey.closed"},
	} {
		if got := answer(c.answers, c.at); got != c.want {
			t.Errorf("%v at %s: %q, want %q", c.answers, c.at, got, c.want)
		}
	}
}

// TestDaysAndPlacesOfTheFieldAreReal: no day to come or of long ago, no point
// without a place, and no report before its period.
func TestDaysAndPlacesOfTheFieldAreReal(t *testing.T) {
	d := open(t)
	for day, want := range map[string]string{"2026-03-17": "work.day_implausible", "2020-05-06": "work.day_implausible", "2026-09-31": "field.day"} {
		if _, got := d.create("rep.chen", "work_sessions", map[string]any{"date": day}); got != want {
			t.Errorf("a day of %s: %q, want %q", day, got, want)
		}
	}
	session, got := d.create("rep.chen", "work_sessions", map[string]any{"start_at": "2026-03-16 00:30:00.000Z", "date": "2020-05-06"})
	d.must(got)
	if day := d.row("work_sessions", session).GetString("date"); day != "2026-03-16" {
		t.Errorf("it began on %s", day)
	}
	_, got = d.create("rep.chen", "consents", map[string]any{"kind": "location", "version": "1"})
	d.must(got)
	for _, place := range [][2]float64{{0, 0}, {31.2, 0}, {0, 121.4}, {0.00001, 0.00002}} {
		if _, got := d.create("rep.chen", "track_points", map[string]any{"session": session, "at": "2026-03-16 00:30:00.000Z", "lat": place[0], "lng": place[1], "acc_m": 15}); got != "visit.position_invalid" {
			t.Errorf("a point at %v: %q", place, got)
		}
	}
	for period, want := range map[string]string{"2020-05-06": "report.period_invalid", "2077-01-01": "report.period_invalid", "2026-03-20": ""} {
		id, got := d.create("rep.chen", "work_reports", map[string]any{"kind": "day", "period": period})
		if got != want {
			t.Errorf("a report of %s: %q, want %q", period, got, want)
		}
		if want != "" {
			continue
		}
		if got := d.act("rep.chen", "work_reports", id, "submit", `{"text":"x"}`); got != "report.period_invalid" {
			t.Errorf("handed in before its day: %q", got)
		}
	}
}
