package org

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func reviews() kit.Collection {
	return kit.Collection{
		Name:    records.BusinessReviewTable,
		Machine: &people.BusinessReviewMachine,
		Parties: kit.Parties(records.BusinessReviews, func(ctx context.Context, _ core.App, review records.BusinessReview) ([]domain.Party, error) {
			if author := gate.Of(ctx).Author(); author != nil && author.Id == string(review.Owner()) {
				return []domain.Party{domain.PartyOwner}, nil
			}
			return nil, nil
		}),
		Server: []string{records.BusinessReviewColDept, records.BusinessReviewColFigures, records.BusinessReviewColDoneAt, records.BusinessReviewColLate},
		Once:   []string{records.BusinessReviewColOwner, records.BusinessReviewColPeriod},
		Audit:  gate.Audit{Fields: []string{records.BusinessReviewColState, records.BusinessReviewColLate}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.BusinessReviews, "reviewCreate", func(e *kit.Change[records.BusinessReview]) error {
				return ownDept(e.RecordEvent, e.Row)
			}),
			kit.On(kit.Update, records.BusinessReviews, "reviewUpdate", reviewUpdate),
			kit.On(kit.Delete, records.BusinessReviews, "reviewDelete", reviewDelete),
		},
	}
}

// reviewUpdate keeps what was handed in.
func reviewUpdate(e *kit.Change[records.BusinessReview]) error {
	if state := string(e.Row.State()); !gate.ByServer(e.RecordEvent) && state != people.BusinessReviewDraft {
		return gate.Refuse("review.state", "from", state, "action", "edit")
	}
	return e.Next()
}

func reviewDelete(e *kit.Change[records.BusinessReview]) error {
	if state := string(e.Row.State()); state == people.BusinessReviewDone {
		return gate.Refuse("review.state", "from", state, "action", "delete")
	}
	return e.Next()
}

// completeReview hands in the month's findings and decisions.
func (s service) completeReview(_ context.Context, tx core.App, review records.BusinessReview, _ kit.None) error {
	for _, part := range []struct{ col, text string }{
		{records.BusinessReviewColFindings, review.Findings()}, {records.BusinessReviewColDecisions, review.Decisions()},
	} {
		if strings.TrimSpace(part.text) == "" {
			return gate.Refuse("review.incomplete", "missing", part.col)
		}
	}
	due, err := reviewDue(tx, review.Period())
	if err != nil {
		return err
	}
	review.SetDoneAt(s.now())
	review.SetLate(domain.BusinessDay(s.now()) > due)
	return nil
}

// reviewDue is the last day on which a month's review is in time.
func reviewDue(app core.App, period string) (string, error) {
	next := domain.NextMonth(period)
	day, err := gate.SettingsOn(app, next+"-01").ReviewDay()
	return fmt.Sprintf("%s-%02d", next, day), err
}

// remindReviews tells the manager of each KA department, from the day on which
// last month's review is due, that it is not handed in: once a month.
func (s service) remindReviews(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	period := domain.Month(domain.AddDays(domain.Month(today)+"-01", -1))
	due, err := reviewDue(app, period)
	if err != nil || today < due {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		missing, err := records.Users.All(tx, `active = TRUE AND role = 'dept_manager' AND department IN (SELECT id FROM departments WHERE kind = 'ka')
			AND NOT EXISTS (SELECT 1 FROM business_reviews r WHERE r.dept = users.department AND r.period = {:period} AND r.state = 'done')`,
			dbx.Params{"period": period}, "")
		if err != nil {
			return fmt.Errorf("find missing reviews: %w", err)
		}
		for _, manager := range missing {
			n := gate.Notice{
				User: string(manager.ID()), Kind: "review.due", Params: map[string]any{"period": period}, Link: records.BusinessReviewTable + "/" + period,
			}
			if err := gate.NotifyOnce(ctx, tx, now, n); err != nil {
				return err
			}
		}
		return nil
	})
}
