package visits

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// fix is where and when the phone says it was. At is evidence, like all of it:
// the server corrects what it can and keeps what came. A phone without a fix
// leaves the numbers out; the result is then unknown.
type fix struct {
	At time.Time `json:"at"`
	domain.Position
	CRS     string                `json:"crs"` // wgs84 if empty
	Fixes   []rawFix              `json:"fixes"`
	Clock   *domain.ClockEvidence `json:"clock"`
	Signals *field.DeviceSignals  `json:"signals"`
}

type rawFix struct {
	domain.Position
	At string `json:"at"`
}

// sighting is a fix as the server reads it.
type sighting struct {
	place domain.Position   // WGS-84, the median of the fixes
	raw   domain.Position   // as it came
	crs   string            // of raw
	fixes []domain.Position // WGS-84
	clock domain.ClockReading
	told  *domain.ClockEvidence
	at    time.Time // as the phone says
}

// see reads a place and a time: visit.position_invalid, visit.crs_unknown.
func (s *service) see(ctx context.Context, app core.App, f fix) (sighting, error) {
	out := sighting{raw: f.Position, crs: f.CRS, told: f.Clock, at: f.At}
	if out.crs == "" {
		out.crs = field.CRSWGS84
	}
	first, err := gate.InWGS84(out.crs, f.Position)
	if err != nil {
		return out, err
	}
	for _, r := range f.Fixes {
		p, err := gate.InWGS84(out.crs, r.Position)
		if err != nil {
			return out, err
		}
		out.fixes = append(out.fixes, p)
	}
	out.place = domain.Settle(first, out.fixes)
	out.clock, err = s.clock.ReadClock(ctx, app, f.At, f.Clock)
	return out, err
}

// noteClock keeps a step's clock: what the phone said, and what it is worth.
func noteClock(visit records.Visit, step string, at time.Time, told *domain.ClockEvidence, read domain.ClockReading) (field.VisitClocks, error) {
	clocks, err := visit.Clock()
	if err != nil {
		return nil, err
	}
	if clocks == nil {
		clocks = field.VisitClocks{}
	}
	note := field.VisitClock{ShiftS: int(read.Shift / time.Second), Grade: read.Grade, Put: read.Put}
	if told != nil {
		note.ClockEvidence = *told
	}
	if !at.IsZero() {
		note.At = at.UTC().Format(time.RFC3339)
	}
	clocks[step] = note
	visit.SetClock(clocks)
	return clocks, nil
}
