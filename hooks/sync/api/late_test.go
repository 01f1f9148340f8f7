package api_test

import (
	"slices"
	"testing"
	"time"

	"satchel/internal/testapp"
)

// move gives an account to another rep, as an administrator does.
func move(t *testing.T, app *testapp.App, account, to string) {
	t.Helper()
	record, err := app.FindRecordById("accounts", account)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("owner", app.As(to).Id)
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	if err := app.Bound.Sync.Fold(app); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) visit(account, record string) map[string]any {
	return d.mutation("create", "visits", record, map[string]any{"set": map[string]any{
		"account": account, "type": "unplanned", "state": "planned",
	}})
}

func (d *desk) expect(what string, got answered, verdicts ...string) {
	d.t.Helper()
	if !slices.Equal(got.verdicts(), verdicts) {
		d.t.Errorf("%s: %v, want %v: %+v", what, got.verdicts(), verdicts, got.body)
	}
}

// TestAVisitCapturedBeforeTheAccountMovedIsTaken late, as long as the setting
// says, and only on the word of a cursor.
func TestAVisitCapturedBeforeTheAccountMovedIsTaken(t *testing.T) {
	app, server := serve(t)
	chen, he := sit(t, app, server, "rep.chen"), sit(t, app, server, "rep.he")
	account, foreign := app.AccountOf("rep.chen").Id, app.AccountOf("rep.ma").Id
	chen.pull()
	he.pull()
	old := chen.cursor
	move(t, app, account, "rep.ma")

	chen.expect("visit", chen.push(chen.visit(account, id("v1"))), "applied")
	visit, err := app.FindRecordById("visits", id("v1"))
	if err != nil || !visit.GetBool("late") || visit.GetString("owner") != app.As("rep.chen").Id {
		t.Fatalf("the late visit is %v, %v", visit, err)
	}
	chen.expect("check-in", chen.push(chen.mutation("action", "visits", id("v1"), map[string]any{"action": "check_in", "args": map[string]any{}})), "applied")
	chen.expect("somebody else's account", chen.push(chen.visit(foreign, id("v2"))), "rejected record.not_allowed")
	he.expect("never his", he.push(he.visit(account, id("v3"))), "rejected record.not_allowed")
	chen.cursor = ""
	chen.expect("no proof", chen.push(chen.visit(account, id("v4"))), "rejected record.not_allowed")
	chen.pull()
	chen.expect("a cursor from after", chen.push(chen.visit(account, id("v5"))), "rejected record.not_allowed")
	chen.cursor = old
	app.Clock.Advance(8 * 24 * time.Hour)
	chen.expect("too late", chen.push(chen.visit(account, id("v6"))), "rejected record.not_allowed")
}

// TestAnEditOfMasterDataThatLeftIsProposed to the new owner, who accepts it.
func TestAnEditOfMasterDataThatLeftIsProposed(t *testing.T) {
	app, server := serve(t)
	chen, ma := sit(t, app, server, "rep.chen"), sit(t, app, server, "rep.ma")
	account := app.AccountOf("rep.chen").Id
	chen.pull()
	ma.pull()
	row := chen.rows["accounts "+account]
	move(t, app, account, "rep.ma")
	edit := func() map[string]any {
		return chen.mutation("update", "accounts", account, map[string]any{"base": row["@v"], "set": map[string]any{"note": "电梯在后门"}})
	}
	chen.expect("edit", chen.push(edit()), "held sync.proposed")
	ma.pull()
	var request string
	for _, r := range ma.rows {
		if r["collection"] == "accounts" && r["state"] == "open" {
			request = r["id"].(string)
		}
	}
	if request == "" {
		t.Fatal("the new owner got no proposal")
	}
	chen.expect("accepting one's own", chen.push(chen.mutation("action", "account_change_requests", request, map[string]any{"action": "accept"})), "rejected record.not_allowed")
	ma.expect("accept", ma.push(ma.mutation("action", "account_change_requests", request, map[string]any{"action": "accept"})), "applied")
	ma.expect("again", ma.push(ma.mutation("action", "account_change_requests", request, map[string]any{"action": "refuse"})), "rejected request.decided")
	got, err := app.FindRecordById("accounts", account)
	if err != nil || got.GetString("note") != "电梯在后门" {
		t.Errorf("the accepted note is %q, %v", got.GetString("note"), err)
	}
	chen.cursor = ""
	chen.expect("without proof", chen.push(edit()), "rejected record.not_found")
}

// TestADeleteOfWhatLeftIsRefused, as far as its author can know of the row.
func TestADeleteOfWhatLeftIsRefused(t *testing.T) {
	app, server := serve(t)
	chen, he := sit(t, app, server, "rep.chen"), sit(t, app, server, "rep.he")
	account := app.AccountOf("rep.chen").Id
	chen.expect("contact", chen.push(chen.mutation("create", "contacts", id("c1"), map[string]any{"set": map[string]any{"account": account, "name": "王"}})), "applied")
	chen.pull()
	he.pull()
	move(t, app, account, "rep.ma")
	chen.expect("seen once", chen.push(chen.mutation("delete", "contacts", id("c1"), map[string]any{"base": 1})), "rejected record.not_found")
	he.expect("never seen", he.push(he.mutation("delete", "contacts", id("c1"), map[string]any{"base": 1})), "duplicate")
	if _, err := app.FindRecordById("contacts", id("c1")); err != nil {
		t.Error("the contact is gone")
	}
}
