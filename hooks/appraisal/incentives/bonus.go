package incentives

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/appraisal"
	"satchel/domain/incentive"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// bonus reckons the bonus of a quarter, and after a year what its quarters held. Who is
// appraised by the year alone gets a bonus of the year, of which nothing is held.
func (s *Service) bonus(ctx context.Context, tx core.App, o one) error {
	annual := o.cycle.Kind() == appraisal.CycleAnnual
	if annual {
		quarters, err := held(tx, o)
		if err != nil {
			return err
		}
		if len(quarters) > 0 {
			return s.settlement(ctx, tx, o, quarters)
		}
	}
	bases, err := s.Bases(tx, o.a.Subject())
	if err != nil {
		return err
	}
	on := gate.SettingsOn(tx, o.period.To)
	factor, err := on.IncentiveCompanyFactorBp()
	if err != nil {
		return err
	}
	b := incentive.Bonus{
		Stretches: incentive.Stretches(o.period, bases), CycleDays: incentive.Days(o.period),
		CoefBP: o.worth.coefBP, FactorBP: factor, HoldBP: o.worth.holdBP,
	}
	if annual {
		b.HoldBP = 0
	}
	w := wanted{
		kind: incentive.KindBonus, coef: b.CoefBP, factor: b.FactorBP, hold: b.HoldBP, days: b.Days(), cycleDays: b.CycleDays,
		content: incentive.Content{Bonus: &b},
	}
	switch {
	case o.a.Grade() == "":
		w.reason = incentive.NoGrade
	case len(b.Stretches) == 0:
		w.reason = incentive.NoBase
	default:
		if o.worth.unsigned {
			w.reason = incentive.Unsigned
		}
		w.amount, w.pay, w.held = b.Reckon()
	}
	return s.result(ctx, tx, o, w)
}

// held are the bonuses of a year's quarters as they stand: of each the last version.
func held(tx core.App, o one) (out []incentive.Bonus, err error) {
	rows, err := records.IncentiveResults.All(tx, "person = {:p} AND kind = 'bonus' AND period > {:y} AND period < {:y} || 'R'",
		dbx.Params{"p": o.a.Subject(), "y": o.cycle.Period()}, "period, version")
	if err != nil {
		return nil, err
	}
	last := map[string]int{}
	for _, r := range rows {
		content, err := r.Content()
		if err != nil {
			return nil, err
		}
		if content.Bonus == nil || r.Reason() == incentive.NoGrade || r.Reason() == incentive.NoBase {
			continue
		}
		if at, known := last[r.Period()]; known {
			out[at] = *content.Bonus
			continue
		}
		last[r.Period()] = len(out)
		out = append(out, *content.Bonus)
	}
	return out, nil
}

// settlement pays what the quarters held, by the year's grade. Who left before the year
// had a result gets it as the quarters had it, unless the company keeps it.
func (s *Service) settlement(ctx context.Context, tx core.App, o one, quarters []incentive.Bonus) error {
	w := wanted{kind: incentive.KindSettlement, coef: o.worth.coefBP, content: incentive.Content{Quarters: quarters}}
	switch {
	case o.a.Grade() != "":
		w.amount = incentive.SettleHold(quarters, o.worth.coefBP)
	case o.left != "":
		keeps, err := gate.SettingsOn(tx, o.period.To).IncentiveLeaverHold()
		if err != nil {
			return err
		}
		if keeps == "pay" {
			w.amount = incentive.SettleLeaver(quarters)
		}
		w.reason = incentive.Leaver
	default:
		w.reason = incentive.NoGrade
	}
	w.pay = w.amount
	return s.result(ctx, tx, o, w)
}
