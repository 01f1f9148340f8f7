package org

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// States of a business review.
const (
	reviewDraft = "draft"
	reviewDone  = "done"
)

// ownDept fills the department of a row from its owner, for good.
func ownDept(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, fieldDept); err != nil {
		return err
	}
	owner, err := e.App.FindRecordById(gate.Users, ownerOf(e.Record))
	if err != nil {
		return e.Next() // the relation's own validation refuses it
	}
	if userDept(owner) == "" {
		return gate.Refuse("org.no_department")
	}
	e.Record.Set(fieldDept, userDept(owner))
	return e.Next()
}

func reviewCreate(e *core.RecordEvent) error {
	if stateOf(e.Record) == "" {
		setState(e.Record, reviewDraft)
	}
	if !gate.ByServer(e) {
		if stateOf(e.Record) != reviewDraft {
			return gate.RefuseField(fieldState, "field.locked")
		}
		if err := gate.LockFields(e, "done_at", "late"); err != nil {
			return err
		}
	}
	return ownDept(e)
}

func reviewUpdate(e *core.RecordEvent) error {
	if gate.ByServer(e) {
		return e.Next()
	}
	if err := gate.LockFields(e, append(reviewFilled, fieldOwner, "period")...); err != nil {
		return err
	}
	if stateOf(e.Record) != reviewDraft {
		return gate.Refuse("review.state", "from", stateOf(e.Record), "action", "edit")
	}
	return e.Next()
}

func reviewDelete(e *core.RecordEvent) error {
	if stateOf(e.Record) == reviewDone {
		return gate.Refuse("review.state", "from", reviewDone, "action", "delete")
	}
	return e.Next()
}

// completeReview takes no args: the month's findings and decisions are handed in.
func (s *service) completeReview(ctx context.Context, txApp core.App, review *core.Record, raw jsontext.Value) error {
	if err := gate.Args(raw, &struct{}{}); err != nil {
		return err
	}
	if actor := gate.Of(ctx).Author(); actor == nil || actor.Id != ownerOf(review) {
		return gate.Refuse("review.owner")
	}
	if stateOf(review) != reviewDraft {
		return gate.Refuse("review.state", "from", stateOf(review), "action", "complete")
	}
	for _, f := range []string{"findings", "decisions"} {
		if strings.TrimSpace(review.GetString(f)) == "" {
			return gate.Refuse("review.incomplete", "missing", f)
		}
	}
	due, err := s.reviewDue(txApp, periodOf(review))
	if err != nil {
		return err
	}
	setState(review, reviewDone)
	review.Set("done_at", s.now())
	review.Set("late", domain.BusinessDay(s.now()) > due)
	return txApp.SaveWithContext(gate.AsServer(ctx), review)
}

// reviewDue is the last day on which a month's review is in time.
func (s *service) reviewDue(app core.App, period string) (string, error) {
	next := domain.NextMonth(period)
	day, err := gate.SettingsOn(app, next+"-01").Whole("review.day")
	return fmt.Sprintf("%s-%02d", next, day), err
}

// remindReviews tells the manager of each KA department, from the day on which
// last month's review is due, that it is not handed in: once a month.
func (s *service) remindReviews(app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	period := domain.Month(domain.AddDays(domain.Month(today)+"-01", -1))
	due, err := s.reviewDue(app, period)
	if err != nil || today < due {
		return err
	}
	return app.RunInTransaction(func(txApp core.App) error {
		var missing []struct {
			User string `db:"id"`
		}
		err := txApp.DB().NewQuery(`SELECT u.id FROM users u JOIN departments d ON d.id = u.department
			WHERE u.active AND u.role = 'dept_manager' AND d.kind = 'ka'
			AND NOT EXISTS (SELECT 1 FROM business_reviews r WHERE r.dept = d.id AND r.period = {:period} AND r.state = 'done')`).
			Bind(dbx.Params{"period": period}).All(&missing)
		if err != nil {
			return fmt.Errorf("failed to find missing reviews: %w", err)
		}
		for _, m := range missing {
			n := gate.Notice{User: m.User, Kind: "review.due", Params: map[string]any{"period": period}, Link: reviews + "/" + period}
			if err := gate.NotifyOnce(context.Background(), txApp, now, n); err != nil {
				return err
			}
		}
		return nil
	})
}
