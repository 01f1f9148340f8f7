package handovers_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// Days of these tests: testapp.Start is Monday, 16 March 2026, 08:30 in Shanghai.
const (
	today    = "2026-03-16"
	thursday = "2026-03-19"
	nextWeek = "2026-03-25"
)

type empty struct{}

// office is an app with what these tests ask of it.
type office struct {
	*testapp.App
	t *testing.T
}

func open(t *testing.T, opts ...testapp.Option) *office {
	t.Helper()
	return &office{App: testapp.New(t, opts...), t: t}
}

// accountsOf lists the accounts that a rep holds.
func (o *office) accountsOf(name string) []string {
	o.t.Helper()
	var ids []string
	err := o.DB().Select("id").From("accounts").Where(dbx.HashExp{"owner": o.As(name).Id}).OrderBy("id").Column(&ids)
	if err != nil {
		o.t.Fatal(err)
	}
	return ids
}

// ask sends a request as somebody; code is the stable code of a refusal.
func (o *office) ask(as, method, path string, body any) (status int, code string, out map[string]any) {
	o.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	answer := o.Do(as, method, path, string(text))
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		o.t.Fatalf("%s %s: %s", method, path, answer.Body)
	}
	if data, ok := out["data"].(map[string]any); ok {
		code, _ = data["code"].(string)
	}
	return answer.Code, code, out
}

// plan asks for a handover.
func (o *office) plan(as, from, to string, accounts []string, day string) (status int, code string, out map[string]any) {
	o.t.Helper()
	return o.ask(as, "POST", "/api/collections/account_handovers/records", map[string]any{
		"from_rep": o.As(from).Id, "to_rep": o.As(to).Id, "accounts": accounts, "planned_date": day, "reason": "换区",
	})
}

// planned plans one that must be accepted and returns its id.
func (o *office) planned(as, from, to string, accounts []string, day string) string {
	o.t.Helper()
	status, code, out := o.plan(as, from, to, accounts, day)
	if status != http.StatusOK {
		o.t.Fatalf("%s plans %s to %s: %d %s %v", as, from, to, status, code, out)
	}
	return out["id"].(string)
}

// moveTo sets the clock to a moment of Shanghai, such as "2026-03-19 00:00", and runs the job.
func (o *office) moveTo(at string) {
	o.t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", at, time.FixedZone("", 8*60*60))
	if err != nil {
		o.t.Fatal(err)
	}
	o.Clock.Set(when)
	o.run()
}

func (o *office) run() {
	o.t.Helper()
	if err := o.Bound.Handovers.Run(o.App); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) row(collection, id string) *core.Record {
	o.t.Helper()
	r, err := o.FindRecordById(collection, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

// set changes the field of a setting, a person or an account as our own code does.
func (o *office) set(r *core.Record, fields map[string]any) {
	o.t.Helper()
	r.Load(fields)
	save := o.Save
	if r.Collection().Name == "users" {
		save = func(core.Model) error { return o.Override(r) }
	}
	if err := save(r); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) setting(key string, value any) {
	o.t.Helper()
	coll, err := o.FindCollectionByNameOrId("settings")
	if err != nil {
		o.t.Fatal(err)
	}
	o.set(core.NewRecord(coll), map[string]any{"key": key, "value": value})
}

// history writes what is known of an account: "rep.chen from to state", oldest first.
func (o *office) history(account string) []string {
	o.t.Helper()
	rows, err := o.FindRecordsByFilter("account_assignments", "account = {:a}", "from_date,created,state", 0, 0, dbx.Params{"a": account})
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		name := strings.TrimSuffix(o.row("users", r.GetString("user")).Email(), "@demo.test")
		out = append(out, strings.Join([]string{name, r.GetString("from_date"), r.GetString("to_date"), r.GetString("state")}, " "))
	}
	return out
}

func (o *office) wantHistory(account string, want ...string) {
	o.t.Helper()
	if got := o.history(account); !slices.Equal(got, want) {
		o.t.Errorf("history:\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func (o *office) wantState(handover, state string, moved, skipped int) {
	o.t.Helper()
	r := o.row("account_handovers", handover)
	got := fmt.Sprint(r.GetString("state"), " ", r.GetInt("moved"), " ", r.GetInt("skipped"), " ", r.GetString("problem"))
	if want := fmt.Sprint(state, " ", moved, " ", skipped, " "); got != want {
		o.t.Errorf("handover is %q, want %q", got, want)
	}
}

// owners tells who holds each account, each name once.
func (o *office) owners(accounts []string) []string {
	o.t.Helper()
	var out []string
	for _, id := range accounts {
		name := strings.TrimSuffix(o.row("users", o.row("accounts", id).GetString("owner")).Email(), "@demo.test")
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// TestAccountsMoveAtTheStartOfTheirDay: not a minute before midnight in
// Shanghai, all together, and then for good however often the job runs.
func TestAccountsMoveAtTheStartOfTheirDay(t *testing.T) {
	o := open(t)
	all := o.accountsOf("rep.chen")
	id := o.planned("manager.wu", "rep.chen", "rep.he", all, thursday)
	if r := o.row("account_handovers", id); r.GetString("requested_by") != o.As("manager.wu").Id || r.GetInt("total") != len(all) {
		t.Errorf("planned: %v", r.PublicExport())
	}
	o.moveTo("2026-03-18 23:59")
	o.wantState(id, "planned", 0, 0)
	if got := o.owners(all); !slices.Equal(got, []string{"rep.chen"}) {
		t.Errorf("the day before they belong to %v", got)
	}
	o.moveTo("2026-03-19 00:00")
	o.wantState(id, "draining", len(all), 0)
	for range 3 {
		o.run()
		if got := o.owners(all); !slices.Equal(got, []string{"rep.he"}) {
			t.Errorf("on the day they belong to %v", got)
		}
		o.wantHistory(all[0], "rep.chen "+o.since(all[0])+" 2026-03-18 ended", "rep.he 2026-03-19  active")
	}
}

// since is the day from which an account's first holder is known.
func (o *office) since(account string) string {
	o.t.Helper()
	first := o.history(account)[0]
	return strings.Fields(first)[1]
}

// TestDrainEndsByItself after the days of the setting, or when a superior says so.
func TestDrainEndsByItself(t *testing.T) {
	for days, want := range map[int][]string{0: {"done"}, 2: {"draining", "draining", "done"}, 7: {"draining", "draining", "draining", "draining", "draining", "draining", "draining", "done"}} {
		o := open(t)
		o.setting("handover.drain_days", days)
		id := o.planned("manager.wu", "rep.chen", "rep.he", o.accountsOf("rep.chen"), today)
		for i, state := range want {
			o.moveTo(fmt.Sprintf("2026-03-%d 12:00", 16+i))
			if got := o.row("account_handovers", id).GetString("state"); got != state {
				t.Errorf("%d days: on day %d it is %s, want %s", days, i, got, state)
			}
		}
	}
	o := open(t)
	all := o.accountsOf("rep.chen")
	id := o.planned("manager.wu", "rep.chen", "rep.he", all, today)
	o.wantState(id, "draining", len(all), 0)
	account, chen, he := all[0], o.As("rep.chen").Id, o.As("rep.he").Id
	if was, err := o.Bound.Handovers.Tenure(o.App, account, chen); err != nil || was.Holds || !was.Draining || !was.Until.Equal(testapp.Start) {
		t.Errorf("while it drains: %+v %v", was, err)
	}
	if is, err := o.Bound.Handovers.Tenure(o.App, account, he); err != nil || !is.Holds {
		t.Errorf("the new holder: %+v %v", is, err)
	}
	if status, code, _ := o.ask("rep.chen", "POST", "/api/ka/account_handovers/"+id+"/complete", empty{}); status != 400 || code != "handover.not_superior" {
		t.Errorf("the rep himself: %d %s", status, code)
	}
	if _, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_handovers/"+id+"/complete", empty{}); code != "handover.unsigned" {
		t.Errorf("complete without signatures: %q", code)
	}
	o.signed(id, "rep.chen", "rep.he")
	if status, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_handovers/"+id+"/complete", empty{}); status != 200 {
		t.Errorf("the manager: %d %s", status, code)
	}
	o.wantState(id, "done", len(all), 0)
	if was, err := o.Bound.Handovers.Tenure(o.App, account, chen); err != nil || was.Draining || was.Until.IsZero() {
		t.Errorf("after it: %+v %v", was, err)
	}
	if never, err := o.Bound.Handovers.Tenure(o.App, account, o.As("rep.ma").Id); err != nil || never.Holds || never.Draining || !never.Until.IsZero() {
		t.Errorf("somebody who never held it: %+v %v", never, err)
	}
}

// TestLateServerMovesInOrderOfDays: what fell due while it was down happens in
// the order in which it should have, one after the other.
func TestLateServerMovesInOrderOfDays(t *testing.T) {
	o := open(t)
	his := o.accountsOf("rep.chen")
	late := o.planned("manager.wu", "rep.chen", "rep.he", his[:1], "2026-03-20")
	early := o.planned("manager.wu", "rep.chen", "rep.zhou", his[1:2], "2026-03-18")
	// The early one again moves on while the server is down: a stand-in goes back.
	status, _, out := o.ask("manager.wu", "POST", "/api/collections/account_assignments/records", map[string]any{
		"account": o.accountsOf("rep.zhou")[0], "user": o.As("rep.he").Id, "from_date": "2026-03-17", "to_date": "2026-03-19",
	})
	if status != 200 {
		t.Fatal(out)
	}
	o.moveTo("2026-03-30 09:00")
	o.wantState(early, "draining", 1, 0)
	o.wantState(late, "draining", 1, 0)
	if a, b := o.row("account_handovers", early), o.row("account_handovers", late); a.GetString("drain_until") != "2026-04-05" || b.GetString("drain_until") != "2026-04-05" {
		t.Errorf("drains until %s and %s: old phones get their time from the day it happened", a.GetString("drain_until"), b.GetString("drain_until"))
	}
	var first, second int64
	err := o.DB().NewQuery("SELECT (SELECT MAX(seq) FROM _sync_log WHERE rec = {:early}), (SELECT MAX(seq) FROM _sync_log WHERE rec = {:late})").
		Bind(dbx.Params{"early": his[1], "late": his[0]}).Row(&first, &second)
	if err != nil || first >= second {
		t.Errorf("the later one moved first: %d, %d %v", first, second, err)
	}
	lent := out["account"].(string)
	o.wantHistory(lent, "rep.zhou "+o.since(lent)+" 2026-03-16 ended", "rep.he 2026-03-17 2026-03-19 ended", "rep.zhou 2026-03-20  active")
	o.wantHistory(his[0], "rep.chen "+o.since(his[0])+" 2026-03-19 ended", "rep.he 2026-03-20  active")
}

// TestStandInGoesBack on the day after his last, and is seen on its way.
func TestStandInGoesBack(t *testing.T) {
	o := open(t)
	account := o.accountsOf("rep.chen")[0]
	status, code, out := o.ask("manager.wu", "POST", "/api/collections/account_assignments/records", map[string]any{
		"account": account, "user": o.As("rep.he").Id, "from_date": today, "to_date": "2026-03-17",
	})
	if status != 200 || out["state"] != "active" {
		t.Fatalf("%d %s %v", status, code, out)
	}
	o.wantHistory(account, "rep.chen "+o.since(account)+" 2026-03-15 ended", "rep.he 2026-03-16 2026-03-17 active", "rep.chen 2026-03-18  planned")
	if got := o.row("accounts", account).GetString("next_owner"); got != o.As("rep.chen").Id {
		t.Errorf("next is %q", got)
	}
	o.moveTo("2026-03-17 23:59")
	if got := o.owners([]string{account}); got[0] != "rep.he" {
		t.Errorf("on his last day it belongs to %s", got)
	}
	o.moveTo("2026-03-18 00:00")
	if got := o.owners([]string{account}); got[0] != "rep.chen" {
		t.Errorf("the day after it belongs to %s", got)
	}
	for name, body := range map[string]map[string]any{
		"ends before it begins": {"from_date": thursday, "to_date": today},
		"no day":                {"from_date": thursday, "to_date": "2026-02-31"},
	} {
		body["account"], body["user"] = account, o.As("rep.he").Id
		if status, code, _ := o.ask("manager.wu", "POST", "/api/collections/account_assignments/records", body); status != 400 || code != "handover.date_invalid" {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
}

// TestCancelledMovesNothing, neither a handover nor the change of one account.
func TestCancelledMovesNothing(t *testing.T) {
	o := open(t)
	his := o.accountsOf("rep.chen")
	id := o.planned("manager.wu", "rep.chen", "rep.he", his[:1], thursday)
	_, _, one := o.ask("manager.wu", "POST", "/api/collections/account_assignments/records", map[string]any{
		"account": his[1], "user": o.As("rep.he").Id, "from_date": thursday,
	})
	for _, account := range his {
		if got := o.row("accounts", account).GetString("next_owner"); got != o.As("rep.he").Id {
			t.Errorf("three days before, next is %q", got)
		}
	}
	if status, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_assignments/"+one["id"].(string)+"/cancel", empty{}); status != 200 {
		t.Errorf("%d %s", status, code)
	}
	if status, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_handovers/"+id+"/cancel", empty{}); status != 200 {
		t.Errorf("%d %s", status, code)
	}
	if status, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_handovers/"+id+"/cancel", empty{}); status != 400 || code != "handover.state" {
		t.Errorf("again: %d %s", status, code)
	}
	for _, account := range his {
		if got := o.row("accounts", account).GetString("next_owner"); got != "" {
			t.Errorf("cancelled, next is %q", got)
		}
	}
	o.moveTo("2026-03-25 08:00")
	if got := o.owners(his); !slices.Equal(got, []string{"rep.chen"}) {
		t.Errorf("they belong to %v", got)
	}
	o.wantState(id, "cancelled", 0, 0)
}
