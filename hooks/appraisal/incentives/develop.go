package incentives

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/domain/incentive"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// develop proposes what follows from somebody's results beyond money: promotion and
// development of who is good, improvement of who is not.
func (s *Service) develop(ctx context.Context, tx core.App, o one, since string) error {
	pasts, err := s.pasts(tx, o)
	if err != nil {
		return err
	}
	if err := s.candidate(ctx, tx, o, pasts, since); err != nil {
		return err
	}
	if err := s.proposed(ctx, tx, o); err != nil {
		return err
	}
	if o.left == "" && o.cycle.Kind() == appraisal.CycleQuarter && incentive.Needs(pasts, o.cycle.Period()) {
		return s.improve(ctx, tx, o)
	}
	return nil
}

// pasts are somebody's results up to a cycle's.
func (s *Service) pasts(tx core.App, o one) (out []incentive.Past, err error) {
	rows, err := records.Appraisals.All(tx, "subject = {:p} AND state = 'locked' AND cycle IN (SELECT id FROM appraisal_cycles WHERE to_day <= {:to})",
		dbx.Params{"p": o.a.Subject(), "to": o.period.To}, "period, id")
	if err != nil {
		return nil, err
	}
	for _, a := range rows {
		cycle, err := records.AppraisalCycles.Require(tx, a.Cycle())
		if err != nil {
			return nil, err
		}
		said, err := worthOf(cycle, a)
		if err != nil {
			return nil, err
		}
		out = append(out, incentive.Past{Period: a.Period(), Grade: a.Grade(), Gate: said.gated})
	}
	return out, nil
}

// candidate proposes a promotion, or takes back a proposal that nobody has decided on.
func (s *Service) candidate(ctx context.Context, tx core.App, o one, pasts []incentive.Past, since string) error {
	rule, err := gate.SettingsOn(tx, o.period.To).AppraisalPromotion()
	if err != nil {
		return err
	}
	basis, ok := rule.Candidate(pasts, o.cycle.Period(), since, o.period.To)
	ok = ok && o.left == ""
	row, found, err := records.PromotionCandidates.First(tx, "cycle = {:c} AND person = {:p}", dbx.Params{"c": o.cycle.ID(), "p": o.a.Subject()}, "")
	if err != nil {
		return err
	}
	if found {
		row.SetState(records.PromotionCandidateState(incentive.Standing(&incentive.CandidateMachine, string(row.State()), ok)))
		return gate.SaveChanged(ctx, tx, row.Raw())
	}
	if !ok {
		return nil
	}
	if row, err = records.PromotionCandidates.New(tx); err != nil {
		return err
	}
	about(row, o.cycle, o.a, o.person)
	row.SetBasis(records.PromotionCandidateBasis(basis))
	row.SetGradeSince(since)
	row.SetState(incentive.CandidateProposed)
	return tx.SaveWithContext(ctx, row.Raw())
}

// proposed proposes development to who did well.
func (s *Service) proposed(ctx context.Context, tx core.App, o one) error {
	ok := incentive.AtLeast(o.a.Grade(), "A") && o.left == ""
	row, found, err := records.DevelopmentActions.First(tx, "cycle = {:c} AND person = {:p}", dbx.Params{"c": o.cycle.ID(), "p": o.a.Subject()}, "")
	if err != nil {
		return err
	}
	if found {
		row.SetState(records.DevelopmentActionState(incentive.Standing(&incentive.DevelopmentMachine, string(row.State()), ok)))
		return gate.SaveChanged(ctx, tx, row.Raw())
	}
	if !ok {
		return nil
	}
	if row, err = records.DevelopmentActions.New(tx); err != nil {
		return err
	}
	about(row, o.cycle, o.a, o.person)
	row.SetKind("training")
	row.SetState(incentive.DevelopmentProposed)
	return tx.SaveWithContext(ctx, row.Raw())
}

// improve asks somebody to improve, once for each of his results.
func (s *Service) improve(ctx context.Context, tx core.App, o one) error {
	n, err := records.ImprovementActions.Count(tx, "ref_collection = 'appraisals' AND ref_id = {:a}", dbx.Params{"a": o.a.ID()})
	if err != nil || n > 0 || !o.person.Active() {
		return err
	}
	days, err := gate.SettingsNow(tx).IncentiveImproveDays()
	if err != nil {
		return err
	}
	row, err := records.ImprovementActions.New(tx)
	if err != nil {
		return err
	}
	row.SetRefCollection(records.AppraisalTable)
	row.SetRefID(string(o.a.ID()))
	row.SetTitle(o.cycle.Period() + " 考核改进计划")
	row.SetCause("考核等级 " + o.a.Grade())
	row.SetAuthor(o.person.Manager())
	row.SetOwner(o.a.Subject())
	row.SetDue(domain.AddDays(domain.BusinessDay(s.Now()), days))
	row.SetState("open")
	if err := tx.SaveWithContext(ctx, row.Raw()); err != nil {
		return fmt.Errorf("ask for an improvement: %w", err)
	}
	return nil
}
