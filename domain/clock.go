package domain

import "time"

// ClockEvidence is what a phone says of its clocks with an event: the time since
// it was switched on, which nobody can set, and when it last heard the server's
// time. All of it may be missing.
type ClockEvidence struct {
	BootID    string       `json:"boot_id,omitzero"`
	ElapsedMs int64        `json:"elapsed_ms,omitzero"`
	Anchor    *ClockAnchor `json:"server_anchor,omitzero"`
}

// ClockAnchor is the server's time as the phone heard it, with its own counter
// of that moment.
type ClockAnchor struct {
	BootID    string    `json:"boot_id"`
	ElapsedMs int64     `json:"elapsed_ms"`
	At        time.Time `json:"at"`
}

// ClockReading is what an event's time is worth.
type ClockReading struct {
	At      time.Time     // when it happened, as far as is known
	Shift   time.Duration // the phone's clock against that
	Unknown bool          // nothing proves At
}

// clockSlack is how far an anchored time may lie behind the server's: counters
// drift, and pushes take their way.
const clockSlack = time.Minute

// ReadClock corrects the phone's time of an event by its boot anchor, if the
// phone was not switched off since it heard the server's time. received is when
// the server heard of the event. A time that lies in the future is taken from
// nobody; what cannot be corrected stands as the phone says, and is unknown.
func ReadClock(device time.Time, e ClockEvidence, received time.Time) ClockReading {
	out := ClockReading{At: device, Unknown: true}
	if a := e.Anchor; a != nil && e.BootID != "" && a.BootID == e.BootID && e.ElapsedMs >= a.ElapsedMs && !a.At.After(received.Add(clockSlack)) {
		at := a.At.Add(time.Duration(e.ElapsedMs-a.ElapsedMs) * time.Millisecond)
		if !at.After(received.Add(clockSlack)) {
			return ClockReading{At: at, Shift: device.Sub(at)}
		}
	}
	if ahead := device.Sub(received); ahead > clockSlack {
		out.Shift = ahead
	}
	return out
}
