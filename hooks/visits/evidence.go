package visits

import (
	"context"
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
func (s *Service) see(ctx context.Context, app core.App, raw jsontext.Value) (sighting, fix, error) {
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
	out.clock, err = s.clock.ReadClock(ctx, app, f.At, f.Clock)
	return out, f, err
}

// clockNote is what a visit keeps of the clock of one of its steps.
type clockNote struct {
	domain.ClockEvidence
	At     string `json:"at,omitzero"` // as the phone said
	ShiftS int    `json:"shift_s,omitzero"`
	Grade  string `json:"grade"` // of domain.ReadClock
	Put    bool   `json:"put,omitzero"`
}

// Steps of a visit whose clock is kept.
const (
	clockIn     = "in"
	clockOut    = "out"
	clockReport = "report"
)

// clockNotes reads what a visit keeps of its clocks, by step.
func clockNotes(visit *core.Record) map[string]clockNote {
	notes := map[string]clockNote{}
	_ = visit.UnmarshalJSONField("clock", &notes) // nothing but notes of ours is written there
	if notes == nil {
		notes = map[string]clockNote{}
	}
	return notes
}

// noteClock keeps a step's clock: what the phone said, and what it is worth.
func noteClock(visit *core.Record, step string, at time.Time, told *domain.ClockEvidence, read domain.ClockReading) map[string]clockNote {
	notes := clockNotes(visit)
	note := clockNote{ShiftS: int(read.Shift / time.Second), Grade: read.Grade, Put: read.Put}
	if told != nil {
		note.ClockEvidence = *told
	}
	if !at.IsZero() {
		note.At = at.UTC().Format(time.RFC3339)
	}
	notes[step] = note
	visit.Set("clock", notes)
	return notes
}

// clockGrade is what the times of a stay are worth: the worse of both ends.
func clockGrade(notes map[string]clockNote) string {
	return domain.WorstClock(notes[clockIn].Grade, notes[clockOut].Grade)
}

// counted tells whether the phone was not switched off between both ends of a
// stay, so that its counter has its length.
func counted(in, end clockNote) bool {
	return in.BootID != "" && in.BootID == end.BootID && end.ElapsedMs >= in.ElapsedMs
}

// stayUnknown tells whether nothing has the length of a stay: an end of it was put
// at its arrival, and no counter went on.
func stayUnknown(notes map[string]clockNote) bool {
	in, end := notes[clockIn], notes[clockOut]
	return (in.Put || end.Put) && !counted(in, end)
}

// dwell is the stay in seconds: by the phone's counter if it was not switched
// off between, else by the times. It is no longer than what lies between the
// check-in, where that is known, and when the server heard of the check-out.
func dwell(visit *core.Record, notes map[string]clockNote, out, heard time.Time) int {
	in, end := notes[clockIn], notes[clockOut]
	from := checkedInAt(visit)
	if counted(in, end) {
		if in.Put {
			from = heard.AddDate(0, 0, -1)
		}
		return int(min((end.ElapsedMs-in.ElapsedMs)/1000, int64(domain.DwellS(from, heard))))
	}
	return domain.DwellS(from, out)
}
