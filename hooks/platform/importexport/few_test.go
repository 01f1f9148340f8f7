package importexport_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// refused wants 429 with its code and when to come again.
func refused(t *testing.T, status int, header http.Header, body, code string) {
	t.Helper()
	if status != http.StatusTooManyRequests || header.Get("Retry-After") != "10" || !strings.Contains(body, `"code":"`+code+`"`) {
		t.Errorf("%d, again after %q: %s", status, header.Get("Retry-After"), body)
	}
}

// TestOneImportAtOnce: while the body of one comes, a second of the same person is
// refused before it is read; another's passes, and his own when the first is done.
func TestOneImportAtOnce(t *testing.T) {
	app := testapp.New(t)
	server := app.Server(t)
	const file = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n统一社会信用代码,客户名称\n91110000000000001A,新店\n\r\n--x--\r\n"
	post := func(name string) (net.Conn, *bufio.Reader) {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		conn.SetDeadline(time.Now().Add(30 * time.Second))
		fmt.Fprintf(conn, "POST /api/ka/import/accounts?dry_run=true HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nExpect: 100-continue\r\n"+
			"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n", app.Token(name), len(file))
		return conn, bufio.NewReader(conn)
	}
	answer := func(in *bufio.Reader) (int, http.Header, string) {
		t.Helper()
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return res.StatusCode, res.Header, string(text)
	}
	begins := func(in *bufio.Reader) { // the server reads the body
		t.Helper()
		line, err := in.ReadString('\n')
		if err != nil || !strings.Contains(line, "100 Continue") {
			t.Fatalf("%q, %v", line, err)
		}
		in.ReadString('\n')
	}
	first, firstIn := post("admin.fang")
	begins(firstIn)
	_, secondIn := post("admin.fang")
	status, header, body := answer(secondIn)
	refused(t, status, header, body, "import.at_once")
	_, otherIn := post("rep.chen")
	begins(otherIn)
	io.WriteString(first, file)
	if status, _, body := answer(firstIn); status != 200 || !strings.Contains(body, `"rows":1`) {
		t.Errorf("the first: %d %s", status, body)
	}
	third, thirdIn := post("admin.fang")
	begins(thirdIn)
	io.WriteString(third, file)
	if status, _, body := answer(thirdIn); status != 200 {
		t.Errorf("after it: %d %s", status, body)
	}
}

// stuck is a reader who takes nothing until he is let go.
type stuck struct {
	httptest.ResponseRecorder
	once      sync.Once
	came, let chan struct{}
}

func (s *stuck) Write(b []byte) (int, error) {
	s.once.Do(func() { close(s.came); <-s.let })
	return s.ResponseRecorder.Write(b)
}

// TestTwoExportsAtOnce, by the setting three; imports have a number of their own.
func TestTwoExportsAtOnce(t *testing.T) {
	app := testapp.New(t)
	for most := 2; most <= 3; most++ {
		let := make(chan struct{})
		var wait sync.WaitGroup
		for range most {
			w := &stuck{ResponseRecorder: httptest.ResponseRecorder{Body: &bytes.Buffer{}}, came: make(chan struct{}), let: let}
			req := httptest.NewRequest("GET", "/api/ka/export/accounts", nil)
			req.Header.Set("Authorization", app.Token("rep.chen"))
			handler := app.Handler()
			wait.Go(func() { handler.ServeHTTP(w, req) })
			<-w.came
		}
		got := app.Do("rep.chen", "GET", "/api/ka/export/accounts", "")
		refused(t, got.Code, got.Header(), got.Body.String(), "export.at_once")
		if !strings.Contains(got.Body.String(), fmt.Sprintf(`"limit":%d`, most)) {
			t.Errorf("it does not name its limit: %s", got.Body)
		}
		if got := app.Do("manager.wu", "GET", "/api/ka/export/accounts", ""); got.Code != 200 {
			t.Errorf("another: %d %s", got.Code, got.Body)
		}
		if status, got := send(t, app, "rep.chen", "contacts", "?dry_run=true", []byte("客户,姓名\nN1,N2\n")); status != 200 {
			t.Errorf("an import beside: %d %+v", status, got)
		}
		close(let)
		wait.Wait()
		if got := app.Do("rep.chen", "GET", "/api/ka/export/accounts", ""); got.Code != 200 {
			t.Errorf("after them: %d %s", got.Code, got.Body)
		}
		coll, err := app.FindCollectionByNameOrId("settings")
		if err != nil {
			t.Fatal(err)
		}
		row := core.NewRecord(coll)
		row.Load(map[string]any{"key": "export.at_once_per_user", "value": 3})
		if most == 2 {
			if err := app.SaveWithContext(gate.AsServer(t.Context()), row); err != nil {
				t.Fatal(err)
			}
		}
	}
}
