package gate

import (
	"cmp"
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

// Witness is what the server itself knows of phones' clocks.
type Witness interface {
	// Genuine reports whether an anchor is the server's own, given to this device of
	// the user.
	Genuine(app core.App, user, device string, a domain.ClockAnchor) (bool, error)
	// LastIn is when a device handed in other work before a moment; zero if never.
	LastIn(app core.App, device string, before time.Time) (time.Time, error)
}

// ReadStep is ReadClock for a step that may leave it to the mutation that brought it
// to say when it was taken.
func (c Config) ReadStep(ctx context.Context, app core.App, device time.Time, e *domain.ClockEvidence) (domain.ClockReading, error) {
	if device.IsZero() {
		device = Of(ctx).Work.Captured
	}
	return c.ReadClock(ctx, app, device, e)
}

// ReadClock grades the time that a phone gives an event, and corrects it. It is
// the only way by which a phone's time becomes a time of the server's records;
// one that is zero is that of an event here and now.
func (c Config) ReadClock(ctx context.Context, app core.App, device time.Time, e *domain.ClockEvidence) (domain.ClockReading, error) {
	actor := Of(ctx)
	arrival := domain.Arrival{At: c.Arrived(ctx), Sent: actor.Work.Sent}
	if device.IsZero() {
		return domain.ClockReading{At: arrival.At, Grade: domain.ClockServer}, nil
	}
	if e == nil {
		e = &domain.ClockEvidence{}
	}
	rules, err := clockRules(app)
	if err != nil {
		return domain.ClockReading{}, err
	}
	// A desk has no counter that goes on; its anchors are none.
	phone := cmp.Or(actor.Work.Device, actor.Device)
	vouched := e.Anchor != nil && phone != "" && actor.Author() != nil && c.Witness != nil
	if vouched {
		arrival.Genuine, err = c.Witness().Genuine(app, actor.Author().Id, phone, *e.Anchor)
	}
	reading := domain.ReadClock(device, *e, arrival, rules)
	recent := arrival.At.Add(-rules.Bracket)
	if err != nil || reading.Grade != domain.ClockExact || !reading.At.Before(recent) {
		return reading, err
	}
	earlier, err := c.Witness().LastIn(app, phone, recent)
	return reading.Against(earlier), err
}

// Moment bounds the moment that a row gets from a phone, in one of its fields: no
// row is of the future. It returns what the moment is worth.
func (c Config) Moment(e *core.RecordEvent, field string, told *domain.ClockEvidence) (domain.ClockReading, error) {
	reading, err := c.ReadClock(e.Context, e.App, momentOf(e.Record, field), told)
	if err == nil {
		put(e.Record, field, reading.At)
	}
	return reading, err
}

// Arrived is when the server heard of the change that a context is of.
func (c Config) Arrived(ctx context.Context) time.Time {
	if at := Of(ctx).Work.Said; !at.IsZero() {
		return at
	}
	return c.Now()
}

func clockRules(app core.App) (domain.ClockRules, error) {
	settings := SettingsNow(app)
	bracket, err := settings.Whole("clock.bracket_hours")
	if err != nil {
		return domain.ClockRules{}, err
	}
	fresh, err := settings.Whole("clock.fresh_hours")
	return domain.ClockRules{Bracket: time.Duration(bracket) * time.Hour, Fresh: time.Duration(fresh) * time.Hour}, err
}
