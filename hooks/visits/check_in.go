package visits

import (
	"context"
	"encoding/json/jsontext"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// typePhone is a visit that nobody travels for.
const typePhone = "phone"

// checkInAgain is a check-in by the owner's second phone: its evidence is kept
// beside the first one's.
const checkInAgain = "check_in_again"

// checkIn args: {at, lat, lng, acc_m, crs, fixes: [{at, lat, lng, acc_m}],
// clock: {boot_id, elapsed_ms, server_anchor: {at, device, sig, boot_id,
// elapsed_ms, device_at}},
// signals: {mock, rooted, emulator, developer, travel, wifi}}. A phone without a
// fix leaves the numbers out; the result is then unknown. Nothing is refused for
// where or when it happened: that is judged.
func (s *Service) checkIn(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	if s.second(ctx, visit) {
		return s.keepSecond(ctx, txApp, visit, raw)
	}
	from, err := s.begin(ctx, visit, domain.VisitCheckIn)
	if err != nil {
		return err
	}
	p, f, err := s.see(ctx, txApp, raw)
	if err != nil {
		return err
	}
	account, err := txApp.FindRecordById(accounts, accountOf(visit))
	if err != nil {
		return err
	}
	if err := prepared(ctx, txApp, visit, account); err != nil {
		return err
	}
	if from == domain.VisitMissed {
		addFlag(visit, flagWasMissed)
	}
	rules, err := riskRules(txApp)
	if err != nil {
		return err
	}
	visit.Set("in_at", p.clock.At)
	setPlace(visit, "in", p)
	visit.Set("in_fixes", f.Fixes)
	visit.Set("signals", f.Signals)
	visit.Set("received_at", s.now())
	noteClock(visit, clockIn, p.at, p.told, p.clock)
	device := gate.Of(ctx).Device
	visit.Set("device", device)
	facts := domain.CheckInFacts{Place: p.place, Fixes: p.fixes, At: p.clock.At, Received: s.now(), Clock: p.clock}
	if f.Signals != nil {
		facts.Signals = *f.Signals
	}
	if typeOf(visit) != typePhone {
		if err := s.fence(ctx, txApp, visit, account, &facts, rules); err != nil {
			return err
		}
	}
	with, owners, err := sharers(txApp, device, ownerOf(visit), p.clock.At)
	if err != nil {
		return err
	}
	facts.Sharers = len(owners)
	if err := s.finish(ctx, txApp, visit, domain.VisitCheckIn, from, raw, domain.AtCheckIn, domain.CheckInRisk(facts, rules)); err != nil {
		return err
	}
	return s.tellSharers(ctx, txApp, with, rules)
}

// fence measures how far a check-in is from its account, and finds where the
// owner was before and after. An account without a place gets a proposal for one.
func (s *Service) fence(ctx context.Context, txApp core.App, visit, account *core.Record, facts *domain.CheckInFacts, rules domain.RiskRules) error {
	place, radius := accountPlace(account)
	if radius <= 0 {
		var err error
		if radius, err = gate.SettingsNow(txApp).Whole(geofenceKey); err != nil {
			return err
		}
	}
	metres, result := domain.Fence(place, facts.Place, radius, rules.Of("coarse_m"))
	if result == domain.FenceOutside || result == domain.FenceEdge {
		wide, err := gate.SettingsNow(txApp).Whole(firstFenceKey)
		if err != nil {
			return err
		}
		if first, err := firstVisit(txApp, visit); err != nil {
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
		if err := s.proposeSeen(ctx, txApp, visit, account); err != nil {
			return err
		}
	}
	var err error
	facts.Last, facts.Next, err = sightings(txApp, visit, facts.At, rules.Of("coarse_m"))
	return err
}

// firstVisit tells whether nobody has checked in at the account before.
func firstVisit(app core.App, visit *core.Record) (bool, error) {
	var n int
	err := app.DB().NewQuery("SELECT COUNT(*) FROM (SELECT 1 FROM visits WHERE account = {:a} AND in_at > '' AND id <> {:id} LIMIT 1)").
		Bind(dbx.Params{"a": accountOf(visit), "id": visit.Id}).Row(&n)
	return n == 0, err
}

// prepared is H-VIS-PREP: who prepares at a desk is asked at once; what a phone
// captured without is taken and flagged.
func prepared(ctx context.Context, app core.App, visit, account *core.Record) error {
	t, err := visitTemplate(app, visit)
	if err != nil {
		return err
	}
	tiers, err := gate.SettingsNow(app).List(prepTiersKey)
	if err != nil {
		return err
	}
	if t.PrepRequired && !slices.Contains(tiers, tierOf(account)) {
		tiers = append(tiers, tierOf(account))
	}
	missing := domain.PrepMissing(typeOf(visit), tierOf(account), tiers, visit.GetString("objective"), visit.GetString("prep_note"))
	switch {
	case len(missing) == 0:
	case gate.Of(ctx).Device == "":
		return gate.Refuse("visit.prep_required", "missing", strings.Join(missing, ", "))
	default:
		addFlag(visit, flagPrepMissing)
	}
	return nil
}

// second tells whether the owner's other phone checks in at a visit that has begun.
func (s *Service) second(ctx context.Context, visit *core.Record) bool {
	actor := gate.Of(ctx)
	author := actor.Author()
	return author != nil && author.Id == ownerOf(visit) && actor.Device != "" && deviceOf(visit) != "" && actor.Device != deviceOf(visit) &&
		domain.VisitBegun(stateOf(visit)) && stateOf(visit) != domain.VisitVoidFraud
}

func (s *Service) keepSecond(ctx context.Context, txApp core.App, visit *core.Record, raw jsontext.Value) error {
	if _, _, err := s.see(ctx, txApp, raw); err != nil {
		return err
	}
	addFlag(visit, flagSecondDevice)
	return s.step(ctx, txApp, visit, checkInAgain, stateOf(visit), raw)
}
