package fieldwork

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
func Jobs(cfg gate.Config) []gate.Job {
	s := &Service{now: cfg.Now, clock: cfg}
	return []gate.Job{
		{Name: "workSessionsEnd", Schedule: "10 16 * * *", Run: s.CloseDays},   // 00:10 in Shanghai
		{Name: "workReportsDue", Schedule: "0 12 * * *", Run: s.RemindReports}, // 20:00
		{Name: "tracksPurge", Schedule: "0 18 * * *", Run: s.Purge},            // 02:00
	}
}

// CloseDays closes days of field work that nobody ended, at their midnight.
func (s *Service) CloseDays(app core.App, now time.Time) error {
	open, err := app.FindRecordsByFilter(sessions, "state = 'open' && date < {:today}", "id", 0, 0, dbx.Params{"today": domain.BusinessDay(now)})
	if err != nil {
		return fmt.Errorf("failed to look for open days: %w", err)
	}
	return app.RunInTransaction(func(txApp core.App) error {
		for _, r := range open {
			metres, err := tracked(txApp, r)
			if err != nil {
				return err
			}
			_, end := domain.Period{From: dateOf(r), To: dateOf(r)}.Bounds()
			r.Set("end_at", end)
			r.Set("distance_m", metres)
			setState(r, domain.SessionAutoClosed)
			if err := txApp.SaveNoValidateWithContext(gate.AsServer(context.Background()), r); err != nil {
				return fmt.Errorf("failed to close a day: %w", err)
			}
		}
		return nil
	})
}

// RemindReports asks those for the day's report who were out and have not
// handed it in.
func (s *Service) RemindReports(app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	from, to := domain.Period{From: today, To: today}.Bounds()
	var owners []string
	err := app.DB().NewQuery(`SELECT owner FROM (SELECT owner FROM visits WHERE in_at >= {:from} AND in_at < {:to}
			UNION SELECT owner FROM work_sessions WHERE date = {:day}) w
		WHERE NOT EXISTS (SELECT 1 FROM work_reports r WHERE r.owner = w.owner AND r.kind = 'day' AND r.period = {:day} AND r.state = 'submitted') ORDER BY owner`).
		Bind(dbx.Params{"from": gate.Stamp(from), "to": gate.Stamp(to), "day": today}).Column(&owners)
	if err != nil {
		return fmt.Errorf("failed to look for reports that are due: %w", err)
	}
	for _, owner := range owners {
		n := gate.Notice{User: owner, Kind: "report.due", Params: map[string]any{"period": today}, Link: reports + "/" + today}
		if err := gate.NotifyOnce(context.Background(), app, now, n); err != nil {
			return err
		}
	}
	return nil
}

// purgeBatch is how many points go in one transaction.
const purgeBatch = 2000

// Purge deletes tracks whose time is over.
func (s *Service) Purge(app core.App, now time.Time) error {
	days, err := gate.SettingsOn(app, domain.BusinessDay(now)).Whole("track.keep_days")
	if err != nil {
		return err
	}
	before := gate.Stamp(now.AddDate(0, 0, -days))
	for {
		n, err := gate.TracksPurge.Purge(app, "track_points", "id IN (SELECT id FROM track_points WHERE at < {:before} ORDER BY at, id LIMIT {:n})",
			dbx.Params{"before": before, "n": purgeBatch})
		if err != nil || n < purgeBatch {
			return err
		}
	}
}
