// Package imageworker develops photos and reads papers in child processes of the same binary, so
// that a file which crashes a decoder, eats memory or never ends takes nothing
// with it but the process that it was given to.
//
// recover does not do: a decoder's panic can come from a goroutine that a
// library started, and memory that is gone is gone for the whole process. A
// child costs some 20 ms to start, so it lives on from photo to photo. What takes
// much memory, a large picture or a paper, is worked on one at a time, however many
// children there are.
package imageworker

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"satchel/media"
	"satchel/media/documents"
)

const (
	defaultMemory  = 512 << 20
	defaultTimeout = 30 * time.Second

	// lastWords is how much of what a child wrote to its standard error is kept.
	lastWords = 4 << 10

	// chances is how often a file is tried: a child may have died of something
	// that the file has nothing to do with.
	chances = 2
)

// Options of a pool; zero values take the default.
type Options struct {
	Workers     int           // children; one per core
	MemoryBytes int64         // of each child; 512 MiB
	Timeout     time.Duration // of one file on the wall's clock; 30 s

	// Command makes a process that calls Main at once; this binary by default.
	Command func() *exec.Cmd
}

// Pool is a set of children, each of which is started when it is first needed.
type Pool struct {
	opt   Options
	slots chan *child   // nil: none is running
	large chan struct{} // held by who works on a large one
	ended chan struct{}
	once  sync.Once
}

// New returns a pool; it starts nothing yet.
func New(opt Options) *Pool {
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	if opt.MemoryBytes <= 0 {
		opt.MemoryBytes = defaultMemory
	}
	if opt.Timeout <= 0 {
		opt.Timeout = defaultTimeout
	}
	if opt.Command == nil {
		opt.Command = func() *exec.Cmd { return exec.Command(self(), Argument) }
	}
	p := &Pool{opt: opt, slots: make(chan *child, opt.Workers), large: make(chan struct{}, 1), ended: make(chan struct{})}
	for range opt.Workers {
		p.slots <- nil
	}
	return p
}

// self is this binary, also after it was replaced on the disk by an upgrade.
func self() string {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe"
	}
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}

// Develop is media.Develop of the file at path, in a child. A file that ends
// two children gets a *media.Refusal: blob.too_complex if it was by memory or time,
// else blob.damaged. Any other error says nothing of the file.
func (p *Pool) Develop(ctx context.Context, path string, want media.Want) (media.Developed, error) {
	a, err := p.picture(ctx, job{Path: path, Want: want})
	return a.Developed, err
}

// Preview is media.Preview of the file at path, in a child; it fails as Develop does.
func (p *Pool) Preview(ctx context.Context, path string, limits media.Limits, size string) ([]byte, error) {
	a, err := p.picture(ctx, job{Path: path, Want: media.Want{Limits: limits}, Preview: size})
	return a.Preview, err
}

// picture has a picture made of, a large one when no other is at work.
func (p *Pool) picture(ctx context.Context, j job) (a answer, err error) {
	if a, err = p.give(ctx, j); a.Large {
		a, err = p.alone(ctx, j)
	}
	if died, ok := errors.AsType[*death](err); ok && died.dear {
		return answer{}, media.TooDear(died)
	} else if ok {
		return answer{}, media.Damaged(died)
	}
	return a, err
}

// alone waits until no large one is at work. The children go on with all others.
func (p *Pool) alone(ctx context.Context, j job) (answer, error) {
	select {
	case p.large <- struct{}{}:
	case <-ctx.Done():
		return answer{}, ctx.Err()
	case <-p.ended:
		return answer{}, errClosed
	}
	defer func() { <-p.large }()
	j.Alone = true
	return p.give(ctx, j)
}

// ReadPaper is papers.Read of the file at path, in a child. A file that ends two
// children gets a *papers.Refusal: paper.too_much if it was by memory or time,
// else paper.damaged. Any other error says nothing of the file.
func (p *Pool) ReadPaper(ctx context.Context, path string, opts documents.Options) (documents.Paper, error) {
	a, err := p.alone(ctx, job{Path: path, Paper: &opts}) // what it unpacks to shows late
	if died, ok := errors.AsType[*death](err); ok && died.dear {
		return documents.Paper{}, &documents.Refusal{Code: documents.CodeTooMuch}
	} else if ok {
		return documents.Paper{}, &documents.Refusal{Code: documents.CodeDamaged}
	}
	return a.Paper, err
}

// give has a job done by a child; a *death says that the file ended two.
func (p *Pool) give(ctx context.Context, j job) (answer, error) {
	if _, err := os.Stat(j.Path); err != nil {
		return answer{}, fmt.Errorf("read file: %w", err)
	}
	var c *child
	select {
	case c = <-p.slots:
	case <-ctx.Done():
		return answer{}, ctx.Err()
	case <-p.ended:
		return answer{}, errClosed
	}
	defer func() { p.slots <- c }()
	var died *death
	for range chances {
		if c == nil {
			var err error
			if c, err = start(p.opt); err != nil {
				return answer{}, err
			}
		}
		a, err := c.do(ctx, p.ended, j, p.opt.Timeout)
		if !errors.As(err, &died) {
			if err != nil && c.gone {
				c = nil
			}
			return a, err
		}
		c = nil
	}
	return answer{}, died
}

// Close ends the children, and what is at work in them.
func (p *Pool) Close() {
	p.once.Do(func() {
		close(p.ended)
		for range p.opt.Workers {
			if c := <-p.slots; c != nil {
				c.kill()
			}
		}
	})
}

var errClosed = errors.New("the image worker is closed")

// death is the end of a child by its file.
type death struct {
	dear bool // by memory or time
	said string
}

func (d *death) Error() string { return "the process that had the file died: " + d.said }

// child is a running process.
type child struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	to   *gob.Encoder
	from *gob.Decoder
	said *tail
	gone bool
}

func start(opt Options) (*child, error) {
	cmd := opt.Command()
	cmd.Env = append(cmd.Environ(), fmt.Sprintf("%s=%d", memoryEnv, opt.MemoryBytes))
	c := &child{cmd: cmd, said: &tail{}}
	cmd.Stderr = c.said
	var out io.ReadCloser
	var err error
	if c.in, err = cmd.StdinPipe(); err == nil {
		if out, err = cmd.StdoutPipe(); err == nil {
			err = cmd.Start()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("start an image worker: %w", err)
	}
	c.to, c.from = gob.NewEncoder(c.in), gob.NewDecoder(out)
	return c, nil
}

// do gives the child one job. Unless the answer is the child's, it is gone.
func (c *child) do(ctx context.Context, ended <-chan struct{}, j job, limit time.Duration) (answer, error) {
	answered := make(chan error, 1)
	var a answer
	go func() {
		err := c.to.Encode(j)
		if err == nil {
			err = c.from.Decode(&a)
		}
		answered <- err
	}()
	clock := time.NewTimer(limit)
	defer clock.Stop()
	select {
	case err := <-answered:
		if err == nil {
			return a.result()
		}
		c.kill()
		return answer{}, c.died(c.said.outOfMemory())
	case <-clock.C:
		c.kill()
		<-answered //nolint:errcheck // the process is gone
		return answer{}, c.died(true)
	case <-ctx.Done():
		c.kill()
		<-answered //nolint:errcheck // the process is gone
		return answer{}, ctx.Err()
	case <-ended:
		c.kill()
		<-answered //nolint:errcheck // the process is gone
		return answer{}, errClosed
	}
}

func (c *child) died(dear bool) error { return &death{dear: dear, said: c.said.text()} }

func (c *child) kill() {
	c.gone = true
	_ = c.cmd.Process.Kill() // it may be dead already
	_ = c.cmd.Wait()         // how it ended is known
}

// tail keeps the beginning of what is written, where a crash names its reason.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := lastWords - t.buf.Len(); room > 0 {
		t.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(t.buf.String())
}

func (t *tail) outOfMemory() bool {
	said := t.text()
	return strings.Contains(said, "out of memory") || strings.Contains(said, "cannot allocate memory")
}
