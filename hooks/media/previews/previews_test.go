package previews_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/hooks"
	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
	"satchel/media"
)

// shop is an app whose previews the test makes, and an account's contract with a picture.
type shop struct {
	*testapp.App
	t       *testing.T
	row     *core.Record
	entered chan struct{}
	answers chan error
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, entered: make(chan struct{}, 1), answers: make(chan error)}
	s.App = testapp.New(t, testapp.Hooks(func(c *hooks.Config) {
		c.Previews.Make = func(_ context.Context, path string, _ media.Limits, _ string) ([]byte, error) {
			if _, err := os.Stat(path); err != nil {
				return nil, err
			}
			s.entered <- struct{}{}
			return []byte("\xFF\xD8\xFF a picture"), <-s.answers
		}
	}))
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	file, err := filesystem.NewFileFromBytes(picture.Bytes(), "draft.png")
	if err != nil {
		t.Fatal(err)
	}
	coll, err := s.FindCollectionByNameOrId("contracts")
	if err != nil {
		t.Fatal(err)
	}
	account := s.AccountOf("rep.chen")
	s.row = core.NewRecord(coll)
	s.row.Load(map[string]any{"account": account.Id, "owner": account.GetString("owner"), "no": "K-1", "state": "draft", "draft": file})
	if err := s.SaveNoValidateWithContext(gate.AsServer(context.Background()), s.row); err != nil {
		t.Fatal(err)
	}
	s.Handler()
	return s
}

func (s *shop) address(name string) string {
	s.t.Helper()
	token, err := s.As(name).NewFileToken()
	if err != nil {
		s.t.Fatal(err)
	}
	return "/api/files/contracts/" + s.row.Id + "/" + s.row.GetString("draft") + "?thumb=100x100&token=" + token
}

func (s *shop) get(ctx context.Context, address string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	s.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, address, nil).WithContext(ctx))
	return answer
}

func (s *shop) expect(answer *httptest.ResponseRecorder, status int, code string) {
	s.t.Helper()
	if answer.Code != status || code != "" && (!strings.Contains(answer.Body.String(), code) || answer.Header().Get("Retry-After") == "") {
		s.t.Errorf("%d %s %v, want %d %s", answer.Code, answer.Body, answer.Header(), status, code)
	}
}

// TestWhoAsksForTooMany waits for 64 and is asked to come again; others have their turn.
func TestWhoAsksForTooMany(t *testing.T) {
	const most = 64
	s := newShop(t)
	his, others := s.address("rep.chen"), s.address("manager.wu")
	var all sync.WaitGroup
	results := make(chan *httptest.ResponseRecorder, most+2)
	ask := func(address string) { all.Go(func() { results <- s.get(context.Background(), address) }) }
	for range most + 1 {
		ask(his)
	}
	s.expect(<-results, http.StatusTooManyRequests, "preview.at_once") // nobody else is answered yet
	ask(others)
	<-s.entered
	s.answers <- nil // for all: whoever waited finds it made
	all.Wait()
	close(results)
	for answer := range results {
		s.expect(answer, http.StatusOK, "")
	}
}

// TestNoPreviewNow: what says nothing of the picture is not held against it, and
// who went away leaves his turn.
func TestNoPreviewNow(t *testing.T) {
	s := newShop(t)
	address := s.address("rep.chen")
	first := make(chan *httptest.ResponseRecorder)
	go func() { first <- s.get(context.Background(), address) }()
	<-s.entered
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	s.expect(s.get(gone, address), http.StatusServiceUnavailable, "preview.later")
	s.answers <- errors.New("no child starts")
	s.expect(<-first, http.StatusServiceUnavailable, "preview.later")

	go func() { first <- s.get(context.Background(), address) }()
	<-s.entered
	s.answers <- nil
	s.expect(<-first, http.StatusOK, "")
}

// TestRemovedMeanwhile: a file that goes while its preview is made leaves none.
func TestRemovedMeanwhile(t *testing.T) {
	s := newShop(t)
	address := s.address("rep.chen")
	dir := filepath.Join(s.DataDir(), core.LocalStorageDirName, filepath.FromSlash(s.row.BaseFilesPath()))
	first := make(chan *httptest.ResponseRecorder)
	go func() { first <- s.get(context.Background(), address) }()
	<-s.entered
	s.row.Set("draft", nil)
	if err := s.SaveNoValidateWithContext(gate.AsServer(context.Background()), s.row); err != nil {
		t.Fatal(err)
	}
	s.answers <- nil
	s.expect(<-first, http.StatusNotFound, "")
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}
