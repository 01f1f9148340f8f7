package attack

import (
	"bufio"
	"context"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// TestPulls: a phone that pulls all shows no row that its person may not read,
// and neither does its comparison.
func TestPulls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shown := 0
	for _, column := range columns {
		who := w.people[column]
		if who.phone == nil {
			for path, more := range map[string]string{"pull": "", "push": `,"mutations":[]`, "digest": `,"cursor":"","sums":{}`, "repair": `,"cursor":"","buckets":{}`} {
				a := w.ask(who, who.token, http.MethodPost, "/api/sync/"+path, fmt.Appendf(nil, `{"device":"x","schema":1%s}`, more))
				if a.status != http.StatusUnauthorized && a.status != http.StatusForbidden {
					t.Errorf("%s at %s: %d %s", column, path, a.status, a.body)
				}
			}
			continue
		}
		who.phone.Pull()
		w.look(who, "pull of "+column, answer{status: http.StatusOK, body: who.phone.Last})
		found := marks(who.phone.Last)
		shown += len(found)
		for collection := range who.phone.Rows {
			w.cells.Add(1)
			if id := w.rows[collection]; id != "" && who.phone.Rows[collection][id] != "" && !w.reads(column, collection) {
				t.Errorf("the pull of %s has the row of %s", column, collection)
			}
		}
	}
	if shown < 50 {
		t.Errorf("only %d marked rows reach a phone", shown)
	}
	w.count(100)
}

// TestRealtime: everybody subscribes to every collection and to its marked row,
// each row changes, and only who may read it hears of it.
func TestRealtime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all, err := w.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(c *core.Collection) bool { return c.System || c.IsView() })
	var topics []string
	for _, c := range all {
		topics = append(topics, c.Name+"/*", c.Name+"/"+w.rows[c.Name])
	}
	heard := map[string]*ear{}
	for _, column := range columns {
		heard[column] = w.listen(w.people[column], topics)
	}
	for _, c := range all {
		record, err := w.FindRecordById(c, w.rows[c.Name])
		if err != nil {
			t.Fatal(err)
		}
		// What PocketBase tells its listeners from, without the rules of the row's own area.
		event := &core.ModelEvent{App: w.TestApp, Context: context.Background(), Type: core.ModelEventTypeUpdate}
		event.Model = record
		if c.Name == "users" { // who a login hangs on is saved in earnest
			record.Set("locale", "en")
			if err := w.Save(record); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := w.OnModelAfterUpdateSuccess().Trigger(event); err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
	}
	for _, column := range columns {
		who, e := w.people[column], heard[column]
		var want []string
		for _, c := range all {
			w.cells.Add(1)
			if w.reads(column, c.Name) && len(marksOf(w, c.Name)) > 0 {
				want = append(want, c.Name)
			}
		}
		text := e.until(t, column, want)
		for line := range strings.Lines(text) {
			w.look(who, "realtime of "+column, answer{status: http.StatusOK, body: line})
		}
	}
	w.count(len(all) * len(columns))
}

// marksOf are the marks that a collection's row can show at all.
func marksOf(w *world, collection string) []string { return marks(w.row(collection)) }

// ear is a listener of PocketBase's realtime.
type ear struct {
	lines  chan string
	client string
	app    core.App
}

func (w *world) listen(who *person, topics []string) *ear {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+"/api/realtime", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { resp.Body.Close() })
	e := &ear{lines: make(chan string, 1<<14), app: w.TestApp}
	if resp.StatusCode != http.StatusOK {
		w.t.Fatalf("%s does not listen: %d", who.column, resp.StatusCode)
	}
	scan := bufio.NewScanner(resp.Body)
	scan.Buffer(nil, 1<<22)
	for e.client == "" && scan.Scan() {
		_, rest, _ := strings.Cut(scan.Text(), `"clientId":"`)
		e.client, _, _ = strings.Cut(rest, `"`)
	}
	go func() {
		for scan.Scan() {
			e.lines <- scan.Text()
		}
		close(e.lines)
	}()
	body, err := json.Marshal(map[string]any{"clientId": e.client, "subscriptions": topics})
	if err != nil {
		w.t.Fatal(err)
	}
	if a := w.ask(who, who.token, http.MethodPost, "/api/realtime", body); a.status != http.StatusNoContent {
		w.t.Fatalf("%s subscribes: %d %s", who.column, a.status, a.body)
	}
	return e
}

// until reads until all of want were heard, and then until a last word arrived
// that was sent after them.
func (e *ear) until(t *testing.T, column string, want []string) string {
	t.Helper()
	var text strings.Builder
	last := time.After(20 * time.Second)
	said, missing := false, slices.Clone(want)
	for {
		if len(missing) == 0 && !said {
			said = true
			client, err := e.app.SubscriptionsBroker().ClientById(e.client)
			if err != nil {
				return text.String() // a guest is hung up on
			}
			client.Send(subscriptions.Message{Name: "last-word", Data: []byte("{}")})
		}
		select {
		case line, open := <-e.lines:
			if !open || strings.Contains(line, "last-word") {
				if len(missing) > 0 {
					t.Errorf("%s does not hear of %v", column, missing)
				}
				return text.String()
			}
			text.WriteString(line + "\n")
			missing = slices.DeleteFunc(missing, func(c string) bool { return strings.Contains(line, markFor(c, "")) })
		case <-last:
			t.Errorf("%s does not hear of %v", column, missing)
			return text.String()
		}
	}
}

// TestPokes: nobody listens by the device of another.
func TestPokes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, column := range columns {
		who := w.people[column]
		for _, other := range columns {
			of := w.people[other]
			if of.phone == nil || of == who {
				continue
			}
			for _, token := range []string{who.token, bound(who)} {
				for _, query := range []string{"device=" + of.phone.Device, "wait=1&device=" + url.QueryEscape(of.phone.Device)} {
					a := w.ask(who, token, http.MethodGet, "/api/sync/poke?"+query, nil)
					if a.status < 400 {
						t.Errorf("%s listens by the phone of %s: %d", column, other, a.status)
					}
					w.refused("poke", a)
				}
				for _, path := range []string{"pull", "push", "digest", "repair"} {
					a := w.ask(who, token, http.MethodPost, "/api/sync/"+path, fmt.Appendf(nil, `{"device":%q,"schema":1,"cursor":"","mutations":[],"sums":{},"buckets":{}}`, of.phone.Device))
					if a.status < 400 {
						t.Errorf("%s is answered at %s by the phone of %s", column, path, other)
					}
					w.refused(path, a)
				}
			}
		}
	}
	w.count(400)
}

// bound is the token of somebody's phone; empty for who has none.
func bound(who *person) string {
	if who.phone == nil {
		return ""
	}
	return who.phone.Token
}
