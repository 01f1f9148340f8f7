package visits

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// batch is how many visits a job changes in one transaction, so that nobody
// waits long behind it.
const batch = 100

// Jobs are the area's work of the clock.
func Jobs(cfg gate.Config) []gate.Job {
	s := &Service{now: cfg.Now}
	return []gate.Job{
		{Name: "visitsMissed", Schedule: "30 16 * * *", Run: s.Missed}, // 00:30 in Shanghai
		{Name: "visitsAutoClose", Schedule: "*/10 * * * *", Run: s.AutoClose},
		{Name: "visitAuditSample", Schedule: "0 17 * * *", Run: s.Sample}, // 01:00
	}
}

// Missed calls planned visits missed whose day has gone by.
func (s *Service) Missed(app core.App, now time.Time) error {
	grace, err := gate.SettingsOn(app, domain.BusinessDay(now)).Whole(graceKey)
	if err != nil {
		return err
	}
	missed, err := s.each(app, domain.VisitMiss, "", dbx.NewExp("state IN ('planned', 'approved') AND planned_date <> '' AND planned_date < {:day}",
		dbx.Params{"day": domain.AddDays(domain.BusinessDay(now), -max(grace, 0))}))
	if err != nil {
		return err
	}
	for _, owner := range slices.Sorted(maps.Keys(missed)) {
		day := domain.BusinessDay(now)
		err := gate.NotifyOnce(context.Background(), app, now, gate.Notice{
			User: owner, Kind: "visit.missed", Params: map[string]any{"visits": missed[owner], "day": day}, Link: visits + "/" + day,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// AutoClose closes visits that nobody checked out of for hours, counted from
// when the server heard of them.
func (s *Service) AutoClose(app core.App, now time.Time) error {
	hours, err := gate.SettingsOn(app, domain.BusinessDay(now)).Whole(autoCloseKey)
	if err != nil {
		return err
	}
	_, err = s.each(app, domain.VisitCloseAlone, flagAutoClosed, dbx.NewExp("state = 'in_progress' AND received_at <= {:then}",
		dbx.Params{"then": gate.Stamp(now.Add(-time.Duration(hours) * time.Hour))}))
	return err
}

// each takes a step with all visits that fit, some at a time, and counts them by
// their owners.
func (s *Service) each(app core.App, action, flag string, which dbx.Expression) (map[string]int, error) {
	done := map[string]int{}
	var ids []string
	if err := app.DB().Select("id").From(visits).Where(which).OrderBy("id").Column(&ids); err != nil {
		return nil, fmt.Errorf("failed to look for visits to %s: %w", action, err)
	}
	for len(ids) > 0 {
		some := ids[:min(batch, len(ids))]
		ids = ids[len(some):]
		err := app.RunInTransaction(func(txApp core.App) error {
			for _, id := range some {
				visit, err := txApp.FindRecordById(visits, id)
				if err != nil {
					continue // gone since
				}
				from, err := s.move(visit, action)
				if err != nil {
					continue // moved on since
				}
				if flag != "" {
					addFlag(visit, flag)
				}
				if err := s.step(context.Background(), txApp, visit, action, from, nil); err != nil {
					return err
				}
				done[ownerOf(visit)]++
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("failed to %s visits: %w", action, err)
		}
	}
	return done, nil
}

// Sample has a share of the visits that look a little odd audited by their
// manager. Which ones is drawn from their ids, so that nobody can choose, and
// the draw can be repeated.
func (s *Service) Sample(app core.App, now time.Time) error {
	share, err := gate.SettingsOn(app, domain.BusinessDay(now)).Whole(sampleKey)
	if err != nil {
		return err
	}
	pool, err := app.FindRecordsByFilter(visits,
		"sampled = true && (state = 'reported' || state = 'accepted') && manager != '' && manager != owner && visit_audits_via_visit.id = ''", "id", 0, 0)
	if err != nil {
		return fmt.Errorf("failed to read the pool of audits: %w", err)
	}
	coll, err := app.FindCollectionByNameOrId(audits)
	if err != nil {
		return err
	}
	for _, visit := range pool {
		if !drawn(visit.Id, share) {
			continue
		}
		r := core.NewRecord(coll)
		r.Load(map[string]any{"visit": visit.Id, "auditor": managerOf(visit), "manager": managerOf(visit), "state": auditOpen})
		copyPlace(r, visit)
		if err := app.SaveWithContext(gate.AsServer(context.Background()), r); err != nil {
			return fmt.Errorf("failed to draw an audit: %w", err)
		}
		if err := s.tellAuditor(context.Background(), app, r); err != nil {
			return err
		}
	}
	return nil
}

func drawn(id string, shareBp int) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // never fails
	return int(h.Sum32()%10_000) < shareBp
}
