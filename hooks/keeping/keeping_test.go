package keeping_test

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/hooks/keeping"
	"satchel/internal/testapp"
)

type desk struct {
	t   *testing.T
	app *testapp.App
}

func (d desk) make(who, collection string, values map[string]any) (*core.Record, string) {
	d.t.Helper()
	coll, err := d.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		d.t.Fatal(err)
	}
	record := core.NewRecord(coll)
	record.Load(values)
	err = d.app.SaveWithContext(gate.With(context.Background(), gate.Actor{User: d.app.As(who)}), record)
	if p, _, ok := gate.ProblemOf(err); ok {
		return record, p.Code
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return record, ""
}

func (d desk) act(who string, record *core.Record, action, args string) string {
	d.t.Helper()
	answer := d.app.Do(who, http.MethodPost, "/api/ka/"+record.Collection().Name+"/"+record.Id+"/"+action, args)
	if answer.Code == http.StatusOK {
		return ""
	}
	var body struct {
		Data struct {
			Code string `json:"code"`
		} `json:"data"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
		d.t.Fatalf("%s: %v", answer.Body, err)
	}
	return body.Data.Code
}

func (d desk) fresh(record *core.Record) *core.Record {
	d.t.Helper()
	found, err := d.app.FindRecordById(record.Collection(), record.Id)
	if err != nil {
		d.t.Fatal(err)
	}
	return found
}

func (d desk) exec(sql string, bind dbx.Params) {
	d.t.Helper()
	if _, err := d.app.DB().NewQuery(sql).Bind(bind).Execute(); err != nil {
		d.t.Fatal(err)
	}
}

// told lists the kinds of what a person was told of a link, in order.
func (d desk) told(who, link string) (kinds []string) {
	d.t.Helper()
	rows, err := d.app.FindRecordsByFilter("notifications", "user = {:u} && link = {:l}", "at,created", 0, 0, map[string]any{"u": d.app.As(who).Id, "l": link})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, r := range rows {
		kinds = append(kinds, r.GetString("kind"))
	}
	return kinds
}

func newApp(t *testing.T) *testapp.App {
	t.Parallel()
	return testapp.New(t)
}

func noon(day string) time.Time {
	at, err := time.Parse(time.RFC3339, day+"T04:00:00Z")
	if err != nil {
		panic(err)
	}
	return at
}

// visit makes a visit of an account on a day that counts.
func (d desk) visit(account *core.Record, day string) {
	d.t.Helper()
	coll, err := d.app.FindCachedCollectionByNameOrId("visits")
	if err != nil {
		d.t.Fatal(err)
	}
	record := core.NewRecord(coll)
	record.Load(map[string]any{"account": account.Id, "owner": account.GetString("owner"), "type": "planned", "state": "planned", "planned_date": day})
	if err := d.app.SaveWithContext(gate.AsServer(context.Background()), record); err != nil {
		d.t.Fatal(err)
	}
	d.exec("UPDATE visits SET state = 'reported', counts = TRUE, in_at = {:at} WHERE id = {:id}", dbx.Params{"at": gate.Stamp(noon(day)), "id": record.Id})
}

// TestHVisFreqWarnsAndRecords follows one tier A account over two months, by
// hand: two visits a month, a warning from day 20, the breach at the month's end.
//
// policy: R3.3a H-VIS-FREQ
func TestHVisFreqWarnsAndRecords(t *testing.T) {
	d := desk{t, newApp(t)}
	account := d.app.AccountOf("rep.chen")
	d.exec("UPDATE accounts SET tier = 'A', kind = 'ka', stage = 'contracted', status = 'active' WHERE id = {:id}", dbx.Params{"id": account.Id})
	d.exec("UPDATE visits SET counts = FALSE", nil)
	for _, c := range []struct {
		day, visit, period, state string
		done                      int
		rep, manager              string // what they have been told by then
	}{
		{"2026-05-01", "", "2026-05", "open", 0, "[]", "[]"},
		{"2026-05-12", "2026-05-12", "2026-05", "open", 1, "[]", "[]"},
		{"2026-05-19", "", "2026-05", "open", 1, "[]", "[]"},
		{"2026-05-20", "", "2026-05", "warned", 1, "[coverage.warned]", "[]"},
		{"2026-05-21", "", "2026-05", "warned", 1, "[coverage.warned]", "[]"},
		{"2026-05-31", "", "2026-05", "warned", 1, "[coverage.warned]", "[]"},
		{"2026-06-01", "", "2026-05", "breach", 1, "[coverage.warned coverage.breach]", "[coverage.breach]"},
		{"2026-06-02", "", "2026-05", "breach", 1, "[coverage.warned coverage.breach]", "[coverage.breach]"},
		{"2026-06-05", "2026-06-05", "2026-06", "open", 1, "[]", "[]"},
		{"2026-06-18", "2026-06-18", "2026-06", "met", 2, "[]", "[]"},
		{"2026-07-01", "", "2026-06", "met", 2, "[]", "[]"},
	} {
		if c.visit != "" {
			d.visit(account, c.visit)
		}
		for range 2 { // again changes nothing
			if err := keeping.Coverage(d.app, noon(c.day)); err != nil {
				t.Fatal(err)
			}
		}
		row, err := d.app.FindFirstRecordByFilter("account_coverage", "account = {:a} && period = {:p}", map[string]any{"a": account.Id, "p": c.period})
		if err != nil {
			t.Fatalf("%s: %v", c.day, err)
		}
		link := "account_coverage/" + row.Id
		got := fmt.Sprintf("%s %d %s %s", row.GetString("state"), row.GetInt("done"), d.told("rep.chen", link), d.told("manager.wu", link))
		if want := fmt.Sprintf("%s %d %s %s", c.state, c.done, c.rep, c.manager); got != want {
			t.Errorf("%s, %s: %s, want %s", c.day, c.period, got, want)
		}
	}
}

// TestHVisFreqTiersHaveTheirPeriods: C is once in a quarter, and who is no
// customer is not counted.
//
// policy: R3.3a H-VIS-FREQ
func TestHVisFreqTiersHaveTheirPeriods(t *testing.T) {
	d := desk{t, newApp(t)}
	d.exec("UPDATE accounts SET kind = 'ka', stage = 'contracted', tier = 'C'", nil)
	account := d.app.AccountOf("rep.he")
	d.exec("UPDATE accounts SET stage = 'dormant' WHERE id = {:id}", dbx.Params{"id": account.Id})
	if err := keeping.Coverage(d.app, noon("2026-05-25")); err != nil {
		t.Fatal(err)
	}
	rows, err := d.app.FindAllRecords("account_coverage")
	if err != nil || len(rows) == 0 {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.GetString("account") == account.Id || r.GetString("period") != "2026Q2" || r.GetString("to_date") != "2026-06-30" || r.GetString("state") == "warned" {
			t.Errorf("%v", r.PublicExport())
		}
	}
}

// TestAnExceptionIsTheManagers: asked by the line, decided above, never by who asked.
//
// policy: R3.3a coverage.exception
func TestAnExceptionIsTheManagers(t *testing.T) {
	d := desk{t, newApp(t)}
	account := d.app.AccountOf("rep.chen")
	d.exec("UPDATE accounts SET tier = 'A', kind = 'ka', stage = 'contracted' WHERE id = {:id}", dbx.Params{"id": account.Id})
	if err := keeping.Coverage(d.app, noon("2026-05-25")); err != nil {
		t.Fatal(err)
	}
	row, err := d.app.FindFirstRecordByFilter("account_coverage", "account = {:a}", map[string]any{"a": account.Id})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ who, step, args, want string }{
		{"manager.wu", "grant", `{}`, "coverage.not_requested"},
		{"rep.chen", "request", `{}`, "coverage.reason_required"},
		{"rep.he", "request", `{"reason":"x"}`, "record.not_found"},
		{"rep.chen", "request", `{"reason":"门店装修停业"}`, ""},
		{"rep.chen", "request", `{"reason":"再来"}`, "coverage.requested"},
		{"rep.chen", "grant", `{}`, "coverage.not_superior"},
		{"manager.wu", "grant", `{"note":"已核实"}`, ""},
		{"rep.chen", "request", `{"reason":"x"}`, "coverage.not_missing"},
	} {
		if got := d.act(c.who, row, c.step, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.step, got, c.want)
		}
	}
	if err := keeping.Coverage(d.app, noon("2026-06-02")); err != nil {
		t.Fatal(err)
	}
	if state := d.fresh(row).GetString("state"); state != "excepted" {
		t.Error(state)
	}
}

// TestACustomersMessageIsAnsweredInTime counts office hours over a weekend.
//
// policy: R3.3b communications
// policy: R2.12 communications
func TestACustomersMessageIsAnsweredInTime(t *testing.T) {
	d := desk{t, newApp(t)}
	account := d.app.AccountOf("rep.chen").Id
	row, code := d.make("rep.chen", "communications", map[string]any{
		"account": account, "channel": "email", "direction": "in", "at": "2026-03-13 09:00:00.000Z", "summary": "询价", // Friday 17:00
	})
	if code != "" {
		t.Fatal(code)
	}
	if due := row.GetString("needs_reply_by"); due != "2026-03-16 09:00:00.000Z" { // Monday 17:00
		t.Errorf("to be answered by %s", due)
	}
	if got := d.act("rep.chen", row, "reply", `{"at":"2026-03-16T10:00:00Z"}`); got != "" || !d.fresh(row).GetBool("replied_late") {
		t.Errorf("%q, late %v", got, d.fresh(row).GetBool("replied_late"))
	}
	if got := d.act("rep.chen", row, "reply", `{}`); got != "communication.no_reply_due" {
		t.Error(got)
	}
	for _, c := range []struct {
		fields map[string]any
		want   string
	}{
		{map[string]any{"replied_at": "2026-03-13 09:00:00.000Z"}, "field.locked"},
		{map[string]any{"contact": d.contactOf("rep.ma")}, "account.contact_unknown"},
	} {
		c.fields["account"], c.fields["channel"], c.fields["direction"], c.fields["at"], c.fields["summary"] = account, "phone", "out", "2026-03-13 09:00:00.000Z", "x"
		if _, got := d.make("rep.chen", "communications", c.fields); got != c.want {
			t.Errorf("%v: %q", c.fields, got)
		}
	}
}

// TestAnUnansweredMessageIsToldOnce: to who has the account and his manager, when
// the office hours are over, unless it was answered.
//
// policy: R3.3b communications
func TestAnUnansweredMessageIsToldOnce(t *testing.T) {
	d := desk{t, newApp(t)}
	message := func(summary string) *core.Record {
		row, code := d.make("rep.chen", "communications", map[string]any{
			"account": d.app.AccountOf("rep.chen").Id, "channel": "phone", "direction": "in", "at": "2026-03-16 01:00:00.000Z", "summary": summary,
		})
		if code != "" {
			t.Fatal(code)
		}
		return row
	}
	waits, answered := message("waits"), message("answered")
	if code := d.act("rep.chen", answered, "reply", `{"at":"2026-03-16T02:00:00Z"}`); code != "" {
		t.Fatal(code)
	}
	d.run("communicationsOverdue", "2026-03-16T10:00:00Z") // 18:00, the last minute
	d.wantTold("rep.chen", waits)
	for range 2 {
		d.run("communicationsOverdue", "2026-03-16T10:15:00Z")
	}
	d.wantTold("rep.chen", waits, "communication.overdue")
	d.wantTold("manager.wu", waits, "communication.overdue")
	d.wantTold("rep.chen", answered)
}

func (d desk) run(job, at string) {
	d.t.Helper()
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		d.t.Fatal(err)
	}
	d.app.Clock.Set(now)
	for _, j := range keeping.Jobs() {
		if j.Name == job {
			if err := j.Run(d.app, now); err != nil {
				d.t.Fatal(err)
			}
			return
		}
	}
	d.t.Fatalf("there is no job %s", job)
}

func (d desk) wantTold(who string, about *core.Record, kinds ...string) {
	d.t.Helper()
	if got := d.told(who, about.Collection().Name+"/"+about.Id); !slices.Equal(got, kinds) {
		d.t.Errorf("%s was told %v, not %v", who, got, kinds)
	}
}

func (d desk) contactOf(rep string) string {
	d.t.Helper()
	c, err := d.app.FindFirstRecordByData("contacts", "account", d.app.AccountOf(rep).Id)
	if err != nil {
		d.t.Fatal(err)
	}
	return c.Id
}

// TestHCareTasksComeInTime: the Mid-Autumn of 2026 is 25 September, and each
// occurrence has one task, for whoever has the account by then.
//
// policy: R3.3d H-CARE
func TestHCareTasksComeInTime(t *testing.T) {
	d := desk{t, newApp(t)}
	account := d.app.AccountOf("rep.chen")
	if _, code := d.make("rep.chen", "care_dates", map[string]any{
		"account": account.Id, "title": "中秋", "kind": "holiday", "calendar": "lunar", "month": 8, "day": 31, "active": true,
	}); code != "care.date_invalid" {
		t.Errorf("%q", code)
	}
	date, code := d.make("rep.chen", "care_dates", map[string]any{
		"account": account.Id, "title": "中秋", "kind": "holiday", "calendar": "lunar", "month": 8, "day": 15, "active": true,
	})
	if code != "" {
		t.Fatal(code)
	}
	for _, c := range []struct {
		day   string
		tasks int
	}{{"2026-09-17", 0}, {"2026-09-18", 1}, {"2026-09-20", 1}, {"2026-09-26", 1}, {"2027-09-08", 2}} {
		if err := keeping.Care(d.app, noon(c.day)); err != nil {
			t.Fatal(err)
		}
		if n, _ := d.app.CountRecords("care_tasks", dbx.HashExp{"care_date": date.Id}); int(n) != c.tasks {
			t.Errorf("%s: %d tasks", c.day, n)
		}
	}
	task, err := d.app.FindFirstRecordByFilter("care_tasks", "due = '2026-09-25'")
	if err != nil || task.GetString("assignee") != account.GetString("owner") {
		t.Fatal(err)
	}
	if got := d.told("rep.chen", "care_tasks/"+task.Id); fmt.Sprint(got) != "[care.due]" {
		t.Error(got)
	}
	for _, c := range []struct{ who, step, args, want string }{
		{"rep.chen", "finish", `{}`, "care.action_required"},
		{"rep.chen", "finish", `{"action":"月饼","gift_value_fen":20001}`, "care.gift_limit"},
		{"rep.chen", "skip", `{}`, "care.reason_required"},
		{"rep.he", "finish", `{"action":"月饼"}`, "record.not_found"},
		{"rep.chen", "finish", `{"action":"月饼","gift_value_fen":20000}`, ""},
		{"rep.chen", "skip", `{"note":"x"}`, "care.done"},
	} {
		if got := d.act(c.who, task, c.step, c.args); got != c.want {
			t.Errorf("%s %s %s: %q, want %q", c.who, c.step, c.args, got, c.want)
		}
	}
	d.exec("UPDATE care_tasks SET gift_value_fen = 99000, due = '2027-01-01' WHERE id = {:id}", dbx.Params{"id": task.Id})
	next, err := d.app.FindFirstRecordByFilter("care_tasks", "state = 'open'")
	if err != nil {
		t.Fatal(err)
	}
	if got := d.act("rep.chen", next, "finish", `{"action":"月饼","gift_value_fen":2000}`); got != "care.gift_year_limit" {
		t.Error(got)
	}
}

// TestACampaignSparesWhoOptedOut and is sent once.
//
// policy: R3.3c outreach_campaigns
func TestACampaignSparesWhoOptedOut(t *testing.T) {
	d := desk{t, newApp(t)}
	d.exec("UPDATE accounts SET stage = 'research'", nil)
	account := d.app.AccountOf("rep.chen")
	d.exec("UPDATE accounts SET stage = 'contracted', tier = 'A' WHERE id = {:id}", dbx.Params{"id": account.Id})
	contacts, err := d.app.FindAllRecords("contacts", dbx.HashExp{"account": account.Id})
	if err != nil || len(contacts) < 2 {
		t.Fatal(err)
	}
	d.exec("UPDATE contacts SET optout = TRUE WHERE id = {:id}", dbx.Params{"id": contacts[0].Id})
	campaign, code := d.make("market.tang", "outreach_campaigns", map[string]any{"title": "新品上市", "text": "……", "channel": "email", "tiers": []string{"A"}})
	if code != "" {
		t.Fatal(code)
	}
	if got := d.act("rep.chen", campaign, "send", `{}`); got != "record.not_allowed" {
		t.Error(got)
	}
	if got := d.act("market.tang", campaign, "send", `{}`); got != "" {
		t.Fatal(got)
	}
	sent := d.fresh(campaign)
	if sent.GetInt("contacts") != len(contacts)-1 || sent.GetInt("opted_out") != 1 || sent.GetInt("accounts") != 1 {
		t.Errorf("%v", sent.PublicExport())
	}
	if n, _ := d.app.CountRecords("communications", dbx.HashExp{"campaign": campaign.Id}); int(n) != len(contacts)-1 {
		t.Errorf("%d are logged", n)
	}
	if got := d.act("market.tang", campaign, "send", `{}`); got != "outreach.sent" {
		t.Error(got)
	}
}
