package imageworker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/disintegration/imaging"

	"satchel/media"
	"satchel/media/documents"
	"satchel/media/exifjpeg"
)

// planted makes an image worker of this test that does what a file's bytes say, and
// develops or reads all others.
const planted = "planted"

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == planted {
		os.Args[1] = Argument
		develop = plantedDevelop
		makePreview = func(data []byte, limits media.Limits, size string) ([]byte, error) {
			die(data)
			return media.Preview(data, limits, size)
		}
		readPaper = func(data []byte, opts documents.Options) (documents.Paper, error) {
			die(data)
			return documents.Read(data, opts)
		}
	}
	Main()
	os.Exit(m.Run())
}

func plantedDevelop(data []byte, want media.Want) (media.Developed, error) {
	die(data)
	if _, path, ok := strings.Cut(string(data), "held by "); ok {
		return media.Developed{}, hold(path)
	}
	return media.Develop(data, want)
}

// die does what the first line of a planted file says.
func die(data []byte) {
	switch what, _, _ := strings.Cut(string(data), "\n"); what {
	case "panic":
		panic("planted")
	case "panic in imaging's goroutine":
		img := image.NewPaletted(image.Rect(0, 0, 64, 64), color.Palette{color.White})
		img.Pix[70] = 9
		imaging.Resize(img, 8, 8, imaging.Linear)
		time.Sleep(time.Minute) // it has let go of who waits for it before it ends the process
	case "endless":
		for i := 0; ; i++ {
			runtime.KeepAlive(i)
		}
	case "memory":
		for size := 1 << 20; ; size *= 2 {
			runtime.KeepAlive(bytes.Repeat([]byte{1}, size))
		}
	case "exit":
		os.Exit(0)
	case "once":
		path := strings.Fields(string(data))[1]
		if _, err := os.Stat(path); err == nil {
			_ = os.Remove(path)
			panic("planted, and never again")
		}
	case "noise":
		fmt.Println("not an answer at all")
	}
}

// pool returns one with planted children, and the file that content makes.
func pool(t *testing.T, workers int, limit time.Duration) *Pool {
	t.Helper()
	p := New(Options{
		Workers: workers, MemoryBytes: 256 << 20, Timeout: limit,
		Command: func() *exec.Cmd { return exec.Command(os.Args[0], planted) },
	})
	t.Cleanup(p.Close)
	return p
}

func file(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "upload")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func photo(t *testing.T) []byte {
	t.Helper()
	data, err := exifjpeg.Encode(image.NewNRGBA(image.Rect(0, 0, 640, 480)), exifjpeg.Meta{Orientation: 6, Make: "HUAWEI"})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func code(err error) string {
	if refusal, ok := errors.AsType[*media.Refusal](err); ok {
		return refusal.Code
	}
	return fmt.Sprintf("no refusal: %v", err)
}

var want = media.Want{Limits: media.PhotoLimits}

// TestDevelopedInAChildIsTheSame, refusals with their params too.
func TestDevelopedInAChildIsTheSame(t *testing.T) {
	p := pool(t, 1, time.Minute)
	data := photo(t)
	got, err := p.Develop(context.Background(), file(t, data), media.Want{Limits: media.PhotoLimits, Watermark: []string{"上海"}})
	if err != nil {
		t.Fatal(err)
	}
	here, err := media.Develop(data, media.Want{Limits: media.PhotoLimits, Watermark: []string{"上海"}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Facts.Look != here.Facts.Look || got.Facts.Make != "HUAWEI" || got.Facts.Orientation != 6 ||
		!bytes.Equal(got.Public, here.Public) || !bytes.Equal(got.Thumb, here.Thumb) || !bytes.Equal(got.Tiny, here.Tiny) {
		t.Errorf("%+v, here %+v", got.Facts, here.Facts)
	}
	small := media.Want{Limits: media.Limits{Bytes: 100}}
	_, err = p.Develop(context.Background(), file(t, data), small)
	refusal, ok := errors.AsType[*media.Refusal](err)
	if !ok || refusal.Code != media.CodeTooLarge || refusal.Params["limit"] != int64(100) {
		t.Errorf("%v %+v", err, refusal)
	}
	if _, err := p.Develop(context.Background(), filepath.Join(t.TempDir(), "nothing"), want); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// TestAFileThatKillsIsRefusedAndTheNextIsDeveloped, whatever it kills by.
func TestAFileThatKillsIsRefusedAndTheNextIsDeveloped(t *testing.T) {
	for what, wanted := range map[string]string{
		"panic":                        media.CodeDamaged,
		"panic in imaging's goroutine": media.CodeDamaged,
		"exit":                         media.CodeDamaged,
		"noise":                        media.CodeDamaged,
		"memory":                       media.CodeTooComplex,
		"endless":                      media.CodeTooComplex,
	} {
		t.Run(what, func(t *testing.T) {
			if what == "memory" && !limited {
				t.Skip("nothing would end it")
			}
			limit := time.Minute
			if what == "endless" {
				limit = 300 * time.Millisecond
			}
			p := pool(t, 1, limit)
			if _, err := p.Develop(context.Background(), file(t, []byte(what+"\n")), want); code(err) != wanted {
				t.Errorf("%v", err)
			}
			p.opt.Timeout = time.Minute
			if _, err := p.Develop(context.Background(), file(t, photo(t)), want); err != nil {
				t.Errorf("the next photo: %v", err)
			}
		})
	}
}

// TestAChildThatDiedOfSomethingElse gets the file once more.
func TestAChildThatDiedOfSomethingElse(t *testing.T) {
	p := pool(t, 1, time.Minute)
	mark := file(t, nil)
	_, err := p.Develop(context.Background(), file(t, []byte("once\n"+mark)), want)
	if code(err) != media.CodeType { // the second child looked at it
		t.Errorf("%v", err)
	}
}

// TestWorkersAtOnce: each child has a photo of its own, those that die too.
func TestWorkersAtOnce(t *testing.T) {
	p := pool(t, 2, time.Minute)
	good, bad := file(t, photo(t)), file(t, []byte("panic in imaging's goroutine\n"))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, err := p.Develop(context.Background(), []string{good, bad}[i%2], want)
			if i%2 == 0 && err != nil || i%2 == 1 && code(err) != media.CodeDamaged {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	all.Wait()
}

// TestWhoNoLongerWaits gets no refusal of the file, and his child ends.
func TestWhoNoLongerWaits(t *testing.T) {
	p := pool(t, 1, time.Minute)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		_, err := p.Develop(ctx, file(t, []byte("endless\n")), want)
		done <- err
	}()
	for len(p.slots) > 0 {
		runtime.Gosched()
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := p.Develop(context.Background(), file(t, photo(t)), want); err != nil {
		t.Errorf("the next photo: %v", err)
	}
}

// TestCloseEndsTheChildren, those at work and those that wait for work.
func TestCloseEndsTheChildren(t *testing.T) {
	p := pool(t, 2, time.Minute)
	if _, err := p.Develop(context.Background(), file(t, photo(t)), want); err != nil {
		t.Fatal(err)
	}
	var idle *child
	for range 2 {
		if c := <-p.slots; c != nil {
			idle = c
		}
		p.slots <- nil
	}
	<-p.slots
	p.slots <- idle
	done := make(chan error)
	go func() {
		_, err := p.Develop(context.Background(), file(t, []byte("endless\n")), want)
		done <- err
	}()
	for len(p.slots) > 1 {
		runtime.Gosched()
	}
	p.Close()
	if err := <-done; !errors.Is(err, errClosed) {
		t.Errorf("%v", err)
	}
	if err := syscall.Kill(idle.cmd.Process.Pid, 0); err == nil {
		t.Error("a child is left")
	}
	if _, err := p.Develop(context.Background(), file(t, photo(t)), want); !errors.Is(err, errClosed) {
		t.Errorf("after the end: %v", err)
	}
}
