package visits

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

// riskRules reads the numbers by which visits are judged.
func riskRules(app core.App) (field.RiskRules, error) {
	settings, rules := gate.SettingsNow(app), make(field.RiskRules, len(field.RiskDefaults))
	for key := range field.RiskDefaults {
		n, err := settings.Whole("risk." + key)
		if err != nil {
			return nil, err
		}
		rules[key] = n
	}
	return rules, nil
}

// judge puts the reasons found now in the place of those of the same step
// (domain.AtCheckIn and so on; nil for those of photos) and draws what follows
// from their sum: whether the visit is questioned by itself, whether it is in
// the pool for audits, whether it counts.
func (s *service) judge(ctx context.Context, tx core.App, visit records.Visit, codes []string, now []domain.RiskReason) error {
	rules, err := riskRules(tx)
	if err != nil {
		return err
	}
	before, err := visit.RiskReasons()
	if err != nil {
		return err
	}
	reasons := field.Replace(before, codes, now)
	visit.SetRiskReasons(reasons)
	visit.SetRiskScore(domain.RiskScore(reasons))
	return s.conclude(ctx, tx, visit, rules)
}

// conclude draws what follows from a visit's state, score and verdict.
func (s *service) conclude(ctx context.Context, tx core.App, visit records.Visit, rules field.RiskRules) error {
	score := visit.RiskScore()
	visit.SetSampled(score >= rules.Of("sample") && score < rules.Of("question"))
	if visit.State() == field.VisitReported && score >= rules.Of("question") && score > visit.AskedScore() {
		// Once for each new height: an answer is not asked for again.
		if err := s.doubt(ctx, tx, visit, score); err != nil {
			return err
		}
	}
	counted, err := s.counted(visit, rules)
	if err != nil {
		return err
	}
	visit.SetCounts(field.ValidVisit(counted, rules))
	return nil
}

// doubt questions a reported visit for its score.
func (s *service) doubt(ctx context.Context, tx core.App, visit records.Visit, score int) error {
	visit.SetAskedScore(score)
	taken, _ := own(visit, field.VisitDoubt)
	if err := s.record(ctx, tx, visit, taken); err != nil {
		return err
	}
	return s.tell(ctx, tx, visit.Owner(), "visit.questioned", visit, linkOf(visit))
}

// counted reads what decides whether a visit counts.
func (s *service) counted(visit records.Visit, rules field.RiskRules) (field.CountedVisit, error) {
	clocks, err := visit.Clock()
	v := field.CountedVisit{
		Type: string(visit.Type()), State: string(visit.State()), Verdict: string(visit.Verdict()), Score: visit.RiskScore(), DwellS: visit.DwellS(),
		CheckedOut: !visit.OutAt().IsZero(), Reported: !visit.ReportAt().IsZero(),
		StayUnknown: clocks.StayUnknown(), ClockUnknown: clocks.Grade() == domain.ClockUnknown,
	}
	if visit.Type() != typePhone && s.plant != syncer.PlantNowhere {
		v.PlaceUnknown = visit.InResult() == "" || visit.InResult() == domain.FenceUnknown
		v.Far = rules.Far(visit.InDistanceM()) || rules.Far(moved(visit, rules))
	}
	return v, err
}
