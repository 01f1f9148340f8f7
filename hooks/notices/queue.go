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
	m := message{channel: byMail, target: user, event: kind, payload: map[string]any{"notification": e.Record.Id}}
	if by := gate.From(e).User; by != nil {
		m.sender = by.Id
	}
	return s.queue(e.App, m)
}

// eventBytes is the longest event; of a longer one the values are left out.
const eventBytes = 128 << 10

// Emit queues an event for each webhook that wants it.
func (s *Service) Emit(txApp core.App, e gate.Event) error {
	hooks, err := s.webhooks(txApp)
	if err != nil || len(hooks) == 0 {
		return err
	}
	name := EventName(e.Collection, e.Action)
	var judged bool
	for _, h := range hooks {
		if !domain.EventWanted(h.Events, name) {
			continue
		}
		if !judged {
			text, err := json.Marshal(e)
			if err != nil {
				return fmt.Errorf("failed to write an event: %w", err)
			}
			if judged = true; len(text) > eventBytes {
				e.Before, e.After, e.Cut = nil, nil, true
			}
		}
		if err := s.queue(txApp, message{channel: byWebhook, target: h.ID, event: name, sender: e.Actor, payload: e}); err != nil {
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
		return fmt.Errorf("failed to write a message: %w", err)
	}
	now := s.now()
	row := dbx.Params{
		"id": core.GenerateDefaultRandomId(), "channel": m.channel, "target": m.target, "lane": m.lane(), "event": m.event, "sender": m.sender,
		"payload": string(text), "state": queued, "tries": 0, "open": false, "folded": 0,
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
			minutes, err := gate.SettingsNow(txApp).Whole("message.digest_minutes")
			if err != nil {
				return err
			}
			row["next_at"] = gate.Stamp(now.Add(time.Duration(minutes) * time.Minute))
		}
	}
	if _, err = txApp.DB().Insert(dispatches, row).Execute(); err != nil {
		return fmt.Errorf("failed to queue a message: %w", err)
	}
	return nil
}

// keepDays is how long what was sent can be looked at.
const keepDays = 30

// sweep removes what was sent long ago; what is dead stays.
func sweep(app core.App, now time.Time) error {
	_, err := gate.DispatchesSwept.Purge(app, "dispatches", "state = 'sent' AND sent_at < {:then}",
		dbx.Params{"then": gate.Stamp(now.AddDate(0, 0, -keepDays))})
	return err
}
