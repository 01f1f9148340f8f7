package attack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"satchel/internal/attack"
	"satchel/internal/effort"
	"satchel/syncer"
)

const (
	loadLeast  = 4 * time.Second // that a load goes on
	loadMost   = 8 * time.Second // until it has shown itself, on a busy machine
	loadFails  = 6 * time.Second // the same where it is not to
	memoryMost = 300 << 20       // that server and workers may take above what they have idle
)

// The loads, each against a server of its own, while an honest rep works: see
// internal/attack. None takes him more than a wait that he is told of.
func TestPartsOfBodies(t *testing.T) { hold(t, "parts of bodies") }
func TestIssueFlood(t *testing.T)    { hold(t, "issue flood") }
func TestImportBomb(t *testing.T)    { hold(t, "import bomb") }
func TestThumbBomb(t *testing.T)     { hold(t, "thumb bomb") }
func TestDearFilters(t *testing.T)   { hold(t, "dear filters") }
func TestSlowUploads(t *testing.T)   { hold(t, "slow uploads") }
func TestDeepJSON(t *testing.T)      { hold(t, "deep JSON") }
func TestDeadWebhooks(t *testing.T)  { hold(t, "dead webhooks") }
func TestMail(t *testing.T)          { hold(t, "mail behind dead webhooks") }

func hold(t *testing.T, name string) {
	t.Helper()
	effort.Late(t)
	load := loadOf(t, name)
	if err := suffer(t, load, syncer.PlantNone); err != nil {
		t.Error(err)
	}
}

// TestEveryLoadIsTried: a load without a test of its own is none.
func TestEveryLoadIsTried(t *testing.T) {
	text, err := os.ReadFile("loads_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, load := range attack.Loads() {
		if !strings.Contains(string(text), fmt.Sprintf("hold(t, %q)", load.Name)) {
			t.Errorf("nobody tries %q", load.Name)
		}
	}
}

// finds names the fault that each load is to find, and what it then says.
var finds = map[string]struct {
	planted syncer.Planted
	says    string
}{
	"parts of bodies":           {syncer.PlantBudgetFirst, "were answered before their bodies came"},
	"issue flood":               {syncer.PlantIssueFlood, "the same is refused 20 times: 20 issues"},
	"import bomb":               {syncer.PlantImportUnbounded, "MB above idle"},
	"thumb bomb":                {syncer.PlantThumbUnguarded, "MB above idle"},
	"dear filters":              {syncer.PlantFilterEndless, "does not end within"},
	"slow uploads":              {syncer.PlantUploadPlaces, "another finds no place"},
	"deep JSON":                 {syncer.PlantDepth, "account_plans/records: 200"},
	"dead webhooks":             {syncer.PlantOneLane, "was told nothing behind"},
	"mail behind dead webhooks": {syncer.PlantOneLane, "was told nothing behind"},
}

// TestLoadsFindPlantedFaults: each load fails a server in which its fault is
// planted, and for its reason.
func TestLoadsFindPlantedFaults(t *testing.T) {
	effort.Late(t)
	for _, load := range attack.Loads() {
		t.Run(load.Name, func(t *testing.T) {
			want := finds[load.Name]
			if want.planted == syncer.PlantNone {
				t.Fatal("there is no fault that it is to find")
			}
			if err := suffer(t, load, want.planted); err == nil || !strings.Contains(err.Error(), want.says) {
				t.Errorf("%q is not found: %v", want.planted, err)
			} else {
				t.Logf("finds %q: %.300s", want.planted, err)
			}
		})
	}
}

func after(d time.Duration) <-chan struct{} {
	c := make(chan struct{})
	time.AfterFunc(d, func() { close(c) })
	return c
}

func loadOf(t *testing.T, name string) attack.Load {
	t.Helper()
	loads := attack.Loads()
	i := slices.IndexFunc(loads, func(l attack.Load) bool { return l.Name == name })
	if i < 0 {
		t.Fatalf("there is no load %q", name)
	}
	return loads[i]
}

// suffer runs a load and tells what it did: to the server, to its memory, and to
// the honest rep.
func suffer(t *testing.T, load attack.Load, planted syncer.Planted) error {
	t.Helper()
	pid, base := attacked(t, planted)
	scene := attack.NewScene(base)
	rep, err := attack.NewHonest(t.Context(), scene)
	if err != nil {
		t.Fatal(err)
	}
	if load.Prepare != nil {
		if err := load.Prepare(t.Context(), scene); err != nil {
			t.Fatal(err)
		}
	}
	idle := attack.Resident(pid)
	memory := attack.Watch(pid)
	most := loadMost
	if planted != syncer.PlantNone {
		most = loadFails
	}
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	go func() {
		for _, awaited := range []<-chan struct{}{after(loadLeast), rep.Enough(), scene.Shown()} {
			select {
			case <-awaited:
			case <-ctx.Done():
			}
		}
		cancel()
	}()
	figures := make(chan attack.Figures)
	go func() { figures <- rep.Work(ctx) }()
	fault := load.Run(ctx, scene)
	if fault != nil {
		cancel() // what else there is to see has been seen
	}
	f := <-figures
	took := memory.Peak() - idle
	t.Logf("%s: push p95 %s of %d, pull p95 %s of %d, told to wait %d times, %d MB above idle; %s",
		load.Name, attack.P95(f.Push), len(f.Push), attack.P95(f.Pull), len(f.Pull), f.Told, took>>20, scene.Said())
	if len(f.Wrong) > 0 {
		fault = errors.Join(fault, fmt.Errorf("the honest rep: %s", strings.Join(f.Wrong, "; ")))
	}
	if fault == nil && min(len(f.Push), len(f.Pull)) < attack.Least {
		fault = fmt.Errorf("the honest rep got only %d pushes and %d pulls done, and was told to wait %d times", len(f.Push), len(f.Pull), f.Told)
	}
	if took > memoryMost {
		fault = errors.Join(fault, fmt.Errorf("it took %d MB above idle", took>>20))
	}
	return fault
}
