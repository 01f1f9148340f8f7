package satisfaction

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/domain/people"
	"satchel/domain/satisfaction"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// planned judges a survey that is being planned.
func (s *Service) planned(e *kit.Change[records.SatisfactionSurvey]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	row := e.Row
	switch from, to := row.FromDate(), row.ToDate(); {
	case !domain.IsDay(from) || !domain.IsDay(to) || to < from:
		return gate.RefuseField(records.SatisfactionSurveyColToDate, "satisfaction.period_invalid")
	case row.OpenOn() != "" && (!domain.IsDay(row.OpenOn()) || row.OpenOn() <= to):
		return gate.RefuseField(records.SatisfactionSurveyColOpenOn, "satisfaction.open_too_early")
	case row.Days() > 92:
		return gate.RefuseField(records.SatisfactionSurveyColDays, "satisfaction.days_invalid")
	}
	if author := gate.From(e.RecordEvent).Author(); row.IsNew() && author != nil {
		row.SetOwner(records.UserID(author.Id))
	}
	return e.Next()
}

// drawByHand draws the sample of a survey whose period is over.
func (s *Service) drawByHand(ctx context.Context, tx core.App, row records.SatisfactionSurvey, _ kit.None) error {
	if row.ToDate() >= domain.BusinessDay(s.Now()) {
		return gate.Refuse("satisfaction.period_open")
	}
	if err := s.begin(ctx, tx, row); err != nil {
		return err
	}
	if row.Drawn() == 0 {
		return gate.Refuse("satisfaction.nobody")
	}
	return nil
}

// cycles follows appraisal cycles: one that collects has its survey, and what comes after
// the ratings is reckoned of answers that have ended.
func (s *Service) cycles() kit.Collection {
	return kit.Collection{Name: records.AppraisalCycleTable, Rules: []kit.Rule{
		kit.On(kit.Update, records.AppraisalCycles, "surveyOfCycle", func(e *kit.Change[records.AppraisalCycle]) error {
			before := e.Before().State()
			if err := e.Next(); err != nil || e.Row.State() == before {
				return err
			}
			switch e.Row.State() {
			case appraisal.CycleCollecting:
				return s.open(e.Context, e.App, e.Row)
			case appraisal.CycleRating:
				return nil
			}
			return s.close(e.Context, e.App, e.Row.ID())
		}),
	}}
}

// open draws and opens the survey of an appraisal cycle: of who is appraised in its
// department, or, without one, of those who manage one. A cycle has one survey; where
// nobody can be asked it opens without links.
func (s *Service) open(ctx context.Context, tx core.App, cycle records.AppraisalCycle) error {
	_, found, err := ofCycle(tx, cycle.ID())
	if err != nil || found {
		return err
	}
	row, err := records.SatisfactionSurveys.New(tx)
	if err != nil {
		return err
	}
	row.SetName(cycle.Period())
	row.SetCycle(cycle.ID())
	row.SetDept(cycle.Dept())
	row.SetFromDate(cycle.FromDay())
	row.SetToDate(cycle.ToDay())
	row.SetOpenOn(domain.AddDays(cycle.ToDay(), 1))
	if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return fmt.Errorf("plan the survey of a cycle: %w", err)
	}
	if row.ToDate() >= domain.BusinessDay(s.Now()) { // the job draws when the period is over
		return nil
	}
	return s.step(ctx, tx, row, satisfaction.SurveyBegin, s.begin)
}

// close ends the survey of a cycle, if it is open.
func (s *Service) close(ctx context.Context, tx core.App, cycle records.AppraisalCycleID) error {
	row, found, err := ofCycle(tx, cycle)
	if err != nil || !found || row.State() != satisfaction.SurveyOpen {
		return err
	}
	return s.step(ctx, tx, row, satisfaction.SurveyEnd, s.over)
}

func ofCycle(app core.App, cycle records.AppraisalCycleID) (records.SatisfactionSurvey, bool, error) {
	return records.SatisfactionSurveys.First(app, "cycle = {:c} AND cycle <> ''", dbx.Params{"c": cycle}, "")
}

// due ends the surveys whose links have ended, and begins those whose day has come.
func (s *Service) due(ctx context.Context, app core.App, now time.Time) error {
	ends, err := records.SatisfactionSurveys.All(app, "state = 'open' AND expires_at <= {:now}", dbx.Params{"now": gate.Stamp(now)}, "id")
	if err != nil {
		return err
	}
	begins, err := records.SatisfactionSurveys.All(app, "state = 'planned' AND open_on <> '' AND open_on <= {:day}", dbx.Params{"day": domain.BusinessDay(now)}, "id")
	if err != nil {
		return err
	}
	var faults []error
	for verb, rows := range map[string][]records.SatisfactionSurvey{satisfaction.SurveyEnd: ends, satisfaction.SurveyBegin: begins} {
		run := s.over
		if verb == satisfaction.SurveyBegin {
			run = s.begin
		}
		for _, row := range rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			faults = append(faults, app.RunInTransaction(func(tx core.App) error {
				fresh, err := records.SatisfactionSurveys.Require(tx, row.ID())
				if err != nil || fresh.State() != row.State() { // somebody was faster
					return err
				}
				return s.step(ctx, tx, fresh, verb, run)
			}))
		}
	}
	return errors.Join(faults...)
}

// step takes a step of the server's.
func (s *Service) step(ctx context.Context, tx core.App, row records.SatisfactionSurvey, verb string, run func(context.Context, core.App, records.SatisfactionSurvey) error) error {
	next, err := satisfaction.SurveyMachine.OwnNext(string(row.State()), verb)
	if err != nil {
		return err
	}
	row.SetState(records.SatisfactionSurveyState(next))
	if err := run(ctx, tx, row); err != nil {
		return err
	}
	if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
		return fmt.Errorf("take a step of a survey: %w", err)
	}
	return nil
}

// over counts what was answered, carries out what was held, and tells who runs it.
func (s *Service) over(ctx context.Context, tx core.App, row records.SatisfactionSurvey) error {
	n, err := records.SatisfactionResponses.Count(tx, "survey = {:s}", dbx.Params{"s": row.ID()})
	if err != nil {
		return err
	}
	row.SetAnswered(n)
	row.SetClosedAt(s.Now())
	if err := s.release(ctx, tx, row); err != nil {
		return err
	}
	return s.tell(ctx, tx, row, "satisfaction.closed", map[string]any{"name": row.Name(), "drawn": row.Drawn(), "answered": n})
}

// tell tells who runs a survey: who made it, or the service.
func (s *Service) tell(ctx context.Context, tx core.App, row records.SatisfactionSurvey, kind string, params map[string]any) error {
	told := []records.UserID{row.Owner()}
	if row.Owner() == "" {
		staff, err := records.Users.All(tx, "role = {:r} AND active", dbx.Params{"r": people.RoleService}, "id")
		if err != nil {
			return err
		}
		told = nil
		for _, user := range staff {
			told = append(told, user.ID())
		}
	}
	for _, user := range told {
		notice := gate.Notice{User: string(user), Kind: kind, Link: records.SatisfactionSurveyTable + "/" + string(row.ID()), Params: params}
		if err := gate.Notify(ctx, tx, s.Now(), notice); err != nil {
			return err
		}
	}
	return nil
}
