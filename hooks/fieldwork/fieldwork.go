// Package fieldwork binds the rules of days in the field: when they begin and
// end, the tracks of those who agreed to be located, and what is reported of
// them upward.
package fieldwork

import (
	"context"
	"encoding/json/jsontext"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Service is the area's state.
type Service struct {
	now   func() time.Time
	clock gate.Config
}

// Bind registers the area's events and routes.
func Bind(app core.App, cfg gate.Config) {
	s := &Service{now: cfg.Now, clock: cfg}
	app.OnRecordCreate(sessions).Bind(gate.Named("workSessionCreate", gate.Atomic(s.sessionCreate)))
	app.OnRecordUpdate(sessions).Bind(gate.Named("workSessionUpdate", onlyServer))
	app.OnRecordCreate(tracks).Bind(gate.Named("trackPointCreate", gate.Atomic(s.trackCreate)))
	app.OnRecordUpdate(tracks).Bind(gate.Named("trackPointUpdate", onlyServer))
	app.OnRecordCreate(consents).Bind(gate.Named("consentCreate", gate.Atomic(s.consentCreate)))
	app.OnRecordUpdate(consents).Bind(gate.Named("consentUpdate", onlyServer))
	app.OnRecordCreate(reports).Bind(gate.Named("workReportCreate", gate.Atomic(s.reportCreate)))
	app.OnRecordUpdate(reports).Bind(gate.Named("workReportUpdate", gate.Atomic(reportUpdate)))
	app.OnRecordCreate(answers).Bind(gate.Named("surveyAnswerCreate", gate.Atomic(s.answerCreate)))
	app.OnRecordUpdate(answers).Bind(gate.Named("surveyAnswerUpdate", onlyServer))
	bindTracks(app, s)
}

// Actions are the area's state changes.
func Actions(cfg gate.Config) gate.Actions {
	s := &Service{now: cfg.Now, clock: cfg}
	return gate.Actions{
		sessions + ".end":      s.end,
		consents + ".withdraw": s.withdraw,
		reports + ".submit":    s.submit,
		reports + ".comment":   s.comment,
	}
}

func onlyServer(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	return gate.RefuseField(fieldState, "field.locked")
}

// owned makes who writes the owner, and fills his line if the collection has one.
func owned(e *core.RecordEvent) error {
	if actor := gate.From(e).Author(); actor != nil {
		if ownerOf(e.Record) == "" {
			e.Record.Set(fieldOwner, actor.Id)
		}
		if ownerOf(e.Record) != actor.Id {
			return gate.Refuse("work.not_owner")
		}
	}
	if e.Record.Collection().Fields.GetByName("manager") == nil {
		return nil
	}
	owner, err := e.App.FindRecordById(gate.Users, ownerOf(e.Record))
	if err != nil {
		return nil //nolint:nilerr // the relation's own validation refuses it
	}
	setLine(e.Record, owner)
	return nil
}

// sessionCreate begins a day: one a day for each person.
func (s *Service) sessionCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, domain.SessionOpen)
	}
	if gate.ByServer(e) {
		return e.Next()
	}
	if stateOf(e.Record) != domain.SessionOpen {
		return gate.RefuseField(fieldState, "field.locked")
	}
	if err := gate.LockFields(e, sessionFilled...); err != nil {
		return err
	}
	if err := owned(e); err != nil {
		return err
	}
	if err := s.startsAt(e); err != nil {
		return err
	}
	if err := toWGS84(e.Record, "start_"); err != nil {
		return err
	}
	taken, err := e.App.CountRecords(sessions, dbx.HashExp{fieldOwner: ownerOf(e.Record), "date": dateOf(e.Record)})
	if err != nil {
		return err
	}
	if taken > 0 {
		return gate.Refuse("work.session_taken")
	}
	e.Record.Set("received_at", s.now())
	return e.Next()
}

// oldestDay is how many days ago a day may have been that is told now.
const oldestDay = 366

// startsAt reads when a day began, and which day it is. A phone whose clock is
// wrong by days begins the day that it is in truth; where nothing bounds the time,
// the day is not one to come: work.day_implausible.
func (s *Service) startsAt(e *core.RecordEvent) error {
	told := e.Record.GetDateTime("start_at").Time()
	var evidence *domain.ClockEvidence
	_ = e.Record.UnmarshalJSONField("clock", &evidence) // of another form it is none
	read, err := s.clock.Moment(e, "start_at", evidence)
	if err != nil {
		return err
	}
	today := domain.BusinessDay(s.clock.Arrived(e.Context))
	switch day := dateOf(e.Record); {
	case day == "" || !told.IsZero() && !read.Unknown():
		e.Record.Set("date", domain.BusinessDay(read.At))
	case domain.IsDay(day) && (day > today || day < domain.AddDays(today, -oldestDay)):
		return gate.RefuseField("date", "work.day_implausible")
	}
	noteClock(e.Record, "start", told, evidence, read)
	return nil
}

type endArgs struct {
	At    time.Time             `json:"at"`
	Clock *domain.ClockEvidence `json:"clock"`
	domain.Position
	CRS       string `json:"crs"`
	OdometerM *int   `json:"odometer_m"`
}

// end args: {at, clock, lat, lng, acc_m, crs, odometer_m}: the day is over. A day that
// the job has closed may still be ended as it was.
func (s *Service) end(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != ownerOf(r) {
		return gate.Refuse("work.not_owner")
	}
	if stateOf(r) == domain.SessionClosed {
		return gate.Refuse("work.session_over")
	}
	var args endArgs
	if err := gate.Args(raw, &args); err != nil {
		return err
	}
	read, err := s.clock.ReadClock(ctx, txApp, args.At, args.Clock)
	if err != nil {
		return err
	}
	if read.At.Before(r.GetDateTime("start_at").Time()) {
		return gate.Refuse("work.end_before_start")
	}
	noteClock(r, "end", args.At, args.Clock, read)
	r.Set("end_at", read.At)
	r.Set("end_lat", args.Lat)
	r.Set("end_lng", args.Lng)
	r.Set("end_acc_m", args.AccM)
	r.Set("end_src_crs", args.CRS)
	if err := toWGS84(r, "end_"); err != nil {
		return err
	}
	if args.OdometerM != nil {
		r.Set("odometer_end_m", *args.OdometerM)
	}
	metres, err := tracked(txApp, r)
	if err != nil {
		return err
	}
	r.Set("distance_m", metres)
	setState(r, domain.SessionClosed)
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}

// consentCreate notes what somebody agreed to, himself. It is dated by when the
// server heard of it: what he says of the time is kept as a note, told_at, and
// nothing follows from it.
func (s *Service) consentCreate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, "withdrawn_at", "device"); err != nil {
		return err
	}
	if err := owned(e); err != nil {
		return err
	}
	if e.Record.GetDateTime("told_at").IsZero() {
		e.Record.Set("told_at", e.Record.GetDateTime("given_at"))
	}
	e.Record.Set("given_at", s.clock.Arrived(e.Context))
	e.Record.Set("device", gate.From(e).Device)
	return e.Next()
}

// withdraw takes a consent back, from now on.
func (s *Service) withdraw(ctx context.Context, txApp core.App, r *core.Record, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != ownerOf(r) {
		return gate.Refuse("work.not_owner")
	}
	if !r.GetDateTime("withdrawn_at").IsZero() {
		return gate.Refuse("consent.withdrawn")
	}
	r.Set("withdrawn_at", s.clock.Arrived(ctx))
	return txApp.SaveWithContext(gate.AsServer(ctx), r)
}
