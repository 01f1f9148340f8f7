package uploads_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/store"
	"satchel/internal/testapp"
)

const serveDir = "SATCHEL_TEST_SERVE_DIR"

// TestServeForKill is no test of its own: it is the server process that
// TestResumesAfterKill starts and kills.
func TestServeForKill(t *testing.T) {
	dir := os.Getenv(serveDir)
	if dir == "" {
		t.Skip("runs in a process of its own")
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, EncryptionEnv: "pb_test_env", DBConnect: store.Connect})
	clock := &testapp.Clock{}
	clock.Set(testapp.Start)
	config := hooks.Config{Now: clock.Now, Manual: true} // who started it works on what came, alone
	testapp.Pictures(&config)
	hooks.MustBind(app, config)
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	fmt.Println("serving", serve(t, app).URL)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent dies
}

func TestResumesAfterKill(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)

	victim := w.process()
	chen.url = victim.url
	chen.create(blob, len(data)).expect(t, 201, "")
	chen.patch(blob, 0, data[:3000]).expect(t, 204, "")
	conn, _ := chen.dial(blob, 3000, len(data)-3000)
	if _, err := conn.Write(data[3000:9000]); err != nil {
		t.Fatal(err)
	}
	victim.kill()

	chen.url = w.process().url
	var at int
	if _, err := fmt.Sscan(chen.head(blob).header.Get("Upload-Offset"), &at); err != nil || at < 3000 || at > 9000 {
		t.Fatalf("offset %d, %v", at, err)
	}
	chen.patch(blob, at, data[at:]).expect(t, 204, "")
	w.expectState(blob, "stored")
	if got := w.photos(); len(got) != 1 {
		t.Errorf("photos %v", got)
	}
}

type process struct {
	url  string
	kill func() // SIGKILL, and waits for its end
}

func (w *world) process() process {
	w.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestServeForKill$")
	cmd.Env = append(os.Environ(), serveDir+"="+w.DataDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil { // open for as long as this process lives
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	kill := func() {
		_ = cmd.Process.Kill() // may be dead already
		_ = cmd.Wait()
	}
	w.t.Cleanup(kill)
	for in := bufio.NewScanner(out); in.Scan(); {
		if url, ok := strings.CutPrefix(in.Text(), "serving "); ok {
			return process{url, kill}
		}
	}
	w.t.Fatal("the server process did not start")
	return process{}
}
