package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// wholePull asks for everything as plain lines.
func (d *desk) wholePull() (*http.Response, []byte) {
	return d.get("POST", "/api/sync/pull", strings.NewReader(fmt.Sprintf(`{"device":%q,"schema":1}`, d.device)), http.Header{"Accept-Encoding": {"identity"}})
}

// TestAnAnswerWithoutAFileIsWhole: where nothing can be kept, a large answer is
// the same but for its tag, and goes all the same.
func TestAnAnswerWithoutAFileIsWhole(t *testing.T) {
	app := filled(t)
	chen := sit(t, app, app.Server(t), "rep.chen")
	resp, kept := chen.wholePull()
	if resp.Header.Get("ETag") == "" || resp.ContentLength != int64(len(kept)) {
		t.Fatalf("%d bytes, %v", len(kept), resp.Header)
	}
	if err := os.RemoveAll(filepath.Join(app.DataDir(), "sync_spool")); err != nil {
		t.Fatal(err)
	}
	resp, text := chen.wholePull()
	if resp.StatusCode != 200 || resp.Header.Get("ETag") != "" || len(text) != len(kept) {
		t.Errorf("%d, %d bytes instead of %d, %v", resp.StatusCode, len(text), len(kept), resp.Header)
	}
}

// TestOnlyKeptAnswersStayOnTheDisk.
func TestOnlyKeptAnswersStayOnTheDisk(t *testing.T) {
	app := filled(t)
	chen := sit(t, app, app.Server(t), "rep.chen")
	chen.wholePull()
	chen.pull() // as large
	small := sit(t, app, chen.server, "rep.ma")
	small.pull()
	files, err := os.ReadDir(filepath.Join(app.DataDir(), "sync_spool"))
	if err != nil || len(files) != 2 {
		t.Errorf("%d files, %v", len(files), err)
	}
}

// TestSlowLinesHoldUpNobody: more phones than pulls are worked at once do not
// read their answers, and one more is answered.
func TestSlowLinesHoldUpNobody(t *testing.T) {
	app := filled(t)
	server := app.Server(t)
	chen := sit(t, app, server, "rep.chen")
	release := make(chan struct{})
	var all, begun sync.WaitGroup
	for range 12 {
		begun.Add(1)
		all.Go(func() {
			req := httptest.NewRequest("POST", "/api/sync/pull", strings.NewReader(fmt.Sprintf(`{"device":%q,"schema":1}`, chen.device)))
			req.Header.Set("Authorization", chen.token)
			app.Handler().ServeHTTP(&slow{ResponseRecorder: httptest.NewRecorder(), begun: sync.OnceFunc(begun.Done), release: release}, req)
		})
	}
	begun.Wait()
	if resp, text := chen.wholePull(); resp.StatusCode != 200 {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
	close(release)
	all.Wait()
}

// slow takes nothing until release.
type slow struct {
	*httptest.ResponseRecorder
	begun   func()
	release chan struct{}
}

func (s *slow) Write(p []byte) (int, error) {
	s.begun()
	<-s.release
	return s.ResponseRecorder.Write(p)
}
