package approvals

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// Run moves open approvals to who stands in for their approvers today, or back,
// and reminds of deadlines: the approver before and after, his superior after.
func (s *Service) Run(_ context.Context, app core.App, now time.Time) error {
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
	rows, err := records.Approvals.All(txApp, "state IN ('pending', 'waiting')", nil, "ref_collection, ref_id, step, id")
	if err != nil {
		return err
	}
	chart, err := gate.ReadChart(txApp)
	if err != nil {
		return err
	}
	today := domain.BusinessDay(now)
	for _, r := range rows {
		round, err := chain(txApp, r.RefCollection(), r.RefID(), r.Round())
		if err != nil {
			return err
		}
		others := []string{string(r.Author())}
		for _, o := range round {
			if o.ID() != r.ID() {
				others = append(others, string(o.Approver()), string(o.DelegatedFrom()))
			}
		}
		holder := cmp.Or(r.DelegatedFrom(), r.Approver())
		approver, delegated, ok := chart.Holder(string(holder), others, today)
		if !ok || (approver == string(r.Approver()) && delegated == string(r.DelegatedFrom())) {
			continue
		}
		if err := s.hand(txApp, r, chart, records.UserID(approver), records.UserID(delegated)); err != nil {
			return err
		}
	}
	return s.leave(txApp, chart)
}

// hand gives a row to another approver, who sees what it is about from now on
// in place of who did.
func (s *Service) hand(txApp core.App, r records.Approval, chart people.Chart, approver, delegated records.UserID) error {
	ctx := gate.With(context.Background(), gate.Actor{Action: "approvals.reroute"})
	r.SetApprover(approver)
	r.SetDelegatedFrom(delegated)
	if err := save(ctx, txApp, r); err != nil {
		return err
	}
	subject, err := txApp.FindRecordById(r.RefCollection(), r.RefID())
	if err != nil {
		return fmt.Errorf("find what is approved: %w", err)
	}
	if err := s.show(ctx, txApp, subject, chart, true); err != nil {
		return err
	}
	if r.State() != people.ApprovalPending {
		return nil
	}
	return gate.Notify(ctx, txApp, s.now(), gate.Notice{
		User: string(approver), Kind: "approval.pending", Params: map[string]any{"title": r.Title(), "step": r.Key()}, Link: linkOf(r),
	})
}

// remind tells of deadlines, once each.
func (s *Service) remind(txApp core.App, now time.Time) error {
	hours, err := gate.SettingsOn(txApp, domain.BusinessDay(now)).ApprovalRemindHours()
	if err != nil {
		return err
	}
	calendar, err := gate.ReadCalendar(txApp)
	if err != nil {
		return err
	}
	soon := calendar.AddWorkingTime(now, time.Duration(hours)*time.Hour)
	rows, err := records.Approvals.All(txApp, "state = 'pending' AND due_at <= {:soon} AND overdue_at = ''", dbx.Params{"soon": gate.Stamp(soon)}, "due_at, id")
	if err != nil {
		return err
	}
	var chart *people.Chart
	for _, r := range rows {
		over := !now.Before(r.DueAt())
		if !over && !r.RemindedAt().IsZero() {
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

func (s *Service) remindOf(txApp core.App, r records.Approval, chart *people.Chart, over bool, now time.Time) error {
	notices := []gate.Notice{{
		User: string(r.Approver()), Kind: "approval.due", Params: map[string]any{"title": r.Title(), "due": domain.BusinessTime(r.DueAt())}, Link: linkOf(r),
	}}
	if over {
		notices[0].Kind = "approval.overdue"
		r.SetOverdueAt(now)
		if up := chart.Superior(string(r.Approver())); up != "" && up != string(r.Author()) {
			who, err := records.Users.Require(txApp, r.Approver())
			if err != nil {
				return err
			}
			notices = append(notices, gate.Notice{
				User: up, Kind: "approval.escalated", Link: linkOf(r), Params: map[string]any{"title": r.Title(), "name": who.Name()},
			})
			r.SetTold(records.IDs[records.UserID](union(records.Strings(r.Told()), up)))
		}
	} else {
		r.SetRemindedAt(now)
	}
	ctx := gate.With(context.Background(), gate.Actor{Action: "approvals.remind"})
	if err := save(ctx, txApp, r); err != nil {
		return err
	}
	if len(notices) > 1 {
		subject, err := txApp.FindRecordById(r.RefCollection(), r.RefID())
		if err != nil {
			return fmt.Errorf("find what is approved: %w", err)
		}
		if err := s.show(ctx, txApp, subject, *chart, true); err != nil {
			return err
		}
	}
	return gate.Notify(ctx, txApp, now, notices...)
}
