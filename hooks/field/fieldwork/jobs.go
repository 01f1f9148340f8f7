package fieldwork

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// closeDays closes days of field work that nobody ended, at their midnight.
func (s service) closeDays(ctx context.Context, app core.App, now time.Time) error {
	open, err := records.WorkSessions.All(app, "state = 'open' AND date < {:today}", dbx.Params{"today": domain.BusinessDay(now)}, "id")
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		for _, day := range open {
			metres, err := tracked(tx, day.ID())
			if err != nil {
				return err
			}
			_, end := domain.Period{From: day.Date(), To: day.Date()}.Bounds()
			day.SetEndAt(end)
			day.SetDistanceM(metres)
			day.SetState(field.SessionAutoClosed)
			if err := tx.SaveNoValidateWithContext(gate.AsServer(ctx), day.Raw()); err != nil {
				return fmt.Errorf("close a day: %w", err)
			}
		}
		return nil
	})
}

// remindReports asks those for the day's report who were out and have not
// handed it in.
func (s service) remindReports(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	from, to := domain.Period{From: today, To: today}.Bounds()
	var owners []string
	err := app.DB().NewQuery(`SELECT owner FROM (SELECT owner FROM visits WHERE in_at >= {:from} AND in_at < {:to}
			UNION SELECT owner FROM work_sessions WHERE date = {:day}) w
		WHERE NOT EXISTS (SELECT 1 FROM work_reports r WHERE r.owner = w.owner AND r.kind = 'day' AND r.period = {:day} AND r.state = 'submitted') ORDER BY owner`).
		Bind(dbx.Params{"from": gate.Stamp(from), "to": gate.Stamp(to), "day": today}).Column(&owners)
	if err != nil {
		return fmt.Errorf("look for reports that are due: %w", err)
	}
	for _, owner := range owners {
		n := gate.Notice{User: owner, Kind: "report.due", Params: map[string]any{"period": today}, Link: records.WorkReportTable + "/" + today}
		if err := gate.NotifyOnce(ctx, app, now, n); err != nil {
			return err
		}
	}
	return nil
}

// purgeBatch is how many points go in one transaction.
const purgeBatch = 2000

// purge deletes tracks whose time is over.
func (s service) purge(ctx context.Context, app core.App, now time.Time) error {
	days, err := gate.SettingsOn(app, domain.BusinessDay(now)).TrackKeepDays()
	if err != nil {
		return err
	}
	before := gate.Stamp(now.AddDate(0, 0, -days))
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := gate.TracksPurge.Purge(app, records.TrackPointTable, "id IN (SELECT id FROM track_points WHERE at < {:before} ORDER BY at, id LIMIT {:n})",
			dbx.Params{"before": before, "n": purgeBatch})
		if err != nil || n < purgeBatch {
			return err
		}
	}
}
