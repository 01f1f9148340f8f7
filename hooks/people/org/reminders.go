package org

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// remindDays is how many days before its due day an improvement is recalled.
const remindDays = 2

// remindImprovements recalls what is due in two days, and tells of what is
// overdue the person and his manager; once each.
func (s service) remindImprovements(ctx context.Context, app core.App, now time.Time) error {
	today := domain.BusinessDay(now)
	return app.RunInTransaction(func(tx core.App) error {
		rows, err := records.ImprovementActions.All(tx, "state = 'open' AND due <= {:soon} AND overdue_at = ''",
			dbx.Params{"soon": domain.AddDays(today, remindDays)}, "due, id")
		if err != nil {
			return fmt.Errorf("find improvements that are due: %w", err)
		}
		for _, row := range rows {
			kind, tell := "action.due", []records.UserID{row.Owner()}
			switch {
			case row.Due() < today:
				kind, tell = "action.overdue", append(tell, row.Manager())
				row.SetOverdueAt(now)
			case !row.RemindedAt().IsZero():
				continue
			default:
				row.SetRemindedAt(now)
			}
			ctx := gate.AsServer(ctx)
			if err := tx.SaveWithContext(ctx, row.Raw()); err != nil {
				return fmt.Errorf("note a reminder: %w", err)
			}
			for _, user := range tell {
				err := gate.Notify(ctx, tx, now, gate.Notice{
					User: string(user), Kind: kind, Link: improvementLink(row), Params: map[string]any{"title": row.Title(), "due": row.Due()},
				})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}
