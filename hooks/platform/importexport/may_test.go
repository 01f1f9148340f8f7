package importexport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/importexport"
	"satchel/internal/testapp"
)

// unread is a body that nobody may read.
type unread struct{ was bool }

func (u *unread) Read([]byte) (int, error) { u.was = true; return 0, io.ErrUnexpectedEOF }

// TestOnlyWhoMayImport: whoever may neither make nor change any row of a collection
// over REST is refused before a byte of his list is read, and nobody else.
func TestOnlyWhoMayImport(t *testing.T) {
	app := testapp.New(t)
	people := map[string]string{
		"owner": "rep.chen", "kam": "manager.wu", "head": "director.lin", "fin": "finance.zhao", "exec": "executive.sun", "mkt": "market.tang",
		"prod": "product.guo", "serv": "service.qian", "revw": "reviewer.shen", "aud": "auditor.jin", "admin": "admin.fang",
	}
	text, err := os.ReadFile("../../testdata/access.txt")
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	may := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case columns == nil:
			columns = words
		default:
			for i, cell := range words[len(words)-len(columns):] {
				if strings.ContainsAny(cell, "cu") {
					may[people[columns[i]]+" "+words[0]] = true
				}
			}
		}
	}
	if len(may) == 0 {
		t.Fatal("the table says nothing")
	}
	for _, name := range people {
		token := app.Token(name)
		for _, collection := range importexport.Lists() {
			body := &unread{}
			req := httptest.NewRequest("POST", "/api/ka/import/"+collection, body)
			req.Header.Set("Authorization", token)
			req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			rec := httptest.NewRecorder()
			app.Handler().ServeHTTP(rec, req)
			refused := rec.Code == http.StatusForbidden && strings.Contains(rec.Body.String(), `"import.not_allowed"`)
			if refused == may[name+" "+collection] || refused == body.was {
				t.Errorf("%s imports %s: %d %s, body read: %v", name, collection, rec.Code, rec.Body, body.was)
			}
		}
	}
}

// post sends a form as it is.
func post(ctx context.Context, app *testapp.App, token, path string, form func(w *multipart.Writer)) *httptest.ResponseRecorder {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	form(w)
	w.Close()
	req := httptest.NewRequestWithContext(ctx, "POST", path, io.MultiReader(&body)) // of no known length
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Authorization", token)
	rec := httptest.NewRecorder()
	app.Handler().ServeHTTP(rec, req)
	return rec
}

// TestFormsThatAreNoList are refused in words, and a form's other fields cost nothing.
func TestFormsThatAreNoList(t *testing.T) {
	app := testapp.New(t)
	t.Setenv("TMPDIR", t.TempDir())
	file := func(w *multipart.Writer, size int) {
		part, _ := w.CreateFormFile("file", "list.csv")
		part.Write(append([]byte("客户,姓名\nx,y\n"), make([]byte, size)...))
	}
	token := app.Token("rep.chen")
	for _, x := range []struct {
		name, code string
		status     int
		form       func(w *multipart.Writer)
	}{
		{"nothing", "import.no_file", 400, func(*multipart.Writer) {}},
		{"a field called file", "import.no_file", 400, func(w *multipart.Writer) { w.WriteField("file", "客户,姓名\nx,y\n") }},
		{"the file behind many parts", "import.no_file", 400, func(w *multipart.Writer) {
			for range 20 {
				w.WriteField("a", "b")
			}
			file(w, 0)
		}},
		{"a large field in front", `"rows":1`, 200, func(w *multipart.Writer) {
			w.WriteField("@jsonPayload", strings.Repeat(`{"a":`, 1<<18))
			file(w, 0)
		}},
		{"a large file", "import.file_too_large", 413, func(w *multipart.Writer) { file(w, 20<<20) }},
		{"no end before the file", "import.file_too_large", 413, func(w *multipart.Writer) {
			w.WriteField("a", strings.Repeat("a", 22<<20))
			file(w, 0)
		}},
		{"a very large file", "import.file_too_large", 413, func(w *multipart.Writer) { file(w, 30<<20) }},
	} {
		rec := post(t.Context(), app, token, "/api/ka/import/contacts?dry_run=1", x.form)
		if rec.Code != x.status || !strings.Contains(rec.Body.String(), x.code) {
			t.Errorf("%s: %d %s", x.name, rec.Code, rec.Body)
		}
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "satchel-import-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("lists are left on the disk: %v, %v", left, err)
	}
}

// TestTwoTablesInMemory: while two people's lists are in memory, a third waits on
// the disk, until his turn comes or he goes.
func TestTwoTablesInMemory(t *testing.T) {
	app := testapp.New(t)
	list := func(text string) func(w *multipart.Writer) {
		return func(w *multipart.Writer) {
			part, _ := w.CreateFormFile("file", "list.csv")
			io.WriteString(part, text)
		}
	}
	waiting := func() int64 { return app.NonconcurrentDB().(*dbx.DB).DB().Stats().WaitCount }
	first, second, third := app.Token("rep.chen"), app.Token("manager.wu"), app.Token("director.lin")
	app.Handler()
	var wait sync.WaitGroup
	err := app.RunInTransaction(func(core.App) error { // nobody else writes meanwhile
		before := waiting()
		for _, token := range []string{first, second} {
			wait.Go(func() {
				if rec := post(t.Context(), app, token, "/api/ka/import/contacts?dry_run=1", list("客户,姓名\nx,y\n")); rec.Code != 200 {
					t.Errorf("%d %s", rec.Code, rec.Body)
				}
			})
		}
		for deadline := time.Now().Add(time.Minute); waiting() < before+2; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				return errors.New("they do not begin")
			}
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if rec := post(gone, app, third, "/api/ka/import/contacts", list("")); strings.Contains(rec.Body.String(), "import.no_rows") {
			t.Errorf("a third list was read: %s", rec.Body)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wait.Wait()
	if rec := post(t.Context(), app, third, "/api/ka/import/contacts", list("")); !strings.Contains(rec.Body.String(), "import.no_rows") {
		t.Errorf("after them: %s", rec.Body)
	}
}
