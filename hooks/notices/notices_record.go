package notices

import (
	"encoding/json/v2"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

const (
	notifications = "notifications"
	prefs         = "notification_prefs"
	webhooks      = "webhooks"
	dispatches    = "dispatches"
	lanes         = "message_lanes"

	fieldRead   = "read_at"
	fieldState  = "state"
	fieldSecret = "secret"
	fieldParked = "parked_at"
	fieldNext   = "next_at"

	queued = "queued"
	sent   = "sent"
	dead   = "dead" // given up; an administrator looks at it

	byMail    = "mail"
	byWebhook = "webhook"
)

// Audited declares what the log keeps.
func Audited() gate.Audited {
	return gate.Audited{
		webhooks: {Fields: []string{"name", "url", "events", "active"}, Create: true},
	}
}

// webhook is where events go.
type webhook struct {
	ID, URL string
	Events  []string
}

func readWebhook(r *core.Record) (webhook, error) {
	w := webhook{ID: r.Id, URL: r.GetString("url")}
	if text := r.GetString("events"); text != "" && text != "null" {
		if err := json.Unmarshal([]byte(text), &w.Events); err != nil {
			return w, err
		}
	}
	return w, nil
}

func channelOf(r *core.Record) string { return r.GetString("channel") }
func targetOf(r *core.Record) string  { return r.GetString("target") }
func eventOf(r *core.Record) string   { return r.GetString("event") }
func payloadOf(r *core.Record) string { return r.GetString("payload") }
func triesOf(r *core.Record) int      { return r.GetInt("tries") }
func foldedOf(r *core.Record) int     { return r.GetInt("folded") } // messages in a digest, 0 for none
func openOf(r *core.Record) bool      { return r.GetBool("open") }  // a digest that still grows
func faultsOf(lane *core.Record) int  { return lane.GetInt("faults") }

func setSent(r *core.Record, at time.Time) {
	r.Set(fieldState, sent)
	r.Set("sent_at", at)
	r.Set("last_error", "")
}

func setFailed(r *core.Record, state string, next time.Time, fault string) {
	r.Set(fieldState, state)
	r.Set("tries", triesOf(r)+1)
	r.Set(fieldNext, next)
	r.Set("last_error", fault)
}

func setQueued(r *core.Record, at time.Time) {
	r.Set(fieldState, queued)
	r.Set("tries", 0)
	r.Set(fieldNext, at)
}

func setLaneFault(lane *core.Record, next time.Time, fault string) {
	lane.Set("faults", faultsOf(lane)+1)
	lane.Set(fieldNext, next)
	lane.Set("last_error", fault)
}
