package visits

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// batch is how many visits a job changes in one transaction, so that nobody
// waits long behind it.
const batch = 100

// missed calls planned visits missed whose day has gone by.
func (s *service) missed(ctx context.Context, app core.App, now time.Time) error {
	day := domain.BusinessDay(now)
	grace, err := gate.SettingsOn(app, day).VisitMissedGraceDays()
	if err != nil {
		return err
	}
	missed, err := s.each(ctx, app, field.VisitMiss, "", "state IN ('planned', 'approved') AND planned_date <> '' AND planned_date < {:day}",
		dbx.Params{"day": domain.AddDays(day, -max(grace, 0))})
	if err != nil {
		return err
	}
	for _, owner := range slices.Sorted(maps.Keys(missed)) {
		err := gate.NotifyOnce(ctx, app, now, gate.Notice{
			User: string(owner), Kind: "visit.missed", Params: map[string]any{"visits": missed[owner], "day": day}, Link: records.VisitTable + "/" + day,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// autoClose closes visits that nobody checked out of for hours, counted from
// when the server heard of them.
func (s *service) autoClose(ctx context.Context, app core.App, now time.Time) error {
	hours, err := gate.SettingsOn(app, domain.BusinessDay(now)).VisitAutoCloseHours()
	if err != nil {
		return err
	}
	_, err = s.each(ctx, app, field.VisitCloseAlone, flagAutoClosed, "state = 'in_progress' AND received_at <= {:then}",
		dbx.Params{"then": gate.Stamp(now.Add(-time.Duration(hours) * time.Hour))})
	return err
}

// each takes a step with all visits for which a condition in SQL holds, some at a
// time, and counts them by their owners.
func (s *service) each(ctx context.Context, app core.App, action, flag, where string, params dbx.Params) (map[records.UserID]int, error) {
	var ids []records.VisitID
	if err := app.DB().Select("id").From(records.VisitTable).Where(dbx.NewExp(where, params)).OrderBy("id").Column(&ids); err != nil {
		return nil, fmt.Errorf("look for visits to %s: %w", action, err)
	}
	done := map[records.UserID]int{}
	for some := range slices.Chunk(ids, batch) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := app.RunInTransaction(func(tx core.App) error {
			for _, id := range some {
				owner, taken, err := s.take(tx, id, action, flag)
				if err != nil {
					return err
				}
				if taken {
					done[owner]++
				}
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("%s visits: %w", action, err)
		}
	}
	return done, nil
}

// take takes a step with a visit, unless it is gone or has moved on since it was
// looked for.
func (s *service) take(tx core.App, id records.VisitID, action, flag string) (owner records.UserID, taken bool, err error) {
	visit, found, err := records.Visits.Find(tx, id)
	if err != nil || !found {
		return "", false, err
	}
	next, fits := own(visit, action)
	if !fits {
		return "", false, nil
	}
	if flag != "" {
		if err := addFlag(visit, flag); err != nil {
			return "", false, err
		}
	}
	ctx := context.Background()
	if err := s.done(ctx, tx, visit, next); err != nil {
		return "", false, err
	}
	return visit.Owner(), true, tx.SaveWithContext(gate.AsServer(ctx), visit.Raw())
}
