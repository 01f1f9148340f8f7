package api_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// stream opens a poke stream by a client and returns its events, comments too;
// the channel closes with the stream, and whole reports whether it ended in order.
func (d *desk) stream(client *http.Client) (resp *http.Response, events <-chan string, whole func() bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	d.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", d.server.URL+"/api/sync/poke?device="+d.device, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Authorization", d.token)
	resp, err = client.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	lines := bufio.NewReader(resp.Body)
	if first, err := lines.ReadString('\n'); err != nil || first != ": listening\n" || resp.Header.Get("Content-Type") != "text/event-stream" {
		d.t.Fatalf("%q, %v", first, err)
	}
	out, end := make(chan string, 100), make(chan error, 1)
	go func() {
		defer close(out)
		defer resp.Body.Close()
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				end <- err
				return
			}
			if line != "\n" {
				out <- strings.TrimSpace(line)
			}
		}
	}()
	return resp, out, func() bool { return errors.Is(<-end, io.EOF) }
}

// listen opens a poke stream and returns its events.
func (d *desk) listen() <-chan string {
	d.t.Helper()
	_, events, _ := d.stream(http.DefaultClient)
	return events
}

// TestPokeWakesWhoSeesTheChange: a raw write of rep.chen's contact pokes him and
// his manager with nothing but a seq, and says nothing to others.
func TestPokeWakesWhoSeesTheChange(t *testing.T) {
	app, server := serve(t)
	chen, wu, ma := sit(t, app, server, "rep.chen"), sit(t, app, server, "manager.wu"), sit(t, app, server, "rep.ma")
	app.Bound.Sync.Fold(app) // each was told of his phone: that is a change of his
	chenHears, wuHears, maHears := chen.listen(), wu.listen(), ma.listen()
	for range 20 {
		if _, err := app.DB().NewQuery("UPDATE contacts SET title = title || 'x' WHERE account = '" + app.AccountOf("rep.chen").Id + "'").Execute(); err != nil {
			t.Fatal(err)
		}
	}
	for name, hears := range map[string]<-chan string{"rep.chen": chenHears, "manager.wu": wuHears} {
		line, open := <-hears
		if !open || !strings.HasPrefix(line, `data: {"seq":`) || strings.Count(line, ":") != 2 {
			t.Errorf("%s hears %q", name, line)
		}
	}
	select {
	case line := <-maHears:
		t.Errorf("a stranger hears %q", line)
	default:
	}
}

func TestRevocationEndsTheStream(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	hears := chen.listen()
	device, err := app.FindRecordById("sync_devices", chen.device)
	if err != nil {
		t.Fatal(err)
	}
	device.Set("revoked", true)
	if err := app.Save(device); err != nil {
		t.Fatal(err)
	}
	if line, open := <-hears; open {
		t.Errorf("the stream goes on: %q", line)
	}
}

func TestLongPollAnswersOnce(t *testing.T) {
	t.Parallel()
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	if got := chen.call("GET", "/api/sync/poke?wait=1&device="+chen.device, nil); got.status != 200 || got.body["seq"] == nil {
		t.Errorf("%+v", got)
	}
	if got := chen.call("GET", "/api/sync/poke?wait=soon&device="+chen.device, nil); got.status != 400 || got.code() != "wait_invalid" {
		t.Errorf("%+v", got)
	}
}

// TestManagerSeesTheVisitByRealtime: PocketBase's own subscriptions work beside
// the pokes; a pushed visit arrives while the push is answered.
func TestManagerSeesTheVisitByRealtime(t *testing.T) {
	app, server := serve(t)
	chen := sit(t, app, server, "rep.chen")
	wu := &desk{t: t, app: app, server: server, token: app.Token("manager.wu")}
	resp, err := http.Get(server.URL + "/api/realtime")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	events := bufio.NewReader(resp.Body)
	next := func() (event, data string) {
		for {
			line, err := events.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			line = strings.TrimSpace(line)
			switch {
			case strings.HasPrefix(line, "event:"):
				event = strings.TrimPrefix(line, "event:")
			case strings.HasPrefix(line, "data:"):
				data = strings.TrimPrefix(line, "data:")
			case line == "" && event != "":
				return event, data
			}
		}
	}
	_, hello := next()
	client := strings.Split(strings.Split(hello, `"clientId":"`)[1], `"`)[0]
	if got := wu.call("POST", "/api/realtime", map[string]any{"clientId": client, "subscriptions": []string{"visits/*"}}); got.status != 204 {
		t.Fatalf("%+v", got)
	}
	chen.want(chen.push(chen.mutation("create", "visits", id("visit"), map[string]any{"set": map[string]any{
		"account": app.AccountOf("rep.chen").Id, "type": "unplanned", "state": "planned", "planned_date": "2026-03-16",
	}})), "applied")
	event, data := next()
	if event != "visits/*" || !strings.Contains(data, `"action":"create"`) || !strings.Contains(data, id("visit")) {
		t.Errorf("the manager's browser gets %s %s", event, data)
	}
}
