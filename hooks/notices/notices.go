// Package notices carries what people and other systems are told: notices to
// phones, to who wants them by mail, and events to webhooks. A message is queued
// in the transaction of what it tells of and sent after the commit, as often as
// it takes, in the lane of its target.
package notices

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
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
	// Known tells whether events of a name, or of a pattern, can ever come.
	Known   func(app core.App, pattern string) bool
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

// Bind registers the area's events.
func (s *Service) Bind(app core.App) {
	app.OnRecordCreate(notifications).Bind(gate.Named("noticeCreate", onlyServer))
	app.OnRecordUpdate(notifications).Bind(gate.Named("noticeUpdate", gate.Atomic(noticeRead)))
	app.OnRecordCreateExecute(notifications).Bind(gate.Named("noticeMail", gate.Atomic(s.mail)))
	app.OnRecordCreate(prefs).Bind(gate.Named("noticePrefCreate", prefSaved))
	app.OnRecordUpdate(prefs).Bind(gate.Named("noticePrefUpdate", prefSaved))
	s.bindWebhooks(app)
	for _, c := range []string{dispatches, lanes} {
		app.OnRecordCreate(c).Bind(gate.Named("messageCreate:"+c, onlyServer))
		app.OnRecordUpdate(c).Bind(gate.Named("messageUpdate:"+c, onlyServer))
	}
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		s.end() // what was under way is sent again
		return e.Next()
	})
}

// Actions are the area's state changes.
func (s *Service) Actions() gate.Actions {
	return gate.Actions{dispatches + ".retry": s.retry, lanes + ".resume": s.resume}
}

// Jobs are the area's work of the clock.
func (s *Service) Jobs() []gate.Job {
	return []gate.Job{
		{Name: "dispatches", Schedule: "* * * * *", Run: s.Run},
		{Name: "dispatchesSwept", Schedule: "43 3 * * *", Run: sweep},
	}
}

func onlyServer(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	return gate.Refuse("record.not_allowed")
}

// noticeRead lets the reader note when he read it, once, and nothing else.
func noticeRead(e *core.RecordEvent) error {
	if err := gate.LockFields(e, "user", "kind", "params", "link", "at"); err != nil {
		return err
	}
	if before := e.Record.Original().GetDateTime(fieldRead); !before.IsZero() {
		e.Record.Set(fieldRead, before)
	}
	return e.Next()
}

// prefSaved refuses a kind of which there are no notices; "*" is all of them.
func prefSaved(e *core.RecordEvent) error {
	kind := e.Record.GetString("kind")
	if _, known := domain.Notices[kind]; !known && kind != "*" {
		return gate.RefuseField("kind", "notice.unknown")
	}
	return e.Next()
}
