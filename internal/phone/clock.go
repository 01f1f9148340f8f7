package phone

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"time"
)

// Uptime is what nobody can set of a device's clocks: which start of the device
// this is, and how long it has run since.
type Uptime func() (boot string, elapsed time.Duration)

// anchor is the server's time as the phone last heard it, with its own counter of
// that moment.
type anchor struct {
	BootID    string    `json:"boot_id"`
	ElapsedMs int64     `json:"elapsed_ms"`
	At        time.Time `json:"at"`
}

// hear notes the server's time of an answer.
func (p *Phone) hear(answer http.Header) error {
	at, err := http.ParseTime(answer.Get("Date"))
	if err != nil || p.cfg.Uptime == nil {
		return nil //nolint:nilerr // the server did not say
	}
	boot, elapsed := p.cfg.Uptime()
	text, err := json.Marshal(anchor{boot, elapsed.Milliseconds(), at})
	if err != nil {
		return err
	}
	return p.store.setMeta("anchor", string(text))
}

// clock is what lets the server correct the phone's time of an event; nil if
// the device knows nothing but that time.
func (p *Phone) clock() (map[string]any, error) {
	if p.cfg.Uptime == nil {
		return nil, nil
	}
	boot, elapsed := p.cfg.Uptime()
	out := map[string]any{"boot_id": boot, "elapsed_ms": elapsed.Milliseconds()}
	text, err := p.store.meta("anchor")
	if err != nil || text == "" {
		return out, err
	}
	var heard anchor
	if err := json.Unmarshal([]byte(text), &heard); err != nil {
		return nil, fmt.Errorf("failed to read the anchor: %w", err)
	}
	out["server_anchor"] = heard
	return out, nil
}
