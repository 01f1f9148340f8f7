package attack

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Figures are what an honest rep met.
type Figures struct {
	Push, Pull []time.Duration
	Told       int      // how often he was told to come again
	Wrong      []string // answers that are none for him
}

// P95 is the time that 95 of 100 took at most; 0 for none.
func P95(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)*95-1)/100]
}

// pace is how long an honest rep's phone rests between two requests: within what
// one device may ask.
const pace = 100 * time.Millisecond

// patience is how long he waits for an answer before it is none.
const patience = 10 * time.Second

// Honest is a rep with a phone who pushes a contact and pulls.
type Honest struct {
	c       *Client
	account string
	once    sync.Once
	enough  chan struct{}
}

// Least is how many pushes and how many pulls he has to get done beside a load.
const Least = 10

// Enough is closed once he got as many done.
func (h *Honest) Enough() <-chan struct{} { return h.enough }

// NewHonest signs rep.ma in, who reports to another manager than those who attack.
func NewHonest(ctx context.Context, s *Scene) (*Honest, error) {
	c, err := s.phone(ctx, "rep.ma")
	if err != nil {
		return nil, err
	}
	h := &Honest{c: c, enough: make(chan struct{})}
	if h.account, err = c.any(ctx, "accounts"); err != nil {
		return nil, err
	}
	for cursor := "?"; cursor != c.cursor; {
		cursor = c.cursor
		if a, err := c.pull(ctx); err != nil || a.Status != http.StatusOK {
			return nil, fmt.Errorf("first pull: %s %w", a, err)
		}
	}
	return h, nil
}

// Work pushes and pulls until ctx is over.
func (h *Honest) Work(ctx context.Context) (f Figures) {
	for said := false; ; {
		if !said && len(f.Push) >= Least && len(f.Pull) >= Least {
			said = true
			h.once.Do(func() { close(h.enough) })
		}
		f.take(ctx, &f.Push, "push", func(ctx context.Context) (Answer, error) {
			return h.c.push(ctx, map[string]any{
				"op": "create", "c": "contacts", "r": newID(), "set": map[string]any{"account": h.account, "name": "王芳"},
			})
		})
		if !sleep(ctx, pace) {
			return f
		}
		f.take(ctx, &f.Pull, "pull", h.c.pull)
		if !sleep(ctx, pace) {
			return f
		}
	}
}

// take does one thing as often as it takes; the time is that of the whole. What the
// end of the work cuts off counts as nothing.
func (f *Figures) take(ctx context.Context, into *[]time.Duration, what string, do func(ctx context.Context) (Answer, error)) {
	start := time.Now()
	for {
		// not cut off at the end of the work: what became of a push would not be known
		one, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		a, err := do(one)
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			f.Wrong = append(f.Wrong, fmt.Sprintf("%s: %v", what, err))
			return
		case a.Status == http.StatusOK:
			*into = append(*into, time.Since(start))
			return
		case (a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable) && a.Retry != "":
			f.Told++
			if !sleep(ctx, time.Second) {
				return
			}
		default:
			f.Wrong = append(f.Wrong, fmt.Sprintf("%s: %s %.200s", what, a, a.Body))
			return
		}
	}
}
