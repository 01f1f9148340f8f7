package imageworker

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"satchel/internal/effort"
	"satchel/media"
	"satchel/media/documents"
)

// hold works on a large picture: nobody else may while path is there, and it goes
// on for a moment, or until a file beside it is gone.
func hold(path string) error {
	lock, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return media.TooDear(errors.New("another one is at work"))
	}
	_ = lock.Close()
	time.Sleep(20 * time.Millisecond) // how long the work takes
	for {
		if _, err := os.Stat(path + ".go on"); errors.Is(err, fs.ErrNotExist) {
			return os.Remove(path)
		}
		time.Sleep(time.Millisecond)
	}
}

// large is a picture of 64 MB by its header, at whose end stands what is done with it.
func large(t *testing.T, path string) string {
	t.Helper()
	head := []byte{0, 0, 0x0F, 0xA0, 0, 0, 0x0F, 0xA0, 8, 6, 0, 0, 0} // 4000 by 4000, with alpha
	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n\x00\x00\x00\x0DIHDR")
	out.Write(head)
	sum := crc32.Update(crc32.ChecksumIEEE([]byte("IHDR")), crc32.IEEETable, head)
	out.Write(binary.BigEndian.AppendUint32(nil, sum))
	out.Write([]byte("\x00\x00\x00\x00IDAT\x00\x00\x00\x00held by " + path))
	return file(t, out.Bytes())
}

// TestOneLargeAtATime, however many children there are; what is small goes on beside.
func TestOneLargeAtATime(t *testing.T) {
	p := pool(t, 3, time.Minute)
	path := filepath.Join(t.TempDir(), "held")
	var all sync.WaitGroup
	for range 6 {
		picture := large(t, path)
		all.Go(func() {
			if _, err := p.Develop(context.Background(), picture, want); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		return // nobody holds what is waited for
	}
	if err := os.WriteFile(path+".go on", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 { // as many as there are children
		picture := large(t, path)
		all.Go(func() {
			if _, err := p.Develop(context.Background(), picture, want); err != nil {
				t.Error(err)
			}
		})
	}
	for len(p.large) == 0 {
		time.Sleep(time.Millisecond)
	}
	for range 3 {
		if _, err := p.Develop(context.Background(), file(t, photo(t)), want); err != nil {
			t.Errorf("a small one beside: %v", err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.ReadPaper(ctx, file(t, []byte("<a/>")), documents.DefaultOptions); !errors.Is(err, context.Canceled) {
		t.Errorf("a paper, which may unpack to much: %v", err)
	}
	if err := os.Remove(path + ".go on"); err != nil {
		t.Fatal(err)
	}
	all.Wait()
}

// TestPreviewInAChildIsTheSame, refusals too, of a large one as well.
func TestPreviewInAChildIsTheSame(t *testing.T) {
	p := pool(t, 1, time.Minute)
	data := photo(t)
	got, err := p.Preview(context.Background(), file(t, data), media.PhotoLimits, "100x100")
	here, failed := media.Preview(data, media.PhotoLimits, "100x100")
	if err != nil || failed != nil || !bytes.Equal(got, here) || len(here) == 0 {
		t.Errorf("%v, %v, %d bytes of %d", err, failed, len(got), len(here))
	}
	for what, wanted := range map[string]string{"panic in imaging's goroutine\n": media.CodeDamaged, "hello": media.CodeType} {
		if _, err := p.Preview(context.Background(), file(t, []byte(what)), media.PhotoLimits, "100x100"); code(err) != wanted {
			t.Errorf("%q: %v", what, err)
		}
	}
	if _, err := p.Preview(context.Background(), large(t, ""), media.PhotoLimits, "100x100"); code(err) != media.CodeDamaged {
		t.Errorf("a large one that is damaged: %v", err)
	}
}

// TestHeavyTogether: children that get the dearest pictures all at once take, all
// together, what one of them takes and small ones beside.
func TestHeavyTogether(t *testing.T) {
	effort.Late(t)
	if !limited {
		t.Skip("memory is read from /proc, and not of the race detector")
	}
	p := New(Options{Workers: 2, Timeout: 5 * time.Minute, Command: func() *exec.Cmd { return exec.Command(os.Args[0], Argument) }})
	t.Cleanup(p.Close)
	var all sync.WaitGroup
	for _, h := range heavy {
		picture := file(t, h.make(t))
		for range 2 {
			all.Go(func() { _, _ = p.Develop(context.Background(), picture, want) }) // what becomes of it is TestCorpus's
			all.Go(func() { _, _ = p.Preview(context.Background(), picture, media.PhotoLimits, "100x100") })
		}
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	peak := 0
	for tick := time.NewTicker(2 * time.Millisecond); ; {
		select {
		case <-tick.C:
			peak = max(peak, childrenTake(t))
			continue
		case <-done:
			tick.Stop()
		}
		break
	}
	t.Logf("peak memory of both children: %d MB", peak>>20)
	if peak == 0 || peak > 300<<20 {
		t.Errorf("both children took %d MB", peak>>20)
	}
}

// childrenTake is the memory of this process's children that is theirs alone, in bytes.
func childrenTake(t *testing.T) (sum int) {
	t.Helper()
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range tasks {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // a thread that ended
		}
		for _, pid := range strings.Fields(string(text)) {
			status, err := os.ReadFile("/proc/" + pid + "/status")
			if err != nil {
				continue // it ended
			}
			for line := range strings.Lines(string(status)) {
				if words := strings.Fields(line); len(words) > 1 && words[0] == "RssAnon:" {
					kb, _ := strconv.Atoi(words[1])
					sum += kb << 10
				}
			}
		}
	}
	return sum
}
