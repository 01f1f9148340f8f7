package notifications_test

import (
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/notifications"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// latch opens once.
type latch struct {
	c    chan struct{}
	once sync.Once
}

func newLatch() *latch { return &latch{c: make(chan struct{})} }

func (l *latch) open() { l.once.Do(func() { close(l.c) }) }

// targets are systems outside, by host: each answers as its entry says.
type targets struct {
	mu     sync.Mutex
	answer map[string]func(req *http.Request) (int, error)
	got    map[string][]string // bodies, by host
}

func (x *targets) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	x.got[req.URL.Host] = append(x.got[req.URL.Host], string(body))
	answer := x.answer[req.URL.Host]
	x.mu.Unlock()
	status := http.StatusOK
	if answer != nil {
		var err error
		if status, err = answer(req); err != nil {
			return nil, err
		}
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Request: req}, nil
}

func (x *targets) count(host string) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.got[host])
}

func (x *targets) set(host string, answer func(*http.Request) (int, error)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.answer[host] = answer
}

func status(code int) func(*http.Request) (int, error) {
	return func(*http.Request) (int, error) { return code, nil }
}

func unreachable(*http.Request) (int, error) { return 0, errors.New("connection refused") }

// outside makes an app whose webhooks reach targets only, one for each host.
func outside(t *testing.T, planted syncer.Planted, hosts ...string) (*testapp.App, *targets) {
	x := &targets{answer: map[string]func(*http.Request) (int, error){}, got: map[string][]string{}}
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) {
		c.Messages.HTTP, c.Messages.Timeout, c.Planted = &http.Client{Transport: x}, time.Hour, planted
	}))
	for _, host := range hosts {
		put(t, app, "webhooks", map[string]any{"name": host, "url": "https://" + host + "/in", "secret": secret, "events": []string{"accounts.*"}, "active": true})
	}
	return app, x
}

// happen makes an event of accounts, caused by somebody or, without a name, by nobody.
func happen(t *testing.T, app *testapp.App, by string) {
	t.Helper()
	account := app.AccountOf("rep.chen")
	account.Set("payment_days", account.GetInt("payment_days")+1)
	ctx := context.Background()
	if by != "" {
		ctx = gate.With(ctx, gate.Actor{User: app.As(by)})
	}
	if err := app.SaveWithContext(gate.Overriding(ctx, "a test"), account); err != nil {
		t.Fatal(err)
	}
}

// wants lets somebody have all notices by mail.
func wants(t *testing.T, app *testapp.App, names ...string) {
	for _, name := range names {
		put(t, app, "notification_prefs", map[string]any{"user": app.As(name).Id, "kind": "*", "mail": true})
	}
}

// tell gives somebody a notice, caused by somebody else.
func tell(t *testing.T, app *testapp.App, by, user, title string) {
	t.Helper()
	ctx := context.Background()
	if by != "" {
		ctx = gate.With(ctx, gate.Actor{User: app.As(by)})
	}
	err := app.RunInTransaction(func(txApp core.App) error {
		return gate.Notify(ctx, txApp, app.Clock.Now(), gate.Notice{User: app.As(user).Id, Kind: "approval.approved", Params: map[string]any{"title": title}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func states(t *testing.T, app core.App, where dbx.Expression) map[string]int {
	t.Helper()
	var rows []struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	if err := app.DB().Select("state", "COUNT(*) AS n").From("dispatches").Where(where).GroupBy("state").All(&rows); err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out
}

func lane(t *testing.T, app core.App, name string) *core.Record {
	t.Helper()
	r, err := app.FindFirstRecordByData("message_lanes", "name", name)
	if err != nil {
		t.Fatalf("no lane %s: %v", name, err)
	}
	return r
}

// hung runs the job beside a target that takes the connection and says nothing,
// and another that is slow; it reports whether mail and the third webhook get
// through meanwhile.
func hung(t *testing.T, planted syncer.Planted) (mails, posts int) {
	app, x := outside(t, planted, "dead.example.com", "slow.example.com", "well.example.com")
	release, entered := newLatch(), newLatch()
	var once sync.Once
	hang := func(req *http.Request) (int, error) {
		once.Do(entered.open)
		select {
		case <-release.c:
			return 0, errors.New("reset")
		case <-req.Context().Done():
			return 0, req.Context().Err()
		}
	}
	x.set("dead.example.com", hang)
	x.set("slow.example.com", hang)
	wants(t, app, "rep.chen")
	happen(t, app, "")
	done := newLatch()
	go func() {
		defer done.open()
		if err := send(app); err != nil {
			t.Error(err)
		}
	}()
	<-entered.c
	tell(t, app, "", "rep.chen", "三月计划")
	happen(t, app, "")
	run(t, app)
	// The lane may still be at its first event, in the run before; a run later it is through.
	for end := time.Now().Add(20 * time.Second); planted == "" && x.count("well.example.com") < 2 && time.Now().Before(end); run(t, app) {
		time.Sleep(time.Millisecond)
	}
	mails, posts = app.TestMailer.TotalSend(), x.count("well.example.com")
	release.open()
	<-done.c
	return mails, posts
}

// TestNobodyWaitsForAnother: a target that hangs holds up neither mail nor
// other webhooks, in this minute or the next.
func TestNobodyWaitsForAnother(t *testing.T) {
	if mails, posts := hung(t, ""); mails != 1 || posts != 2 {
		t.Errorf("beside a target that hangs %d mails and %d posts went out", mails, posts)
	}
	if mails, _ := hung(t, syncer.PlantOneLane); mails != 0 {
		t.Error("one lane for all messages is not noticed")
	}
}

// TestALaneIsParkedAndToldOnce: a target that is down keeps its messages in
// their order, is tried less often, and costs no message; when it is back, they
// go out in order.
func TestALaneIsParkedAndToldOnce(t *testing.T) {
	app, x := outside(t, "", "down.example.com")
	app.Setting("message.max_tries", 3)
	x.set("down.example.com", unreachable)
	for range 5 {
		happen(t, app, "")
	}
	for range 6 {
		run(t, app)
		app.Clock.Advance(time.Hour)
	}
	l := lane(t, app, "down.example.com")
	if l.GetDateTime("parked_at").IsZero() || l.GetInt("faults") != 6 || l.GetString("last_error") != "connection refused" {
		t.Errorf("%v", l.PublicExport())
	}
	if got := states(t, app, dbx.HashExp{}); got["queued"] != 5 || len(got) != 1 {
		t.Errorf("%v", got)
	}
	told, err := app.CountRecords("notifications", dbx.HashExp{"kind": "message.parked"})
	if err != nil || told != 1 {
		t.Errorf("told %d times, %v", told, err)
	}
	if answer := app.Do("rep.chen", "POST", "/api/ka/message_lanes/"+l.Id+"/resume", "{}"); answer.Code != 404 {
		t.Errorf("a rep: %d", answer.Code)
	}
	tried := x.count("down.example.com")
	if run(t, app); x.count("down.example.com") != tried+1 {
		t.Error("a parked lane is not tried after an hour")
	}
	if run(t, app); x.count("down.example.com") != tried+1 {
		t.Error("a parked lane is tried at once")
	}
	if answer := app.Do("admin.fang", "POST", "/api/ka/message_lanes/"+l.Id+"/resume", "{}"); answer.Code != 200 {
		t.Fatal(answer.Body)
	}
	x.set("down.example.com", nil)
	run(t, app)
	if got := states(t, app, dbx.HashExp{}); got["sent"] != 5 || len(got) != 1 {
		t.Errorf("%v", got)
	}
	var days []float64
	for _, body := range x.got["down.example.com"][tried+1:] {
		var e gate.Event
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			t.Fatal(err)
		}
		days = append(days, e.After["payment_days"].(float64))
	}
	for i := 1; i < len(days); i++ {
		if days[i] != days[0]+float64(i) {
			t.Errorf("out of order: %v", days)
		}
	}
	if l := lane(t, app, "down.example.com"); !l.GetDateTime("parked_at").IsZero() || l.GetInt("faults") != 0 {
		t.Errorf("%v", l.PublicExport())
	}
	x.set("down.example.com", unreachable)
	happen(t, app, "")
	for range 4 {
		run(t, app)
		app.Clock.Advance(24 * time.Hour)
	}
	if told, _ := app.CountRecords("notifications", dbx.HashExp{"kind": "message.parked"}); told != 2 {
		t.Errorf("parked again, told %d times", told)
	}
	for range 4 {
		app.Clock.Advance(24 * time.Hour)
		run(t, app)
	}
	if got := states(t, app, dbx.HashExp{}); got["dead"] != 1 {
		t.Errorf("waits for ever: %v", got)
	}
}

// TestOneMessageBlocksNoLane: what a target answers with a fault each time is
// given up, and those behind it go out.
func TestOneMessageBlocksNoLane(t *testing.T) {
	app, x := outside(t, "", "erp.example.com")
	app.Setting("message.max_tries", 2)
	happen(t, app, "")
	happen(t, app, "")
	first := queue(t, app)[0].Id
	x.set("erp.example.com", func(req *http.Request) (int, error) {
		if req.Header.Get("X-Satchel-Delivery") == first {
			return 500, nil
		}
		return 200, nil
	})
	run(t, app)
	if got := states(t, app, dbx.HashExp{}); got["queued"] != 2 {
		t.Errorf("the second overtook the first: %v", got)
	}
	app.Clock.Advance(time.Minute)
	run(t, app)
	if got := states(t, app, dbx.HashExp{}); got["dead"] != 1 || got["sent"] != 1 {
		t.Errorf("%v", got)
	}
}

// TestAMailboxThatIsGone takes nobody else's mail along; a mail server that is
// down costs none.
func TestAMailboxThatIsGone(t *testing.T) {
	app, _ := outside(t, "")
	app.Setting("message.max_tries", 2)
	wants(t, app, "rep.chen", "rep.he")
	down := false
	app.OnMailerSend().BindFunc(func(e *core.MailerEvent) error {
		if down {
			return errors.New("dial tcp: connection refused")
		}
		if strings.HasPrefix(e.Message.To[0].Address, "rep.chen") {
			return &textproto.Error{Code: 550, Msg: "no such user rep.chen"}
		}
		return e.Next()
	})
	tell(t, app, "", "rep.chen", "一")
	tell(t, app, "", "rep.he", "二")
	run(t, app)
	if app.TestMailer.TotalSend() != 1 {
		t.Error("a mailbox that is gone holds up the others")
	}
	app.Clock.Advance(time.Minute)
	run(t, app)
	if got := states(t, app, dbx.HashExp{}); got["dead"] != 1 || got["sent"] != 1 {
		t.Errorf("%v", got)
	}
	down = true
	tell(t, app, "", "rep.he", "三")
	for range 4 {
		run(t, app)
		app.Clock.Advance(time.Hour)
	}
	if got := states(t, app, dbx.HashExp{"channel": "mail"}); got["queued"] != 1 || lane(t, app, "mail").GetDateTime("parked_at").IsZero() {
		t.Errorf("%v", got)
	}
	down = false
	run(t, app)
	if got := states(t, app, dbx.HashExp{"channel": "mail"}); got["sent"] != 2 {
		t.Errorf("%v", got)
	}
}

// TestAMailServerThatHangs ends with its deadline.
func TestAMailServerThatHangs(t *testing.T) {
	release := newLatch()
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Messages.Timeout = time.Millisecond }))
	app.OnMailerSend().BindFunc(func(*core.MailerEvent) error {
		<-release.c
		return errors.New("reset")
	})
	defer release.open()
	wants(t, app, "rep.chen")
	tell(t, app, "", "rep.chen", "一")
	run(t, app)
	if l := lane(t, app, "mail"); !strings.Contains(l.GetString("last_error"), "no answer within") {
		t.Errorf("%v", l.PublicExport())
	}
}

// TestWaitsAreSpread: lanes that fault together do not come back together.
func TestWaitsAreSpread(t *testing.T) {
	var most time.Duration
	x := &targets{answer: map[string]func(*http.Request) (int, error){"a.example.com": unreachable}, got: map[string][]string{}}
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) {
		c.Messages = notifications.Config{HTTP: &http.Client{Transport: x}, Spread: func(m time.Duration) time.Duration { most = m; return m }}
	}))
	put(t, app, "webhooks", map[string]any{"name": "a", "url": "https://a.example.com", "secret": secret, "events": []string{"*"}, "active": true})
	happen(t, app, "")
	run(t, app)
	if got := lane(t, app, "a").GetDateTime("next_at").Time().Sub(app.Clock.Now()); most != 15*time.Second || got != 75*time.Second {
		t.Errorf("waits %s, of which up to %s by chance", got, most)
	}
}

// flood lets one user cause a hundred events and notices, with a second one
// beside him, and counts what goes out to the webhook and by mail.
func flood(t *testing.T, planted syncer.Planted) (app *testapp.App, x *targets, posts, mails int) {
	app, x = outside(t, planted, "erp.example.com")
	app.Setting("message.sender_minute", 10)
	wants(t, app, "manager.wu")
	for i := range 60 {
		happen(t, app, "admin.fang")
		tell(t, app, "admin.fang", "manager.wu", fmt.Sprint("第", i, "号"))
	}
	happen(t, app, "rep.chen")
	run(t, app)
	app.Clock.Advance(15 * time.Minute)
	run(t, app)
	return app, x, x.count("erp.example.com"), app.TestMailer.TotalSend()
}

// TestASenderHasLimits: beyond them what he causes goes in digests, and nothing
// is lost: every event is in one, and every notice is in the app.
func TestASenderHasLimits(t *testing.T) {
	app, x, posts, mails := flood(t, "")
	if posts > 8 || mails > 8 {
		t.Errorf("one sender caused %d posts and %d mails", posts, mails)
	}
	var events int
	var last float64
	for i, body := range x.got["erp.example.com"] {
		var one gate.Event
		var many struct {
			ID     string       `json:"id"`
			Digest int          `json:"digest"`
			Events []gate.Event `json:"events"`
		}
		if err := json.Unmarshal([]byte(body), &many); err != nil {
			t.Fatal(err)
		}
		if len(many.Events) == 0 {
			if err := json.Unmarshal([]byte(body), &one); err != nil {
				t.Fatal(err)
			}
			many.Events, many.Digest = []gate.Event{one}, 1
		}
		if many.Digest != len(many.Events) {
			t.Errorf("a digest of %d holds %d", many.Digest, len(many.Events))
		}
		for _, e := range many.Events {
			at, _ := e.After["payment_days"].(float64)
			if events > 0 && at != last+1 {
				t.Errorf("post %d is out of order: %v after %v", i, at, last)
			}
			last = at
			events++
		}
	}
	if events != 61 {
		t.Errorf("%d of 61 events arrived", events)
	}
	kept, err := app.CountRecords("notifications", dbx.HashExp{"kind": "approval.approved", "user": app.As("manager.wu").Id})
	if err != nil || kept < 60 {
		t.Errorf("%d notices in the app, %v", kept, err)
	}
	letter := app.TestMailer.LastMessage()
	if letter.Subject != "55 条通知" || !strings.Contains(letter.Text, "已批准：第20号") {
		t.Errorf("%q\n%s", letter.Subject, letter.Text)
	}
	if _, _, posts, mails := flood(t, syncer.PlantSenderFree); posts < 60 || mails < 60 {
		t.Errorf("a sender without limit is not noticed: %d posts, %d mails", posts, mails)
	}
}

// TestADigestEndsWithItsTurn: what comes after an attempt goes into the next.
func TestADigestEndsWithItsTurn(t *testing.T) {
	app, x := outside(t, "", "erp.example.com")
	app.Setting("message.sender_minute", 1)
	x.set("erp.example.com", unreachable)
	for range 4 {
		happen(t, app, "admin.fang")
	}
	x.set("erp.example.com", status(200))
	run(t, app)
	happen(t, app, "admin.fang")
	happen(t, app, "admin.fang")
	run(t, app)
	got := x.got["erp.example.com"]
	if len(got) != 3 || !strings.Contains(got[1], `"digest":3`) || !strings.Contains(got[2], `"digest":2`) {
		t.Errorf("%d posts: %.300q", len(got), got)
	}
}

// TestAFaultOfTheDatabaseGivesNothingUp: that a webhook or a reader could not be
// read does not mean that it is gone.
func TestAFaultOfTheDatabaseGivesNothingUp(t *testing.T) {
	app, x := outside(t, "", "erp.test")
	wants(t, app, "rep.chen")
	happen(t, app, "")
	tell(t, app, "", "rep.chen", "三月计划")
	for _, table := range []string{"webhooks", "notifications"} {
		rename := func(from, to string) {
			t.Helper()
			if _, err := app.NonconcurrentDB().NewQuery("ALTER TABLE " + from + " RENAME TO " + to).Execute(); err != nil {
				t.Fatal(err)
			}
		}
		rename(table, "away")
		_ = send(app) // it fails, or notes that nothing went out
		rename("away", table)
	}
	for _, m := range queue(t, app) {
		if m.GetString("state") == "dead" {
			t.Errorf("%s was given up: %s", m.GetString("channel"), m.GetString("last_error"))
		}
	}
	app.Clock.Advance(2 * time.Hour)
	run(t, app)
	if n := x.count("erp.test"); n != 1 || app.TestMailer.TotalSend() != 1 {
		t.Errorf("%d calls and %d mails", n, app.TestMailer.TotalSend())
	}
}
