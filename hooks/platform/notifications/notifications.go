// Package notifications carries what people and other systems are told: notices to
// phones, to who wants them by mail, and events to webhooks. A message is queued
// in the transaction of what it tells of and sent after the commit, as often as
// it takes, in the lane of its target.
package notifications

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	Now  func() time.Time
	HTTP *http.Client // of webhooks; nil for one that stays out of the private network
	// Spread is a random part, from 0 up to most, of a wait; nil for the usual one.
	Spread func(most time.Duration) time.Duration
	// Timeout is how long a target may take over a message; 0 for the usual time.
	Timeout time.Duration
	// Known reports whether events of a name, or of a pattern, can ever come.
	Known func(app core.App, pattern string) bool
	// Attached is the file that a notice of the kinds always mailed is about, by its link.
	Attached func(app core.App, link string) (name string, content []byte, err error)
	// Letters write mails to people without an account, by their kind: each when it is
	// sent, of the row that it is about. An empty address is nobody to write to any more.
	Letters map[string]func(app core.App, ref string) (to, subject, text string, err error)
	Planted syncer.Planted
}

// Service is the area's state.
type Service struct {
	cfg    Config
	now    func() time.Time
	ctx    context.Context // ends with the server
	end    context.CancelFunc
	sound  chan struct{} // places of webhooks that took their last message
	faulty chan struct{} // places of those that did not
	mails  chan struct{} // attempts at a mail that are under way

	mu    sync.Mutex
	busy  map[string]bool // lanes that are at it
	hooks []webhook       // nil until they are read
	known bool
}

// New prepares the area.
func New(cfg Config) *Service {
	if cfg.Spread == nil {
		cfg.Spread = func(most time.Duration) time.Duration { return rand.N(most + 1) }
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = timeout
	}
	s := &Service{
		cfg: cfg, now: cfg.Now, busy: map[string]bool{},
		sound: make(chan struct{}, soundAtOnce), faulty: make(chan struct{}, faultyAtOnce), mails: make(chan struct{}, mailsAtOnce),
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	return s
}
