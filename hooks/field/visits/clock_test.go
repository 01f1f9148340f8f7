package visits_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/internal/testapp"
)

// told is what a phone says of one step: when, by its clock, and the evidence.
type told struct{ at, clock string }

// handIn pushes a visit whole, as a phone does that comes back to the network,
// and returns the row. sent is the phone's clock as it does.
func handIn(d desk, p *testapp.Phone, account *core.Record, in, out, report told, sent string) *core.Record {
	d.t.Helper()
	id := core.GenerateDefaultRandomId()
	step := func(name string, s told, more string) map[string]any {
		args := `{"at":"` + s.at + `"` + more
		if s.clock != "" {
			args += "," + s.clock
		}
		var v any
		if err := json.Unmarshal([]byte(args+"}"), &v); err != nil {
			d.t.Fatal(err)
		}
		return map[string]any{"op": "action", "c": "visits", "r": id, "action": name, "args": v}
	}
	here := fmt.Sprintf(`,"lat":%.7f,"lng":%.7f,"acc_m":15`, account.GetFloat("lat"), account.GetFloat("lng"))
	mutations := []map[string]any{
		{"op": "create", "c": "visits", "r": id, "set": map[string]any{"account": account.Id, "type": "unplanned", "planned_date": "2026-03-15", "objective": "例行"}},
		step("check_in", in, here), step("check_out", out, here), step("report", report, `,"summary":"谈妥陈列"`),
	}
	first := p.Take(len(mutations))
	for i, m := range mutations {
		m["n"], m["id"] = first+int64(i), fmt.Sprintf("%s%d", id[:14], i)
	}
	answer := p.Post("/api/sync/push", map[string]any{"device": p.Device, "schema": 1, "sent": sent, "mutations": mutations})
	if answer.Code != http.StatusOK || strings.Count(answer.Body.String(), `"status":"applied"`) != len(mutations) {
		d.t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	return d.Fresh(d.Blank("visits", map[string]any{"id": id}))
}

// TestAVisitCountsByItsClock: what a phone pushes in one go, with every kind of
// evidence. Who makes it up at a desk gets nothing that counts unseen.
func TestAVisitCountsByItsClock(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	stamp := func(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }
	day := 24 * time.Hour
	in := testapp.Start.Add(2 * time.Hour)
	out := in.Add(40 * time.Minute)
	forty := 40 * time.Minute
	off := func(d time.Duration) func(time.Time) time.Time {
		return func(at time.Time) time.Time { return at.Add(d) }
	}
	for i, c := range []struct {
		name    string
		arrives time.Duration                        // after the check-out
		clock   func(h handset, at time.Time) string // evidence of a step
		device  func(at time.Time) time.Time         // what the phone's clock shows
		report  string
		sent    func(at time.Time) time.Time
		counts  bool
		codes   []string
		inAt    time.Time // zero: that of the arrival
	}{
		{"signed, told after nine days", 9 * day, handset.clock, nil, "", nil, true, []string{"submitted_late"}, in},
		{"signed, a clock of 2099", time.Hour, handset.clock, off(73 * 365 * day), "", nil, true, []string{"clock_shift"}, in},
		{"signed, a report of 2077", time.Hour, handset.clock, nil, "2077-01-01T00:00:00Z", nil, true, nil, in},
		{"none, at once", 0, nil, nil, "", nil, true, []string{"clock_fresh"}, in},
		{"none, within two hours of the check-in", 80 * time.Minute, nil, nil, "", nil, true, []string{"clock_fresh"}, in},
		{"none, and a minute more", 81 * time.Minute, nil, nil, "", nil, false, []string{"clock_unknown"}, in},
		{"none, 1970", day, nil, func(time.Time) time.Time { return time.Unix(600, 0) }, "", nil, false, []string{"clock_shift", "clock_unknown"}, time.Time{}},
		{"none, 2099", day, nil, off(73 * 365 * day), "", nil, false, []string{"clock_shift", "clock_unknown"}, time.Time{}},
		{"an anchor of 2018 that nobody signed", day, func(_ handset, at time.Time) string {
			return fmt.Sprintf(`"clock":{"boot_id":"boot-7","elapsed_ms":%d,"server_anchor":{"boot_id":"boot-7","elapsed_ms":0,"at":"2018-01-01T00:00:00Z"}}`, 1000+at.Sub(in).Milliseconds())
		}, nil, "", nil, false, []string{"clock_unknown"}, in},
		{"none, 1970, and its counter", day, func(_ handset, at time.Time) string {
			return fmt.Sprintf(`"clock":{"boot_id":"boot-8","elapsed_ms":%d}`, 1000+at.Sub(in).Milliseconds())
		}, func(time.Time) time.Time { return time.Unix(600, 0) }, "", nil, false, []string{"clock_shift", "clock_unknown"}, time.Time{}},
		{"unsigned, its own anchor", 3 * time.Hour, func(h handset, at time.Time) string {
			return h.evidence(at, "b1", map[string]any{"at": h.heard}, nil)
		}, nil, "", nil, false, []string{"clock_unknown"}, in},
		{"the anchor moved nine days back", 9 * day, func(h handset, at time.Time) string {
			return h.evidence(at, "b1", h.anchor, map[string]any{"at": h.heard.Add(-9 * day)})
		}, nil, "", nil, false, []string{"clock_unknown", "submitted_late"}, in},
		{
			"restarted, back within the day", 20 * time.Hour, func(h handset, at time.Time) string { return h.evidence(at, "b2", h.anchor, nil) },
			nil, "", off(0), true,
			[]string{"clock_bracket"},
			in,
		},
		{
			"restarted, and the clock was set between", 20 * time.Hour, func(h handset, at time.Time) string { return h.evidence(at, "b2", h.anchor, nil) },
			nil, "", off(time.Hour), false,
			[]string{"clock_unknown", "clock_shift"},
			in.Add(-time.Hour),
		},
		{
			"restarted, does not say what its clock is", 20 * time.Hour, func(h handset, at time.Time) string { return h.evidence(at, "b2", h.anchor, nil) },
			nil, "", nil, false,
			[]string{"clock_unknown"},
			in,
		},
		{
			"restarted, back after a day", 22 * time.Hour, func(h handset, at time.Time) string { return h.evidence(at, "b2", h.anchor, nil) },
			nil, "", off(0), false,
			[]string{"clock_unknown"},
			in,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := d
			d.t = t
			d.Clock.Set(testapp.Start)
			d.Setting("device.live_most", 100)
			install := fmt.Sprint("clock", i)
			h, p := d.handset("rep.chen", install), d.Phone(d.Token("rep.chen"), install)
			says := func(at time.Time) told {
				s := told{}
				if c.clock != nil {
					s.clock = c.clock(h, at)
				}
				if c.device != nil {
					at = c.device(at)
				}
				s.at = stamp(at)
				return s
			}
			arrives := out.Add(c.arrives)
			d.Clock.Set(arrives)
			report := says(out)
			if c.report != "" {
				report = told{at: c.report}
			}
			sent := ""
			if c.sent != nil {
				sent = stamp(c.sent(arrives))
			}
			visit := handIn(d, p, account, says(in), says(out), report, sent)
			var codes []string
			for _, r := range strings.Split(reasons(visit), ", ") {
				if code, _, _ := strings.Cut(r, " "); code != "" && code != "speed" {
					codes = append(codes, code)
				}
			}
			slices.Sort(codes)
			slices.Sort(c.codes)
			if visit.GetBool("counts") != c.counts || !slices.Equal(codes, c.codes) {
				t.Errorf("counts %v: %s, clock %s", visit.GetBool("counts"), reasons(visit), visit.GetString("clock"))
			}
			want := c.inAt
			if want.IsZero() {
				want = arrives
			}
			if got := visit.GetDateTime("in_at").Time(); !got.Equal(want) {
				t.Errorf("in at %s, want %s", got, want)
			}
			for _, field := range []string{"in_at", "out_at", "report_at"} {
				if at := visit.GetDateTime(field).Time(); at.After(arrives) || arrives.Sub(at) > 366*day {
					t.Errorf("%s is %s", field, at)
				}
			}
			if stay := visit.GetInt("dwell_s"); stay > 86_400 || c.counts && stay != int(forty.Seconds()) {
				t.Errorf("stayed %d s", stay)
			}
			if !c.counts {
				d.Must(d.Run("manager.wu", visit, "accept", `{"note":"he was there"}`))
				if !d.Fresh(visit).GetBool("counts") {
					t.Error("what a superior has seen counts")
				}
			}
		})
	}
}

// TestAnotherPhonesAnchorIsNone: neither a colleague's nor that of the rep's own
// other phone dates a visit, and at a desk there is none.
func TestAnotherPhonesAnchorIsNone(t *testing.T) {
	d := open(t)
	mine, his := d.handset("rep.chen", "mine"), d.handset("rep.he", "his")
	d.Clock.Advance(time.Minute)
	second := d.handset("rep.chen", "second")
	d.Clock.Set(checkInAt.Add(5 * time.Hour))
	account := d.AccountOf("rep.chen")
	for name, c := range map[string]struct {
		device string
		clock  string
		want   string
	}{
		"his own":                     {mine.device, mine.clock(checkInAt), domain.ClockExact},
		"a colleague's":               {mine.device, his.clock(checkInAt), domain.ClockUnknown},
		"of his second phone":         {mine.device, second.clock(checkInAt), domain.ClockUnknown},
		"at a desk":                   {"", mine.clock(checkInAt), domain.ClockUnknown},
		"of a phone that he replaced": {second.device, mine.clock(checkInAt), domain.ClockExact},
	} {
		t.Run(name, func(t *testing.T) {
			visit := d.visit()
			d.Must(d.push("rep.chen", c.device, "check_in", visit, "{"+fixes(account, 0, checkInAt)+","+c.clock+"}"))
			if got := d.Fresh(visit).GetString("clock"); !strings.Contains(got, `"grade":"`+c.want+`"`) {
				t.Errorf("%s: %s", name, got)
			}
		})
	}
}

// TestWorkThatWaitedIsDatedByItsFirstArrival: what was refused and is handed in
// again unchanged arrived when it first did; what was corrected is said now.
func TestWorkThatWaitedIsDatedByItsFirstArrival(t *testing.T) {
	d := open(t)
	for corrections, want := range map[string]string{`{}`: domain.ClockFresh, `{"args":{"acc_m":12}}`: domain.ClockUnknown} {
		t.Run(corrections, func(t *testing.T) {
			d.Clock.Set(checkInAt)
			p := d.Phone(d.Token("rep.chen"), "waits"+want)
			visit := d.Blank("visits", map[string]any{"id": core.GenerateDefaultRandomId()})
			answer := p.Post("/api/sync/push", map[string]any{"device": p.Device, "schema": 1, "mutations": []map[string]any{{
				"n": 1, "id": visit.Id, "op": "action", "c": "visits", "r": visit.Id, "action": "check_in",
				"args": map[string]any{"at": checkInAt.Format(time.RFC3339), "lat": 31, "lng": 121, "acc_m": 10},
			}}})
			if !strings.Contains(answer.Body.String(), `"code":"record.not_found"`) {
				t.Fatal(answer.Body)
			}
			row := d.Blank("visits", map[string]any{"id": visit.Id, "account": d.AccountOf("rep.chen").Id, "type": "unplanned", "planned_date": "2026-03-16"})
			d.Must(d.SaveBy("rep.chen", row))
			d.Clock.Advance(9 * 24 * time.Hour)
			issue, err := d.FindFirstRecordByData("sync_issues", "mutation", visit.Id)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Do("rep.chen", "POST", "/api/ka/sync_issues/"+issue.Id+"/resubmit", corrections); got.Code != http.StatusOK {
				t.Fatal(got.Body)
			}
			if got := d.Fresh(row); !strings.Contains(got.GetString("clock"), `"grade":"`+want+`"`) || !got.GetDateTime("in_at").Time().Equal(checkInAt) {
				t.Errorf("%s: in at %s, %s", corrections, got.GetString("in_at"), got.GetString("clock"))
			}
		})
	}
}

// TestWorkThatWasKeptBackProvesNothing: a phone that handed in other work after a
// visit, a day or more before it tells of the visit, is not believed by its own
// counting. Work of the same day may have come in pieces, and other phones say
// nothing.
func TestWorkThatWasKeptBackProvesNothing(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	arrives := checkInAt.Add(9 * 24 * time.Hour)
	for name, c := range map[string]struct {
		other  time.Duration // when other work came, before the arrival; 0 for never
		by     string        // another phone; empty for the same
		grade  string
		lately bool // and again an hour before
	}{
		"nothing since":                {0, "", domain.ClockExact, false},
		"the day before":               {25 * time.Hour, "", domain.ClockUnknown, false},
		"and lately, to hide it":       {25 * time.Hour, "", domain.ClockUnknown, true},
		"within the day":               {23 * time.Hour, "", domain.ClockExact, false},
		"before the visit":             {9*24*time.Hour + 10*time.Minute, "", domain.ClockExact, false},
		"the day before, by his other": {25 * time.Hour, "other", domain.ClockExact, false},
	} {
		t.Run(name, func(t *testing.T) {
			d.Clock.Set(testapp.Start)
			install := "kept " + name
			h, p := d.handset("rep.chen", install), d.Phone(d.Token("rep.chen"), install)
			if c.by != "" {
				p = d.Phone(d.Token("rep.chen"), c.by)
			}
			work := func(before time.Duration) {
				d.Clock.Set(arrives.Add(-before))
				contact := map[string]any{"op": "create", "c": "contacts", "r": core.GenerateDefaultRandomId(), "set": map[string]any{"account": account.Id, "name": "王芳"}}
				n := p.Take(1)
				contact["n"], contact["id"] = n, core.GenerateDefaultRandomId()
				if got := p.Post("/api/sync/push", map[string]any{"device": p.Device, "schema": 1, "mutations": []any{contact}}); !strings.Contains(got.Body.String(), "applied") {
					t.Fatal(got.Body)
				}
			}
			if c.other > 0 {
				work(c.other)
			}
			if c.lately {
				work(time.Hour)
			}
			d.Clock.Set(arrives)
			visit := d.visit()
			h.does("check_in", visit, "{"+fixes(account, 0, checkInAt)+","+h.clock(checkInAt)+"}")
			if got := d.Fresh(visit); !strings.Contains(got.GetString("clock"), `"grade":"`+c.grade+`"`) || !got.GetDateTime("in_at").Time().Equal(checkInAt) {
				t.Errorf("%s: in at %s, %s", name, got.GetString("in_at"), got.GetString("clock"))
			}
		})
	}
}
