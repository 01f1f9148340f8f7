package uploads_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"satchel/hooks/media/uploads"
)

// TestAnEndedUploadLeavesTheNextRequestAlone: tusd ends a body by the deadline of
// its connection, from a goroutine of its own.
func TestAnEndedUploadLeavesTheNextRequestAlone(t *testing.T) {
	end := func(w http.ResponseWriter) {
		if err := http.NewResponseController(w).SetReadDeadline(time.Now()); err != nil {
			t.Error(err)
		}
	}
	for name, c := range map[string]struct {
		upload func(w http.ResponseWriter, r *http.Request) (late http.ResponseWriter)
	}{
		"before a good answer": {func(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
			answer, done := uploads.Answer(w)
			end(answer)
			<-r.Context().Done() // the whole body is here, so the server takes the client for gone
			answer.WriteHeader(http.StatusNoContent)
			done()
			return nil
		}},
		"before a refusal": {func(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
			answer, done := uploads.Answer(w)
			end(answer)
			<-r.Context().Done()
			answer.WriteHeader(http.StatusLocked) // held back, and written by whoever knows the words
			done()
			w.WriteHeader(http.StatusLocked)
			return nil
		}},
		"after the answer": {func(w http.ResponseWriter, _ *http.Request) http.ResponseWriter {
			answer, done := uploads.Answer(w)
			answer.WriteHeader(http.StatusNoContent)
			done()
			return answer
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var late http.ResponseWriter
			runs, release := make(chan context.Context), make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					t.Error(err)
				}
				if r.URL.Path == "/upload" {
					late = c.upload(w, r)
					return
				}
				runs <- r.Context()
				<-release
			}))
			defer server.Close()
			client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
			send := func(path string) error {
				resp, err := client.Post(server.URL+path, "text/plain", strings.NewReader("body"))
				if err == nil {
					err = resp.Body.Close()
				}
				return err
			}
			if err := send("/upload"); err != nil {
				t.Fatal(err)
			}
			answered := make(chan error)
			go func() { answered <- send("/next") }()
			next := <-runs
			if late != nil {
				end(late)
			}
			select {
			case <-next.Done():
				t.Errorf("the next request: %v", next.Err())
			case <-time.After(200 * time.Millisecond): // the fault takes less than one
			}
			close(release)
			if err := <-answered; err != nil {
				t.Error(err)
			}
		})
	}
}
