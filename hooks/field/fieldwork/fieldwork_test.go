package fieldwork_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// desk is a company in which people work in the field.
type desk struct{ testapp.Desk }

// open leaves the company's own consents and tracks out.
func open(t *testing.T) desk {
	d := desk{testapp.Open(t)}
	for _, table := range []string{"track_points", "consents"} {
		if _, err := d.DB().NewQuery("DELETE FROM " + table).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// Create makes a person's own row over REST, unless the body names another owner.
func (d desk) Create(who, collection string, body map[string]any) (*core.Record, string) {
	if _, named := body["owner"]; !named {
		body["owner"] = d.As(who).Id
	}
	return d.Desk.Create(who, collection, body)
}

// made makes one that nothing refuses.
func (d desk) made(who, collection string, body map[string]any) *core.Record {
	row, got := d.Create(who, collection, body)
	d.Must(got)
	return row
}

// day begins a person's day in the field at half past eight.
func (d desk) day(who string) *core.Record {
	return d.made(who, "work_sessions", map[string]any{"start_at": "2026-03-16 00:30:00.000Z"})
}

// TestADayInTheField begins once, is tracked with consent, and ends.
func TestADayInTheField(t *testing.T) {
	d := open(t)
	session := d.made("rep.chen", "work_sessions", map[string]any{"start_at": "2026-03-16 00:30:00.000Z", "start_lat": 31.2, "start_lng": 121.4, "start_src_crs": "gcj02"})
	if r := d.Fresh(session); r.GetString("date") != "2026-03-16" || r.GetFloat("start_lat") == 31.2 || r.GetString("manager") != d.As("manager.wu").Id {
		t.Errorf("%v", r.PublicExport())
	}
	if _, got := d.Create("rep.chen", "work_sessions", map[string]any{"date": "2026-03-16"}); got != "work.session_taken" {
		t.Errorf("twice a day: %q", got)
	}
	point := func(at string, lat float64) string {
		_, got := d.Create("rep.chen", "track_points", map[string]any{"session": session.Id, "at": at, "lat": lat, "lng": 121.4, "acc_m": 10})
		return got
	}
	if got := point("2026-03-16 01:00:00.000Z", 31.2); got != "track.no_consent" {
		t.Errorf("without consent: %q", got)
	}
	consent := d.made("rep.chen", "consents", map[string]any{"kind": "location", "version": "1", "given_at": "2026-03-16 00:30:00.000Z"})
	d.Must(point("2026-03-16 01:00:00.000Z", 31.2))
	d.Must(point("2026-03-16 02:00:00.000Z", 31.21))
	d.Must(point("2026-03-16 02:01:00.000Z", 31.21001)) // noise
	if got := point("2026-03-16 13:00:00.000Z", 31.2); got != "track.outside_hours" {
		t.Errorf("nine in the evening: %q", got)
	}
	d.Clock.Advance(2 * time.Hour)
	if got := d.Act("rep.he", consent, "withdraw", "{}"); got != "record.not_found" {
		t.Errorf("another takes it back: %q", got)
	}
	d.Must(d.Act("rep.chen", consent, "withdraw", "{}"))
	if got := d.Act("rep.chen", consent, "withdraw", "{}"); got != "consent.withdrawn" {
		t.Errorf("twice: %q", got)
	}
	if got := point("2026-03-16 02:30:00.000Z", 31.2); got != "track.no_consent" {
		t.Errorf("after it was taken back: %q", got)
	}
	if got := d.Act("rep.chen", session, "end", `{"at":"2026-03-15T10:00:00Z"}`); got != "work.end_before_start" {
		t.Errorf("it ends before it begins: %q", got)
	}
	d.Must(d.Act("rep.chen", session, "end", `{"at":"2026-03-16T09:00:00Z","lat":31.2,"lng":121.4,"acc_m":5}`))
	if got := d.Act("rep.chen", session, "end", "{}"); got != "work.session_over" {
		t.Errorf("it ends twice: %q", got)
	}
	if metres := d.Fresh(session).GetInt("distance_m"); metres < 1100 || metres > 1125 {
		t.Errorf("%d m", metres)
	}
}

// TestAConsentIsDatedByTheServer: whatever its owner says of the time, and
// however his phone's clock stands, nothing before the server heard of it was
// agreed to. What he said is kept.
func TestAConsentIsDatedByTheServer(t *testing.T) {
	d := open(t)
	session := d.day("rep.chen")
	d.Clock.Advance(2 * time.Hour)
	heard := d.Clock.Now()
	for _, c := range []struct{ given, told, note string }{
		{"2026-03-07 00:30:00.000Z", "", "2026-03-07 00:30:00.000Z"},
		{"2099-01-01 00:00:00.000Z", "", "2099-01-01 00:00:00.000Z"},
		{"", "", ""},
		{"", "2026-03-07 00:30:00.000Z", "2026-03-07 00:30:00.000Z"},
		{"2026-03-16 00:30:00.000Z", "2026-03-07 00:30:00.000Z", "2026-03-07 00:30:00.000Z"},
	} {
		id := d.made("rep.chen", "consents", map[string]any{"kind": "location", "version": "1", "given_at": c.given, "told_at": c.told})
		if r := d.Fresh(id); !r.GetDateTime("given_at").Time().Equal(heard) || r.GetString("told_at") != c.note {
			t.Errorf("%+v: given at %s, note %s", c, r.GetString("given_at"), r.GetString("told_at"))
		}
	}
	point := func(at time.Time) string {
		_, got := d.Create("rep.chen", "track_points", map[string]any{"session": session.Id, "at": gate.Stamp(at), "lat": 31.2, "lng": 121.4, "acc_m": 10})
		return got
	}
	if got := point(heard.Add(-time.Minute)); got != "track.no_consent" {
		t.Errorf("a minute before the server heard: %q", got)
	}
	d.Must(point(heard))
}

// TestADayBeginsWhenItDid: no day of field work begins or ends in the future,
// whatever the phone shows; what it said is kept.
func TestADayBeginsWhenItDid(t *testing.T) {
	d := open(t)
	session := d.made("rep.chen", "work_sessions", map[string]any{"start_at": "2099-03-16 00:30:00.000Z"})
	if r := d.Fresh(session); !r.GetDateTime("start_at").Time().Equal(d.Clock.Now()) || r.GetString("date") != "2026-03-16" || !strings.Contains(r.GetString("clock"), "2099") {
		t.Errorf("%v", r.PublicExport())
	}
	d.Clock.Advance(8 * time.Hour)
	d.Must(d.Act("rep.chen", session, "end", `{"at":"2099-03-16T10:00:00Z"}`))
	if r := d.Fresh(session); !r.GetDateTime("end_at").Time().Equal(d.Clock.Now()) || !strings.Contains(r.GetString("clock"), `"start"`) || !strings.Contains(r.GetString("clock"), `"end"`) {
		t.Errorf("%v", r.PublicExport())
	}
}

// TestTracksAreShownToFewAndTold: his superior sees a track by the route that
// writes it down where he reads it.
//
// policy: R1.1 track_points
func TestTracksAreShownToFewAndTold(t *testing.T) {
	d := open(t)
	session := d.day("rep.chen")
	d.made("rep.chen", "consents", map[string]any{"kind": "location", "version": "1", "given_at": "2026-03-16 00:30:00.000Z"})
	d.made("rep.chen", "track_points", map[string]any{"session": session.Id, "at": "2026-03-16 01:00:00.000Z", "lat": 31.2, "lng": 121.4, "acc_m": 10})
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
		answer := d.Do(c.who, "GET", "/api/ka/work_sessions/"+session.Id+"/track", "")
		noted, err := d.CountRecords("access_log", dbx.HashExp{"subject_user": d.As("rep.chen").Id, "what": "location"})
		if err != nil {
			t.Fatal(err)
		}
		if answer.Code != c.status || int(noted) != c.noted {
			t.Errorf("%s gets %d, %d accesses are noted", c.who, answer.Code, noted)
		}
	}
	if got := d.Do("manager.wu", "GET", "/api/collections/track_points/records", ""); got.Code != http.StatusOK || strings.Contains(got.Body.String(), "31.2") {
		t.Errorf("past the log: %d %s", got.Code, got.Body)
	}
	d.Clock.Set(time.Date(2026, 5, 15, 0, 30, 0, 0, time.UTC))
	d.Job("tracksPurge")
	left := func() int64 {
		n, err := d.CountRecords("track_points")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if left() != 1 {
		t.Error("purged before its time")
	}
	d.Clock.Advance(24 * time.Hour)
	d.Job("tracksPurge")
	if left() != 0 {
		t.Error("kept for more than 60 days")
	}
}

// TestForgottenDaysEnd at their midnight.
func TestForgottenDaysEnd(t *testing.T) {
	d := open(t)
	session := d.day("rep.chen")
	d.Clock.Set(time.Date(2026, 3, 16, 15, 59, 0, 0, time.UTC))
	d.Job("workSessionsEnd")
	if got := d.Fresh(session).GetString("state"); got != "open" {
		t.Errorf("before midnight: %s", got)
	}
	d.Clock.Advance(time.Minute)
	d.Job("workSessionsEnd")
	if r := d.Fresh(session); r.GetString("state") != "auto_closed" || !r.GetDateTime("end_at").Time().Equal(d.Clock.Now()) {
		t.Errorf("%s at %s", r.GetString("state"), r.GetString("end_at"))
	}
	d.Must(d.Act("rep.chen", session, "end", `{"at":"2026-03-16T10:00:00Z"}`))
}

// TestReportsArePrefilled with what the period's records say, and late after
// their hour (R2.11).
//
// policy: R2.11 work_reports
func TestReportsArePrefilled(t *testing.T) {
	d := open(t)
	chen := d.As("rep.chen").Id
	for _, v := range []map[string]any{
		{"type": "planned", "planned_date": "2026-02-16", "state": "missed"},
		{"type": "planned", "planned_date": "2026-02-16", "state": "reported", "in_at": "2026-02-16 01:00:00.000Z", "dwell_s": 1200, "counts": true},
		{"type": "unplanned", "planned_date": "2026-02-16", "state": "reported", "in_at": "2026-02-16 15:59:00.000Z", "dwell_s": 60, "late_record": true},
		{"type": "unplanned", "planned_date": "2026-02-16", "state": "reported", "in_at": "2026-02-16 16:00:00.000Z"}, // the next day
		{"type": "planned", "planned_date": "2026-02-16", "state": "draft"},
	} {
		visit := d.Blank("visits", map[string]any{"account": d.AccountOf("rep.chen").Id, "owner": chen}, v)
		if err := d.SaveWithContext(gate.AsServer(t.Context()), visit); err != nil {
			t.Fatal(err)
		}
	}
	id := d.made("rep.chen", "work_reports", map[string]any{"kind": "day", "period": "2026-02-16"})
	var auto map[string]int
	if err := json.Unmarshal([]byte(d.Fresh(id).GetString("auto")), &auto); err != nil {
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
		if _, got := d.Create("rep.chen", "work_reports", body); got != want {
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
		t.Run(c.action+" "+c.args+" by "+c.who, func(t *testing.T) {
			if got := d.Act(c.who, id, c.action, c.args); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	if r := d.Fresh(id); !r.GetBool("late") || r.GetString("state") != "submitted" {
		t.Errorf("a month later: late %v, %s", r.GetBool("late"), r.GetString("state"))
	}
	today := d.made("rep.chen", "work_reports", map[string]any{"kind": "day", "period": "2026-03-16", "text": "x"})
	d.Clock.Set(time.Date(2026, 3, 16, 14, 0, 0, 0, time.UTC)) // ten in the evening
	d.Must(d.Act("rep.chen", today, "submit", "{}"))
	if d.Fresh(today).GetBool("late") {
		t.Error("late on time")
	}
	if got := d.Update("rep.chen", today, map[string]any{"text": "y"}); got != "report.submitted" {
		t.Errorf("changed afterwards: %q", got)
	}
}

// TestReportsAreAskedFor of those who were out, once.
func TestReportsAreAskedFor(t *testing.T) {
	d := open(t)
	d.day("rep.chen")
	d.day("rep.he")
	id := d.made("rep.he", "work_reports", map[string]any{"kind": "day", "period": "2026-03-16", "text": "x"})
	d.Must(d.Act("rep.he", id, "submit", "{}"))
	d.Clock.Set(time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC))
	d.Job("workReportsDue")
	d.Job("workReportsDue")
	all, err := d.FindAllRecords("notifications", dbx.HashExp{"kind": "report.due"})
	if err != nil || len(all) != 1 || all[0].GetString("user") != d.As("rep.chen").Id {
		t.Errorf("%d are asked, %v", len(all), err)
	}
}

// TestSurveysAreAnsweredWhileTheyAreOpen (R2.14).
//
// policy: R2.14 survey_answers
func TestSurveysAreAnsweredWhileTheyAreOpen(t *testing.T) {
	d := open(t)
	survey := d.made("market.tang", "surveys", map[string]any{
		"title": "货架调研", "active": true, "from": "2026-03-10", "to": "2026-03-16",
		"questions": []any{map[string]any{"key": "rows", "kind": "number", "required": true}, map[string]any{"key": "place", "kind": "choice", "choices": []string{"上层", "下层"}}},
	})
	answer := func(answers map[string]any, at string) string {
		_, got := d.Create("rep.chen", "survey_answers", map[string]any{"survey": survey.Id, "answers": answers, "at": at})
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
		t.Run(fmt.Sprint(c.answers, " at ", c.at), func(t *testing.T) {
			if got := answer(c.answers, c.at); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestDaysAndPlacesOfTheFieldAreReal: no day to come or of long ago, no point
// without a place, and no report before its period.
func TestDaysAndPlacesOfTheFieldAreReal(t *testing.T) {
	d := open(t)
	for day, want := range map[string]string{"2026-03-17": "work.day_implausible date", "2020-05-06": "work.day_implausible date", "2026-09-31": "field.day date"} {
		if _, got := d.Create("rep.chen", "work_sessions", map[string]any{"date": day}); got != want {
			t.Errorf("a day of %s: %q, want %q", day, got, want)
		}
	}
	session := d.made("rep.chen", "work_sessions", map[string]any{"start_at": "2026-03-16 00:30:00.000Z", "date": "2020-05-06"})
	if day := d.Fresh(session).GetString("date"); day != "2026-03-16" {
		t.Errorf("it began on %s", day)
	}
	d.made("rep.chen", "consents", map[string]any{"kind": "location", "version": "1"})
	for _, place := range [][2]float64{{0, 0}, {31.2, 0}, {0, 121.4}, {0.00001, 0.00002}} {
		if _, got := d.Create("rep.chen", "track_points", map[string]any{"session": session.Id, "at": "2026-03-16 00:30:00.000Z", "lat": place[0], "lng": place[1], "acc_m": 15}); got != "visit.position_invalid lat" {
			t.Errorf("a point at %v: %q", place, got)
		}
	}
	for period, want := range map[string]string{"2020-05-06": "report.period_invalid", "2077-01-01": "report.period_invalid", "2026-03-20": ""} {
		id, got := d.Create("rep.chen", "work_reports", map[string]any{"kind": "day", "period": period})
		if got != want {
			t.Errorf("a report of %s: %q, want %q", period, got, want)
		}
		if want != "" {
			continue
		}
		if got := d.Act("rep.chen", id, "submit", `{"text":"x"}`); got != "report.period_invalid" {
			t.Errorf("handed in before its day: %q", got)
		}
	}
}

// TestWhatTheServerFillsOfTheFieldIsLocked: a day, a point, a consent and an
// answer stay as they were made, and each is its maker's.
func TestWhatTheServerFillsOfTheFieldIsLocked(t *testing.T) {
	d := open(t)
	day := d.day("rep.chen")
	consent := d.made("rep.chen", "consents", map[string]any{"kind": "location", "version": "1"})
	report := d.made("rep.chen", "work_reports", map[string]any{"kind": "day", "period": "2026-03-16"})
	for _, c := range []struct {
		who, field string
		row        *core.Record
		value      any
		want       string
	}{
		{"rep.chen", "odometer_start_m", day, 5, "field.locked state"},
		{"rep.chen", "end_at", day, "2026-03-16 02:00:00.000Z", "field.locked end_at"},
		{"rep.chen", "state", day, "closed", "field.locked state"},
		{"rep.chen", "owner", day, d.As("rep.he").Id, "field.locked owner"},
		{"rep.chen", "version", consent, "2", "field.locked state"},
		{"rep.chen", "withdrawn_at", consent, "2026-03-16 02:00:00.000Z", "field.locked withdrawn_at"},
		{"rep.chen", "text", report, "x", ""},
		{"rep.he", "text", report, "y", "work.not_owner"},
		{"rep.chen", "period", report, "2026-03-15", "field.locked period"},
		{"rep.chen", "auto", report, map[string]any{"done": 9}, "field.locked auto"},
		{"rep.chen", "late", report, true, "field.locked late"},
		{"rep.chen", "state", report, "submitted", "field.locked state"},
	} {
		t.Run(c.row.Collection().Name+" "+c.field+" by "+c.who, func(t *testing.T) {
			if got := d.Set(c.who, c.row, c.field, c.value); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	for collection, body := range map[string]map[string]any{
		"work_sessions": {}, "consents": {"kind": "location", "version": "1"}, "work_reports": {"kind": "week", "period": "2026-W12"}, "track_points": {}, "survey_answers": {},
	} {
		t.Run("another's "+collection, func(t *testing.T) {
			if got := d.SaveBy("rep.chen", d.Blank(collection, body, map[string]any{"owner": d.As("rep.he").Id})); got != "work.not_owner" {
				t.Errorf("%q", got)
			}
		})
	}
	d.Expect("ended by another", d.Run("rep.he", day, "end", "{}"), "work.not_owner")
	d.Expect("handed in by another", d.Run("manager.wu", report, "submit", `{"text":"x"}`), "work.not_owner")
}
