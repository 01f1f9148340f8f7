package histories

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"satchel/internal/effort"
	"satchel/syncer"
)

var (
	oneSeed   = flag.Uint64("seed", 0, "replay one history")
	count     = flag.Int("n", effort.Times(60, 20000), "how many histories")
	firstSeed = flag.Uint64("first", 1, "the seed to begin with")
	shard     = flag.Int("shard", -1, "which of the processes this is")
)

// shards is how many servers play at once, each in a process of its own that has
// one thread: within one they wait for each other's memory, and a history that is
// handed from thread to thread takes a third longer.
const shards = 2

// TestHistories plays random histories. A failing one is printed with its seed
// and as the shortest script that still fails.
func TestHistories(t *testing.T) {
	switch {
	case *oneSeed != 0:
		report(t, *oneSeed, &server{}, syncer.PlantNone)
		return
	case *shard >= 0:
		play(t)
		return
	}
	t.Logf("seeds %d to %d", *firstSeed, *firstSeed+uint64(*count)-1)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all sync.WaitGroup
	for n := range shards {
		all.Go(func() {
			args := []string{"-test.run", "^TestHistories$", "-test.timeout", "0", "-n", fmt.Sprint(*count), "-first", fmt.Sprint(*firstSeed), "-shard", fmt.Sprint(n)}
			child := exec.CommandContext(ctx, os.Args[0], args...)
			child.Env = append(os.Environ(), "GOMAXPROCS=1")
			out, err := child.CombinedOutput()
			if err != nil && ctx.Err() == nil {
				t.Errorf("%v\n%s", err, out)
				stop() // the other need not go on
			}
		})
	}
	all.Wait()
}

// play is what one of the processes does.
func play(t *testing.T) {
	s := &server{}
	for i := *shard; i < *count; i += shards {
		seed := *firstSeed + uint64(i)
		if Play(s, generate(seed), syncer.PlantNone) != nil {
			report(t, seed, s, syncer.PlantNone)
			return
		}
	}
}

// report plays a seed and prints how it fails.
func report(t *testing.T, seed uint64, s *server, planted syncer.Planted) {
	t.Helper()
	script := generate(seed)
	err := Play(s, script, planted)
	if err == nil {
		return
	}
	short := shrink(script, func(c []step) bool { return Play(s, c, planted) != nil })
	t.Errorf("seed %d: %v\nshrunk: %v\n%s", seed, err, Play(s, short, planted), render(short))
}

// TestStories plays the promises of the protocol and the histories that once
// failed, one file each.
func TestStories(t *testing.T) {
	s := &server{}
	for _, file := range stories(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			if err := Play(s, parse(story(t, file)), syncer.PlantNone); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestEveryPromiseHasAStory, whose name says what it claims.
func TestEveryPromiseHasAStory(t *testing.T) {
	for n := range 16 {
		claims, err := filepath.Glob(fmt.Sprintf("testdata/S%d_*_*.txt", n+1))
		if err != nil || len(claims) == 0 {
			t.Errorf("no story tells of S%d, %v", n+1, err)
		}
	}
}

func stories(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"testdata/*.txt", "testdata/regressions/*.txt"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s: %v", pattern, err)
		}
		out = append(out, files...)
	}
	return out
}

func story(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
