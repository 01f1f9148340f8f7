package notices

import (
	"encoding/json/v2"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// mail queues a notice for who wants its kind, or all kinds, by mail.
func (s *Service) mail(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	user, kind := e.Record.GetString("user"), e.Record.GetString("kind")
	var wanted []struct {
		Kind string `db:"kind"`
		Mail bool   `db:"mail"`
	}
	err := e.App.DB().NewQuery("SELECT kind, mail FROM notification_prefs WHERE user = {:u} AND kind IN ({:k}, '*') ORDER BY kind DESC").
		Bind(dbx.Params{"u": user, "k": kind}).All(&wanted)
	if err != nil {
		return fmt.Errorf("failed to read what a person wants by mail: %w", err)
	}
	if len(wanted) == 0 || !wanted[0].Mail { // "*" sorts before all names, so the kind's own wish comes first
		return nil
	}
	return s.queue(e.App, byMail, user, kind, map[string]any{"notification": e.Record.Id})
}

// Emit queues an event for each webhook that wants it.
func (s *Service) Emit(txApp core.App, e gate.Event) error {
	hooks, err := s.webhooks(txApp)
	if err != nil || len(hooks) == 0 {
		return err
	}
	name := e.Action
	if !strings.Contains(name, ".") || !strings.HasPrefix(name, e.Collection+".") {
		name = e.Collection + "." + strings.ReplaceAll(e.Action, ".", "_")
	}
	for _, h := range hooks {
		if domain.EventWanted(h.Events, name) {
			if err := s.queue(txApp, byWebhook, h.ID, name, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// queue adds a message past the record layer: nothing of it is to be judged.
func (s *Service) queue(txApp core.App, channel, target, event string, payload any) error {
	text, err := json.Marshal(payload, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("failed to write a message: %w", err)
	}
	now := gate.Stamp(s.now())
	_, err = txApp.DB().Insert(dispatches, dbx.Params{
		"id": core.GenerateDefaultRandomId(), "channel": channel, "target": target, "event": event, "payload": string(text),
		"state": queued, "tries": 0, "next_at": now, "created": now, "updated": now,
	}).Execute()
	if err != nil {
		return fmt.Errorf("failed to queue a message: %w", err)
	}
	return nil
}

// webhooks lists those that are on, from memory until one is saved.
func (s *Service) webhooks(app core.App) ([]webhook, error) {
	s.mu.Lock()
	hooks, known := s.hooks, s.known
	s.mu.Unlock()
	if known {
		return hooks, nil
	}
	if _, err := app.FindCachedCollectionByNameOrId(webhooks); err != nil {
		return nil, nil //nolint:nilerr // a migration runs in which there are none
	}
	records, err := app.FindAllRecords(webhooks, dbx.HashExp{"active": true})
	if err != nil {
		return nil, fmt.Errorf("failed to read webhooks: %w", err)
	}
	hooks = nil
	for _, r := range records {
		w, err := readWebhook(r)
		if err != nil {
			return nil, fmt.Errorf("failed to read the webhook %s: %w", r.Id, err)
		}
		hooks = append(hooks, w)
	}
	if !app.IsTransactional() { // what is not committed is not remembered
		s.mu.Lock()
		s.hooks, s.known = hooks, true
		s.mu.Unlock()
	}
	return hooks, nil
}

func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks, s.known = nil, false
}

// webhookSaved refuses an address that is no web address, and events of no form.
func webhookSaved(e *core.RecordEvent) error {
	w, err := readWebhook(e.Record)
	if err != nil || len(w.Events) == 0 {
		return gate.RefuseField("events", "webhook.events")
	}
	if !strings.HasPrefix(w.URL, "https://") && !strings.HasPrefix(w.URL, "http://") {
		return gate.RefuseField("url", "webhook.url")
	}
	return e.Next()
}

// keepDays is how long what was sent can be looked at.
const keepDays = 30

// sweep removes what was sent long ago; what is dead stays.
func sweep(app core.App, now time.Time) error {
	_, err := gate.DispatchesSwept.Purge(app, "dispatches", "state = 'sent' AND sent_at < {:then}",
		dbx.Params{"then": gate.Stamp(now.AddDate(0, 0, -keepDays))})
	return err
}
