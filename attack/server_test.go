package attack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/hooks/expense/invoices"
	"satchel/hooks/media/previews"
	"satchel/hooks/media/uploads"
	"satchel/internal/store"
	"satchel/internal/testapp"
	"satchel/media/darkroom"
	_ "satchel/migrations"
	"satchel/syncer"
)

// Variables of a process of this test that serves: its directory, where it
// listens, and the fault that is planted in it.
const (
	serveDir     = "SATCHEL_ATTACKED_DIR"
	serveAt      = "SATCHEL_ATTACKED_AT"
	servePlanted = "SATCHEL_ATTACKED_PLANTED"
)

// TestMain lets the test be the server that is attacked, in a process of its own:
// what a load takes of memory shows there, and a fault can be planted.
func TestMain(m *testing.M) {
	darkroom.Main()
	if dir := os.Getenv(serveDir); dir != "" {
		if err := serve(dir, os.Getenv(serveAt), syncer.Planted(os.Getenv(servePlanted))); err != nil {
			fmt.Fprintln(os.Stderr, "attacked:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serve is main, but for a fault, and for a proxy that says who asks.
func serve(dir, address string, planted syncer.Planted) error {
	store.Private()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	dark := darkroom.New(darkroom.Options{})
	defer dark.Close()
	hooks.MustBind(app, hooks.Config{
		Now: time.Now, Limited: true, Planted: planted,
		Uploads: uploads.Config{Develop: dark.Develop}, Invoices: invoices.Config{Read: dark.ReadPaper}, Previews: previews.Config{Make: dark.Preview},
	})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	app.Settings().TrustedProxy.Headers = []string{"X-Forwarded-For"}
	if err := app.Save(app.Settings()); err != nil {
		return err
	}
	return apis.Serve(app, apis.ServeConfig{HttpAddr: address})
}

// attacked starts a server of the small company and returns its process and where it answers.
func attacked(t *testing.T, planted syncer.Planted) (pid int, base string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"data.db", "auxiliary.db"} {
		if err := os.WriteFile(filepath.Join(dir, name), testapp.Database(t, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := free.Addr().String()
	free.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Env = append(os.Environ(), serveDir+"="+dir, serveAt+"="+at, servePlanted+"="+string(planted))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		cmd.Wait() // it was killed
	})
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get("http://" + at + "/api/health")
		if err == nil {
			resp.Body.Close()
			return cmd.Process.Pid, "http://" + at
		}
		if time.Now().After(deadline) {
			t.Fatal("the server does not answer")
		}
	}
}
