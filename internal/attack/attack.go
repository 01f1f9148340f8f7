// Package attack sends a server the loads of somebody who wants to stop it: parts
// of bodies that never end, a flood of refusals, files that unfold to gigabytes,
// dear filters, slow uploads, deep JSON, receivers that do not answer. It is a client of the
// public API with no back door. The attack suite runs each load for a few seconds
// and holds the server to what must show; the benchmark measures an honest rep
// beside it.
package attack

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"satchel/internal/demo"
)

// Load is one way of taking a server from others.
type Load struct {
	Name string
	// Prepare makes what the load needs before anything is measured; nil for nothing.
	Prepare func(ctx context.Context, s *Scene) error
	// Run sends the load until ctx is over, and says what did not show. It runs once
	// in a scene.
	Run func(ctx context.Context, s *Scene) error
}

// Loads are all there are.
func Loads() []Load {
	return []Load{
		bodies(), issueFlood(), importBomb(), thumbBomb(), filters(), uploads(), deepJSON(), webhooks(), mails(),
	}
}

// Scene is the server under load. Rep, manager and administrator attack; the honest
// rep is another, see Honest.
type Scene struct {
	Base string // http://host:port

	mu    sync.Mutex
	codes map[string]int // what was answered, by status and code
	held  map[string]any // what Prepare left to Run
	once  sync.Once
	shown chan struct{}
}

// NewScene is a server at base, such as http://127.0.0.1:8090.
func NewScene(base string) *Scene {
	return &Scene{Base: base, codes: map[string]int{}, held: map[string]any{}, shown: make(chan struct{})}
}

// Shown is closed once the load has done all that it is to be seen by; from then on
// it only goes on.
func (s *Scene) Shown() <-chan struct{} { return s.shown }

func (s *Scene) shows() { s.once.Do(func() { close(s.shown) }) }

// note counts an answer.
func (s *Scene) note(a Answer) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[a.String()]++
	return a
}

// Said lists what was answered and how often.
func (s *Scene) Said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := ""
	for _, code := range slices.Sorted(maps.Keys(s.codes)) {
		text += fmt.Sprintf("%s ×%d, ", code, s.codes[code])
	}
	return text
}

// saw reports whether something was answered with a code.
func (s *Scene) saw(code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for said := range s.codes {
		if _, c, _ := cut(said); c == code {
			return true
		}
	}
	return false
}

// refusals reports whether somebody was told to come again.
func (s *Scene) refusals() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for said := range s.codes {
		if status, _, _ := cut(said); status == "429" || status == "503" {
			return true
		}
	}
	return false
}

// desk is a login of somebody of the company.
func (s *Scene) desk(ctx context.Context, name string) (*Client, error) {
	c := newClient(s.Base)
	return c, c.login(ctx, "users", demo.Email(name))
}

// phone is a login with a phone registered by it.
func (s *Scene) phone(ctx context.Context, name string) (*Client, error) {
	c, err := s.desk(ctx, name)
	if err != nil {
		return nil, err
	}
	return c, c.hello(ctx)
}

func (s *Scene) super(ctx context.Context) (*Client, error) {
	c := newClient(s.Base)
	return c, c.login(ctx, "_superusers", demo.SuperuserEmail)
}

// join is a client that Prepare logged in for Run.
func (s *Scene) keep(name string, c *Client, err error) error {
	s.held[name] = c
	return err
}

func (s *Scene) kept(name string) *Client { return s.held[name].(*Client) }
