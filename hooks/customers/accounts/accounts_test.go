package accounts_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// TestWhoChangesWhatOfAnAccount: reps keep to their fields; what follows from
// the owner is nobody's to write.
func TestWhoChangesWhatOfAnAccount(t *testing.T) {
	d := testapp.Open(t)
	account := d.AccountOf("rep.chen")
	for _, c := range []struct{ who, field, value, want string }{
		{"rep.chen", "credit_limit_fen", "1", "account.field_locked credit_limit_fen"},
		{"rep.chen", "tier", "C", "account.field_locked tier"},
		{"rep.chen", "geofence_m", "5000", "account.field_locked geofence_m"},
		{"rep.chen", "owner", d.As("rep.he").Id, "account.field_locked owner"},
		{"rep.chen", "manager", d.As("rep.chen").Id, "field.locked manager"},
		{"manager.wu", "dept", "", "field.locked dept"},
		{"", "manager", "", "field.locked manager"},
		{"rep.chen", "short_name", "新店", ""},
		{"rep.chen", "lat", "31.2", "account.field_locked lat"},
		{"rep.chen", "address", "中山路 8 号", ""},
		{"manager.wu", "lat", "31.2", ""},
		{"rep.chen", "tags", `["新"]`, ""},
		{"manager.wu", "tier", "C", ""},
		{"director.lin", "credit_limit_fen", "100", ""},
		{"admin.fang", "kind", "lost", "field.locked kind"}, // its stage decides
		{"", "payment_days", "10", ""},
	} {
		t.Run(c.who+" "+c.field, func(*testing.T) {
			d.Expect(c.value, d.Set(c.who, account, c.field, c.value), c.want)
		})
	}
}

// TestAccountIsGiven within the line of who gives it, to somebody active.
func TestAccountIsGiven(t *testing.T) {
	d := testapp.Open(t)
	for _, c := range []struct{ who, to, want string }{
		{"manager.wu", "rep.ma", "account.owner_invalid owner"}, // of manager.xu
		{"manager.wu", "finance.zhao", "account.owner_invalid owner"},
		{"director.lin", "finance.zhao", "account.owner_invalid owner"}, // of another department
		{"director.lin", "rep.gone", "account.owner_invalid owner"},     // left
		{"", "rep.gone", "account.owner_invalid owner"},
		{"manager.wu", "rep.he", ""},
		{"director.lin", "rep.ma", ""},
		{"admin.fang", "rep.ma", ""},
		{"", "rep.feng", ""},
	} {
		t.Run(c.who+" to "+c.to, func(t *testing.T) {
			account := d.Fresh(d.AccountOf("rep.chen"))
			to := d.As(c.to)
			account.Set("owner", to.Id)
			if got := d.SaveBy(c.who, account); got != c.want {
				t.Errorf("%s gives to %s: %q, want %q", c.who, c.to, got, c.want)
			}
			fresh := d.Fresh(account)
			if c.want == "" {
				if fresh.GetString("manager") != to.GetString("manager") || fresh.GetString("dept") != to.GetString("department") {
					t.Errorf("given to %s: manager %s, department %s", c.to, fresh.GetString("manager"), fresh.GetString("dept"))
				}
				fresh.Set("owner", d.As("rep.chen").Id)
				d.Must(d.SaveBy("", fresh))
			}
		})
	}
}

func TestNewAccountFollowsItsOwner(t *testing.T) {
	d := testapp.Open(t)
	for i, c := range []struct{ who, owner, want string }{
		{"rep.chen", "rep.he", "account.owner_invalid owner"},
		{"market.tang", "rep.chen", "account.owner_invalid owner"},
		{"rep.chen", "rep.chen", ""},
		{"manager.wu", "rep.he", ""},
		{"manager.wu", "manager.wu", ""},
		{"director.lin", "rep.ma", ""},
		{"", "", ""}, // in the pool of prospects, nobody's yet
	} {
		t.Run(c.who+" for "+c.owner, func(t *testing.T) {
			account := d.Blank("accounts", map[string]any{"name": fmt.Sprint("新客户", i), "kind": "prospect"})
			var manager, dept string
			if c.owner != "" {
				owner := d.As(c.owner)
				account.Set("owner", owner.Id)
				manager, dept = owner.GetString("manager"), owner.GetString("department")
			}
			if got := d.SaveBy(c.who, account); got != c.want {
				t.Errorf("%s for %s: %q, want %q", c.who, c.owner, got, c.want)
			} else if got == "" && (account.GetString("manager") != manager || account.GetString("dept") != dept) {
				t.Errorf("%s for %s: manager %q, department %q", c.who, c.owner, account.GetString("manager"), account.GetString("dept"))
			}
		})
	}
}

func TestContactBelongsToTheLine(t *testing.T) {
	d := testapp.Open(t)
	mine, foreign := d.AccountOf("rep.chen"), d.AccountOf("rep.ma")
	for _, c := range []struct {
		who     string
		account *core.Record
		dept    string
		want    string
	}{
		{"market.tang", mine, "", "record.not_allowed"},
		{"rep.chen", foreign, "", "record.not_allowed"},
		{"manager.wu", foreign, "", "record.not_allowed"},
		{"rep.chen", mine, mine.GetString("dept"), "field.locked dept"},
		{"rep.chen", mine, "", ""},
		{"manager.xu", foreign, "", ""},
		{"director.lin", foreign, "", ""},
		{"admin.fang", foreign, "", ""},
		{"", foreign, "", ""},
	} {
		t.Run(c.who+" "+c.want, func(t *testing.T) {
			contact := d.Blank("contacts", map[string]any{"account": c.account.Id, "name": "王采购", "dept": c.dept})
			if got := d.SaveBy(c.who, contact); got != c.want {
				t.Errorf("%s at %s: %q, want %q", c.who, c.account.GetString("name"), got, c.want)
			} else if got == "" && contact.GetString("dept") != c.account.GetString("dept") {
				t.Errorf("%s: department %q", c.who, contact.GetString("dept"))
			}
		})
	}
	if got := d.SaveBy("", d.Blank("contacts", map[string]any{"name": "无客户"})); got != "validation" {
		t.Errorf("without an account: %q", got)
	}
}

// TestContactIsNotCarriedAway to an account outside the line.
func TestContactIsNotCarriedAway(t *testing.T) {
	d := testapp.Open(t)
	contact, err := d.FindFirstRecordByData("contacts", "account", d.AccountOf("rep.chen").Id)
	if err != nil {
		t.Fatal(err)
	}
	contact.Set("account", d.AccountOf("rep.ma").Id)
	if got := d.SaveBy("rep.chen", contact); got != "record.not_allowed" {
		t.Errorf("%q", got)
	}
	contact.Set("account", d.AccountOf("rep.he").Id)
	if got := d.SaveBy("manager.wu", contact); got != "" {
		t.Errorf("within the manager's line: %q", got)
	}
}

// TestWhatHangsOnAnAccountMovesWithIt: its people and its prices, for whoever
// heads the other department.
func TestWhatHangsOnAnAccountMovesWithIt(t *testing.T) {
	d := testapp.Open(t)
	list, err := d.FindFirstRecordByData("price_lists", "scope", "account")
	if err != nil {
		t.Fatal(err)
	}
	account, err := d.FindRecordById("accounts", list.GetString("account"))
	if err != nil {
		t.Fatal(err)
	}
	other := d.As("market.tang")
	account.Set("owner", other.Id)
	d.Must(d.SaveBy("", account))
	dept := other.GetString("department")
	for _, table := range []string{"contacts", "price_lists", "price_items"} {
		all, err := d.FindAllRecords(table, dbx.HashExp{"account": account.Id})
		if err != nil || len(all) == 0 {
			t.Fatalf("%s: %d rows, %v", table, len(all), err)
		}
		for _, row := range all {
			if row.GetString("dept") != dept {
				t.Errorf("%s %s stays with %q", table, row.Id, row.GetString("dept"))
			}
		}
	}
	visit, err := d.FindFirstRecordByData("visits", "account", account.Id)
	if err != nil {
		t.Fatal(err)
	}
	if visit.GetString("dept") == dept {
		t.Error("a visit of the past changed its department")
	}
}

// TestStandingFactsFollowIntoAnotherDepartment: what stands of an account, and
// what is still to be done about it, is the new head's; what is over stays with
// the department in which it happened.
func TestStandingFactsFollowIntoAnotherDepartment(t *testing.T) {
	d := testapp.Open(t)
	account := d.AccountOf("rep.chen")
	owner, home, day := d.As("rep.chen").Id, account.GetString("dept"), "2026-04-01"
	rows := map[string]*core.Record{} // by what they are
	make := func(what, collection string, values map[string]any) string {
		r := d.Blank(collection, values)
		r.Set("account", account.Id)
		r.Set("dept", home)
		if err := d.SaveWithContext(gate.AsServer(t.Context()), r); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		rows[what] = r
		return r.Id
	}
	issue := func(what, state string) string {
		return make(what, "issues", map[string]any{"kind": "quality", "level": "normal", "channel": "phone", "title": what, "state": state})
	}
	make("contract", "contracts", map[string]any{"owner": owner, "no": "K1", "type": "standard", "title": "K1", "start_date": day, "end_date": day, "state": "draft"})
	date := make("care date", "care_dates", map[string]any{"title": "founding", "kind": "anniversary", "calendar": "solar", "month": 4, "day": 1})
	rival := d.Blank("competitors", map[string]any{"name": "someone"})
	if err := d.SaveWithContext(gate.AsServer(t.Context()), rival); err != nil {
		t.Fatal(err)
	}
	make("competitor", "account_competitors", map[string]any{"competitor": rival.Id})
	make("care to be given", "care_tasks", map[string]any{"care_date": date, "title": "founding", "due": day, "state": "open"})
	make("care given", "care_tasks", map[string]any{"care_date": date, "title": "founding", "due": "2025-04-01", "state": "done"})
	open, closed := issue("open issue", "in_progress"), issue("closed issue", "closed")
	make("word on an open issue", "issue_events", map[string]any{"issue": open, "kind": "note", "text": "x"})
	make("word on a closed issue", "issue_events", map[string]any{"issue": closed, "kind": "note", "text": "x"})
	make("call", "communications", map[string]any{"channel": "phone", "direction": "out", "at": "2026-03-01 09:00:00.000Z", "summary": "x"})

	other := d.As("market.tang")
	account.Set("owner", other.Id)
	d.Must(d.SaveBy("", account))
	stays := []string{"care given", "closed issue", "word on a closed issue", "call"}
	for what, row := range rows {
		want := other.GetString("department")
		if slices.Contains(stays, what) {
			want = home
		}
		if got := d.Fresh(row).GetString("dept"); got != want {
			t.Errorf("%s: department %s, want %s", what, got, want)
		}
	}
}
