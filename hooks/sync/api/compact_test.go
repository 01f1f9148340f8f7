package api_test

import (
	"fmt"
	"testing"
	"time"

	"satchel/internal/testapp"
)

const day = 24 * time.Hour

// history counts what is there for the past alone.
func history(t *testing.T, app *testapp.App) map[string]int {
	t.Helper()
	out := map[string]int{}
	for table, past := range map[string]string{
		"_sync_log": "true", "_sync_chain": "true", "_sync_doc": "body IS NULL",
		"_sync_scope": "to_seq < 9223372036854775807", "_sync_grant": "to_seq < 9223372036854775807",
	} {
		var n int
		if err := app.DB().NewQuery("SELECT COUNT(*) FROM " + table + " WHERE " + past).Row(&n); err != nil {
			t.Fatal(err)
		}
		out[table] = n
	}
	return out
}

func compact(t *testing.T, app *testapp.App) {
	t.Helper()
	if _, err := app.Bound.Sync.Compact(app); err != nil {
		t.Fatal(err)
	}
}

// reset reports whether the next pull starts over.
func (d *desk) reset() bool {
	d.t.Helper()
	d.rows["a row that only a reset takes away"] = map[string]any{}
	d.pull()
	_, still := d.rows["a row that only a reset takes away"]
	delete(d.rows, "a row that only a reset takes away")
	return !still
}

// churn lets a contact come and go, and an account go and come back.
func churn(t *testing.T, app *testapp.App, he *desk, times int) {
	t.Helper()
	account := app.AccountOf("rep.he").Id
	for range times {
		contact := id(fmt.Sprintf("c%d", he.n))
		he.want(he.push(he.contact(contact, account, "who came", nil)), "applied")
		he.want(he.push(he.mutation("delete", "contacts", contact, nil)), "applied")
		move(t, app, account, "rep.chen")
		move(t, app, account, "rep.he")
		he.pull()
	}
}

func TestHistoryStaysBoundedWhilePhonesPull(t *testing.T) {
	app, server := serve(t)
	he := sit(t, app, server, "rep.he")
	he.pull()
	churn(t, app, he, 3)
	compact(t, app)
	before := history(t, app)
	churn(t, app, he, 10)
	compact(t, app)
	after := history(t, app)
	for table, n := range after {
		if n > before[table] {
			t.Errorf("%s grew from %d to %d rows", table, before[table], n)
		}
	}
	if got := he.push(); got.status != 200 {
		t.Errorf("%+v", got)
	}
}

func TestAPhoneIsWaitedForUntilItsTimeIsOver(t *testing.T) {
	app, server := serve(t)
	he, chen := sit(t, app, server, "rep.he"), sit(t, app, server, "rep.chen")
	he.pull()
	chen.pull()
	for _, days := range []int{100, 79} { // 179 in all
		app.Clock.Advance(time.Duration(days) * day)
		churn(t, app, he, 1)
		compact(t, app)
	}
	if chen.reset() {
		t.Error("a phone was cut off after 179 days")
	}
	app.Clock.Advance(181 * day)
	churn(t, app, he, 2)
	compact(t, app)
	mutation := chen.contact(id("kept"), app.AccountOf("rep.chen").Id, "captured long ago", nil)
	chen.want(chen.push(mutation), "applied")
	if !chen.reset() {
		t.Error("a phone that was silent for 181 days still holds history back")
	}
	if chen.rows["contacts "+id("kept")] == nil {
		t.Error("what it had captured is lost")
	}
	if he.reset() {
		t.Error("a phone that pulls every day was cut off")
	}
}

func TestAPhoneThatOnlyJoinedHoldsTheFloor(t *testing.T) {
	app, server := serve(t)
	he, chen := sit(t, app, server, "rep.he"), sit(t, app, server, "rep.chen")
	chen.pull()
	he.pull()
	churn(t, app, he, 1)
	compact(t, app)
	if chen.reset() {
		t.Error("the answer to its first pull is worth nothing any more")
	}
}

func TestARevokedPhoneHoldsNothingBack(t *testing.T) {
	app, server := serve(t)
	he, chen := sit(t, app, server, "rep.he"), sit(t, app, server, "rep.chen")
	he.pull()
	chen.pull()
	churn(t, app, he, 5)
	device, err := app.FindRecordById("sync_devices", chen.device)
	if err != nil {
		t.Fatal(err)
	}
	compact(t, app)
	held := history(t, app)
	device.Set("revoked", true)
	if err := app.Save(device); err != nil {
		t.Fatal(err)
	}
	compact(t, app)
	if free := history(t, app); free["_sync_grant"] >= held["_sync_grant"] || free["_sync_doc"] >= held["_sync_doc"] {
		t.Errorf("with the phone %v, without %v", held, free)
	}
}
