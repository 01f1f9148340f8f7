package notifications

import (
	"fmt"
	"net/url"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// webhook is where events go.
type webhook struct {
	id     records.WebhookID
	events []string
}

func (s *Service) webhooksKept() kit.Collection {
	return kit.Collection{
		Name: records.WebhookTable,
		Audit: gate.Audit{
			Fields: []string{records.WebhookColName, records.WebhookColURL, records.WebhookColEvents, records.WebhookColActive}, Create: true,
		},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Webhooks, "webhookCreate", s.webhookSaved),
			kit.On(kit.Update, records.Webhooks, "webhookUpdate", s.webhookSaved),
			kit.On(kit.DeleteExecute, records.Webhooks, "webhookDelete", webhookGone),
			kit.On(kit.AfterCreate, records.Webhooks, "webhookCreated", s.forget),
			kit.On(kit.AfterUpdate, records.Webhooks, "webhookUpdated", s.forget),
			kit.On(kit.AfterDelete, records.Webhooks, "webhookDeleted", s.forget),
		},
	}
}

// asked switches a webhook on unless who makes it says otherwise.
func asked(e *core.RecordRequestEvent) error {
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	if _, said := info.Body[records.WebhookColActive]; !said {
		records.Webhooks.Of(e.Record).SetActive(true)
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
func (s *Service) webhookSaved(e *kit.Change[records.Webhook]) error {
	events, err := e.Row.Events()
	if err != nil || len(events) == 0 || len(events) > eventsMost {
		return gate.RefuseField(records.WebhookColEvents, "webhook.events")
	}
	for _, pattern := range events {
		if s.cfg.Known != nil && !s.cfg.Known(e.App, pattern) {
			return gate.RefuseField(records.WebhookColEvents, "webhook.event_unknown", "event", pattern)
		}
	}
	at, err := url.Parse(e.Row.URL())
	if err != nil || at.Scheme != "https" && at.Scheme != "http" || at.Hostname() == "" || len(e.Row.URL()) > urlMost {
		return gate.RefuseField(records.WebhookColURL, "webhook.url")
	}
	if at.User != nil {
		return gate.RefuseField(records.WebhookColURL, "webhook.url_secret")
	}
	if e.Row.Name() == "" {
		e.Row.SetName(at.Hostname())
	}
	secret := e.Row.Secret()
	fresh := secret != "" && secret != isSet
	if fresh || e.Row.IsNew() {
		if len(secret) < secretMin || len(secret) > secretMax {
			return gate.RefuseField(records.WebhookColSecret, "webhook.secret", "min", secretMin, "max", secretMax)
		}
	}
	if s.cfg.Planted != syncer.PlantWebhookSecretKept {
		e.Row.SetSecret(isSet)
	}
	if err := e.Next(); err != nil {
		return err
	}
	if fresh {
		_, err := e.App.DB().NewQuery("INSERT OR REPLACE INTO _webhook_secrets (webhook, secret) VALUES ({:w}, {:s})").
			Bind(dbx.Params{"w": e.Row.ID(), "s": secret}).Execute()
		if err != nil {
			return fmt.Errorf("keep a webhook's secret: %w", err)
		}
	}
	return clearLane(e.App, string(e.Row.ID()))
}

// webhookGone takes the secret and the lane along.
func webhookGone(e *kit.Change[records.Webhook]) error {
	if err := e.Next(); err != nil {
		return err
	}
	for _, stmt := range []string{"DELETE FROM _webhook_secrets WHERE webhook = {:w}", "DELETE FROM message_lanes WHERE lane = {:w}"} {
		if _, err := e.App.DB().NewQuery(stmt).Bind(dbx.Params{"w": e.Row.ID()}).Execute(); err != nil {
			return fmt.Errorf("forget a webhook: %w", err)
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
	if _, err := app.FindCachedCollectionByNameOrId(records.WebhookTable); err != nil {
		return nil, nil //nolint:nilerr // a migration runs in which there are none
	}
	on, err := records.Webhooks.All(app, "active", nil, "")
	if err != nil {
		return nil, err
	}
	hooks = nil
	for _, row := range on {
		events, err := row.Events()
		if err != nil {
			return nil, err
		}
		hooks = append(hooks, webhook{row.ID(), events})
	}
	if !app.IsTransactional() { // what is not committed is not remembered
		s.mu.Lock()
		s.hooks, s.known = hooks, true
		s.mu.Unlock()
	}
	return hooks, nil
}

// forget has the webhooks read anew.
func (s *Service) forget(e *kit.Change[records.Webhook]) error {
	s.mu.Lock()
	s.hooks, s.known = nil, false
	s.mu.Unlock()
	return e.Next()
}
