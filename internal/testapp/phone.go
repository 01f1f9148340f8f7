package testapp

import (
	"bufio"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Phone is a device that does nothing but pull and push, and holds what it got.
type Phone struct {
	Device string
	Head   int64                        // where the last pull ended
	Rows   map[string]map[string]string // collection → id → the row's JSON
	Last   string                       // the last answer, as it came

	Token   string // bound to the device
	install string
	app     *App
	t       testing.TB
	Cursor  string
	n       int64
}

// Pulled is what one pull brought: ids by collection.
type Pulled struct {
	Puts, Leaves map[string][]string
	Bytes        map[string]int64 // of the rows that were put
}

// Phone registers a new device by the token of a login. install tells a user's phones apart.
func (a *App) Phone(token, install string) *Phone {
	a.t.Helper()
	p := &Phone{app: a, t: a.t, install: install, Rows: map[string]map[string]string{}}
	p.Login(token)
	return p
}

// Login registers the phone, or the same again, by the token of a login.
func (p *Phone) Login(token string) {
	p.t.Helper()
	p.Token = token
	answer := p.Post("/api/sync/hello", map[string]any{"install": "install-" + p.install, "platform": "test", "app": "1", "schema": 1})
	var hello struct {
		Device string `json:"device"`
		Token  string `json:"token"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &hello); err != nil || answer.Code != http.StatusOK {
		p.t.Fatalf("hello: %d %s", answer.Code, answer.Body)
	}
	p.Device, p.Token = hello.Device, hello.Token
}

// Post sends a request as the phone's user.
func (p *Phone) Post(path string, body any) *httptest.ResponseRecorder {
	p.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(string(text)))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", p.Token)
	answer := httptest.NewRecorder()
	p.app.Handler().ServeHTTP(answer, req)
	p.Last = answer.Body.String()
	return answer
}

// Take returns the numbers of so many mutations to come, the first of them.
func (p *Phone) Take(n int) int64 {
	p.n += int64(n)
	return p.n - int64(n) + 1
}

// Push sends mutations, each without its number and id, and returns the answer.
func (p *Phone) Push(mutations ...map[string]any) *httptest.ResponseRecorder {
	p.t.Helper()
	for _, m := range mutations {
		p.n++
		m["n"], m["id"] = p.n, fmt.Sprintf("m%014d", p.n)
	}
	return p.Post("/api/sync/push", map[string]any{"device": p.Device, "schema": 1, "mutations": mutations})
}

// Pull folds what is new on the server and takes all of it.
func (p *Phone) Pull() Pulled {
	p.t.Helper()
	if err := p.app.Bound.Sync.Fold(p.app); err != nil {
		p.t.Fatal(err)
	}
	answer := p.Post("/api/sync/pull", map[string]any{"device": p.Device, "schema": 1, "cursor": p.Cursor})
	if answer.Code != http.StatusOK {
		p.t.Fatalf("pull: %d %s", answer.Code, answer.Body)
	}
	out := Pulled{Puts: map[string][]string{}, Leaves: map[string][]string{}, Bytes: map[string]int64{}}
	ended := false
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		ended = p.take(lines.Bytes(), &out) || ended
	}
	if err := lines.Err(); err != nil || !ended {
		p.t.Fatalf("a pull without an end: %v", err)
	}
	return out
}

// take applies one line of an answer and reports whether it was the last.
func (p *Phone) take(line []byte, out *Pulled) bool {
	p.t.Helper()
	var l struct {
		C, I, X string
		R       jsontext.Value
		Begin   *struct {
			Reset bool
			To    int64
		}
		End *struct{ Cursor string }
	}
	if err := json.Unmarshal(line, &l, json.MatchCaseInsensitiveNames(true)); err != nil {
		p.t.Fatalf("%s: %v", line, err)
	}
	switch {
	case l.Begin != nil:
		p.Head = l.Begin.To
		if l.Begin.Reset {
			clear(p.Rows)
		}
	case l.End != nil:
		p.Cursor = l.End.Cursor
		return true
	case l.X != "":
		out.Leaves[l.C] = append(out.Leaves[l.C], l.I)
		delete(p.Rows[l.C], l.I)
	default:
		var row struct{ ID string }
		if err := json.Unmarshal(l.R, &row, json.MatchCaseInsensitiveNames(true)); err != nil {
			p.t.Fatalf("%s: %v", line, err)
		}
		if p.Rows[l.C] == nil {
			p.Rows[l.C] = map[string]string{}
		}
		out.Puts[l.C] = append(out.Puts[l.C], row.ID)
		out.Bytes[l.C] += int64(len(l.R))
		p.Rows[l.C][row.ID] = string(l.R)
	}
	return false
}
