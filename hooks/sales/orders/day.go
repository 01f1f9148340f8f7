package orders

import (
	"context"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/pricing"
	"satchel/hooks/platform/gate"
)

// What the day of an order's prices rests on.
const (
	dayCaptured = "captured" // the phone's clock, proved
	dayCursor   = "cursor"   // what the phone had pulled
	dayArrived  = "arrived"
)

// day is that of an order's prices.
type day struct {
	on, basis       string
	pulled, arrived string
}

// dayOf is the day on which an order was captured, as far as that is proved: never
// after its arrival, and not long before. An unproven clock counts only together
// with what the phone had pulled.
func (b *Book) dayOf(ctx context.Context, app core.App, at time.Time, told *domain.ClockEvidence) (d day, err error) {
	d.arrived = domain.BusinessDay(b.Arrived(ctx))
	d.on, d.basis = d.arrived, dayArrived
	back, err := gate.SettingsNow(app).OrderPriceDaysBack()
	if err != nil {
		return d, err
	}
	read, err := b.ReadStep(ctx, app, at, told)
	if err != nil {
		return d, err
	}
	within := func(day string) string { return max(min(day, d.arrived), domain.AddDays(d.arrived, -back)) }
	captured := within(domain.BusinessDay(read.At))
	switch read.Grade {
	case domain.ClockServer:
		return d, nil
	case domain.ClockExact, domain.ClockBracketed:
		d.on, d.basis = captured, dayCaptured
		return d, nil
	}
	knew := gate.Of(ctx).Knew
	if knew == nil {
		return d, nil
	}
	pulled, err := knew()
	if err != nil || pulled.IsZero() {
		return d, err
	}
	d.pulled = domain.BusinessDay(pulled)
	if on := max(captured, within(d.pulled)); on < d.arrived {
		d.on, d.basis = on, dayCursor
	}
	return d, nil
}

// holds reports whether lists serve on the day: after an unproven clock one that
// has ended does only if it was in force when the phone pulled last.
func (d day) holds(lists []pricing.List) bool {
	return d.basis != dayCursor || !slices.ContainsFunc(lists, func(l pricing.List) bool {
		return l.To != "" && l.To < d.arrived && (l.To < d.pulled || l.From > d.pulled)
	})
}
