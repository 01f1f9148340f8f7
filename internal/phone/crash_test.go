package phone

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"satchel/syncer"
)

// judge answers every push with these verdicts, in turn.
type judge struct{ statuses []string }

// RoundTrip implements http.RoundTripper.
func (j judge) RoundTrip(r *http.Request) (*http.Response, error) {
	var req syncer.PushRequest
	packed, err := gzip.NewReader(r.Body)
	if err != nil {
		return nil, err
	}
	if err := json.NewDecoder(packed).Decode(&req); err != nil {
		return nil, err
	}
	var out syncer.PushResponse
	for i, status := range j.statuses[:len(req.Mutations)] {
		var m struct {
			N  int64  `json:"n"`
			ID string `json:"id"`
		}
		if err := json.Unmarshal(req.Mutations[i], &m); err != nil {
			return nil, err
		}
		out.Results = append(out.Results, syncer.Result{N: m.N, ID: m.ID, Status: status, Seq: 5, Code: "x"})
	}
	body, err := json.Marshal(out)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body))}, err
}

// TestTheOverlayGoesOnlyWithItsVerdict: wherever the phone dies while it stores
// the answer of a push, it either shows what was entered and has no verdict, or
// the other way round, for all of the answer; and the next push mends it.
func TestTheOverlayGoesOnlyWithItsVerdict(t *testing.T) {
	statuses := []string{syncer.StatusRejected, syncer.StatusHeld, syncer.StatusApplied, syncer.StatusQuarantined}
	for _, death := range []string{
		"BEFORE INSERT ON verdicts", "AFTER INSERT ON verdicts",
		"BEFORE UPDATE ON outbox", "AFTER UPDATE ON outbox", "AFTER UPDATE ON outbox WHEN NEW.n = 2", "BEFORE UPDATE ON outbox WHEN NEW.n = 4",
	} {
		store, err := OpenStore("")
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		p := New(Config{Server: "http://x", Transport: judge{statuses}, Now: func() time.Time { return time.Unix(0, 0) }, Rand: rand.New(rand.NewPCG(1, 2))}, store)
		for i := range statuses {
			if err := p.Create("contacts", fmt.Sprintf("contact%08d", i), Row{"name": "王"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := store.db.Exec("CREATE TRIGGER death " + death + " BEGIN SELECT RAISE(ABORT, 'dead'); END"); err != nil {
			t.Fatal(err)
		}
		_, err = p.Push(context.Background())
		state := func(when string, overlays, verdicts int) {
			t.Helper()
			rows, err := p.List("contacts")
			if err != nil {
				t.Fatal(err)
			}
			have, err := p.Verdicts()
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) != overlays || len(have) != verdicts {
				t.Errorf("%s, %s: %d overlays and %d verdicts, want %d and %d", death, when, len(rows), len(have), overlays, verdicts)
			}
		}
		if err == nil {
			t.Fatalf("%s: the phone did not die", death)
		}
		state("dead", 4, 0)
		if _, err := store.db.Exec("DROP TRIGGER death"); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Push(context.Background()); err != nil {
			t.Fatal(err)
		}
		state("mended", 1, 3)
	}
}
