package visits

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/records"
)

// checkOut ends a visit whose required steps are done, and measures the stay.
func (s *service) checkOut(ctx context.Context, tx core.App, visit records.Visit, args fix) error {
	p, err := s.see(ctx, tx, args)
	if err != nil {
		return err
	}
	if err := stepsDone(tx, visit); err != nil {
		return err
	}
	rules, err := riskRules(tx)
	if err != nil {
		return err
	}
	clocks, err := noteClock(visit, field.ClockOut, p.at, p.told, p.clock)
	if err != nil {
		return err
	}
	visit.SetOutAt(p.clock.At)
	setOut(visit, p)
	stay := clocks.Stay(visit.InAt(), p.clock.At, s.clock.Arrived(ctx))
	visit.SetDwellS(stay)
	reasons := field.ClockRisk(clocks.Grade(), rules)
	if visit.Type() != typePhone {
		if !clocks.StayUnknown() {
			reasons = append(reasons, field.CheckOutRisk(stay, rules)...)
		}
		reasons = append(reasons, field.MovedRisk(moved(visit, rules), rules)...)
	}
	return s.judged(ctx, tx, visit, asked(ctx, field.VisitCheckOut), field.AtCheckOut, reasons)
}

// moved is how far a check-out lies from its check-in, in metres; 0 if one of
// them has no place that tells.
func moved(visit records.Visit, rules field.RiskRules) int {
	in, out := inPlace(visit), outPlace(visit)
	if coarse := rules.Of("coarse_m"); !in.Tells(coarse) || !out.Tells(coarse) {
		return 0
	}
	return domain.Apart(in, out)
}
