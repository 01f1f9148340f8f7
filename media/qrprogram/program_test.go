package qrprogram

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"satchel/internal/effort"
	"satchel/media/documents/papertest"
)

// program is one that is a shell script.
func program(t *testing.T, script string) Program {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return Program(path)
}

var blank = image.NewGray(image.Rect(0, 0, 40, 30))

// TestProgramsThatMisbehave: whatever it does, the answer comes in time, short, and
// nothing is left running.
func TestProgramsThatMisbehave(t *testing.T) {
	for script, want := range map[string]struct {
		texts int
		fails bool
	}{
		`cat >/dev/null; echo '/dev/stdin QRCode "a, b"'`:                              {texts: 1},
		`cat >/dev/null; echo '/dev/stdin QR Code "a"'; echo '/dev/stdin QR Code "b"'`: {texts: 2},
		`cat >/dev/null; echo /dev/stdin; exit 1`:                                      {},
		`echo '/dev/stdin QRCode "read nothing"'`:                                      {texts: 1}, // it does not read its input
		`cat >/dev/null; yes '/dev/stdin QRCode "flood"' | head -c 2000000`:            {texts: maxTexts},
		`cat >/dev/null; head -c 2000000 /dev/zero`:                                    {},
		`sleep 600`:                       {fails: true},
		`sleep 600 & sleep 600`:           {fails: true},
		`while :; do :; done`:             {fails: true},
		`trap '' TERM HUP INT; sleep 600`: {fails: true},
		`kill -SEGV $$`:                   {fails: true},
		`cat >/dev/null; test $(ulimit -v) = 524288 -a $(ulimit -t) = 2 && echo '/dev/stdin QRCode "bounded"'`: {texts: 1},
		`cat >/dev/null; echo much > "$0.file"; exit 1`:                                                        {fails: true},
	} {
		p := program(t, script)
		start := time.Now()
		texts, err := p.Read(t.Context(), blank)
		if took := time.Since(start); took > limit+2*time.Second {
			t.Errorf("%s took %v", script, took)
		}
		if len(texts) != want.texts || (err != nil) != want.fails {
			t.Errorf("%s: %q, %v", script, texts, err)
		}
		if file, err := os.ReadFile(string(p) + ".file"); err == nil && len(file) > 0 {
			t.Errorf("%s wrote a file", script)
		}
	}
}

// TestWhatItStartedEndsWithIt although it left its parent.
func TestWhatItStartedEndsWithIt(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	p := program(t, fmt.Sprintf("sleep 600 & ln -s $! %s; wait", pid))
	if _, err := p.Read(t.Context(), blank); err == nil {
		t.Fatal("it ended")
	}
	said, err := os.Readlink(pid)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(said)
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", n)); syscall.Kill(n, 0) != nil || err == nil && strings.Contains(string(state), ") Z ") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("process %d goes on", n)
}

func TestItEndsWithTheRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := program(t, "sleep 600").Read(ctx, blank); err == nil {
		t.Error("read although the request ended")
	}
}

func TestNoProgram(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if path := Find(); path != "" {
		t.Errorf("found %s where nothing is", path)
	}
	if _, err := Program("/nowhere/ZXingReader").Read(t.Context(), blank); err == nil {
		t.Log("a program that was removed tells nothing")
	}
}

// TestRealProgram reads what is printed here.
func TestRealProgram(t *testing.T) {
	effort.Optional(t, name, "zxing-cpp-tools")
	for _, text := range []string{papertest.Sample.QRText(), "发票 <a>"} {
		got, err := Program(Find()).Read(t.Context(), papertest.QR(text, 4))
		if err != nil || !slices.Equal(got, []string{text}) {
			t.Errorf("%q, %v", got, err)
		}
	}
	if got, err := Program(Find()).Read(t.Context(), blank); err != nil || len(got) > 0 {
		t.Errorf("%q, %v", got, err)
	}
}
