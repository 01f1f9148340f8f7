package scope_test

import (
	"bufio"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"satchel/internal/effort"
)

// TestStreamsTellNoMore: what the framework's realtime sends to the dashboards of
// a few people while rows of all kinds change holds only what each may see, and
// a poke tells a number and nothing else.
func TestStreamsTellNoMore(t *testing.T) {
	effort.Late(t)
	w := watch(newOrg(t, *seed, 50))
	w.stir(20)
	w.admit()
	server := w.Server(t)
	var watching []*stream
	for _, person := range w.people {
		if w.active(person) && len(watching) < 12 {
			w.pull(person)
			watching = append(watching, listen(t, w, server, person))
		}
	}
	pokes := regexp.MustCompile(`^\{"seq":\d+\}\s*$`)
	var waiting sync.WaitGroup
	answers := make([]string, len(watching))
	for i, s := range watching {
		waiting.Go(func() {
			path := "/api/sync/poke?wait=1&device=" + w.phones[s.person].Device
			answers[i] = send(w.App, w.tokens[s.person], http.MethodGet, path, nil).Body.String()
		})
	}
	// People and accounts first: to save them puts in order what moves who sees the rest.
	for _, collection := range append([]string{"users", "accounts"}, idsOf(texts)...) {
		if collection == "departments" || collection == "products" || collection == "account_handovers" {
			continue
		}
		for range 4 {
			id := w.any(collection)
			w.set(collection, id, map[string]any{texts[collection]: mark(collection, id) + " again"})
		}
	}
	waiting.Wait()
	for i, text := range answers {
		if !pokes.MatchString(text) {
			t.Errorf("a poke of %s: %s", watching[i].person, text)
		}
	}
	// All see the last change; what was sent before it has come by then.
	w.set("products", w.products[0], map[string]any{"spec": "the last"})
	w.look() // a change names the departments of a row's accounts as they are now
	told := 0
	for _, s := range watching {
		text := s.until("the last")
		told += strings.Count(text, " again")
		w.read(s.person, "realtime", text)
	}
	for _, leak := range w.leaks {
		t.Error(leak)
	}
	if told == 0 {
		t.Error("nobody was told anything")
	}
}

// stream is one person's subscription to all collections.
type stream struct {
	person string
	lines  *bufio.Reader
	t      *testing.T
}

func listen(t *testing.T, w *watcher, server *httptest.Server, person string) *stream {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/realtime", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	s := &stream{person: person, lines: bufio.NewReader(resp.Body), t: t}
	hello := s.until("clientId")
	client := regexp.MustCompile(`"clientId":"([^"]+)"`).FindStringSubmatch(hello)
	if client == nil {
		t.Fatalf("realtime begins with %q", hello)
	}
	topics := []string{}
	for collection := range columns {
		topics = append(topics, collection+"/*")
	}
	text, err := json.Marshal(map[string]any{"clientId": client[1], "subscriptions": topics})
	if err != nil {
		t.Fatal(err)
	}
	sub, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/realtime", strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	sub.Header.Set("Authorization", w.tokens[person])
	sub.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(sub)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		t.Fatal(fmt.Sprint("subscribe: ", answer.Status))
	}
	return s
}

// until reads up to the line that holds a text.
func (s *stream) until(text string) string {
	s.t.Helper()
	var all strings.Builder
	for {
		line, err := s.lines.ReadString('\n')
		all.WriteString(line)
		if err != nil {
			s.t.Fatalf("realtime ended: %v", err)
		}
		if strings.Contains(line, text) {
			return all.String()
		}
	}
}
