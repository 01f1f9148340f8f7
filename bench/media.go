package main

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"fmt"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"

	"satchel/internal/demo"
	"satchel/media"
)

const (
	developRounds = 6
	manyLooks     = 1_000_000
	lookRounds    = 50

	wayWhole = "whole" // the pipeline
	wayPlain = "plain" // decode and encode
)

// cost is what a process spent on a photo, and how large it was.
type cost struct {
	CPU  int64 `json:"cpu"` // nanoseconds, median of the rounds after the first
	Peak int64 `json:"peak"`
}

// mediaFigures are what one photo costs, and a question for those like it.
type mediaFigures struct {
	size        int
	whole, bare cost
	search      []time.Duration
}

// media develops a photo of 12 megapixels in a process of its own, and in
// another decodes and encodes it, as who makes no copies at all would.
func (r *report) media(ctx context.Context) error {
	photo := demo.PhotoOf(4032, 3024, 2, time.Date(2026, 3, 9, 6, 0, 0, 0, time.UTC), 31.2, 121.4)
	dir, err := os.MkdirTemp("", "satchel-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	path := filepath.Join(dir, "photo.jpg")
	if err := os.WriteFile(path, photo, 0o600); err != nil {
		return err
	}
	f := &r.mediaRun
	f.size = len(photo)
	for way, into := range map[string]*cost{wayWhole: &f.whole, wayPlain: &f.bare} {
		out, err := exec.CommandContext(ctx, "/proc/self/exe", "-develop", path, "-way", way).Output()
		if err != nil {
			return fmt.Errorf("develop %s: %w", way, err)
		}
		if err := json.Unmarshal(out, into); err != nil {
			return err
		}
	}
	f.search = searches()
	return nil
}

// develop is the process that media starts; it prints a cost.
func develop(path, way string) error {
	runtime.GOMAXPROCS(1) // as in the image worker
	var spent []time.Duration
	var usage syscall.Rusage
	for range developRounds {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		before, err := cpuOf(&usage)
		if err != nil {
			return err
		}
		if way == wayPlain {
			img, err := jpeg.Decode(bytes.NewReader(data))
			if err != nil {
				return err
			}
			var out bytes.Buffer
			if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 82}); err != nil {
				return err
			}
		} else if _, err := media.Develop(data, media.Want{Limits: media.PhotoLimits, Watermark: []string{"2026-03-16 09:12", "上海市浦东新区"}}); err != nil {
			return err
		}
		after, err := cpuOf(&usage)
		if err != nil {
			return err
		}
		spent = append(spent, after-before)
	}
	spent = spent[1:]
	slices.Sort(spent)
	text, err := json.Marshal(cost{int64(spent[len(spent)/2]), usage.Maxrss << 10})
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}

func cpuOf(u *syscall.Rusage) (time.Duration, error) {
	err := syscall.Getrusage(syscall.RUSAGE_SELF, u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), err
}

// searches asks for what is like a photo among a million.
func searches() (took []time.Duration) {
	r := rand.New(rand.NewPCG(1, 2))
	look := func() media.Look {
		return media.Look{Light: r.Uint64(), Colours: [2]uint64{r.Uint64(), r.Uint64()}}
	}
	var x media.Index
	x.Grow(manyLooks)
	for n := range manyLooks {
		var id media.ID
		copy(id[:], fmt.Sprintf("%015d", n))
		x.Append(id, look())
	}
	for range lookRounds {
		asked := look()
		start := time.Now()
		x.Near(asked, 20)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return took
}

func (f *mediaFigures) write(line func(string, ...any), goal func(string, bool, string, ...any)) {
	line("\n## One photo of 12 megapixels, %.1f MB\n", float64(f.size)/1e6)
	times := float64(f.whole.CPU) / float64(f.bare.CPU)
	goal("the whole pipeline against decoding and encoding the same file (goal: 2.5 times)", times <= 2.5,
		"%.0f ms of CPU and at most %.0f MB against %.0f ms and %.0f MB, %.2f times", float64(f.whole.CPU)/1e6, float64(f.whole.Peak)/(1<<20),
		float64(f.bare.CPU)/1e6, float64(f.bare.Peak)/(1<<20), times)
	middle := f.search[len(f.search)/2]
	goal(fmt.Sprintf("what looks like it among %d (goal: 5 ms)", manyLooks), middle <= 5*time.Millisecond,
		"%.2f ms, at most %.2f ms", float64(middle.Microseconds())/1000, float64(f.search[len(f.search)-1].Microseconds())/1000)
}
