package notices

import (
	"fmt"
	"net/url"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/syncer"
)

// bindWebhooks registers what holds webhooks.
func (s *Service) bindWebhooks(app core.App) {
	app.OnRecordCreateRequest(webhooks).Bind(gate.Named("webhookAsked", asked))
	app.OnRecordCreate(webhooks).Bind(gate.Named("webhookCreate", gate.Atomic(s.webhookSaved)))
	app.OnRecordUpdate(webhooks).Bind(gate.Named("webhookUpdate", gate.Atomic(s.webhookSaved)))
	app.OnRecordDeleteExecute(webhooks).Bind(gate.Named("webhookDelete", gate.Atomic(webhookGone)))
	forget := func(e *core.RecordEvent) error {
		s.forget()
		return e.Next()
	}
	app.OnRecordAfterCreateSuccess(webhooks).Bind(gate.Named("webhookCreated", forget))
	app.OnRecordAfterUpdateSuccess(webhooks).Bind(gate.Named("webhookUpdated", forget))
	app.OnRecordAfterDeleteSuccess(webhooks).Bind(gate.Named("webhookDeleted", forget))
}

// asked switches a webhook on unless who makes it says otherwise.
func asked(e *core.RecordRequestEvent) error {
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	if _, said := info.Body["active"]; !said {
		e.Record.Set("active", true)
	}
	return e.Next()
}

const (
	// isSet stands in the field of a secret, whatever the secret is.
	isSet                = "set"
	secretMin, secretMax = 16, 200
	eventsMost, urlMost  = 50, 2000
)

// webhookSaved refuses an address that is no web address and events that never
// come. The secret goes where no answer finds it; none keeps the one there is.
// Whoever changes a webhook has mended it: its lane begins anew.
func (s *Service) webhookSaved(e *core.RecordEvent) error {
	w, err := readWebhook(e.Record)
	if err != nil || len(w.Events) == 0 || len(w.Events) > eventsMost {
		return gate.RefuseField("events", "webhook.events")
	}
	for _, pattern := range w.Events {
		if s.cfg.Known != nil && !s.cfg.Known(e.App, pattern) {
			return gate.RefuseField("events", "webhook.event_unknown", "event", pattern)
		}
	}
	at, err := url.Parse(w.URL)
	if err != nil || at.Scheme != "https" && at.Scheme != "http" || at.Hostname() == "" || len(w.URL) > urlMost {
		return gate.RefuseField("url", "webhook.url")
	}
	if at.User != nil {
		return gate.RefuseField("url", "webhook.url_secret")
	}
	if e.Record.GetString("name") == "" {
		e.Record.Set("name", at.Hostname())
	}
	secret := e.Record.GetString(fieldSecret)
	fresh := secret != "" && secret != isSet
	if fresh || e.Record.IsNew() {
		if len(secret) < secretMin || len(secret) > secretMax {
			return gate.RefuseField(fieldSecret, "webhook.secret", "min", secretMin, "max", secretMax)
		}
	}
	if s.cfg.Planted != syncer.PlantWebhookSecretKept {
		e.Record.Set(fieldSecret, isSet)
	}
	if err := e.Next(); err != nil {
		return err
	}
	if fresh {
		_, err := e.App.DB().NewQuery("INSERT OR REPLACE INTO _webhook_secrets (webhook, secret) VALUES ({:w}, {:s})").
			Bind(dbx.Params{"w": e.Record.Id, "s": secret}).Execute()
		if err != nil {
			return fmt.Errorf("failed to keep a webhook's secret: %w", err)
		}
	}
	return clearLane(e.App, e.Record.Id)
}

// webhookGone takes the secret and the lane along.
func webhookGone(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	for _, stmt := range []string{"DELETE FROM _webhook_secrets WHERE webhook = {:w}", "DELETE FROM message_lanes WHERE lane = {:w}"} {
		if _, err := e.App.DB().NewQuery(stmt).Bind(dbx.Params{"w": e.Record.Id}).Execute(); err != nil {
			return fmt.Errorf("failed to forget a webhook: %w", err)
		}
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
