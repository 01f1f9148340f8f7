package api

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// TestAFullDiskLeavesTheAnswerWhole: what went to the file before it failed comes
// back to memory.
func TestAFullDiskLeavesTheAnswerWhole(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()}) // for its logger
	for name, fails := range map[string]int{"never": -1, "while it is written": 5, "at its end": 9} {
		k := &spools{service: &Service{app: app, cfg: Config{Now: time.Now}}}
		if err := k.open(t.TempDir()); err != nil {
			t.Fatal(err)
		}
		s := store{files: k}
		var want, got bytes.Buffer
		part := bytes.Repeat([]byte("0123456789abcdef"), 1500) // 24 kB
		for i := range 10 {
			if i == fails {
				s.file = readOnly(t, s.file.Name())
			}
			part[0] = byte(i)
			want.Write(part)
			if _, err := s.Write(part); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.settle(); err != nil {
			t.Fatal(err)
		}
		if (s.file == nil) != (fails >= 0) {
			t.Errorf("fails %s: a file is left: %v", name, s.file != nil)
		}
		if err := s.copyTo(&got); err != nil || !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("fails %s: %d bytes of %d, %v", name, got.Len(), want.Len(), err)
		}
		s.release()
	}
}

// readOnly is the file, which takes no more.
func readOnly(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
