package torture

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"satchel/internal/backup"
	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/phone"
)

var (
	binary   = flag.String("binary", "", "the built server; built anew if empty")
	seed     = flag.Uint64("seed", 0, "replay the choices of a run")
	kills    = flag.Int("kills", effort.Times(2, 10), "how often the server is killed")
	restores = flag.Int("restores", 1, "how often an older copy takes its place")
)

// handset is a phone's process and what it leaves.
type handset struct {
	orders
	proxy *proxy
	in    io.WriteCloser
	out   *bufio.Scanner
	cmd   *exec.Cmd
}

// await waits for the phone's next word.
func (h *handset) await(answer string) error {
	if !h.out.Scan() || !strings.HasPrefix(h.out.Text(), answer) {
		return fmt.Errorf("%s, asked for %q: %s", h.Person, answer, h.out.Text())
	}
	return nil
}

type run struct {
	t      *testing.T
	dir    string
	rng    *rand.Rand
	server *victim
	root   *desk
	phones []*handset
	copies []string // those that may be restored, oldest first
	broken int      // backups that were killed
}

func (r *run) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// TestTorture: 10 kills and a restore by default, make torture has more.
func TestTorture(t *testing.T) {
	choices := *seed
	if choices == 0 {
		choices = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", choices)
	dir, err := os.MkdirTemp("", "satchel-torture-") //nolint:usetesting // what a failed run leaves is kept
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("phones, server and logs are kept in %s", dir)
			return
		}
		os.RemoveAll(dir)
	})
	r := &run{t: t, dir: dir, rng: rand.New(rand.NewPCG(choices, 1))}
	r.open()
	t.Cleanup(r.server.kill)
	r.give("rep.chen", "rep.he", "rep.ma", "manager.wu")
	o := r.office()
	ctx, cancel := context.WithCancel(context.Background())
	closed := make(chan struct{})
	go func() { defer close(closed); o.work(ctx) }()
	r.rage()
	cancel()
	<-closed
	r.settle()
	r.judge(o)
}

// open makes the data, starts the server and names the place off the machine.
func (r *run) open() {
	if *binary == "" {
		path, err := build(r.dir)
		r.must(err)
		*binary = path
	}
	log, err := os.Create(filepath.Join(r.dir, "server.log"))
	r.must(err)
	at, err := freeAddress()
	r.must(err)
	r.server = &victim{binary: *binary, dir: filepath.Join(r.dir, "data"), at: at, log: log}
	r.must(found(r.server.dir))
	r.must(r.server.start())
	r.root, err = signIn("http://"+at, "_superusers", demo.SuperuserEmail)
	r.must(err)
	r.must(r.root.call("POST", "/api/collections/settings/records", row{"key": backup.Offsite, "value": filepath.Join(r.dir, "off")}, nil))
}

// give starts a phone for each person.
func (r *run) give(people ...string) {
	for _, name := range people {
		p, err := newProxy("http://"+r.server.at, rand.New(rand.NewPCG(r.rng.Uint64(), 2)))
		r.must(err)
		h := &handset{proxy: p, orders: orders{
			Person: name, Server: p.url, Seed: r.rng.Uint64(),
			Store: filepath.Join(r.dir, name+".db"), Journal: filepath.Join(r.dir, name+".journal"),
		}}
		text, err := json.Marshal(h.orders)
		r.must(err)
		h.cmd = exec.Command(os.Args[0])
		h.cmd.Env = append(os.Environ(), ordersEnv+"="+string(text))
		h.cmd.Stderr = r.server.log
		h.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		h.in, err = h.cmd.StdinPipe()
		r.must(err)
		out, err := h.cmd.StdoutPipe()
		r.must(err)
		h.out = bufio.NewScanner(out)
		r.must(h.cmd.Start())
		r.t.Cleanup(func() { h.in.Close(); h.cmd.Process.Kill(); h.cmd.Wait() })
		r.phones = append(r.phones, h)
	}
	for _, h := range r.phones {
		r.must(h.await("in"))
	}
}

func (r *run) office() *office {
	o := &office{desk: r.root, rng: rand.New(rand.NewPCG(r.rng.Uint64(), 4)), wrote: map[string]bool{}}
	people, err := r.root.list("users")
	r.must(err)
	for _, id := range slices.Sorted(maps.Keys(people)) {
		if slices.Contains([]string{demo.Email("rep.chen"), demo.Email("rep.he"), demo.Email("rep.ma")}, text(people[id], "email")) {
			o.owners = append(o.owners, id)
		}
	}
	accounts, err := r.root.list("accounts")
	r.must(err)
	for _, id := range slices.Sorted(maps.Keys(accounts)) {
		if slices.Contains(o.owners, text(accounts[id], "owner")) {
			o.accounts = append(o.accounts, id)
		}
	}
	contacts, err := r.root.list("contacts")
	r.must(err)
	o.contacts = slices.Sorted(maps.Keys(contacts))
	if len(o.owners) != 3 || len(o.accounts) == 0 || len(o.contacts) == 0 {
		r.t.Fatalf("the company has changed: %d, %d, %d", len(o.owners), len(o.accounts), len(o.contacts))
	}
	return o
}

// rage kills the server over and over, copies it meanwhile, also in the fall,
// and puts older copies back.
func (r *run) rage() {
	r.copy(0)
	for k := range *kills {
		time.Sleep(time.Duration(100+r.rng.IntN(600)) * time.Millisecond)
		copying := make(chan struct{})
		if dice, axe := r.rng.IntN(4), time.Duration(20+r.rng.IntN(150))*time.Millisecond; dice == 0 {
			go func() { defer close(copying); r.copy(0) }()
		} else if dice == 1 && k%2 == 0 {
			go func() { defer close(copying); r.copy(axe) }()
		} else {
			close(copying)
		}
		time.Sleep(time.Duration(r.rng.IntN(80)) * time.Millisecond)
		r.server.kill()
		<-copying
		if *restores > 0 && (k+1)**restores / *kills > k**restores / *kills {
			r.restore()
		}
		r.must(r.server.start())
	}
}

// copy makes a copy. Every third counts as off the machine: what is older than
// it is no longer restored, as phones may rely on it.
func (r *run) copy(axe time.Duration) {
	to := "near"
	if (len(r.copies)+r.broken)%3 == 2 {
		to = "off"
	}
	path, _, err := r.server.run(axe, "backup", "--to", filepath.Join(r.dir, to))
	switch {
	case axe > 0 && err != nil:
		r.broken++
	case err != nil:
		r.t.Error(err)
	case to == "off":
		r.copies = []string{path}
	default:
		r.copies = append(r.copies, path)
	}
}

func (r *run) restore() {
	from := r.copies[r.rng.IntN(len(r.copies))]
	if i := slices.Index(r.copies, from); len(r.copies) > 1 && i == len(r.copies)-1 {
		from = r.copies[i-1] // an older one
	}
	if r.rng.IntN(2) == 0 { // cut off, it can be run again
		r.server.run(time.Duration(5+r.rng.IntN(60))*time.Millisecond, "restore", "--from", from)
	}
	_, _, err := r.server.run(0, "restore", "--from", from)
	r.must(err)
}

// settle stops the faults, lets all phones hand in and then catch up, and ends them.
func (r *run) settle() {
	if _, code, err := r.server.run(0, "restore", "--from", r.copies[0]); code != backup.ExitInUse {
		r.t.Errorf("a restore under a running server exits with %d, %v", code, err)
	}
	did := map[string]int{}
	for _, h := range r.phones {
		h.proxy.calm.Store(true)
		h.proxy.mu.Lock()
		for fault, n := range h.proxy.did {
			did[fault] += n
		}
		h.proxy.mu.Unlock()
	}
	for _, step := range [][2]string{{"finish", "clean"}, {"again", "clean"}, {"again", "clean"}, {"end", "done"}} {
		for _, h := range r.phones {
			if _, err := fmt.Fprintln(h.in, step[0]); err != nil {
				r.t.Errorf("%s is gone: %v", h.Person, err)
			}
		}
		for _, h := range r.phones {
			if err := h.await(step[1]); err != nil {
				r.t.Error(err)
			} else if step[1] == "done" {
				r.t.Logf("%s: %s", h.Person, h.out.Text())
			}
		}
		if step[0] != "end" {
			r.develop()
		}
	}
	r.t.Logf("the proxies did %v", did)
}

// develop waits until the server has worked through the photos that it received:
// what it makes of them changes rows once more.
func (r *run) develop() {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		blobs, err := r.root.list("blobs")
		r.must(err)
		waiting := 0
		for _, b := range blobs {
			if text(b, "state") == "received" {
				waiting++
			}
		}
		if waiting == 0 {
			return
		}
	}
	r.t.Error("photos that were received are not developed")
}

func (r *run) judge(office *office) {
	o, err := newOracle(r.root, office.wrote, r.server.dir)
	r.must(err)
	for _, h := range r.phones {
		h.in.Close()
		h.cmd.Wait()
		store, err := phone.OpenStore(h.Store)
		r.must(err)
		p := phone.New(phone.Config{}, store)
		r.must(o.phone(h.Person, p))
		r.must(o.journal(h.Person, h.Journal, p))
		r.must(store.Close())
	}
	o.settled()
	for _, f := range o.faults {
		r.t.Error(f)
	}
	for _, place := range []string{"near", "off"} {
		copies, err := backup.Copies(filepath.Join(r.dir, place))
		if err != nil && !os.IsNotExist(err) && place == "near" {
			r.t.Error(err)
		}
		for _, c := range copies {
			if _, err := backup.Verify(r.t.Context(), c); err != nil {
				r.t.Error(err)
			}
		}
		o.count["copies"] += len(copies)
	}
	if n, err := office.revived(); err != nil || n > 0 {
		r.t.Errorf("%d phones of %d that were revoked are back: %v", n, len(office.thieves), err)
	}
	r.t.Logf("%d kills, %d restores, %d moves, %d stolen phones, %d backups cut off; %v", *kills, *restores, office.moves, len(office.thieves), r.broken, o.count)
	if o.count["mutations"] < 20 || o.count["mutations"] == o.count["rejected"] {
		r.t.Error("nothing happened that could have gone wrong")
	}
}
