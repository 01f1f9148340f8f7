package handovers_test

import (
	"encoding/json/v2"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/hooks/people/handovers"
	"satchel/internal/testapp"
)

// hanging are the collections seen through an account.
var hanging = []string{"accounts", "account_assignments", "contacts", "visits", "visit_steps", "blobs", "orders", "order_lines", "price_lists", "price_items"}

// listed are the ids that the list API shows somebody of a collection.
func (o *office) listed(as, collection string) []string {
	o.t.Helper()
	status, _, out := o.ask(as, "GET", "/api/collections/"+collection+"/records?perPage=1000&skipTotal=1&fields=id&sort=id", nil)
	if status != http.StatusOK {
		o.t.Fatalf("%s lists %s: %d %v", as, collection, status, out)
	}
	ids := []string{}
	for _, item := range out["items"].([]any) {
		ids = append(ids, item.(map[string]any)["id"].(string))
	}
	return ids
}

// same wants the phone to hold what the list API shows, for all collections.
func (o *office) same(when string, phones map[string]*testapp.Phone) {
	o.t.Helper()
	for name, phone := range phones {
		for _, collection := range append([]string{"users", "account_handovers"}, hanging...) {
			rest := o.listed(name, collection)
			if held := slices.Sorted(maps.Keys(phone.Rows[collection])); !slices.Equal(held, rest) {
				o.t.Errorf("%s: %s holds %d %s and REST shows %d", when, name, len(held), collection, len(rest))
			}
		}
	}
}

func (o *office) phones(names ...string) map[string]*testapp.Phone {
	o.t.Helper()
	out := map[string]*testapp.Phone{}
	for _, name := range names {
		out[name] = o.Phone(o.Token(name), name)
		out[name].Pull()
	}
	return out
}

// TestNewRepReadsAheadAndOldRepLoses: from three days before, the rows are on the
// new phone and in his lists, to read only; on the day the old phone drops them.
func TestNewRepReadsAheadAndOldRepLoses(t *testing.T) {
	o := open(t)
	phones := o.phones("rep.chen", "rep.ma", "manager.wu", "manager.xu", "director.lin")
	chen, ma := phones["rep.chen"], phones["rep.ma"]
	his := o.accountsOf("rep.chen")
	pull := func(when string) {
		t.Helper()
		for _, p := range phones {
			p.Pull()
		}
		o.same(when, phones)
	}
	id := o.planned("director.lin", "rep.chen", "rep.ma", his, "2026-03-20")
	pull("four days before")
	if _, early := ma.Rows["accounts"][his[0]]; early || ma.Rows["account_handovers"][id] == "" {
		t.Errorf("four days before: account %v, handover %q", early, ma.Rows["account_handovers"][id])
	}
	o.moveTo("2026-03-17 00:00")
	pull("three days before")
	for _, account := range his {
		if ma.Rows["accounts"][account] == "" || chen.Rows["accounts"][account] == "" {
			t.Errorf("three days before, %s is not on both phones", account)
		}
	}
	visit, contact := o.of("visits", his[0]), o.of("contacts", his[0])
	if ma.Rows["visits"][visit] == "" || ma.Rows["contacts"][contact] == "" {
		t.Error("what hangs on the account is not read ahead")
	}
	// He reads, and writes nothing: by REST or by push.
	for path, body := range map[string]map[string]any{
		"accounts/records/" + his[0]: {"note": "x"}, "contacts/records/" + contact: {"phone": "1"}, "visits/records/" + visit: {"summary": "x"},
	} {
		if status, _, _ := o.ask("rep.ma", "PATCH", "/api/collections/"+path, body); status != http.StatusNotFound {
			t.Errorf("he changes %s: %d", path, status)
		}
	}
	for _, body := range []map[string]any{
		{"op": "create", "c": "contacts", "r": "newcontact00001", "set": map[string]any{"account": his[0], "name": "早"}},
		{"op": "create", "c": "visits", "r": "newvisit0000001", "set": map[string]any{"account": his[0], "owner": o.As("rep.ma").Id, "type": "planned"}},
		{"op": "update", "c": "accounts", "r": his[0], "base": o.Bound.Sync.Head(), "set": map[string]any{"note": "早"}},
	} {
		if answer := ma.Push(body); !strings.Contains(answer.Body.String(), `"record.not_allowed"`) {
			t.Errorf("he pushes %v: %s", body, answer.Body)
		}
	}
	o.moveTo("2026-03-20 00:00")
	pull("on the day")
	for _, collection := range hanging[:7] {
		for row, text := range chen.Rows[collection] {
			for _, account := range his {
				if strings.Contains(text, account) {
					t.Errorf("the old phone still holds %s %s", collection, row)
				}
			}
		}
	}
	if status, _, _ := o.ask("rep.ma", "PATCH", "/api/collections/accounts/records/"+his[0], map[string]any{"note": "我的"}); status != 200 {
		t.Errorf("the new rep may not write: %d", status)
	}
	// What was not to come does not: a cancelled one leaves the phone again.
	back := o.planned("director.lin", "rep.ma", "rep.chen", his[:1], "2026-03-28")
	o.moveTo("2026-03-25 00:00")
	pull("reads ahead")
	if chen.Rows["accounts"][his[0]] == "" {
		t.Error("the account is not read ahead")
	}
	if status, code, _ := o.ask("director.lin", "POST", "/api/ka/account_handovers/"+back+"/cancel", empty{}); status != 200 {
		t.Fatal(code)
	}
	pull("cancelled")
	if chen.Rows["accounts"][his[0]] != "" {
		t.Error("the account of a cancelled handover stays on the phone")
	}
}

// of finds a row of an account.
func (o *office) of(collection, account string) string {
	o.t.Helper()
	r, err := o.FindFirstRecordByData(collection, "account", account)
	if err != nil {
		o.t.Fatal(err)
	}
	return r.Id
}

// TestManagersOfNowSeeTheHandover: who leads one of the two today, not who led him when it was planned.
func TestManagersOfNowSeeTheHandover(t *testing.T) {
	o := open(t)
	phones := o.phones("manager.wu", "manager.xu", "manager.hu", "rep.zheng", "director.lin")
	id := o.planned("manager.wu", "rep.chen", "rep.he", o.accountsOf("rep.chen"), nextWeek)
	see := func(when string, want ...string) {
		t.Helper()
		var got []string
		for name, p := range phones {
			p.Pull()
			if p.Rows["account_handovers"][id] != "" {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: seen by %v, want %v", when, got, want)
		}
		o.same(when, phones)
	}
	see("planned", "director.lin", "manager.wu")
	o.set(o.As("rep.he"), map[string]any{"manager": o.As("manager.xu").Id})
	see("the new rep changed teams", "director.lin", "manager.wu", "manager.xu")
	o.set(o.As("rep.chen"), map[string]any{"manager": o.As("manager.hu").Id, "department": o.As("market.tang").GetString("department")})
	see("the old rep too", "director.lin", "manager.hu", "manager.xu")
	raw := func(manager string) {
		t.Helper()
		_, err := o.DB().NewQuery("UPDATE users SET manager = {:manager} WHERE id = {:he}").Bind(dbx.Params{"manager": o.As(manager).Id, "he": o.As("rep.he").Id}).Execute()
		if err != nil {
			t.Fatal(err)
		}
		o.run()
	}
	raw("manager.wu")
	see("the new rep back, past the hooks", "director.lin", "manager.hu", "manager.wu")
	raw("manager.xu")
	if status, code, _ := o.ask("manager.xu", "POST", "/api/ka/account_handovers/"+id+"/cancel", empty{}); status != 400 || code != "handover.not_superior" {
		t.Errorf("the manager of one: %d %s", status, code)
	}
	if status, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_handovers/"+id+"/cancel", empty{}); status != 404 {
		t.Errorf("the manager of neither: %d %s", status, code)
	}
}

// TestDryRunTellsWhatWillHappen: its numbers are those of the pulls that follow.
func TestDryRunTellsWhatWillHappen(t *testing.T) {
	o := open(t)
	o.setting("handover.prefetch_days", 0)
	phones := o.phones("rep.chen", "rep.he")
	tablet := o.Phone(o.Token("rep.chen"), "tablet")
	tablet.Pull()
	his := o.accountsOf("rep.chen")
	if err := o.Bound.Sync.Fold(o.App); err != nil {
		t.Fatal(err)
	}
	draft := map[string]any{"from_rep": o.As("rep.chen").Id, "to_rep": o.As("rep.he").Id, "accounts": his, "planned_date": thursday}
	told := o.forecast("manager.wu", "POST", "/api/ka/account_handovers/dry_run", draft)
	if told.Accounts != len(his) || told.PrefetchFrom != thursday || len(told.Reps) != 2 {
		t.Fatalf("%+v", told)
	}
	from, to := told.Reps[0], told.Reps[1]
	if len(from.Devices) != 2 || len(to.Devices) != 1 || from.Devices[1].Device != tablet.Device || from.Devices[0].LastSync == "" {
		t.Errorf("devices: %+v %+v", from.Devices, to.Devices)
	}
	if d := from.Devices[0]; d.Unsent == "" || d.Leaves.Rows != from.Leaves.Rows || d.Enters.Rows != 0 {
		t.Errorf("device: %+v", d)
	}
	if from.Leaves.Rows < 10 || from.Leaves.Rows != to.Enters.Rows || from.Leaves.Bytes != to.Enters.Bytes || from.Leaves.Collections["visits"].Rows == 0 {
		t.Errorf("%+v %+v", from.Leaves, to.Enters)
	}
	id := o.planned("manager.wu", "rep.chen", "rep.he", his, thursday)
	for _, p := range phones {
		p.Pull()
	}
	again := o.forecast("manager.wu", "GET", "/api/ka/account_handovers/"+id+"/dry_run", nil)
	planned := int64(len(his)) // the assignments to come belong to the accounts too
	if got := again.Reps[1].Enters.Rows; got != to.Enters.Rows+planned {
		t.Errorf("planned: %d rows, before %d", got, to.Enters.Rows)
	}
	o.moveTo("2026-03-19 00:00")
	left, came := phones["rep.chen"].Pull(), phones["rep.he"].Pull()
	for _, collection := range hanging {
		if got, want := int64(len(left.Leaves[collection])), again.Reps[0].Leaves.Collections[collection].Rows; got != want {
			t.Errorf("%d %s left, foretold were %d", got, collection, want)
		}
		want := again.Reps[1].Enters.Collections[collection]
		if got := int64(len(came.Puts[collection])); got != want.Rows {
			t.Errorf("%d %s came, foretold were %d", got, collection, want.Rows)
		}
		if changed := collection == "accounts" || collection == "account_assignments"; !changed && came.Bytes[collection] != want.Bytes {
			t.Errorf("%d bytes of %s came, foretold were %d", came.Bytes[collection], collection, want.Bytes)
		}
	}
	if status, code, _ := o.ask("manager.wu", "GET", "/api/ka/account_handovers/"+id+"/dry_run", nil); status != 400 || code != "handover.state" {
		t.Errorf("of one that is over: %d %s", status, code)
	}
}

func (o *office) forecast(as, method, path string, body any) handovers.Forecast {
	o.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	answer := o.Do(as, method, path, string(text))
	var out handovers.Forecast
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || answer.Code != http.StatusOK {
		o.t.Fatalf("%s %s: %d %s", as, path, answer.Code, answer.Body)
	}
	return out
}

// TestDryRunForManagers: what a manager sees in any case neither enters nor leaves.
func TestDryRunForManagers(t *testing.T) {
	o := open(t)
	wu := o.As("manager.wu").Id
	his := o.accountsOf("rep.chen")
	phones := o.phones("manager.wu")
	draft := map[string]any{"from_rep": o.As("rep.chen").Id, "to_rep": wu, "accounts": his, "planned_date": today}
	told := o.forecast("manager.wu", "POST", "/api/ka/account_handovers/dry_run", draft)
	if told.Reps[1].Enters.Rows != 0 || told.Reps[0].Leaves.Rows == 0 {
		t.Errorf("takes it himself: %+v", told.Reps)
	}
	o.planned("manager.wu", "rep.chen", "manager.wu", his, today)
	if got := phones["manager.wu"].Pull(); len(got.Puts["visits"])+len(got.Leaves["visits"]) != 0 {
		t.Errorf("%+v", got)
	}
	o.setting("handover.drain_days", 0)
	draft = map[string]any{"from_rep": wu, "to_rep": o.As("rep.he").Id, "accounts": his, "planned_date": "2026-03-24"}
	told = o.forecast("manager.wu", "POST", "/api/ka/account_handovers/dry_run", draft)
	if told.Reps[0].Leaves.Rows != 0 || told.Reps[1].Enters.Rows == 0 {
		t.Errorf("gives it to his own rep: %+v", told.Reps)
	}
}

// TestDryRunTellsNobodyElse anything, not even that a person exists.
func TestDryRunTellsNobodyElse(t *testing.T) {
	o := open(t)
	his := o.accountsOf("rep.chen")
	id := o.planned("manager.wu", "rep.chen", "rep.he", his, thursday)
	draft := map[string]any{"from_rep": o.As("rep.chen").Id, "to_rep": o.As("rep.he").Id, "accounts": his, "planned_date": thursday}
	unknown := map[string]any{"from_rep": "nobody000000000", "to_rep": o.As("rep.he").Id, "accounts": his, "planned_date": thursday}
	for name, status := range map[string]int{"": 401, "rep.chen": 403, "manager.xu": 403, "finance.zhao": 403, "auditor.jin": 403} {
		for _, body := range []any{draft, unknown} {
			if got, code, _ := o.ask(name, "POST", "/api/ka/account_handovers/dry_run", body); got != status || name != "" && code != "handover.not_superior" {
				t.Errorf("%s: %d %s", name, got, code)
			}
		}
	}
	for name, status := range map[string]int{"": 401, "rep.he": 403, "manager.xu": 404, "auditor.jin": 403, "director.lin": 200} {
		if got, code, _ := o.ask(name, "GET", "/api/ka/account_handovers/"+id+"/dry_run", nil); got != status {
			t.Errorf("%s: %d %s", name, got, code)
		}
	}
	foreign := map[string]any{"from_rep": o.As("rep.chen").Id, "to_rep": o.As("rep.he").Id, "accounts": o.accountsOf("rep.ma"), "planned_date": thursday}
	if got, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_handovers/dry_run", foreign); got != 400 || code != "handover.not_owned" {
		t.Errorf("somebody else's accounts: %d %s", got, code)
	}
	o.set(o.As("manager.wu"), map[string]any{"active": false})
	if got, code, _ := o.ask("manager.wu", "POST", "/api/ka/account_handovers/dry_run", draft); got != 403 && got != 401 {
		t.Errorf("a disabled manager: %d %s", got, code)
	}
}
