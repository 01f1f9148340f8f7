package attack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"satchel/internal/attack"
	"satchel/internal/effort"
	"satchel/syncer"
)

const (
	loadTime   = 6 * time.Second
	memoryMost = 300 << 20 // that server and workers may take above what they have idle
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

// finds names the switch whose fault each load is to find.
var finds = map[string]string{
	"parts of bodies": "PlantBudgetFirst", "issue flood": "PlantIssueFlood", "import bomb": "PlantImportUnbounded",
	"thumb bomb": "PlantThumbUnguarded", "dear filters": "PlantFilterEndless", "slow uploads": "PlantUploadPlaces",
	"deep JSON": "PlantDepth", "dead webhooks": "PlantOneLane",
}

// TestLoadsFindPlantedFaults: each load fails a server in which its fault is planted.
func TestLoadsFindPlantedFaults(t *testing.T) {
	effort.Late(t)
	engine, err := os.ReadFile("../syncer/engine.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, load := range attack.Loads() {
		planted := finds[load.Name]
		t.Run(cmp.Or(planted, "none"), func(t *testing.T) {
			// by its name in the source: a switch that is awaited would not compile
			found := regexp.MustCompile(`\b` + planted + ` +Planted += "([^"]+)"`).FindSubmatch(engine)
			if found == nil {
				t.Fatalf("there is no switch %s", planted)
			}
			if err := suffer(t, load, syncer.Planted(found[1])); err == nil {
				t.Errorf("%s does not find %s", load.Name, planted)
			} else {
				t.Log(err)
			}
		})
	}
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
	ctx, cancel := context.WithTimeout(t.Context(), loadTime)
	defer cancel()
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
	if fault == nil && (len(f.Push) == 0 || len(f.Pull) == 0) {
		fault = fmt.Errorf("the honest rep got %d pushes and %d pulls done", len(f.Push), len(f.Pull))
	}
	if took > memoryMost {
		fault = errors.Join(fault, fmt.Errorf("it took %d MB above idle", took>>20))
	}
	return fault
}
