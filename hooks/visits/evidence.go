package visits

import (
	"encoding/json/jsontext"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// fix is where and when the phone says it was. At is evidence, like all of it:
// the server corrects what it can and keeps what came.
type fix struct {
	At time.Time `json:"at"`
	domain.Position
	CRS     string                `json:"crs"` // wgs84 if empty
	Fixes   []rawFix              `json:"fixes"`
	Clock   *domain.ClockEvidence `json:"clock"`
	Signals *domain.DeviceSignals `json:"signals"`
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
func (s *Service) see(raw jsontext.Value) (sighting, fix, error) {
	var f fix
	if err := gate.Args(raw, &f); err != nil {
		return sighting{}, f, err
	}
	out := sighting{raw: f.Position, crs: f.CRS, told: f.Clock, at: f.At}
	if out.crs == "" {
		out.crs = domain.CRSWGS84
	}
	read := func(p domain.Position) (domain.Position, error) {
		if !p.Valid() {
			return p, gate.Refuse("visit.position_invalid")
		}
		if !p.Known() {
			return p, nil
		}
		wgs, err := domain.ToWGS84(out.crs, p)
		return wgs, gate.WrapError(err)
	}
	first, err := read(f.Position)
	if err != nil {
		return out, f, err
	}
	for _, r := range f.Fixes {
		p, err := read(r.Position)
		if err != nil {
			return out, f, err
		}
		out.fixes = append(out.fixes, p)
	}
	out.place = domain.Settle(first, out.fixes)
	now := s.now()
	if f.At.IsZero() { // captured here and now
		out.clock = domain.ClockReading{At: now}
		return out, f, nil
	}
	evidence := domain.ClockEvidence{}
	if f.Clock != nil {
		evidence = *f.Clock
	}
	out.clock = domain.ReadClock(f.At, evidence, now)
	return out, f, nil
}

// clockNote is what a visit keeps of the clock of one of its steps.
type clockNote struct {
	domain.ClockEvidence
	At      string `json:"at,omitzero"` // as the phone said
	ShiftS  int    `json:"shift_s,omitzero"`
	Unknown bool   `json:"unknown,omitzero"`
}

// noteClock keeps a step's clock under its name, "in" or "out".
func noteClock(visit *core.Record, side string, p sighting) map[string]clockNote {
	notes := map[string]clockNote{}
	_ = visit.UnmarshalJSONField("clock", &notes) // nothing but notes of ours is written there
	if notes == nil {
		notes = map[string]clockNote{}
	}
	note := clockNote{ShiftS: int(p.clock.Shift / time.Second), Unknown: p.clock.Unknown}
	if p.told != nil {
		note.ClockEvidence = *p.told
	}
	if !p.at.IsZero() {
		note.At = p.at.UTC().Format(time.RFC3339)
	}
	notes[side] = note
	visit.Set("clock", notes)
	return notes
}

// dwell is the stay in seconds: by the phone's counter if it was not switched
// off between, else by the times.
func dwell(visit *core.Record, notes map[string]clockNote, out time.Time) int {
	in, end := notes["in"], notes["out"]
	if in.BootID != "" && in.BootID == end.BootID && end.ElapsedMs >= in.ElapsedMs {
		return int((end.ElapsedMs - in.ElapsedMs) / 1000)
	}
	return domain.DwellS(checkedInAt(visit), out)
}
