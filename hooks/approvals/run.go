package approvals

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Jobs are the area's work of the clock.
func (s *Service) Jobs() []gate.Job {
	return []gate.Job{{Name: "approvals", Schedule: "*/15 * * * *", Run: s.Run}}
}

// Run moves open approvals to who stands in for their approvers today, or back,
// and reminds of deadlines: the approver before and after, his superior after.
func (s *Service) Run(app core.App, now time.Time) error {
	var open int
	err := app.DB().NewQuery(`SELECT COUNT(*) FROM approvals WHERE state IN ('pending', 'waiting') OR delegated_from <> ''`).Row(&open)
	if err != nil || open == 0 {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		if err := s.reroute(txApp, now); err != nil {
			return err
		}
		return s.remind(txApp, now)
	})
}

// reroute gives each open row to who is to decide it on the day: its approver's
// delegate from the day on which the delegation begins, himself again after it
// ended, and who is over him once he is no longer active.
func (s *Service) reroute(txApp core.App, now time.Time) error {
	rows, err := txApp.FindRecordsByFilter(approvals, "state = 'pending' || state = 'waiting'", "ref_collection,ref_id,step,id", 0, 0)
	if err != nil {
		return fmt.Errorf("failed to read open approvals: %w", err)
	}
	chart, err := gate.ReadChart(txApp)
	if err != nil {
		return err
	}
	today := domain.BusinessDay(now)
	for _, r := range rows {
		holder := delegatedOf(r)
		if holder == "" {
			holder = approverOf(r)
		}
		round, err := chain(txApp, r.GetString("ref_collection"), r.GetString("ref_id"), r.GetInt("round"))
		if err != nil {
			return err
		}
		others := []string{authorOf(r)}
		for _, o := range round {
			if o.Id != r.Id {
				others = append(others, approverOf(o), delegatedOf(o))
			}
		}
		approver, delegated, ok := chart.Holder(holder, others, today)
		if !ok || (approver == approverOf(r) && delegated == delegatedOf(r)) {
			continue
		}
		if err := s.hand(txApp, r, chart, approver, delegated); err != nil {
			return err
		}
	}
	return s.leave(txApp, chart)
}

// hand gives a row to another approver, who sees what it is about from now on
// in place of who did.
func (s *Service) hand(txApp core.App, r *core.Record, chart domain.Chart, approver, delegated string) error {
	ctx := gate.With(context.Background(), gate.Actor{Action: "approvals.reroute"})
	r.Set(fieldApprover, approver)
	r.Set(fieldDelegated, delegated)
	if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
		return fmt.Errorf("failed to hand on an approval: %w", err)
	}
	collection, id := subjectOf(r)
	subject, err := txApp.FindRecordById(collection, id)
	if err != nil {
		return fmt.Errorf("failed to find what is approved: %w", err)
	}
	if err := s.show(ctx, txApp, subject, chart, true); err != nil {
		return err
	}
	if stateOf(r) != domain.ApprovalPending {
		return nil
	}
	return gate.Notify(ctx, txApp, s.now(), gate.Notice{
		User: approver, Kind: "approval.pending", Params: map[string]any{"title": titleOf(r), "step": keyOf(r)}, Link: linkOf(r),
	})
}

// remind tells of deadlines, once each.
func (s *Service) remind(txApp core.App, now time.Time) error {
	hours, err := gate.SettingsOn(txApp, domain.BusinessDay(now)).Whole("approval.remind_hours")
	if err != nil {
		return err
	}
	calendar, err := gate.ReadCalendar(txApp)
	if err != nil {
		return err
	}
	soon := calendar.AddWorkingTime(now, time.Duration(hours)*time.Hour)
	rows, err := txApp.FindRecordsByFilter(approvals, "state = 'pending' && due_at <= {:soon} && overdue_at = ''", "due_at,id", 0, 0, dbx.Params{"soon": gate.Stamp(soon)})
	if err != nil {
		return fmt.Errorf("failed to read approvals that are due: %w", err)
	}
	var chart *domain.Chart
	for _, r := range rows {
		over := !now.Before(dueOf(r))
		if !over && !r.GetDateTime("reminded_at").IsZero() {
			continue
		}
		if over && chart == nil {
			c, err := gate.ReadChart(txApp)
			if err != nil {
				return err
			}
			chart = &c
		}
		if err := s.remindOf(txApp, r, chart, over, now); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) remindOf(txApp core.App, r *core.Record, chart *domain.Chart, over bool, now time.Time) error {
	params := map[string]any{"title": titleOf(r), "due": domain.BusinessTime(dueOf(r))}
	notices := []gate.Notice{{User: approverOf(r), Kind: "approval.due", Params: params, Link: linkOf(r)}}
	field := "reminded_at"
	if over {
		field = "overdue_at"
		notices[0].Kind = "approval.overdue"
		if up := chart.Superior(approverOf(r)); up != "" && up != authorOf(r) {
			who, err := txApp.FindRecordById(gate.Users, approverOf(r))
			if err != nil {
				return fmt.Errorf("failed to find an approver: %w", err)
			}
			notices = append(notices, gate.Notice{
				User: up, Kind: "approval.escalated", Link: linkOf(r),
				Params: map[string]any{"title": titleOf(r), "name": who.GetString("name")},
			})
		}
	}
	ctx := gate.With(context.Background(), gate.Actor{Action: "approvals.remind"})
	r.Set(field, now)
	for _, n := range notices[1:] {
		r.Set(fieldTold+"+", n.User)
	}
	if err := txApp.SaveWithContext(gate.AsServer(ctx), r); err != nil {
		return fmt.Errorf("failed to note a reminder: %w", err)
	}
	if len(notices) > 1 {
		collection, id := subjectOf(r)
		subject, err := txApp.FindRecordById(collection, id)
		if err != nil {
			return fmt.Errorf("failed to find what is approved: %w", err)
		}
		if err := s.show(ctx, txApp, subject, *chart, true); err != nil {
			return err
		}
	}
	return gate.Notify(ctx, txApp, now, notices...)
}
