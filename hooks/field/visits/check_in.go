package visits

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// typePhone is a visit that nobody travels for.
const typePhone = "phone"

// checkIn begins a visit. Nothing is refused for where or when it happened: that
// is judged. The owner's second phone only leaves its evidence.
func (s *service) checkIn(ctx context.Context, tx core.App, visit records.Visit, args fix) error {
	if again(ctx, visit) {
		return s.keepSecond(ctx, tx, visit, args)
	}
	from, err := s.visits().Take(ctx, tx, visit.Raw(), field.VisitCheckIn, nil)
	if err != nil {
		return err
	}
	p, err := s.see(ctx, tx, args)
	if err != nil {
		return err
	}
	account, err := records.Accounts.Require(tx, visit.Account())
	if err != nil {
		return err
	}
	if err := prepared(ctx, tx, visit, account); err != nil {
		return err
	}
	if from == field.VisitMissed {
		if err := addFlag(visit, flagWasMissed); err != nil {
			return err
		}
	}
	facts, err := s.note(ctx, visit, args, p)
	if err != nil {
		return err
	}
	rules, err := riskRules(tx)
	if err != nil {
		return err
	}
	if visit.Type() != typePhone {
		if err := s.fence(ctx, tx, visit, account, &facts, rules); err != nil {
			return err
		}
	}
	_, owners, err := sharers(tx, visit)
	if err != nil {
		return err
	}
	facts.Sharers = len(owners)
	taken := step{field.VisitCheckIn, from, kit.StepOf(ctx).Raw}
	return s.judged(ctx, tx, visit, taken, field.AtCheckIn, field.CheckInRisk(facts, rules))
}

// note keeps the evidence of a check-in, and gathers what it is judged by.
func (s *service) note(ctx context.Context, visit records.Visit, args fix, p sighting) (field.CheckInFacts, error) {
	visit.SetInAt(p.clock.At)
	setIn(visit, p)
	visit.SetInFixes(args.Fixes)
	visit.SetSignals(args.Signals)
	visit.SetReceivedAt(s.now())
	visit.SetDevice(gate.Of(ctx).Device)
	_, err := noteClock(visit, field.ClockIn, p.at, p.told, p.clock)
	facts := field.CheckInFacts{Place: p.place, Fixes: p.fixes, At: p.clock.At, Received: s.now(), Clock: p.clock}
	if args.Signals != nil {
		facts.Signals = *args.Signals
	}
	return facts, err
}

// again reports whether the owner's other phone checks in at a visit that has begun.
func again(ctx context.Context, visit records.Visit) bool {
	device := gate.Of(ctx).Device
	_, begun := own(visit, field.VisitCheckInAgain)
	return begun && owns(ctx, visit.Owner()) && device != "" && visit.Device() != "" && device != visit.Device()
}

// keepSecond keeps the evidence of the second phone beside the first one's.
func (s *service) keepSecond(ctx context.Context, tx core.App, visit records.Visit, args fix) error {
	if _, err := s.see(ctx, tx, args); err != nil {
		return err
	}
	if err := addFlag(visit, flagSecondDevice); err != nil {
		return err
	}
	return s.done(ctx, tx, visit, step{field.VisitCheckInAgain, string(visit.State()), kit.StepOf(ctx).Raw})
}
