package cycles

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// open makes the cycles of the quarter and the year that are over, one a department, and
// one of those who manage departments, as far as there are schemes.
func (s *Service) open(ctx context.Context, app core.App, now time.Time) error {
	quarter, year := appraisal.Over(domain.BusinessDay(now))
	for kind, period := range map[string]string{appraisal.CycleQuarter: quarter, appraisal.CycleAnnual: year} {
		if period == "" {
			continue
		}
		if err := s.openPeriod(ctx, app, now, kind, period); err != nil {
			return fmt.Errorf("open the cycles of %s: %w", period, err)
		}
	}
	return nil
}

// due is somebody who is appraised in a cycle.
type due struct {
	user records.UserID
	held
}

// openPeriod makes what is missing of a period's cycles.
func (s *Service) openPeriod(ctx context.Context, app core.App, now time.Time, kind, period string) error {
	all, err := histories(app)
	if err != nil {
		return err
	}
	span := appraisal.PeriodSpan(period)
	of := map[records.DepartmentID][]due{}
	for _, user := range slices.Sorted(maps.Keys(all)) {
		h, found, err := s.heldIn(app, user, all[user], span)
		if err != nil {
			return err
		}
		if !found || !slices.Contains(appraisal.RolesIn(kind), h.role) || h.dept == "" {
			continue
		}
		dept := h.dept
		if h.role == people.RoleDeptManager {
			dept = ""
		}
		of[dept] = append(of[dept], due{user, h})
	}
	for _, dept := range slices.Sorted(maps.Keys(of)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		schemes, err := s.cfg.Schemes(app, kind, dept)
		if err != nil {
			return err
		}
		if len(schemes) == 0 {
			continue
		}
		cycle, err := s.cycleOf(ctx, app, now, kind, period, dept)
		if err != nil {
			return err
		}
		if cycle.State() != appraisal.CyclePlanned {
			continue
		}
		if err := s.collect(ctx, app, cycle, of[dept], schemes, all); err != nil {
			return err
		}
	}
	return nil
}

// cycleOf finds a cycle or plans it.
func (s *Service) cycleOf(ctx context.Context, app core.App, now time.Time, kind, period string, dept records.DepartmentID) (cycle records.AppraisalCycle, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		var found bool
		cycle, found, err = records.AppraisalCycles.First(tx, "kind = {:k} AND period = {:p} AND dept = {:d}", params{"k": kind, "p": period, "d": dept}, "")
		if err != nil || found {
			return err
		}
		if cycle, err = records.AppraisalCycles.New(tx); err != nil {
			return err
		}
		rules, err := readRules(tx)
		if err != nil {
			return err
		}
		span := appraisal.PeriodSpan(period)
		end := max(span.To, domain.AddDays(domain.BusinessDay(now), -1)) // a cycle that opens late has its days all the same
		cutoff, _ := domain.Period{From: rules.Cutoff(span.To), To: rules.Cutoff(span.To)}.Bounds()
		cycle.SetDept(dept)
		cycle.SetKind(records.AppraisalCycleKind(kind))
		cycle.SetPeriod(period)
		cycle.SetFromDay(span.From)
		cycle.SetToDay(span.To)
		cycle.SetCutoffAt(cutoff)
		if err := kept(cycle.SetRules, rules); err != nil {
			return err
		}
		if err := kept(cycle.SetDeadlines, rules.After(end)); err != nil {
			return err
		}
		return save(ctx, tx, cycle)
	})
	return cycle, err
}

func readRules(app core.App) (r appraisal.CycleRules, err error) {
	settings := gate.SettingsNow(app)
	for _, read := range []struct {
		into *int
		from func() (int, error)
	}{
		{&r.CutoffDays, settings.CycleCutoffDays},
		{&r.SelfDays, settings.CycleSelfDays},
		{&r.SuperiorDays, settings.CycleSuperiorDays},
		{&r.CalibrationDays, settings.CycleCalibrationDays},
		{&r.ConfirmDays, settings.CycleConfirmDays},
		{&r.AppealDays, settings.CycleAppealDays},
		{&r.RemindDays, settings.CycleRemindDays},
	} {
		if *read.into, err = read.from(); err != nil {
			return r, err
		}
	}
	r.SelfHidden, err = settings.CycleSelfHidden()
	return r, err
}

// collect copies the schemes into a cycle, makes everybody's appraisal and his form, and
// tells him. Who has no scheme is left out, and the manager is told so.
func (s *Service) collect(ctx context.Context, app core.App, cycle records.AppraisalCycle, of []due, schemes []appraisal.Snapshot, all map[records.UserID][]stretch) error {
	missing := map[string]int{}
	return app.RunInTransaction(func(tx core.App) error {
		next, err := own(&appraisal.CycleMachine, cycle.State(), appraisal.CycleCollect)
		if err != nil {
			return err
		}
		if err := kept(cycle.SetSchemes, schemes); err != nil {
			return err
		}
		n := 0
		for _, d := range of {
			snapshot, found := appraisal.SnapshotOf(schemes, d.role)
			if !found {
				missing[d.role]++
				continue
			}
			if err := s.begin(ctx, tx, cycle, d, snapshot, all[d.user]); err != nil {
				return fmt.Errorf("open the appraisal of %s: %w", d.user, err)
			}
			n++
		}
		cycle.SetPeople(n)
		cycle.SetState(next)
		if err := save(ctx, tx, cycle); err != nil {
			return err
		}
		heads, err := s.headsOf(tx, cycle)
		if err != nil {
			return err
		}
		for _, role := range slices.Sorted(maps.Keys(missing)) {
			for _, head := range heads {
				if err := s.tell(ctx, tx, head, "appraisal_cycle.no_scheme", linkTo(cycle), cycle, map[string]any{"role": role, "count": missing[role]}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// headsOf are who calibrates and publishes a cycle.
func (s *Service) headsOf(tx core.App, cycle records.AppraisalCycle) (out []records.UserID, err error) {
	where, bound := "role = 'dept_manager' AND department = {:d} AND active = TRUE", params{"d": cycle.Dept()}
	if cycle.Dept() == "" {
		where, bound = "role = 'executive' AND active = TRUE", params{}
	}
	rows, err := records.Users.All(tx, where, bound, "id")
	for _, row := range rows {
		out = append(out, row.ID())
	}
	return out, err
}

// begin makes one person's appraisal with his own form.
func (s *Service) begin(ctx context.Context, tx core.App, cycle records.AppraisalCycle, d due, snapshot appraisal.Snapshot, all []stretch) error {
	subject, err := records.Users.Require(tx, d.user)
	if err != nil {
		return err
	}
	row, err := records.Appraisals.New(tx)
	if err != nil {
		return err
	}
	superior, err := superiorOn(tx, d.user, all, cycle.ToDay())
	if err != nil {
		return err
	}
	row.SetCycle(cycle.ID())
	row.SetSubject(d.user)
	row.SetSuperior(superior)
	row.SetDept(d.dept)
	row.SetSight(sightOf(d.role, d.dept, subject))
	row.SetKind(records.AppraisalKind(cycle.Kind()))
	row.SetPeriod(cycle.Period())
	row.SetRole(d.role)
	row.SetScheme(snapshot.ID)
	row.SetSchemeVersion(snapshot.Version)
	row.SetDays(appraisal.DaysOf(d.present))
	row.SetCycleDays(appraisal.Span{From: cycle.FromDay(), To: cycle.ToDay()}.Days())
	if err := kept(row.SetMetrics, tally{Present: d.present}); err != nil {
		return err
	}
	if err := save(ctx, tx, row); err != nil {
		return err
	}
	deadlines, err := deadlinesOf(cycle)
	if err != nil || !subject.Active() { // who has left rates nobody
		return err
	}
	form, err := s.form(ctx, tx, cycle, row, snapshot.Scheme, appraisal.RatingSelf, d.user, row.Days(), deadlines.Self)
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, d.user, "appraisal.self_due", linkTo(form), cycle, map[string]any{"due": deadlines.Self})
}

// form makes the form of a rater.
func (s *Service) form(ctx context.Context, tx core.App, cycle records.AppraisalCycle, of records.Appraisal, scheme appraisal.Scheme, kind string, rater records.UserID, days int, last string) (records.AppraisalRating, error) {
	form, err := records.AppraisalRatings.New(tx)
	if err != nil {
		return form, err
	}
	rules, err := rulesOf(cycle)
	if err != nil {
		return form, err
	}
	form.SetAppraisal(of.ID())
	form.SetCycle(cycle.ID())
	form.SetRater(rater)
	form.SetSubject(of.Subject())
	form.SetKind(records.AppraisalRatingKind(kind))
	form.SetDays(days)
	_, end := domain.Period{From: last, To: last}.Bounds()
	form.SetDue(end)
	if kind == appraisal.RatingSelf && !rules.SelfHidden && of.Superior() != "" {
		form.SetReaders([]records.UserID{of.Superior()})
	}
	if err := kept(form.SetQuestions, scheme.Questions()); err != nil {
		return form, err
	}
	if err := kept(form.SetItems, []appraisal.Rating{}); err != nil {
		return form, err
	}
	hints, err := hintsOf(of, scheme)
	if err != nil {
		return form, err
	}
	if err := kept(form.SetFacts, hints); err != nil {
		return form, err
	}
	return form, save(ctx, tx, form)
}
