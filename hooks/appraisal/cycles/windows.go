package cycles

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// endWindows records the silence of who said nothing in time, locks what nobody can appeal
// any more, and with the last of its people the cycle.
func (s *Service) endWindows(ctx context.Context, app core.App, now time.Time) error {
	rows, err := records.Appraisals.All(app, "state IN ('published', 'confirmed', 'noted', 'decided')", nil, "id")
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := app.RunInTransaction(func(tx core.App) error { return s.endWindow(ctx, tx, row, now) }); err != nil {
			return fmt.Errorf("end the window of appraisal %s: %w", row.ID(), err)
		}
	}
	cycles, err := records.AppraisalCycles.All(app, `state = 'published' AND NOT EXISTS
		(SELECT 1 FROM appraisals a WHERE a.cycle = appraisal_cycles.id AND a.state <> 'locked')`, nil, "id")
	if err != nil {
		return err
	}
	for _, cycle := range cycles {
		err := app.RunInTransaction(func(tx core.App) error {
			if err := step(cycle, appraisal.CycleLock); err != nil {
				return err
			}
			cycle.SetLockedAt(now)
			return save(ctx, tx, cycle)
		})
		if err != nil {
			return err
		}
	}
	return s.archive(ctx, app, now)
}

func (s *Service) endWindow(ctx context.Context, tx core.App, row records.Appraisal, now time.Time) error {
	if err := row.Refresh(tx); err != nil {
		return err
	}
	cycle, err := records.AppraisalCycles.Require(tx, row.Cycle())
	if err != nil {
		return err
	}
	rules, err := rulesOf(cycle)
	if err != nil {
		return err
	}
	today, since := domain.BusinessDay(now), domain.BusinessDay(row.PublishedAt())
	if in(row, appraisal.StatePublished) && today > domain.AddDays(since, max(rules.ConfirmDays, rules.AppealDays)) {
		if err := take(row, appraisal.StepNote); err != nil {
			return err
		}
		row.SetSilent(true)
	}
	over := today > domain.AddDays(since, rules.AppealDays) || in(row, appraisal.StateDecided)
	if !over || !in(row, appraisal.StateConfirmed, appraisal.StateNoted, appraisal.StateDecided) {
		if in(row, appraisal.StatePublished) && today > domain.AddDays(since, rules.ConfirmDays-rules.RemindDays-1) {
			return gate.NotifyOnce(ctx, tx, s.cfg.Now(), gate.Notice{
				User: string(row.Subject()), Kind: "appraisal.confirm_due", Link: linkTo(row),
				Params: map[string]any{"period": row.Period(), "due": domain.AddDays(since, rules.ConfirmDays)},
			})
		}
		return save(ctx, tx, row)
	}
	if err := take(row, appraisal.StepLock); err != nil {
		return err
	}
	row.SetLockedAt(now)
	if err := save(ctx, tx, row); err != nil {
		return err
	}
	if s.cfg.Settle != nil {
		if err := s.cfg.Settle(ctx, tx, row.Subject(), periodOf(cycle)); err != nil {
			return err
		}
	}
	if s.cfg.Locked == nil {
		return nil
	}
	return s.cfg.Locked(ctx, tx, row)
}

// archiveAfter is how long a cycle that is locked stays at hand.
const archiveAfter = 3 * 366 * 24 * time.Hour

// archive puts cycles away that were locked long ago.
func (s *Service) archive(ctx context.Context, app core.App, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		old, err := records.AppraisalCycles.All(tx, "state = 'locked' AND locked_at < {:at}", params{"at": gate.Stamp(now.Add(-archiveAfter))}, "id")
		if err != nil {
			return err
		}
		for _, cycle := range old {
			if err := step(cycle, appraisal.CycleArchive); err != nil {
				return err
			}
			if err := save(ctx, tx, cycle); err != nil {
				return err
			}
		}
		return nil
	})
}
