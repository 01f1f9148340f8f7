package care_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

type desk struct {
	testapp.Desk
	t *testing.T
}

func open(t *testing.T) desk {
	t.Parallel()
	return desk{testapp.Open(t), t}
}

// try saves a new record as a push does.
func (d desk) try(who, collection string, values map[string]any) (*core.Record, string) {
	record := d.Blank(collection, values)
	return record, d.SaveBy(who, record)
}

// exec writes what no person can.
func (d desk) exec(sql string, bind dbx.Params) {
	d.t.Helper()
	if _, err := d.DB().NewQuery(sql).Bind(bind).Execute(); err != nil {
		d.Must(err.Error())
	}
}

// first is a record that is there.
func (d desk) first(collection, filter string, params dbx.Params) *core.Record {
	d.t.Helper()
	row, err := d.FindFirstRecordByFilter(collection, filter, params)
	if err != nil {
		d.Must(collection + ": " + err.Error())
	}
	return row
}

// on runs a job of the clock at a moment; for people it is as late as before.
func (d desk) on(at time.Time, job string) {
	d.t.Helper()
	defer d.Clock.Set(d.Clock.Now())
	d.Clock.Set(at)
	d.Job(job)
}

// told lists the kinds of what a person was told of a link, in order.
func (d desk) told(who, link string) (kinds []string) {
	d.t.Helper()
	rows, err := d.FindRecordsByFilter("notifications", "user = {:u} && link = {:l}", "at,created", 0, 0, map[string]any{"u": d.As(who).Id, "l": link})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, r := range rows {
		kinds = append(kinds, r.GetString("kind"))
	}
	return kinds
}

func noon(day string) time.Time { return at(day + "T04:00:00Z") }

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// visit makes a visit of an account on a day that counts.
func (d desk) visit(account *core.Record, day string) {
	d.t.Helper()
	record := d.Blank("visits", map[string]any{"account": account.Id, "owner": account.GetString("owner"), "type": "planned", "state": "planned", "planned_date": day})
	d.Must(testapp.Code(d.SaveWithContext(gate.AsServer(context.Background()), record)))
	d.exec("UPDATE visits SET state = 'reported', counts = TRUE, in_at = {:at} WHERE id = {:id}", dbx.Params{"at": gate.Stamp(noon(day)), "id": record.Id})
}

// TestHVisFreqWarnsAndRecords follows one tier A account over two months, by
// hand: two visits a month, a warning from day 20, the breach at the month's end.
//
// policy: R3.3a H-VIS-FREQ
func TestHVisFreqWarnsAndRecords(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
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
			d.on(noon(c.day), "coverage")
		}
		row := d.first("account_coverage", "account = {:a} && period = {:p}", dbx.Params{"a": account.Id, "p": c.period})
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
	d := open(t)
	d.exec("UPDATE accounts SET kind = 'ka', stage = 'contracted', tier = 'C'", nil)
	account := d.AccountOf("rep.he")
	d.exec("UPDATE accounts SET stage = 'dormant' WHERE id = {:id}", dbx.Params{"id": account.Id})
	d.on(noon("2026-05-25"), "coverage")
	rows, err := d.FindAllRecords("account_coverage")
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
	d := open(t)
	account := d.AccountOf("rep.chen")
	d.exec("UPDATE accounts SET tier = 'A', kind = 'ka', stage = 'contracted' WHERE id = {:id}", dbx.Params{"id": account.Id})
	d.on(noon("2026-05-25"), "coverage")
	row := d.first("account_coverage", "account = {:a}", dbx.Params{"a": account.Id})
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
		t.Run(c.who+" "+c.step+" "+c.want, func(t *testing.T) {
			if got := d.Act(c.who, row, c.step, c.args); got != c.want {
				t.Errorf("%s: %q", c.args, got)
			}
		})
	}
	d.on(noon("2026-06-02"), "coverage")
	if state := d.Fresh(row).GetString("state"); state != "excepted" {
		t.Error(state)
	}
}

// TestACustomersMessageIsAnsweredInTime counts office hours over a weekend.
//
// policy: R3.3b communications
// policy: R2.12 communications
func TestACustomersMessageIsAnsweredInTime(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen").Id
	row := d.Make("rep.chen", "communications", map[string]any{
		"account": account, "channel": "email", "direction": "in", "at": "2026-03-13 09:00:00.000Z", "summary": "询价", // Friday 17:00
	})
	if due := row.GetString("needs_reply_by"); due != "2026-03-16 09:00:00.000Z" { // Monday 17:00
		t.Errorf("to be answered by %s", due)
	}
	if got := d.Act("rep.chen", row, "reply", `{"at":"2026-03-16T10:00:00Z"}`); got != "" || !d.Fresh(row).GetBool("replied_late") {
		t.Errorf("%q, late %v", got, d.Fresh(row).GetBool("replied_late"))
	}
	if got := d.Act("rep.chen", row, "reply", `{}`); got != "communication.no_reply_due" {
		t.Error(got)
	}
	for _, c := range []struct {
		fields map[string]any
		want   string
	}{
		{map[string]any{"replied_at": "2026-03-13 09:00:00.000Z"}, "field.locked replied_at"},
		{map[string]any{"contact": d.contactOf("rep.ma")}, "account.contact_unknown contact"},
	} {
		c.fields["account"], c.fields["channel"], c.fields["direction"], c.fields["at"], c.fields["summary"] = account, "phone", "out", "2026-03-13 09:00:00.000Z", "x"
		if _, got := d.try("rep.chen", "communications", c.fields); got != c.want {
			t.Errorf("%v: %q", c.fields, got)
		}
	}
}

// TestAMessageOnAChannelThatIsAlwaysAnswered counts the night, any other the
// office hours.
//
// policy: R5.7 communications
func TestAMessageOnAChannelThatIsAlwaysAnswered(t *testing.T) {
	for hours, want := range map[string]string{"office": "2026-03-16 09:00:00.000Z", "always": "2026-03-13 17:00:00.000Z"} {
		t.Run(hours, func(t *testing.T) {
			d := open(t)
			account := d.AccountOf("rep.chen").Id
			d.Make("service.qian", "service_channels", map[string]any{
				"account": account, "owner": d.As("service.qian").Id, "kind": "phone", "address": "400-800-1234", "hours": hours, "active": true,
			})
			row := d.Make("rep.chen", "communications", map[string]any{
				"account": account, "channel": "phone", "direction": "in", "at": "2026-03-13 09:00:00.000Z", "summary": "询价", // Friday 17:00
			})
			d.Expect("to be answered by", row.GetString("needs_reply_by"), want)
		})
	}
}

// TestAnUnansweredMessageIsToldOnce: to who has the account and his manager, when
// the office hours are over, unless it was answered.
//
// policy: R3.3b communications
func TestAnUnansweredMessageIsToldOnce(t *testing.T) {
	d := open(t)
	message := func(summary string) *core.Record {
		return d.Make("rep.chen", "communications", map[string]any{
			"account": d.AccountOf("rep.chen").Id, "channel": "phone", "direction": "in", "at": "2026-03-16 01:00:00.000Z", "summary": summary,
		})
	}
	waits, answered := message("waits"), message("answered")
	if code := d.Act("rep.chen", answered, "reply", `{"at":"2026-03-16T02:00:00Z"}`); code != "" {
		t.Fatal(code)
	}
	d.on(at("2026-03-16T10:00:00Z"), "communicationsOverdue") // 18:00, the last minute
	d.wantTold("rep.chen", waits)
	for range 2 {
		d.on(at("2026-03-16T10:15:00Z"), "communicationsOverdue")
	}
	d.wantTold("rep.chen", waits, "communication.overdue")
	d.wantTold("manager.wu", waits, "communication.overdue")
	d.wantTold("rep.chen", answered)
}

func (d desk) wantTold(who string, about *core.Record, kinds ...string) {
	d.t.Helper()
	if got := d.told(who, about.Collection().Name+"/"+about.Id); !slices.Equal(got, kinds) {
		d.t.Errorf("%s was told %v, not %v", who, got, kinds)
	}
}

func (d desk) contactOf(rep string) string {
	d.t.Helper()
	return d.first("contacts", "account = {:a}", dbx.Params{"a": d.AccountOf(rep).Id}).Id
}

// TestHCareTasksComeInTime: the Mid-Autumn of 2026 is 25 September, and each
// occurrence has one task, for whoever has the account by then.
//
// policy: R3.3d H-CARE
func TestHCareTasksComeInTime(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	if _, code := d.try("rep.chen", "care_dates", map[string]any{
		"account": account.Id, "title": "中秋", "kind": "holiday", "calendar": "lunar", "month": 8, "day": 31, "active": true,
	}); code != "care.date_invalid day" {
		t.Errorf("%q", code)
	}
	date := d.Make("rep.chen", "care_dates", map[string]any{
		"account": account.Id, "title": "中秋", "kind": "holiday", "calendar": "lunar", "month": 8, "day": 15, "active": true,
	})
	for _, c := range []struct {
		day   string
		tasks int
	}{{"2026-09-17", 0}, {"2026-09-18", 1}, {"2026-09-20", 1}, {"2026-09-26", 1}, {"2027-09-08", 2}} {
		d.on(noon(c.day), "careTasks")
		if n, _ := d.CountRecords("care_tasks", dbx.HashExp{"care_date": date.Id}); int(n) != c.tasks {
			t.Errorf("%s: %d tasks", c.day, n)
		}
	}
	task := d.first("care_tasks", "due = '2026-09-25'", nil)
	if task.GetString("assignee") != account.GetString("owner") {
		t.Errorf("the task is of %s", task.GetString("assignee"))
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
		t.Run(c.who+" "+c.step+" "+c.want, func(t *testing.T) {
			if got := d.Act(c.who, task, c.step, c.args); got != c.want {
				t.Errorf("%s: %q", c.args, got)
			}
		})
	}
	d.exec("UPDATE care_tasks SET gift_value_fen = 99000, due = '2027-01-01' WHERE id = {:id}", dbx.Params{"id": task.Id})
	next := d.first("care_tasks", "state = 'open'", nil)
	if got := d.Act("rep.chen", next, "finish", `{"action":"月饼","gift_value_fen":2000}`); got != "care.gift_year_limit" {
		t.Error(got)
	}
}

// TestACampaignSparesWhoOptedOut and is sent once.
//
// policy: R3.3c outreach_campaigns
func TestACampaignSparesWhoOptedOut(t *testing.T) {
	d := open(t)
	d.exec("UPDATE accounts SET stage = 'research'", nil)
	account := d.AccountOf("rep.chen")
	d.exec("UPDATE accounts SET stage = 'contracted', tier = 'A' WHERE id = {:id}", dbx.Params{"id": account.Id})
	contacts, err := d.FindAllRecords("contacts", dbx.HashExp{"account": account.Id})
	if err != nil || len(contacts) < 2 {
		t.Fatal(err)
	}
	d.exec("UPDATE contacts SET optout = TRUE WHERE id = {:id}", dbx.Params{"id": contacts[0].Id})
	campaign := d.Make("market.tang", "outreach_campaigns", map[string]any{"title": "新品上市", "text": "……", "channel": "email", "tiers": []string{"A"}})
	if got := d.Act("rep.chen", campaign, "send", `{}`); got != "record.not_allowed" {
		t.Error(got)
	}
	if got := d.Act("market.tang", campaign, "send", `{}`); got != "" {
		t.Fatal(got)
	}
	sent := d.Fresh(campaign)
	if sent.GetInt("contacts") != len(contacts)-1 || sent.GetInt("opted_out") != 1 || sent.GetInt("accounts") != 1 {
		t.Errorf("%v", sent.PublicExport())
	}
	if n, _ := d.CountRecords("communications", dbx.HashExp{"campaign": campaign.Id}); int(n) != len(contacts)-1 {
		t.Errorf("%d are logged", n)
	}
	if got := d.Act("market.tang", campaign, "send", `{}`); got != "outreach.sent" {
		t.Error(got)
	}
}
