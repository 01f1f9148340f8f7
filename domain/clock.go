package domain

import "time"

// ClockEvidence is what a phone says of its clocks with an event: the time since
// it was switched on, and when it last heard the server's time. All of it may be
// missing, and all of it but the anchor's time is the phone's word.
type ClockEvidence struct {
	BootID    string       `json:"boot_id,omitzero"`
	ElapsedMs int64        `json:"elapsed_ms,omitzero"`
	Anchor    *ClockAnchor `json:"server_anchor,omitzero"`
}

// ClockAnchor is the server's time as the server signed it for a device, with
// what the phone's own clocks said when it asked for it.
type ClockAnchor struct {
	At        time.Time `json:"at"`
	Device    string    `json:"device,omitzero"`
	Sig       string    `json:"sig,omitzero"`
	BootID    string    `json:"boot_id,omitzero"`
	ElapsedMs int64     `json:"elapsed_ms"`
	DeviceAt  time.Time `json:"device_at,omitzero"` // by the phone's clock
}

// Arrival is what the server itself knows of an event.
type Arrival struct {
	At      time.Time // when it first heard of it
	Sent    time.Time // what the phone's clock said as it sent it; zero if unknown
	Genuine bool      // the event's anchor is the server's own, for this phone
}

// ClockRules say how far an unproven time is taken: settings below "clock.".
type ClockRules struct {
	Bracket time.Duration // between an anchor of before a restart and the arrival
	Fresh   time.Duration // between an event without an anchor and its arrival
}

// Grades of a time, from the best.
const (
	ClockServer    = "server"    // the event happened as the server heard of it
	ClockExact     = "exact"     // signed, and counted on since without a restart
	ClockBracketed = "bracketed" // between a signed anchor and the arrival
	ClockFresh     = "fresh"     // a short time before the arrival
	ClockUnknown   = "unknown"
)

var clockGrades = []string{"", ClockServer, ClockExact, ClockBracketed, ClockFresh, ClockUnknown}

// ClockReading is what an event's time is worth.
type ClockReading struct {
	At    time.Time     // when it happened, as far as is known
	Shift time.Duration // the phone's clock against that
	Grade string
	Put   bool // At is the arrival, since what the phone said can be no time of it
}

// Unknown reports whether nothing bounds the time.
func (r ClockReading) Unknown() bool { return r.Grade == ClockUnknown }

const (
	// clockSlack is how far two readings of one time may lie apart: counters
	// drift, and requests take their way.
	clockSlack = time.Minute
	// oldestEvent is how old an event may be that nothing proves.
	oldestEvent = 366 * 24 * time.Hour
)

// ReadClock grades a phone's time of an event and corrects it as far as that
// goes. A time that lies in the future is taken from nobody.
func ReadClock(device time.Time, e ClockEvidence, a Arrival, r ClockRules) ClockReading {
	if a.Genuine && e.Anchor != nil {
		if at, ok := e.counted(a); ok {
			return ClockReading{At: at, Shift: device.Sub(at), Grade: ClockExact}
		}
		if at, ok := e.bracketed(device, a, r.Bracket); ok {
			return ClockReading{At: at, Shift: device.Sub(at), Grade: ClockBracketed}
		}
	}
	at, grade := device, ClockUnknown
	if off := a.Sent.Sub(a.At); !a.Sent.IsZero() && off.Abs() > clockSlack { // as it is now, so it was then
		at = device.Add(-off)
	}
	if age := a.At.Sub(at); age <= r.Fresh && age >= -r.Fresh {
		grade = ClockFresh
	}
	out := ClockReading{At: at, Grade: grade}
	if at.After(a.At) || a.At.Sub(at) > oldestEvent {
		out.At, out.Put = a.At, grade == ClockUnknown
	}
	if shift := device.Sub(out.At); shift.Abs() > clockSlack {
		out.Shift = shift
	}
	return out
}

// counted reads an anchor of the same start of the device.
func (e ClockEvidence) counted(a Arrival) (time.Time, bool) {
	passed := e.ElapsedMs - e.Anchor.ElapsedMs
	if e.BootID == "" || e.BootID != e.Anchor.BootID || e.Anchor.ElapsedMs < 0 || passed < 0 {
		return time.Time{}, false
	}
	// Whole milliseconds are compared: a wild counter has no duration.
	if room := a.At.Add(clockSlack).Sub(e.Anchor.At); passed > room.Milliseconds() {
		return time.Time{}, false
	}
	return e.Anchor.At.Add(time.Duration(passed) * time.Millisecond), true
}

// bracketed reads an anchor of an earlier start. Nobody set the phone's clock
// for good between it and the arrival if it was off by as much at both ends.
func (e ClockEvidence) bracketed(device time.Time, a Arrival, most time.Duration) (time.Time, bool) {
	anchor := e.Anchor
	if anchor.DeviceAt.IsZero() || a.Sent.IsZero() || e.BootID != "" && e.BootID == anchor.BootID {
		return time.Time{}, false
	}
	if apart := a.At.Sub(anchor.At); apart > most || apart < -clockSlack {
		return time.Time{}, false
	}
	then, now := anchor.DeviceAt.Sub(anchor.At), a.Sent.Sub(a.At)
	at := device.Add(-then)
	if (then-now).Abs() > clockSlack || at.Before(anchor.At.Add(-clockSlack)) || at.After(a.At.Add(clockSlack)) {
		return time.Time{}, false
	}
	return at, true
}

// Against doubts a time that a phone proves by its own counting, if the phone
// handed in other work after it, at earlier, and kept this one back.
func (r ClockReading) Against(earlier time.Time) ClockReading {
	if r.Grade == ClockExact && earlier.After(r.At.Add(clockSlack)) {
		r.Grade = ClockUnknown
	}
	return r
}

// WorstClock is the lower of two grades; none at all is no grade.
func WorstClock(a, b string) string {
	for i := len(clockGrades) - 1; i > 0; i-- {
		if g := clockGrades[i]; g == a || g == b {
			return g
		}
	}
	return ""
}
