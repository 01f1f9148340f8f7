package requests

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// sendDown addresses a report to the KA departments that it names, to all if it names
// none, and tells each of their people (R5.3).
func (s service) sendDown(e *kit.Change[records.IntelReport]) error {
	all, err := departments(e.App, people.DeptKA)
	if err != nil {
		return err
	}
	if len(e.Row.Routed()) == 0 {
		e.Row.SetRouted(all)
	}
	for _, dept := range e.Row.Routed() {
		if !slices.Contains(all, dept) {
			return gate.RefuseField(records.IntelReportColRouted, "intel.routed_invalid")
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	readers, err := addressed(e.App, e.Row)
	if err != nil {
		return err
	}
	for _, reader := range readers {
		if err := s.tellUser(e.Context, e.App, reader.ID(), "intel.new", e.Row.Text(), intelLink(e.Row)); err != nil {
			return err
		}
	}
	return nil
}

// addressed are the people in office for whom a report that goes down is.
func addressed(app core.App, row records.IntelReport) (readers []records.User, err error) {
	for _, dept := range row.Routed() {
		of, err := records.Users.All(app, "department = {:d} AND active = TRUE AND id <> {:author}", dbx.Params{"d": dept, "author": row.Owner()}, "id")
		if err != nil {
			return nil, err
		}
		readers = append(readers, of...)
	}
	return readers, nil
}

// unreadBy are those of them who have not said that they read it.
func unreadBy(app core.App, row records.IntelReport) (unread []records.User, err error) {
	acks, err := acksOf(row)
	if err != nil {
		return nil, err
	}
	readers, err := addressed(app, row)
	return slices.DeleteFunc(readers, func(u records.User) bool {
		return slices.ContainsFunc(acks, func(a ack) bool { return a.User == u.ID() })
	}), err
}

// remindReaders tells once whoever has not read in time what was sent down.
func (s service) remindReaders(ctx context.Context, app core.App, now time.Time) error {
	days, err := gate.SettingsNow(app).IntelReadDays()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		rows, err := records.IntelReports.All(tx, "direction = 'down' AND reminded_at = '' AND created < {:cut}",
			dbx.Params{"cut": gate.Stamp(now.AddDate(0, 0, -days))}, "id")
		if err != nil {
			return fmt.Errorf("look for intelligence that is to be read: %w", err)
		}
		for _, row := range rows {
			unread, err := unreadBy(tx, row)
			if err != nil {
				return err
			}
			for _, reader := range unread {
				if err := s.tellUser(ctx, tx, reader.ID(), "intel.unread", row.Text(), intelLink(row)); err != nil {
					return err
				}
			}
			row.SetRemindedAt(now)
			if err := tx.SaveWithContext(gate.AsServer(ctx), row.Raw()); err != nil {
				return fmt.Errorf("note that readers were reminded: %w", err)
			}
		}
		return nil
	})
}
