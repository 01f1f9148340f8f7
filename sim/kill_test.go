package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/demo"
	"satchel/internal/phone"
	"satchel/internal/store"
	"satchel/internal/testapp"
)

const kills = 10

// victim is the built server as a process of its own.
type victim struct {
	t               *testing.T
	binary, dir, at string
	cmd             *exec.Cmd
	mu              sync.Mutex
}

// start runs the server and waits until it answers.
func (v *victim) start() {
	v.t.Helper()
	v.cmd = exec.Command(v.binary, "serve", "--dir", v.dir, "--http", v.at)
	v.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := v.cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for range 500 {
		resp, err := http.Get("http://" + v.at + "/api/health")
		if err == nil {
			resp.Body.Close()
			return
		}
		<-poll.C
	}
	v.t.Fatal("the server does not answer")
}

// kill ends the server at once and waits until it is gone; twice does no harm.
func (v *victim) kill() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.cmd.ProcessState == nil {
		v.cmd.Process.Signal(syscall.SIGKILL)
		v.cmd.Wait()
	}
}

// newVictim builds the binary and a data directory with the small company.
func newVictim(t *testing.T) *victim {
	t.Helper()
	v := &victim{t: t, binary: filepath.Join(t.TempDir(), "satchel"), dir: filepath.Join(t.TempDir(), "data")}
	build := exec.Command("go", "build", "-o", v.binary, "satchel")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: v.dir, DBConnect: store.Connect})
	hooks.MustBind(app, hooks.Config{Now: time.Now})
	err := app.Bootstrap()
	if err == nil {
		err = app.RunAllMigrations()
	}
	if err == nil {
		_, err = demo.Build(app, demo.Small(testapp.Start))
	}
	if err := errors.Join(err, app.ClearBootstrap()); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v.at = listener.Addr().String()
	listener.Close()
	return v
}

// TestKilledServerLosesAndRepeatsNothing kills the server with SIGKILL in the
// middle of pushes, ten times over: every acknowledged mutation is there, and
// each counts once.
func TestKilledServerLosesAndRepeatsNothing(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if *oneSeed != 0 {
		seed = *oneSeed
	}
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 9))
	v := newVictim(t)
	v.start()
	t.Cleanup(v.kill)
	ctx := context.Background()

	s, err := phone.OpenStore(filepath.Join(t.TempDir(), "phone.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	p := phone.New(phone.Config{
		Server: "http://" + v.at, Transport: &http.Transport{}, Now: time.Now, Rand: rng, Platform: "kill", App: "kill",
	}, s)
	must := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	must(p.Login(ctx, demo.Email("rep.chen"), demo.Password))
	_, err = p.Pull(ctx)
	must(err)
	account, err := p.Find("accounts", phone.Row{"status": "active"})
	must(err)
	list, err := p.Find("price_lists", phone.Row{"scope": "default"})
	must(err)
	order, err := p.NewOrder(account.Text("id"), "", list.Text("id"), nil)
	must(err)

	var total int64
	contacts := map[string]bool{}
	acknowledged := 0
	for round := 0; round < kills; round++ {
		// The axe falls while one of many small pushes is under way: those before
		// it are acknowledged, one is not.
		axe := time.AfterFunc(time.Duration(50+rng.IntN(600))*time.Millisecond, v.kill)
		for push := 0; ; push++ {
			for i := range 10 {
				id, by := p.NewID(), int64(1+rng.IntN(9))
				must(p.Create("contacts", id, phone.Row{"account": account.Text("id"), "name": fmt.Sprint(round, " ", push, " ", i)}),
					p.Increment("orders", order, "shown_total_fen", by))
				contacts[id], total = true, total+by
			}
			if _, err := p.Push(ctx); err != nil {
				break
			}
			acknowledged++
		}
		axe.Stop()
		v.kill()
		v.start()
	}
	t.Logf("%d pushes were acknowledged between %d kills", acknowledged, kills)
	if acknowledged == 0 {
		t.Error("the server never lived long enough to acknowledge anything")
	}
	_, err = p.Sync(ctx)
	must(err)
	if verdicts, err := p.Verdicts(); err != nil || len(verdicts) != 0 {
		t.Errorf("verdicts %+v, %v", verdicts, err)
	}
	row, err := p.Get("orders", order)
	must(err)
	if int64(row.Number("shown_total_fen")) != total {
		t.Errorf("the order counts %v, %d was acknowledged", row["shown_total_fen"], total)
	}
	base, err := p.Base("contacts")
	must(err)
	for id := range contacts {
		if base[id] == "" {
			t.Errorf("contact %s is lost", id)
		}
	}
}
