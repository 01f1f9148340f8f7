package cycles

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// advanceAll takes each open cycle's next step once it is due, and reminds of deadlines.
func (s *Service) advanceAll(ctx context.Context, app core.App, now time.Time) error {
	open, err := records.AppraisalCycles.All(app, "state IN ('collecting', 'rating', 'published')", nil, "period, dept")
	if err != nil {
		return err
	}
	for _, cycle := range open {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := app.RunInTransaction(func(tx core.App) error { return s.advanceOne(ctx, tx, cycle, now) }); err != nil {
			return fmt.Errorf("advance cycle %s: %w", cycle.ID(), err)
		}
	}
	return nil
}

func (s *Service) advanceOne(ctx context.Context, tx core.App, cycle records.AppraisalCycle, now time.Time) error {
	if err := cycle.Refresh(tx); err != nil {
		return err
	}
	deadlines, err := deadlinesOf(cycle)
	if err != nil {
		return err
	}
	today := domain.BusinessDay(now)
	switch cycle.State() {
	case appraisal.CycleCollecting:
		over, err := s.countable(tx, cycle, now)
		if err != nil {
			return err
		}
		drafts, err := records.AppraisalRatings.Count(tx, "cycle = {:c} AND kind = 'self' AND state = 'draft'", params{"c": cycle.ID()})
		if err != nil {
			return err
		}
		if !over || drafts > 0 && today <= deadlines.Self {
			return s.remind(ctx, tx, cycle, appraisal.RatingSelf, deadlines.Self, today)
		}
		return s.rate(ctx, tx, cycle, appraisal.CycleRate)
	case appraisal.CycleRating:
		if err := s.climb(ctx, tx, cycle); err != nil {
			return err
		}
		missing, err := unrated(tx, cycle)
		if err != nil {
			return err
		}
		if missing > 0 {
			return s.remind(ctx, tx, cycle, appraisal.RatingSuperior, deadlines.Superior, today)
		}
		return s.reckonAll(ctx, tx, cycle, appraisal.CycleCalibrate)
	}
	return nil
}

// countable reports whether a cycle's figures stand: cut-off is over, and no month of it moves.
func (s *Service) countable(tx core.App, cycle records.AppraisalCycle, now time.Time) (bool, error) {
	if now.Before(cycle.CutoffAt()) {
		return false, nil
	}
	return s.cfg.Figures.Frozen(tx, periodOf(cycle))
}

// unrated is how many have no rating of their superior's yet.
func unrated(tx core.App, cycle records.AppraisalCycle) (int, error) {
	return records.AppraisalRatings.Count(tx, "cycle = {:c} AND kind = 'superior' AND state = 'draft'", params{"c": cycle.ID()})
}

// advance is the head's word not to wait for a deadline: appraisal_cycle.not_countable
// before cut-off, appraisal_cycle.unrated while ratings of superiors are missing.
func (s *Service) advance(ctx context.Context, tx core.App, cycle records.AppraisalCycle, _ kit.None) error {
	if kit.StepOf(ctx).From == appraisal.CycleCollecting {
		over, err := s.countable(tx, cycle, s.cfg.Now())
		if err != nil {
			return err
		}
		if !over {
			return gate.Refuse("appraisal_cycle.not_countable", "day", domain.BusinessDay(cycle.CutoffAt()))
		}
		return s.rate(ctx, tx, cycle, "")
	}
	missing, err := unrated(tx, cycle)
	if err != nil {
		return err
	}
	if missing > 0 {
		return gate.Refuse("appraisal_cycle.unrated", "count", missing)
	}
	return s.reckonAll(ctx, tx, cycle, "")
}

// step takes the server's own step with a cycle, unless a person took one that leads there.
func step(cycle records.AppraisalCycle, action string) error {
	if action == "" {
		return nil
	}
	next, err := own(&appraisal.CycleMachine, cycle.State(), action)
	if err == nil {
		cycle.SetState(next)
	}
	return err
}

// rate counts everybody as of cut-off and gives their superiors of then their forms; a
// self-rating that is not handed in by now has lapsed.
func (s *Service) rate(ctx context.Context, tx core.App, cycle records.AppraisalCycle, action string) error {
	rows, err := appraisalsOf(tx, cycle.ID())
	if err != nil {
		return err
	}
	all, err := histories(tx)
	if err != nil {
		return err
	}
	schemes, err := snapshots(cycle)
	if err != nil {
		return err
	}
	var of []due
	for _, row := range rows {
		d, err := dueOf(row)
		if err != nil {
			return err
		}
		of = append(of, d)
	}
	counted, err := s.countAll(ctx, tx, appraisal.Span{From: cycle.FromDay(), To: cycle.ToDay()}, of)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if err := kept(row.SetMetrics, tally{of[i].present, counted[row.Subject()]}); err != nil {
			return err
		}
		snapshot, _ := appraisal.SnapshotOf(schemes, row.Role())
		if err := s.ask(ctx, tx, cycle, row, snapshot.Scheme, of[i], all[row.Subject()]); err != nil {
			return fmt.Errorf("ask the superior of %s: %w", row.Subject(), err)
		}
	}
	if err := step(cycle, action); err != nil {
		return err
	}
	return save(ctx, tx, cycle)
}

// ask gives the superior as of cut-off his form, and who led the person before one of his own.
func (s *Service) ask(ctx context.Context, tx core.App, cycle records.AppraisalCycle, row records.Appraisal, scheme appraisal.Scheme, d due, all []stretch) error {
	superior, err := superiorOn(tx, row.Subject(), all, domain.BusinessDay(cycle.CutoffAt()))
	if err != nil {
		return err
	}
	row.SetSuperior(superior)
	if err := s.lapse(ctx, tx, row); err != nil {
		return err
	}
	if err := save(ctx, tx, row); err != nil {
		return err
	}
	deadlines, err := deadlinesOf(cycle)
	if err != nil {
		return err
	}
	chart, err := gate.ReadChart(tx)
	if err != nil {
		return err
	}
	led := map[records.UserID]int{}
	for _, l := range leads(chart.Superior, row.Subject(), all, d.present) {
		led[l.superior] = l.days
		if l.superior == superior || l.superior == row.Subject() || !chart.People[string(l.superior)].Active {
			continue
		}
		form, err := s.form(ctx, tx, cycle, row, scheme, appraisal.RatingEarlier, l.superior, l.days, deadlines.Superior)
		if err != nil {
			return err
		}
		if err := s.tellRater(ctx, tx, cycle, form, deadlines.Superior); err != nil {
			return err
		}
	}
	if superior == "" {
		return nil
	}
	form, err := s.form(ctx, tx, cycle, row, scheme, appraisal.RatingSuperior, superior, led[superior], deadlines.Superior)
	if err != nil {
		return err
	}
	return s.tellRater(ctx, tx, cycle, form, deadlines.Superior)
}

func (s *Service) tellRater(ctx context.Context, tx core.App, cycle records.AppraisalCycle, form records.AppraisalRating, last string) error {
	subject, err := records.Users.Require(tx, form.Subject())
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, form.Rater(), "appraisal.rating_due", linkTo(form), cycle, map[string]any{"name": subject.Name(), "due": last})
}

// lapse ends a self-rating that was not handed in, and shows one that was to the superior.
func (s *Service) lapse(ctx context.Context, tx core.App, row records.Appraisal) error {
	form, found, err := records.AppraisalRatings.First(tx, "appraisal = {:a} AND kind = 'self'", params{"a": row.ID()}, "")
	if err != nil || !found {
		return err
	}
	if form.State() == appraisal.RatingDraft {
		next, err := own(&appraisal.RatingMachine, form.State(), appraisal.RatingLapse)
		if err != nil {
			return err
		}
		form.SetState(next)
		form.SetReaders(nil)
	} else if row.Superior() != "" {
		form.SetReaders([]records.UserID{row.Superior()})
	}
	return save(ctx, tx, form)
}

// climb gives the form of a superior who left to who is over the person now; what he had
// written goes with him.
func (s *Service) climb(ctx context.Context, tx core.App, cycle records.AppraisalCycle) error {
	left, err := records.AppraisalRatings.All(tx, `cycle = {:c} AND kind = 'superior' AND state = 'draft'
		AND rater NOT IN (SELECT id FROM users WHERE active = TRUE)`, params{"c": cycle.ID()}, "id")
	if err != nil || len(left) == 0 {
		return err
	}
	chart, err := gate.ReadChart(tx)
	if err != nil {
		return err
	}
	deadlines, err := deadlinesOf(cycle)
	if err != nil {
		return err
	}
	for _, form := range left {
		up := records.UserID(chart.Superior(string(form.Rater())))
		if up == "" || up == form.Subject() {
			up = records.UserID(chart.Superior(string(form.Subject())))
		}
		if up == "" || up == form.Rater() {
			continue
		}
		row, err := records.Appraisals.Require(tx, form.Appraisal())
		if err != nil {
			return err
		}
		row.SetSuperior(up)
		form.SetRater(up)
		form.SetComment("")
		if err := kept(form.SetItems, []appraisal.Rating{}); err != nil {
			return err
		}
		for _, changed := range []interface{ Raw() *core.Record }{row, form} {
			if err := save(ctx, tx, changed); err != nil {
				return err
			}
		}
		if err := s.tellRater(ctx, tx, cycle, form, deadlines.Superior); err != nil {
			return err
		}
	}
	return nil
}

// remind tells, once before a deadline and once after it, who has not handed in; after it
// the head too.
func (s *Service) remind(ctx context.Context, tx core.App, cycle records.AppraisalCycle, kind, last, today string) error {
	rules, err := rulesOf(cycle)
	if err != nil {
		return err
	}
	late := today > last
	if !late && today < domain.AddDays(last, -rules.RemindDays) {
		return nil
	}
	forms, err := records.AppraisalRatings.All(tx, "cycle = {:c} AND kind = {:k} AND state = 'draft'", params{"c": cycle.ID(), "k": kind}, "id")
	if err != nil {
		return err
	}
	notice := "appraisal.remind"
	if late {
		notice = "appraisal.overdue"
	}
	for _, form := range forms {
		subject, err := records.Users.Require(tx, form.Subject())
		if err != nil {
			return err
		}
		err = gate.NotifyOnce(ctx, tx, s.cfg.Now(), gate.Notice{
			User: string(form.Rater()), Kind: notice, Link: linkTo(form), Params: map[string]any{"period": cycle.Period(), "name": subject.Name(), "due": last},
		})
		if err != nil {
			return err
		}
	}
	if !late || len(forms) == 0 {
		return nil
	}
	heads, err := s.headsOf(tx, cycle)
	if err != nil {
		return err
	}
	for _, head := range heads {
		err := gate.NotifyOnce(ctx, tx, s.cfg.Now(), gate.Notice{
			User: string(head), Kind: "appraisal_cycle.overdue", Link: linkTo(cycle), Params: map[string]any{"period": cycle.Period(), "count": len(forms), "due": last},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
