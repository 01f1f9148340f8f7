package notifications

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// message is what is to be sent, before it has a row.
type message struct {
	channel string
	target  string // a user's id, or a webhook's
	event   string // the kind of the notice, or the name of the event
	sender  string // the user who caused it; empty for the clock and superusers
	payload any
}

// lane is the queue that a message waits in: one for the mail server, and one
// for each webhook.
func (m message) lane() string {
	if m.channel == byMail {
		return byMail
	}
	return m.target
}

// mail queues a notice for who wants its kind, or all kinds, by mail, and of kinds
// that are always mailed.
func (s *Service) mail(e *kit.Change[records.Notification]) error {
	if err := e.Next(); err != nil {
		return err
	}
	user, kind := e.Row.User(), e.Row.Kind()
	wish, found, err := records.NotificationPrefs.First(e.App, "user = {:u} AND kind IN ({:k}, '*')",
		dbx.Params{"u": user, "k": kind}, "kind DESC") // "*" sorts before all names, so the kind's own wish comes first
	if err != nil || !always[kind] && (!found || !wish.Mail()) {
		return err
	}
	m := message{channel: byMail, target: string(user), event: kind, payload: map[string]any{"notification": e.Row.ID()}}
	if by := gate.From(e.RecordEvent).User; by != nil {
		m.sender = by.Id
	}
	return s.queue(e.App, m)
}

// eventBytes is the longest event; of a longer one the values are left out.
const eventBytes = 128 << 10

// Emit queues events for each webhook that wants them.
func (s *Service) Emit(txApp core.App, events ...gate.Event) error {
	hooks, err := s.webhooks(txApp)
	if err != nil || len(hooks) == 0 {
		return err
	}
	for _, e := range events {
		if err := s.emit(txApp, hooks, e); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) emit(txApp core.App, hooks []webhook, e gate.Event) error {
	name := EventName(e.Collection, e.Action)
	var judged bool
	for _, h := range hooks {
		if !domain.EventWanted(h.events, name) {
			continue
		}
		if !judged {
			text, err := json.Marshal(e)
			if err != nil {
				return fmt.Errorf("write an event: %w", err)
			}
			if judged = true; len(text) > eventBytes {
				e.Before, e.After, e.Cut = nil, nil, true
			}
		}
		if err := s.queue(txApp, message{channel: byWebhook, target: string(h.id), event: name, sender: e.Actor, payload: e}); err != nil {
			return err
		}
	}
	return nil
}

// EventName is what an entry of the audit log is called: by its action if that
// is one of its collection, else by both.
func EventName(collection, action string) string {
	if strings.HasPrefix(action, collection+".") {
		return action
	}
	return collection + "." + strings.ReplaceAll(action, ".", "_")
}

// queue adds a message past the record layer: nothing of it is to be judged.
// What a sender causes beyond his limits joins the digest of its receiver.
func (s *Service) queue(txApp core.App, m message) error {
	text, err := json.Marshal(m.payload, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	now := s.now()
	row := dbx.Params{
		"id": core.GenerateDefaultRandomId(), "channel": m.channel, "target": m.target, "lane": m.lane(), "event": m.event, "sender": m.sender,
		"payload": string(text), "state": domain.DispatchQueued, "tries": 0, "open": false, "folded": 0,
		"next_at": gate.Stamp(now), "created": gate.Stamp(now), "updated": gate.Stamp(now),
	}
	over, err := s.over(txApp, m.sender, now)
	if err != nil {
		return err
	}
	if over {
		joined, err := join(txApp, m, string(text))
		if err != nil || joined {
			return err
		}
		row["event"], row["open"], row["folded"], row["payload"] = digest, true, 1, "["+string(text)+"]"
		if m.channel == byMail {
			minutes, err := gate.SettingsNow(txApp).MessageDigestMinutes()
			if err != nil {
				return err
			}
			row["next_at"] = gate.Stamp(now.Add(time.Duration(minutes) * time.Minute))
		}
	}
	if _, err = txApp.DB().Insert(records.DispatchTable, row).Execute(); err != nil {
		return fmt.Errorf("queue a message: %w", err)
	}
	return nil
}

// keepDays is how long what was sent can be looked at.
const keepDays = 30

// sweep removes what was sent long ago; what is dead stays.
func sweep(_ context.Context, app core.App, now time.Time) error {
	_, err := gate.DispatchesSwept.Purge(app, records.DispatchTable, "state = 'sent' AND sent_at < {:then}",
		dbx.Params{"then": gate.Stamp(now.AddDate(0, 0, -keepDays))})
	return err
}
