package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
)

// exchange is one request of the documented example with its answer: lines of
// JSON of which each must be found, in order, in the answer's lines.
type exchange struct {
	method, path, body string
	status             string
	lines              []string
}

// documented reads the blocks of the protocol's example.
func documented(t *testing.T) (out []exchange) {
	t.Helper()
	text, err := os.ReadFile("../../../docs/sync-protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(string(text), "```exchange\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		var x exchange
		for line := range strings.Lines(block) {
			line = strings.TrimSpace(line)
			switch {
			case strings.HasPrefix(line, "> "):
				x.method, x.path, _ = strings.Cut(line[2:], " ")
			case strings.HasPrefix(line, "< "):
				x.status = line[2:]
			case x.status == "":
				x.body += line
			case line != "":
				x.lines = append(x.lines, line)
			}
		}
		out = append(out, x)
	}
	return out
}

// match compares an answer with the documented one: members that the document
// leaves out do not matter, and $name stands for a value met before or new.
func match(want, got any, vars map[string]any) bool {
	switch w := want.(type) {
	case string:
		if !strings.HasPrefix(w, "$") {
			return w == got
		}
		if known, ok := vars[w]; ok {
			return reflect.DeepEqual(known, got)
		}
		vars[w] = got
		return got != nil
	case map[string]any:
		g, ok := got.(map[string]any)
		for k, v := range w {
			ok = ok && match(v, g[k], vars)
		}
		return ok
	case []any:
		g, ok := got.([]any)
		ok = ok && len(g) == len(w)
		for i := range w {
			ok = ok && match(w[i], g[i], vars)
		}
		return ok
	}
	return reflect.DeepEqual(want, got)
}

// fill puts what was met into a request, with its quotes for what is no text.
func fill(text string, vars map[string]any) string {
	for name, v := range vars {
		if s, ok := v.(string); ok {
			text = strings.ReplaceAll(text, `"`+name+`"`, `"`+s+`"`)
			continue
		}
		text = strings.ReplaceAll(text, `"`+name+`"`, fmt.Sprintf("%.0f", v))
	}
	return text
}

// find looks for a line that matches from at on, and returns the place after it.
func find(want any, lines []any, at int, vars map[string]any) int {
	for i := at; i < len(lines); i++ {
		trial := map[string]any{}
		for k, v := range vars {
			trial[k] = v
		}
		if match(want, lines[i], trial) {
			for k, v := range trial {
				vars[k] = v
			}
			return i + 1
		}
	}
	return 0
}

// TestTheDocumentedExchangeIsWhatHappens plays the example of the protocol's
// page, request by request, against a server.
func TestTheDocumentedExchangeIsWhatHappens(t *testing.T) {
	app, server := serve(t)
	all := documented(t)
	if len(all) < 8 {
		t.Fatalf("the page shows %d requests", len(all))
	}
	vars := map[string]any{"$user": app.As("rep.chen").Id}
	token := app.Token("rep.chen")
	for i, x := range all {
		if err := app.Bound.Sync.Fold(app); err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequest(x.method, server.URL+x.path, strings.NewReader(fill(x.body, vars)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if bound, ok := vars["$token"].(string); ok {
			token = bound
		}
		req.Header.Set("Authorization", token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(resp.StatusCode); got != x.status {
			t.Fatalf("%d. %s %s answers %s, the page says %s: %s", i+1, x.method, x.path, got, x.status, body)
		}
		var lines []any
		scan := bufio.NewScanner(bytes.NewReader(body))
		scan.Buffer(nil, 1<<20)
		for scan.Scan() {
			var v any
			if err := json.Unmarshal(scan.Bytes(), &v); err != nil {
				t.Fatalf("%s: %v", scan.Text(), err)
			}
			lines = append(lines, v)
		}
		at := 0
		for _, line := range x.lines {
			var want any
			if err := json.Unmarshal([]byte(line), &want); err != nil {
				t.Fatalf("the page shows %s: %v", line, err)
			}
			if at = find(want, lines, at, vars); at == 0 {
				t.Fatalf("%d. %s %s: nothing matches %s (known: %v) in\n%.2000s", i+1, x.method, x.path, line, vars, body)
			}
		}
	}
}
