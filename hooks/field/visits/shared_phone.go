package visits

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// sharers lists the visits of others who checked in with the same phone on the
// same day. A phone is known by its installation: each user has a device of his own on it.
func sharers(app core.App, visit records.Visit) (ids []records.VisitID, owners []string, err error) {
	if visit.Device() == "" {
		return nil, nil, nil
	}
	var rows []struct {
		ID    string `db:"id"`
		Owner string `db:"owner"`
	}
	from, to := sameDay(visit.InAt())
	err = app.DB().NewQuery(`SELECT v.id, v.owner FROM sync_devices d CROSS JOIN sync_devices o ON o.install = d.install AND o.id <> d.id
		CROSS JOIN visits v ON v.device = o.id AND v.in_at >= {:from} AND v.in_at < {:to} WHERE d.id = {:d} AND v.owner <> {:o}`).
		Bind(dbx.Params{"d": visit.Device(), "o": visit.Owner(), "from": from, "to": to}).All(&rows)
	seen := map[string]bool{}
	for _, r := range rows {
		ids = append(ids, records.VisitID(r.ID))
		if !seen[r.Owner] {
			seen[r.Owner] = true
			owners = append(owners, r.Owner)
		}
	}
	return ids, owners, err
}

// sameDay bounds the company's day of a moment.
func sameDay(at time.Time) (from, to string) {
	day := domain.BusinessDay(at)
	begin, end := domain.Period{From: day, To: day}.Bounds()
	return gate.Stamp(begin), gate.Stamp(end)
}

// tellSharers gives the visits of others on the same phone the reason that a
// check-in has: each side is as suspicious as the other.
func (s *service) tellSharers(e *kit.Change[records.Visit]) error {
	checkedIn := !e.Row.InAt().Equal(e.Before().InAt())
	if err := e.Next(); err != nil || !checkedIn {
		return err
	}
	others, _, err := sharers(e.App, e.Row)
	if err != nil || len(others) == 0 {
		return err
	}
	rules, err := riskRules(e.App)
	if err != nil {
		return err
	}
	ctx := contextOf(e.RecordEvent)
	for _, id := range others {
		visit, err := records.Visits.Require(e.App, id)
		if err != nil {
			return err
		}
		_, owners, err := sharers(e.App, visit)
		if err != nil {
			return err
		}
		reason := field.CheckInRisk(field.CheckInFacts{Sharers: len(owners)}, rules)
		if err := s.judge(ctx, e.App, visit, []string{"device_shared"}, reason); err != nil {
			return err
		}
		if err := e.App.SaveNoValidateWithContext(gate.AsServer(ctx), visit.Raw()); err != nil {
			return err
		}
	}
	return nil
}
