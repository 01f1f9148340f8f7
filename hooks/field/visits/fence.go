package visits

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// fence measures how far a check-in is from its account, and finds where the
// owner was before and after. An account without a place gets a proposal for one.
func (s *service) fence(ctx context.Context, tx core.App, visit records.Visit, account records.Account, facts *field.CheckInFacts, rules field.RiskRules) error {
	place, radius := accountPlace(account), account.GeofenceM()
	if radius <= 0 {
		var err error
		if radius, err = gate.SettingsNow(tx).VisitGeofenceM(); err != nil {
			return err
		}
	}
	metres, result := domain.Fence(place, facts.Place, radius, rules.Of("coarse_m"))
	if result == domain.FenceOutside || result == domain.FenceEdge {
		wide, err := gate.SettingsNow(tx).VisitFirstGeofenceM()
		if err != nil {
			return err
		}
		if first, err := firstVisit(tx, visit); err != nil {
			return err
		} else if first && wide > radius {
			radius = wide
			metres, result = domain.Fence(place, facts.Place, radius, rules.Of("coarse_m"))
		}
	}
	setFence(visit, metres, result)
	facts.DistanceM, facts.Result, facts.RadiusM = metres, result, radius
	if !facts.Place.Known() {
		return nil
	}
	if !place.Known() && facts.Place.Tells(rules.Of("coarse_m")) {
		if err := s.proposeSeen(ctx, tx, visit, account); err != nil {
			return err
		}
	}
	var err error
	facts.Last, facts.Next, err = sightings(tx, visit, facts.At, rules.Of("coarse_m"))
	return err
}

// firstVisit reports whether nobody has checked in at the account before.
func firstVisit(app core.App, visit records.Visit) (bool, error) {
	_, found, err := records.Visits.First(app, "account = {:a} AND in_at > '' AND id <> {:id}", dbx.Params{"a": visit.Account(), "id": visit.ID()}, "")
	return !found, err
}

// accountFenced judges visits anew where an account gets its first place, from
// whoever may say so.
func (s *service) accountFenced(e *kit.Change[records.Account]) error {
	had := accountPlace(e.Before()).Known()
	if err := e.Next(); err != nil || had || !accountPlace(e.Row).Known() {
		return err
	}
	return s.fenceAnew(contextOf(e.RecordEvent), e.App, e.Row)
}

// fenceAnew judges visits at an account that has a place now and had none.
func (s *service) fenceAnew(ctx context.Context, tx core.App, account records.Account) error {
	rules, err := riskRules(tx)
	if err != nil {
		return err
	}
	unknown, err := records.Visits.All(tx, "account = {:a} AND in_result = {:r} AND in_lat <> 0",
		dbx.Params{"a": account.ID(), "r": domain.FenceUnknown}, "in_at, id")
	if err != nil {
		return err
	}
	place, radius := accountPlace(account), max(account.GeofenceM(), domain.FirstVisitM)
	for _, visit := range unknown {
		taken, fits := own(visit, field.VisitPlace)
		if !fits {
			continue
		}
		at := inPlace(visit)
		metres, result := domain.Fence(place, at, radius, rules.Of("coarse_m"))
		setFence(visit, metres, result)
		if err := s.judged(ctx, tx, visit, taken, field.PlaceAt, field.PlaceRisk(at, result, metres, radius, rules)); err != nil {
			return err
		}
		if err := tx.SaveWithContext(gate.AsServer(ctx), visit.Raw()); err != nil {
			return err
		}
	}
	return nil
}

// contextOf is the context of a save; one over REST may have none.
func contextOf(e *core.RecordEvent) context.Context {
	if e.Context == nil {
		return context.Background()
	}
	return e.Context
}
