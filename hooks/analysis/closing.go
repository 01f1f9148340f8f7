package analysis

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// closeMonths freezes last month from a day of this one on, and adds to the open
// month what was learnt of frozen ones since.
func (s *Service) closeMonths(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	day, err := gate.SettingsOn(app, today).AnalysisCloseDay()
	if err != nil {
		return err
	}
	month := analysis.AddMonths(domain.Month(today), -1)
	if today[len("2006-01-"):] >= fmt.Sprintf("%02d", day) {
		err := app.RunInTransaction(func(tx core.App) error {
			last, err := lastFrozen(tx)
			if err != nil || last >= month {
				return err
			}
			return s.close(ctx, tx, month, last, now, "")
		})
		if err != nil {
			return err
		}
	}
	return app.RunInTransaction(func(tx core.App) error { return correctMonths(tx, month, now) })
}

// correctMonths looks for what was learnt of the frozen months up to one.
func correctMonths(tx core.App, upTo string, now time.Time) error {
	for m := analysis.AddMonths(upTo, 1-analysis.CorrectionMonths); m <= upTo; m = domain.NextMonth(m) {
		is, err := Frozen(tx, m)
		if err != nil {
			return err
		}
		if !is {
			continue
		}
		if err := correctEvents(tx, m, now); err != nil {
			return err
		}
	}
	return nil
}

// answerClose is POST /api/ka/analysis/months/{month}/close: finance freezes a month
// before its day.
func (s *Service) answerClose(e *core.RequestEvent) error {
	user := records.Users.Of(e.Auth)
	switch {
	case !user.Active():
		return gate.Answer(http.StatusUnauthorized, domain.Problem{Code: "user_disabled"}, nil)
	case user.Role() != people.RoleFinance:
		return gate.Answer(http.StatusForbidden, domain.Problem{Code: "analysis.not_finance"}, nil)
	}
	month, now := e.Request.PathValue("month"), s.cfg.Now()
	err := e.App.RunInTransaction(func(tx core.App) error {
		last, err := lastFrozen(tx)
		if err != nil {
			return err
		}
		if err := analysis.CheckClosing(month, last, domain.BusinessDay(now)); err != nil {
			return gate.WrapError(err)
		}
		ctx := gate.With(e.Request.Context(), gate.ActorOf(e))
		return s.close(ctx, tx, month, last, now, user.ID())
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]string{"month": month, "frozen_at": gate.Stamp(now)})
}

// close freezes a month, and those before it that are open, and keeps what its
// departments' figures are.
func (s *Service) close(ctx context.Context, tx core.App, month, last string, now time.Time, by records.UserID) error {
	first, err := firstMonth(tx)
	if err != nil {
		return err
	}
	for _, m := range analysis.Closing(month, last, first) {
		if err := freezeEvents(tx, m, now); err != nil {
			return err
		}
		if err := freeze(tx, m, now, by); err != nil {
			return err
		}
		if last == "" && m != month { // the company's past, of which nobody keeps a review
			continue
		}
		if err := s.keepFigures(ctx, tx, m, now, by); err != nil {
			return err
		}
	}
	return nil
}

// lastFrozen is the last month that is frozen; "" if none is.
func lastFrozen(app core.App) (month string, err error) {
	err = app.DB().NewQuery("SELECT COALESCE(MAX(month), '') FROM analysis_months").Row(&month)
	if err != nil {
		return "", fmt.Errorf("find the last frozen month: %w", err)
	}
	return month, nil
}

// firstMonth is when the company began to keep accounts.
func firstMonth(app core.App) (month string, err error) {
	err = app.DB().NewQuery("SELECT COALESCE(substr(MIN(created), 1, 7), {:none}) FROM accounts").Bind(dbx.Params{"none": "9999-12"}).Row(&month)
	if err != nil {
		return "", fmt.Errorf("find the first month: %w", err)
	}
	return month, nil
}
