package field

import (
	"time"

	"satchel/domain"
)

// VisitClock is what a visit keeps of the clock of one of its steps: what the
// phone said, and what it is worth.
type VisitClock struct {
	domain.ClockEvidence
	At     string `json:"at,omitzero"`      // as the phone said
	ShiftS int    `json:"shift_s,omitzero"` // of the phone's clock against At
	Grade  string `json:"grade"`            // of ReadClock
	Put    bool   `json:"put,omitzero"`     // at its arrival
}

// Steps of a visit whose clock is kept.
const (
	ClockIn     = "in"
	ClockOut    = "out"
	ClockReport = "report"
)

// VisitClocks are the clocks of a visit by step.
type VisitClocks map[string]VisitClock

// Grade is what the times of a stay are worth: the worse of both ends.
func (c VisitClocks) Grade() string { return domain.WorstClock(c[ClockIn].Grade, c[ClockOut].Grade) }

// counted reports whether the phone was not switched off between both ends of a
// stay, so that its counter has its length.
func (c VisitClocks) counted() bool {
	in, out := c[ClockIn], c[ClockOut]
	return in.BootID != "" && in.BootID == out.BootID && out.ElapsedMs >= in.ElapsedMs
}

// StayUnknown reports whether nothing has the length of a stay: an end of it was
// put at its arrival, and no counter went on.
func (c VisitClocks) StayUnknown() bool {
	return (c[ClockIn].Put || c[ClockOut].Put) && !c.counted()
}

// Stay is the stay in seconds: by the phone's counter if it was not switched off
// between, else by the times. It is no longer than what lies between the
// check-in, where that is known, and when the server heard of the check-out.
func (c VisitClocks) Stay(in, out, heard time.Time) int {
	if !c.counted() {
		return DwellS(in, out)
	}
	if c[ClockIn].Put {
		in = heard.AddDate(0, 0, -1)
	}
	return int(min((c[ClockOut].ElapsedMs-c[ClockIn].ElapsedMs)/1000, int64(DwellS(in, heard))))
}
