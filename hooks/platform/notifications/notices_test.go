package notifications_test

import (
	"context"
	"encoding/json/v2"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

const secret = "0123456789abcdef"

func put(t *testing.T, app core.App, collection string, fields map[string]any) *core.Record {
	t.Helper()
	coll, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		t.Fatal(err)
	}
	r := core.NewRecord(coll)
	r.Load(fields)
	if err := app.Save(r); err != nil {
		t.Fatal(err)
	}
	return r
}

func queue(t *testing.T, app core.App) []*core.Record {
	t.Helper()
	out, err := app.FindRecordsByFilter("dispatches", "id != ''", "@rowid", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func run(t *testing.T, app *testapp.App) {
	t.Helper()
	if err := send(app); err != nil {
		t.Fatal(err)
	}
}

// send runs the job of the minute.
func send(app *testapp.App) error {
	for _, j := range app.Bound.Jobs {
		if j.Name == "dispatches" {
			return j.Run(app, app.Clock.Now())
		}
	}
	return io.EOF
}

// TestMailForWhoWantsIt: by kind or for all kinds, in his language, after the
// commit, once.
func TestMailForWhoWantsIt(t *testing.T) {
	app := testapp.New(t)
	chen, he, wu := app.As("rep.chen"), app.As("rep.he"), app.As("manager.wu")
	wu.Set("locale", "en")
	if err := app.Save(wu); err != nil {
		t.Fatal(err)
	}
	put(t, app, "notification_prefs", map[string]any{"user": chen.Id, "kind": "approval.approved", "mail": true})
	put(t, app, "notification_prefs", map[string]any{"user": wu.Id, "kind": "*", "mail": true})
	put(t, app, "notification_prefs", map[string]any{"user": wu.Id, "kind": "approval.due", "mail": false})
	tell := func(user, kind string) {
		t.Helper()
		err := app.RunInTransaction(func(txApp core.App) error {
			return gate.Notify(context.Background(), txApp, app.Clock.Now(), gate.Notice{User: user, Kind: kind, Params: map[string]any{"title": "三月计划"}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	tell(chen.Id, "approval.approved")
	tell(chen.Id, "approval.due")
	tell(he.Id, "approval.approved")
	tell(wu.Id, "approval.approved")
	tell(wu.Id, "approval.due")
	if n := app.TestMailer.TotalSend(); n != 0 {
		t.Errorf("%d mails before the job ran", n)
	}
	run(t, app)
	run(t, app)
	var got []string
	for _, m := range app.TestMailer.Messages() {
		got = append(got, m.To[0].Address+" "+m.Subject)
	}
	want := "rep.chen@demo.test 已批准：三月计划\nmanager.wu@demo.test Approved: 三月计划"
	other := "manager.wu@demo.test Approved: 三月计划\nrep.chen@demo.test 已批准：三月计划"
	if text := strings.Join(got, "\n"); text != want && text != other {
		t.Errorf("sent:\n%s", text)
	}
	if err := gate.Notify(context.Background(), app, app.Clock.Now(), gate.Notice{User: chen.Id, Kind: "no.such"}); err == nil {
		t.Error("a notice without words")
	}
}

// TestReadOnceOnly: the reader notes when he read a notice, nothing else, and the
// first time stands.
func TestReadOnceOnly(t *testing.T) {
	app := testapp.New(t)
	chen := app.As("rep.chen").Id
	if err := gate.Notify(context.Background(), app, app.Clock.Now(), gate.Notice{User: chen, Kind: "approval.approved"}); err != nil {
		t.Fatal(err)
	}
	r, err := app.FindFirstRecordByFilter("notifications", "user = {:u} && kind = 'approval.approved'", dbx.Params{"u": chen})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"2026-03-16 08:00:00.000Z", "2026-03-17 08:00:00.000Z", ""} {
		r.Set("read_at", at)
		if err := app.Save(r); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.GetString("read_at"); got != "2026-03-16 08:00:00.000Z" {
		t.Errorf("read at %s", got)
	}
	r.Set("kind", "approval.rejected")
	if p, _, _ := gate.ProblemOf(app.Save(r)); p.Code != "field.locked" {
		t.Errorf("%v", p)
	}
}

// receiver is a system outside.
type receiver struct {
	*httptest.Server
	status int
	got    []*http.Request
	bodies []string
}

func receive(t *testing.T) *receiver {
	r := &receiver{status: 200}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.got, r.bodies = append(r.got, req), append(r.bodies, string(body))
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

// TestWebhookIsSignedAndRepeated: a fault waits longer each time, is given up in
// the end, and an administrator may begin again.
func TestWebhookIsSignedAndRepeated(t *testing.T) {
	out := receive(t)
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Messages.HTTP = out.Client() }))
	put(t, app, "settings", map[string]any{"key": "message.max_tries", "value": 3})
	put(t, app, "webhooks", map[string]any{"name": "ERP", "url": out.URL, "secret": secret, "events": []string{"accounts.*"}, "active": true})
	put(t, app, "webhooks", map[string]any{"name": "off", "url": out.URL, "secret": secret, "events": []string{"*"}})
	put(t, app, "webhooks", map[string]any{"name": "others", "url": out.URL, "secret": secret, "events": []string{"orders.*"}, "active": true})
	account := app.AccountOf("rep.chen")
	account.Set("payment_days", 61)
	if err := app.Save(account); err != nil {
		t.Fatal(err)
	}
	if q := queue(t, app); len(q) != 1 || q[0].GetString("event") != "accounts.update" || len(out.got) != 0 {
		t.Fatalf("%d queued, %d sent", len(q), len(out.got))
	}
	out.status = 503
	want := []time.Duration{0, time.Minute, 2 * time.Minute}
	for i, wait := range want {
		if wait > 0 {
			app.Clock.Advance(wait - time.Second)
			run(t, app)
			app.Clock.Advance(time.Second)
		}
		if run(t, app); len(out.got) != i+1 {
			t.Fatalf("%d attempts after %d waits", len(out.got), i)
		}
	}
	q := queue(t, app)[0]
	if q.GetString("state") != "dead" || q.GetString("last_error") != "answered 503" || q.GetInt("tries") != 3 {
		t.Errorf("%v", q.PublicExport())
	}
	app.Clock.Advance(24 * time.Hour)
	if run(t, app); len(out.got) != 3 {
		t.Error("what is dead is sent")
	}
	if answer := app.Do("rep.chen", "POST", "/api/ka/dispatches/"+q.Id+"/retry", "{}"); answer.Code != 404 {
		t.Errorf("a rep: %d", answer.Code)
	}
	if answer := app.Do("admin.fang", "POST", "/api/ka/dispatches/"+q.Id+"/retry", "{}"); answer.Code != 200 {
		t.Fatal(answer.Body)
	}
	out.status = 204
	if run(t, app); queue(t, app)[0].GetString("state") != "sent" {
		t.Errorf("%v", queue(t, app)[0].PublicExport())
	}
	last, body := out.got[len(out.got)-1], out.bodies[len(out.bodies)-1]
	stamp, _, _ := strings.Cut(strings.TrimPrefix(last.Header.Get("X-Satchel-Signature"), "t="), ",")
	sec, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || domain.SignWebhook(secret, time.Unix(sec, 0), []byte(body)) != last.Header.Get("X-Satchel-Signature") || last.Header.Get("X-Satchel-Delivery") != q.Id {
		t.Errorf("%v", last.Header)
	}
	var event gate.Event
	if err := json.Unmarshal([]byte(body), &event); err != nil || event.Record != account.Id || event.After["payment_days"] != 61.0 {
		t.Errorf("%s %v", body, err)
	}
	for _, j := range app.Bound.Jobs {
		if j.Name == "dispatchesSwept" {
			if err := j.Run(app, app.Clock.Now().AddDate(0, 0, 31)); err != nil || len(queue(t, app)) != 0 {
				t.Errorf("%d stay, %v", len(queue(t, app)), err)
			}
		}
	}
}

// TestWebhookStaysOutside: no address of the private network is dialled, whatever
// its name, unless the company wants it; and no redirect is followed.
func TestWebhookStaysOutside(t *testing.T) {
	out := receive(t)
	app := testapp.New(t)
	put(t, app, "webhooks", map[string]any{
		"name": "inside", "url": strings.Replace(out.URL, "127.0.0.1", "localhost", 1), "secret": secret, "events": []string{"*"}, "active": true,
	})
	account := app.AccountOf("rep.chen")
	account.Set("payment_days", 62)
	if err := app.Save(account); err != nil {
		t.Fatal(err)
	}
	run(t, app)
	if l := lane(t, app, "inside"); len(out.got) != 0 || !strings.Contains(l.GetString("last_error"), "private address") {
		t.Errorf("%d calls, %q", len(out.got), l.GetString("last_error"))
	}
	put(t, app, "settings", map[string]any{"key": "webhook.allow_private", "value": true})
	out.status = 302
	app.Clock.Advance(time.Hour)
	run(t, app)
	if l := lane(t, app, "inside"); len(out.got) != 1 || l.GetString("last_error") != "answered 302" {
		t.Errorf("%d calls, %q", len(out.got), l.GetString("last_error"))
	}
}

// TestEventsGoWithTheirTransaction: what is rolled back tells nobody.
func TestEventsGoWithTheirTransaction(t *testing.T) {
	app := testapp.New(t)
	put(t, app, "webhooks", map[string]any{"name": "all", "url": "https://erp.example.com", "secret": secret, "events": []string{"*"}, "active": true})
	n := len(queue(t, app))
	_ = app.RunInTransaction(func(txApp core.App) error {
		account := app.AccountOf("rep.chen")
		account.Set("payment_days", 63)
		if err := txApp.Save(account); err != nil {
			t.Fatal(err)
		}
		return io.EOF
	})
	if got := len(queue(t, app)); got != n {
		t.Errorf("%d more", got-n)
	}
	if _, err := app.DB().Delete("webhooks", dbx.HashExp{"name": "all"}).Execute(); err != nil {
		t.Fatal(err)
	}
	for _, body := range []map[string]any{
		{"name": "x", "url": "ftp://erp.example.com", "secret": secret, "events": []string{"*"}},
		{"name": "x", "url": "https://erp.example.com", "secret": secret, "events": []string{}},
		{"name": "x", "url": "https://erp.example.com", "secret": "short", "events": []string{"*"}},
		{"name": "x", "url": "https://erp.example.com", "secret": "set", "events": []string{"*"}},
		{"name": "x", "url": "https://erp.example.com", "events": []string{"*"}},
		{"name": "x", "url": "https://user:word@erp.example.com", "secret": secret, "events": []string{"*"}},
		{"name": "x", "url": "https://", "secret": secret, "events": []string{"*"}},
		{"name": "x", "url": "https://erp.example.com", "secret": secret, "events": []string{"order.approved"}},
		{"name": "x", "url": "https://erp.example.com", "secret": secret, "events": []string{"orders.*", "orders.approved"}},
		{"name": "x", "url": "https://erp.example.com", "secret": secret, "events": []string{"nothing.*"}},
		{"name": "x", "url": "https://erp.example.com", "secret": secret, "events": []string{"orders.cancel", "vis*"}},
	} {
		coll, _ := app.FindCollectionByNameOrId("webhooks")
		r := core.NewRecord(coll)
		r.Load(body)
		if err := app.Save(r); err == nil {
			t.Errorf("%v", body)
		}
	}
}
