package fieldwork

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) sessions() kit.Collection {
	return kit.Collection{
		Name:     records.WorkSessionTable,
		Machine:  &field.SessionMachine,
		Parties:  kit.PersonalParties(records.WorkSessions),
		Personal: mine(),
		Server: []string{
			records.WorkSessionColEndAt, records.WorkSessionColEndLat, records.WorkSessionColEndLng, records.WorkSessionColEndAccM, records.WorkSessionColEndSrcCrs,
			records.WorkSessionColOdometerEndM, records.WorkSessionColDistanceM, records.WorkSessionColReceivedAt,
		},
		Audit: gate.Audit{Fields: []string{records.WorkSessionColState}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.WorkSessions, "workSessionCreate", s.sessionCreate),
			frozen(records.WorkSessionTable, "workSessionUpdate"),
		},
	}
}

// sessionCreate begins a day: one a day for each person.
func (s service) sessionCreate(e *kit.Change[records.WorkSession]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if err := s.startsAt(e); err != nil {
		return err
	}
	place, err := gate.InWGS84(string(e.Row.StartSrcCrs()), domain.Position{Lat: e.Row.StartLat(), Lng: e.Row.StartLng(), AccM: e.Row.StartAccM()})
	if err != nil {
		return err
	}
	e.Row.SetStartLat(place.Lat)
	e.Row.SetStartLng(place.Lng)
	taken, err := records.WorkSessions.Count(e.App, "owner = {:o} AND date = {:d}", dbx.Params{"o": e.Row.Owner(), "d": e.Row.Date()})
	if err != nil {
		return err
	}
	if taken > 0 {
		return gate.Refuse("work.session_taken")
	}
	e.Row.SetReceivedAt(s.now())
	return e.Next()
}

// oldestDay is how many days ago a day may have been that is told now.
const oldestDay = 366

// startsAt reads when a day began, and which day it is. A phone whose clock is
// wrong by days begins the day that it is in truth; where nothing bounds the time,
// the day is not one to come: work.day_implausible.
func (s service) startsAt(e *kit.Change[records.WorkSession]) error {
	told := e.Row.StartAt()
	evidence, err := records.Decode[*domain.ClockEvidence](e.Row.Clock())
	if err != nil {
		evidence = nil // of another form it is none
	}
	read, err := s.clock.Moment(e.RecordEvent, records.WorkSessionColStartAt, evidence)
	if err != nil {
		return err
	}
	today := domain.BusinessDay(s.clock.Arrived(e.Context))
	switch day := e.Row.Date(); {
	case day == "" || !told.IsZero() && !read.Unknown():
		e.Row.SetDate(domain.BusinessDay(read.At))
	case domain.IsDay(day) && (day > today || day < domain.AddDays(today, -oldestDay)):
		return gate.RefuseField(records.WorkSessionColDate, "work.day_implausible")
	}
	e.Row.SetClock(map[string]clockNote{"start": noteOf(told, evidence, read)})
	return nil
}

type endArgs struct {
	At    time.Time             `json:"at"`
	Clock *domain.ClockEvidence `json:"clock"`
	domain.Position
	CRS       string `json:"crs"`
	OdometerM *int   `json:"odometer_m"`
}

// end says when and where the day was over: work.end_before_start.
func (s service) end(ctx context.Context, tx core.App, day records.WorkSession, args endArgs) error {
	read, err := s.clock.ReadClock(ctx, tx, args.At, args.Clock)
	if err != nil {
		return err
	}
	if read.At.Before(day.StartAt()) {
		return gate.Refuse("work.end_before_start")
	}
	notes, err := records.Decode[map[string]clockNote](day.Clock())
	if err != nil || notes == nil {
		notes = map[string]clockNote{} // the server's own days have none
	}
	notes["end"] = noteOf(args.At, args.Clock, read)
	day.SetClock(notes)
	place, err := gate.InWGS84(args.CRS, args.Position)
	if err != nil {
		return err
	}
	day.SetEndAt(read.At)
	day.SetEndLat(place.Lat)
	day.SetEndLng(place.Lng)
	day.SetEndAccM(args.AccM)
	day.SetEndSrcCrs(records.WorkSessionEndSrcCrs(args.CRS))
	if args.OdometerM != nil {
		day.SetOdometerEndM(*args.OdometerM)
	}
	metres, err := tracked(tx, day.ID())
	if err != nil {
		return err
	}
	day.SetDistanceM(metres)
	return nil
}

// clockNote is what a day keeps of the clock at its start and its end.
type clockNote struct {
	domain.ClockEvidence
	At     string `json:"at,omitzero"` // as the phone said
	ShiftS int    `json:"shift_s,omitzero"`
	Grade  string `json:"grade"` // of domain.ReadClock
}

func noteOf(at time.Time, told *domain.ClockEvidence, read domain.ClockReading) clockNote {
	note := clockNote{ShiftS: int(read.Shift / time.Second), Grade: read.Grade}
	if told != nil {
		note.ClockEvidence = *told
	}
	if !at.IsZero() {
		note.At = at.UTC().Format(time.RFC3339)
	}
	return note
}
