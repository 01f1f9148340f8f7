package phone_test

import (
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"satchel/internal/demo"
	"satchel/internal/phone"
	"satchel/internal/testapp"
)

// counter counts requests by path.
type counter map[string]int

func (c counter) RoundTrip(req *http.Request) (*http.Response, error) {
	c[req.URL.Path]++
	return http.DefaultTransport.RoundTrip(req)
}

// TestAPhoneWaitsWhenItsUserHasTooManyIssues: it keeps its queue, asks no more
// before the time that the server named, goes on pulling, and hands all in once
// somebody has answered.
func TestAPhoneWaitsWhenItsUserHasTooManyIssues(t *testing.T) {
	app := testapp.New(t)
	server := app.Server(t)
	app.Setting("issues.open_max", 2)
	store, err := phone.OpenStore("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	asked := counter{}
	p := phone.New(phone.Config{
		Server: server.URL, Transport: asked, Now: app.Clock.Now, Rand: rand.New(rand.NewPCG(16, 2)), Platform: "test", App: "test",
	}, store)
	if err := p.Login(t.Context(), demo.Email("rep.chen"), demo.Password); err != nil {
		t.Fatal(err)
	}
	sync := func() phone.Report {
		t.Helper()
		r, err := p.Sync(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	account := app.AccountOf("rep.chen").Id
	create := func(account string) {
		t.Helper()
		if err := p.Create("contacts", p.NewID(), phone.Row{"account": account, "name": "王"}); err != nil {
			t.Fatal(err)
		}
	}
	create(app.AccountOf("rep.ma").Id)
	create(app.AccountOf("rep.ma").Id)
	if r := sync(); r.Pushed.Rejected != 2 || r.Full != "" {
		t.Fatalf("%+v", r)
	}
	create(account)
	waits := func(why string) {
		t.Helper()
		pulls := asked["/api/sync/pull"]
		r := sync()
		if pending, err := p.Pending(); r.Full != "issues_full" || err != nil || pending != 1 || asked["/api/sync/pull"] == pulls {
			t.Errorf("%s: %+v, %d wait, %v", why, r, pending, err)
		}
	}
	waits("with two issues")
	pushes := asked["/api/sync/push"]
	waits("again")
	if asked["/api/sync/push"] != pushes {
		t.Errorf("%d pushes before the time", asked["/api/sync/push"]-pushes)
	}
	app.Clock.Advance(10 * time.Minute)
	waits("after the time")
	if asked["/api/sync/push"] != pushes+1 {
		t.Errorf("%d pushes after the time", asked["/api/sync/push"]-pushes)
	}
	issues, err := p.Issues()
	if err != nil || len(issues) != 2 {
		t.Fatalf("%v, %v", issues, err)
	}
	if err := p.AnswerNow(t.Context(), issues[0].Text("id"), "discard", phone.Row{"reason": "x"}); err != nil {
		t.Fatal(err)
	}
	if r := sync(); r.Full != "" || r.Pushed.Applied != 1 {
		t.Errorf("once there is room: %+v", r)
	}
}
