package phone

import (
	"encoding/json/v2"
	"fmt"
	"time"

	"satchel/syncer"
)

// Uptime is what nobody can set of a device's clocks: which start of the device
// this is, and how long it has run since.
type Uptime func() (boot string, elapsed time.Duration)

// moment is what a device's own clocks say.
type moment struct {
	BootID    string    `json:"boot_id"`
	ElapsedMs int64     `json:"elapsed_ms"`
	DeviceAt  time.Time `json:"device_at"`
}

// anchor is the server's time as the phone last heard it, with what its own
// clocks said as it asked: before, since an answer may be long on its way.
type anchor struct {
	syncer.Anchor
	moment
}

// moment reads the device's clocks; zero if it does not say how long it runs.
func (p *Phone) moment() (m moment) {
	if p.cfg.Uptime == nil {
		return m
	}
	boot, elapsed := p.cfg.Uptime()
	return moment{boot, elapsed.Milliseconds(), p.cfg.Now().UTC().Truncate(time.Millisecond)}
}

// hear notes the server's time of an answer that was asked for at asked.
func (p *Phone) hear(a *syncer.Anchor, asked moment) error {
	if a == nil || asked == (moment{}) {
		return nil
	}
	text, err := json.Marshal(anchor{*a, asked})
	if err != nil {
		return err
	}
	return p.store.setMeta("anchor", string(text))
}

// sent is what the phone's clock says as it hands work in.
func (p *Phone) sent() string { return p.cfg.Now().UTC().Format("2006-01-02T15:04:05.000Z07:00") }

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
		return nil, fmt.Errorf("read the anchor: %w", err)
	}
	out["server_anchor"] = heard
	return out, nil
}
