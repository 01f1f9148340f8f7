package uploads_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/v2"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"satchel/hooks/media/uploads"
	"satchel/internal/effort"
)

// cutter is a line that breaks after every so many bytes of the client's, a
// number of times.
type cutter struct {
	net.Listener

	mu      sync.Mutex
	backend string
	passed  int64 // bytes of the client's
	every   int64
	next    int64
	cuts    int
	left    int
	marks   []int64 // where to tell that so much has passed
	told    chan int64
}

func newCutter(t *testing.T, backend string, every int64, cuts int, marks ...int64) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{Listener: listener, backend: backend, every: every, next: every, left: cuts, marks: marks, told: make(chan int64, len(marks))}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go c.carry(conn)
		}
	}()
	return c
}

func (c *cutter) carry(client net.Conn) {
	defer client.Close()
	c.mu.Lock()
	backend := c.backend
	c.mu.Unlock()
	server, err := net.Dial("tcp", strings.TrimPrefix(backend, "http://"))
	if err != nil {
		return // it is being killed
	}
	defer server.Close()
	go func() {
		io.Copy(client, server)
		client.Close()
	}()
	buffer := make([]byte, 16<<10)
	for {
		n, err := client.Read(buffer)
		if n > 0 {
			if _, err := server.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil || c.breaks(int64(n)) {
			return
		}
	}
}

func (c *cutter) breaks(n int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed += n
	for len(c.marks) > 0 && c.passed >= c.marks[0] {
		c.told <- c.marks[0]
		c.marks = c.marks[1:]
	}
	if c.left == 0 || c.passed < c.next {
		return false
	}
	c.next = c.passed + c.every
	c.left--
	c.cuts++
	return true
}

// tusJS installs the JavaScript client once per version and returns its directory.
func tusJS(t *testing.T) string {
	t.Helper()
	effort.Tool(t, "node", "nodejs")
	effort.Tool(t, "npm", "npm")
	lock, err := os.ReadFile("testdata/tusjs/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "satchel-tests", "tusjs-"+hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
			t.Fatal(err)
		}
		fresh, err := os.MkdirTemp(filepath.Dir(dir), "new-") //nolint:usetesting // a cache that outlives the test
		if err == nil {
			err = os.CopyFS(fresh, os.DirFS("testdata/tusjs"))
		}
		if err != nil {
			t.Fatal(err)
		}
		install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
		install.Dir = fresh
		if out, err := install.CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, out)
		}
		os.RemoveAll(dir)
		if err := os.Rename(fresh, dir); err != nil {
			t.Fatal(err)
		}
	}
	script, err := os.ReadFile("testdata/tusjs/upload.mjs")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "upload.mjs"), script)
	return dir
}

// largePhoto makes a noisy JPEG of some 12 MB.
func largePhoto(t *testing.T) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 3600, 2800))
	random := rand.NewChaCha8([32]byte{1})
	random.Read(img.Pix)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 98}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestJavaScriptClient: the protocol's own client sends a large photo over a line
// that breaks thirty times (eight unless all is wanted), to a server that is killed twice.
func TestJavaScriptClient(t *testing.T) {
	dir := tusJS(t)
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := largePhoto(t)
	if len(data) < 12_000_000 {
		t.Fatalf("the photo has only %d bytes", len(data))
	}
	path := filepath.Join(t.TempDir(), "photo.jpg")
	write(t, path, data)
	blob := w.announce(data)

	cuts := effort.Times(8, 30)
	size := int64(len(data))
	server := w.process()
	line := newCutter(t, server.url, size/40, cuts, size/3, 2*size/3)
	client := exec.Command("node", "upload.mjs", "http://"+line.Addr().String()+uploads.Path, path, chen.token, chen.device, blob)
	client.Dir = dir
	var said, failed bytes.Buffer
	client.Stdout, client.Stderr = &said, &failed
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Process.Kill() })
	ended := make(chan error, 1)
	go func() { ended <- client.Wait() }()
	kills := 0
	for done := false; !done; {
		select {
		case <-line.told:
			server.kill()
			server = w.process()
			line.mu.Lock()
			line.backend = server.url
			line.mu.Unlock()
			kills++
		case err := <-ended:
			if err != nil {
				t.Fatalf("%v: %s", err, failed.String())
			}
			done = true
		}
	}
	var told struct {
		URL     string `json:"url"`
		Retries int    `json:"retries"`
	}
	if err := json.Unmarshal(said.Bytes(), &told); err != nil {
		t.Fatalf("%q: %v", said.String(), err)
	}
	if line.cuts != cuts || kills != 2 || told.Retries < cuts || !strings.HasSuffix(told.URL, uploads.Path+"/"+blob) {
		t.Errorf("%d cuts, %d kills, client says %+v", line.cuts, kills, told)
	}
	server.kill() // what it had not developed, this one does
	w.expectState(blob, "stored")
	if got := w.file(w.row(blob), blob+".jpg"); !bytes.Equal(got, data) {
		t.Errorf("the original has %d bytes of %d, or others", len(got), len(data))
	}
	t.Logf("%d bytes, %d passed the line, %d cuts, %d kills, %d retries", len(data), line.passed, line.cuts, kills, told.Retries)
}
