package uploads_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/hooks/media/uploads"
	"satchel/internal/store"
	"satchel/internal/testapp"
)

// dial opens a connection and sends a PATCH that announces announced bytes. It
// returns when the server waits for the body, with the upload locked.
func (p phone) dial(blob string, offset, announced int, headers ...string) (*net.TCPConn, *bufio.Reader) {
	p.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "PATCH %s/%s HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nAuthorization: %s\r\n%s: %s\r\n"+
		"Content-Type: application/offset+octet-stream\r\nUpload-Offset: %d\r\nContent-Length: %d\r\nExpect: 100-continue\r\n%s\r\n",
		uploads.Path, blob, p.token, uploads.DeviceHeader, p.device, offset, announced, strings.Join(headers, ""))
	in := bufio.NewReader(conn)
	if line, err := in.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		p.t.Fatalf("server said %q, %v", line, err)
	}
	if _, err := in.ReadString('\n'); err != nil {
		p.t.Fatal(err)
	}
	return conn.(*net.TCPConn), in
}

func (p phone) answer(in *bufio.Reader) reply {
	p.t.Helper()
	res, err := http.ReadResponse(in, &http.Request{Method: http.MethodPatch})
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	return p.read(http.MethodPatch, res)
}

// cut sends the first bytes of an announced body and hangs up, and waits until
// the server has seen it.
func (p phone) cut(blob string, offset, announced int, first []byte, headers ...string) {
	p.t.Helper()
	conn, in := p.dial(blob, offset, announced, headers...)
	if _, err := conn.Write(first); err != nil {
		p.t.Fatal(err)
	}
	if err := conn.CloseWrite(); err != nil {
		p.t.Fatal(err)
	}
	p.answer(in).expect(p.t, 400, "upload.request")
}

func TestResumesAfterACutAtAnyByte(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")
	at := 0
	for _, next := range []int{1, 2, 4096, 4097, len(data) / 2, len(data) - 1} {
		chen.cut(blob, at, len(data)-at, data[at:next])
		chen.head(blob).expectOffset(t, next)
		at = next
	}
	w.expectState(blob, "pending")
	chen.patch(blob, at, data[at:]).expect(t, 204, "")
	w.expectState(blob, "stored")
	if !bytes.Equal(w.file(w.row(blob), blob+".jpg"), data) {
		t.Error("the original is another file")
	}
}

func TestResumesAfterARestart(t *testing.T) {
	w := newWorld(t, manually(nil)) // the second app alone works on what came
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")
	chen.cut(blob, 0, len(data), data[:7000])

	chen.url = w.restart()
	chen.head(blob).expectOffset(t, 7000)
	chen.patch(blob, 7000, data[7000:]).expect(t, 204, "")
	w.waitFor(func() bool { return w.row(blob).GetString("state") == "stored" })
}

// restart serves a second app on the same data directory, with nothing of the
// first one's memory.
func (w *world) restart() (url string) {
	w.t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: w.DataDir(), EncryptionEnv: "pb_test_env", DBConnect: store.ConnectWith(store.Off)})
	config := hooks.Config{Now: w.Clock.Now}
	testapp.Pictures(&config)
	hooks.MustBind(app, config)
	if err := app.Bootstrap(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		end := &core.TerminateEvent{App: app}
		if err := app.OnTerminate().Trigger(end, func(e *core.TerminateEvent) error { return e.App.ClearBootstrap() }); err != nil {
			w.t.Error(err)
		}
	})
	return serve(w.t, app).URL
}

// What the disk can look like after the server died.
func TestGoesOnFromWhatIsOnTheDisk(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	for name, c := range map[string]struct {
		bytes  []byte // on the disk
		info   string // replaces the description if not empty
		status int    // of HEAD
		offset int
		state  string
	}{
		"no byte yet":                     {nil, "", 200, 0, "pending"},
		"a part":                          {data[:1234], "", 200, 1234, "pending"},
		"all, but not finished":           {data, "", 200, len(data), "stored"},
		"all, but mangled by a power cut": {append(bytes.Clone(data[:len(data)-500]), make([]byte, 500)...), "", 404, 0, "pending"},
		"more than announced":             {append(bytes.Clone(data), 0), "", 404, 0, "pending"},
		"description cut":                 {data[:1234], `{"ID":"abc`, 404, 0, "pending"},
		"description of another place":    {data[:1234], `{"ID":"x","Size":5,"MetaData":{"expires":"2030-01-01T00:00:00Z"}}`, 404, 0, "pending"},
	} {
		t.Run(name, func(t *testing.T) {
			blob := w.announce(data)
			chen.create(blob, len(data)).expect(t, 201, "")
			path := filepath.Join(w.DataDir(), "uploads", blob)
			write(t, path, c.bytes)
			if c.info != "" {
				write(t, path+".info", []byte(c.info))
			}

			head := chen.head(blob)
			head.expect(t, c.status, "")
			if c.status == 200 {
				head.expectOffset(t, c.offset)
			} else if files := w.onDisk(); len(files) > 0 {
				t.Errorf("on disk: %v", files)
			}
			w.expectState(blob, c.state)

			// Whatever it was, the photo gets there.
			if c.state == "pending" {
				chen.create(blob, len(data)).expect(t, 201, "")
				chen.patch(blob, c.offset, data[c.offset:]).expect(t, 204, "")
				w.expectState(blob, "stored")
			}
			if got := w.photos(); !slices.Contains(got, blob+".jpg") {
				t.Errorf("photos %v", got)
			}
		})
	}
}

func TestFinishesARefusalAfterTheServerDied(t *testing.T) {
	w := newWorld(t, manually(nil)) // what is told of it depends on whether it was looked at
	chen := w.phone("rep.chen", "install-chen-1")
	data := []byte("no picture at all")
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")
	write(t, filepath.Join(w.DataDir(), "uploads", blob), data)
	chen.head(blob).expect(t, 200, "")
	w.expectState(blob, "rejected")
	chen.head(blob).expect(t, 410, "")
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestASecondPatchEndsTheFirst(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")

	_, first := chen.dial(blob, 0, len(data)) // a dead connection: not a byte comes
	chen.patch(blob, 0, data).expect(t, 204, "")
	chen.answer(first).expect(t, 423, "upload.locked")
	w.expectState(blob, "stored")
	if got := w.photos(); len(got) != 1 {
		t.Errorf("photos %v", got)
	}
}

func TestTwoPatchesAtOnce(t *testing.T) {
	w := newWorld(t)
	data := photo(t, 1, 1)
	blob := w.announce(data)
	phones := []phone{w.phone("rep.chen", "install-chen-1"), w.phone("rep.chen", "install-chen-2")}
	phones[0].create(blob, len(data)).expect(t, 201, "")

	var wait sync.WaitGroup
	for _, p := range phones {
		wait.Go(func() {
			switch got := p.patch(blob, 0, data); got.status {
			case 204, 409, 423: // done, came second, was ended by the other
			default:
				t.Errorf("answer is %d %q", got.status, got.code)
			}
		})
	}
	wait.Wait()
	if w.row(blob).GetString("state") == "pending" { // both were ended: one of them goes on
		at := phones[1].head(blob).header.Get("Upload-Offset")
		var offset int
		if _, err := fmt.Sscan(at, &offset); err != nil {
			t.Fatal(err)
		}
		if offset < len(data) {
			phones[1].patch(blob, offset, data[offset:]).expect(t, 204, "")
		}
	}
	w.expectState(blob, "stored")
	if got := w.photos(); len(got) != 1 {
		t.Errorf("photos %v", got)
	}
	if !bytes.Equal(w.file(w.row(blob), blob+".jpg"), data) {
		t.Error("the original is another file")
	}
}
