package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"satchel/internal/testapp"
	"satchel/syncer"
)

// packed sends a body as it is under an encoding.
func packed(p *testapp.Phone, app *testapp.App, encoding string, body []byte) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "/api/sync/push", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Content-Encoding", encoding)
	req.Header.Set("Authorization", p.Token)
	answer := httptest.NewRecorder()
	app.Handler().ServeHTTP(answer, req)
	return answer
}

func zipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestAPushComesPacked: a push out of gzip is the push that was packed, so that the same
// one sent plain again is known by its hashes; what is unpacked is bounded as a plain body
// is, and what is no gzip takes nothing.
func TestAPushComesPacked(t *testing.T) {
	app := testapp.New(t)
	p := app.Phone(app.Token("rep.chen"), "packed")
	push := func(n int64) []byte {
		body, err := json.Marshal(map[string]any{"device": p.Device, "schema": 1, "mutations": []map[string]any{{
			"n": n, "id": "m00000000000000" + string(rune('0'+n)), "op": "create", "c": "communications", "r": "packed00000000" + string(rune('0'+n)),
			"data": map[string]any{"account": "none"},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	first := packed(p, app, "gzip", zipped(t, push(1)))
	again := packed(p, app, "identity", push(1))
	if first.Code != http.StatusOK || again.Code != http.StatusOK {
		t.Fatalf("%d %s, plain again %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	results := func(answer *httptest.ResponseRecorder) (out syncer.PushResponse) {
		if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if one, two := results(first), results(again); len(one.Results) != 1 || len(two.Results) != 1 || one.Results[0].Code != two.Results[0].Code || two.HighWater != 1 {
		t.Errorf("packed %s, plain %s", first.Body, again.Body)
	}
	whole := zipped(t, push(2))
	for name, c := range map[string]struct {
		encoding string
		body     []byte
		status   int
		code     string
	}{
		"a megabyte and more, packed": {"gzip", zipped(t, append(push(2), bytes.Repeat([]byte(" "), syncer.MaxPushBytes)...)), http.StatusRequestEntityTooLarge, "body_too_large"},
		"a hundred, packed":           {"gzip", zipped(t, bytes.Repeat([]byte("["), 100<<20)), http.StatusRequestEntityTooLarge, "body_too_large"},
		"cut off":                     {"gzip", whole[:len(whole)-9], http.StatusBadRequest, "body_malformed"},
		"a bit turned":                {"gzip", append(bytes.Clone(whole[:len(whole)-6]), whole[len(whole)-6]^1, 0, 0, 0, 0, 0), http.StatusBadRequest, "body_malformed"},
		"no gzip":                     {"gzip", push(2), http.StatusBadRequest, "body_malformed"},
		"nothing":                     {"gzip", nil, http.StatusBadRequest, "body_malformed"},
		"another way":                 {"br", push(2), http.StatusUnsupportedMediaType, "encoding_unknown"},
		"twice":                       {"gzip, gzip", zipped(t, whole), http.StatusUnsupportedMediaType, "encoding_unknown"},
	} {
		if got := packed(p, app, c.encoding, c.body); got.Code != c.status || !strings.Contains(got.Body.String(), `"`+c.code+`"`) {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
	}
	if last := results(packed(p, app, "gzip", whole)); last.HighWater != 2 {
		t.Errorf("what was refused whole took a number: %+v", last)
	}
}
