// Package notices carries what people and other systems are told: notices to
// phones, to who wants them by mail, and events to webhooks. A message is queued
// in the transaction of what it tells of and sent after the commit, as often as
// it takes.
package notices

import (
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Config is what the area takes from outside.
type Config struct {
	Now  func() time.Time
	HTTP *http.Client // of webhooks; nil for one that stays out of the private network
}

// Service is the area's state.
type Service struct {
	now     func() time.Time
	client  *http.Client
	sending sync.Mutex

	mu    sync.Mutex
	hooks []webhook // nil until they are read
	known bool
}

// New prepares the area.
func New(cfg Config) *Service { return &Service{now: cfg.Now, client: cfg.HTTP} }

// Bind registers the area's events.
func (s *Service) Bind(app core.App) {
	app.OnRecordCreate(notifications).Bind(gate.Named("noticeCreate", onlyServer))
	app.OnRecordUpdate(notifications).Bind(gate.Named("noticeUpdate", gate.Atomic(noticeRead)))
	app.OnRecordCreateExecute(notifications).Bind(gate.Named("noticeMail", gate.Atomic(s.mail)))
	app.OnRecordCreate(prefs).Bind(gate.Named("noticePrefCreate", prefSaved))
	app.OnRecordUpdate(prefs).Bind(gate.Named("noticePrefUpdate", prefSaved))
	app.OnRecordCreate(webhooks).Bind(gate.Named("webhookCreate", webhookSaved))
	app.OnRecordUpdate(webhooks).Bind(gate.Named("webhookUpdate", webhookSaved))
	app.OnRecordCreate(dispatches).Bind(gate.Named("dispatchCreate", onlyServer))
	app.OnRecordUpdate(dispatches).Bind(gate.Named("dispatchUpdate", onlyServer))
	forget := func(e *core.RecordEvent) error {
		s.forget()
		return e.Next()
	}
	app.OnRecordAfterCreateSuccess(webhooks).Bind(gate.Named("webhookCreated", forget))
	app.OnRecordAfterUpdateSuccess(webhooks).Bind(gate.Named("webhookUpdated", forget))
	app.OnRecordAfterDeleteSuccess(webhooks).Bind(gate.Named("webhookDeleted", forget))
}

// Actions are the area's state changes.
func (s *Service) Actions() gate.Actions { return gate.Actions{dispatches + ".retry": s.retry} }

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
