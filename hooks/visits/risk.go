package visits

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/hooks/gate"
)

// judge puts the reasons found now in the place of those of the same step
// (domain.AtCheckIn and so on; nil for those of photos) and draws what follows
// from their sum: whether the visit is questioned by itself, whether it is in
// the pool for audits, whether it counts.
func (s *Service) judge(ctx context.Context, txApp core.App, visit *core.Record, codes []string, now []domain.RiskReason) error {
	rules, err := riskRules(txApp)
	if err != nil {
		return err
	}
	reasons := domain.Replace(reasonsOf(visit, "risk_reasons"), codes, now)
	visit.Set("risk_reasons", reasons)
	visit.Set("risk_score", domain.RiskScore(reasons))
	return s.conclude(ctx, txApp, visit, rules)
}

// conclude draws what follows from a visit's state, score and verdict.
func (s *Service) conclude(ctx context.Context, txApp core.App, visit *core.Record, rules domain.RiskRules) error {
	score := visit.GetInt("risk_score")
	visit.Set("sampled", score >= rules.Of("sample") && score < rules.Of("question"))
	if stateOf(visit) == domain.VisitReported && score >= rules.Of("question") && score > visit.GetInt("asked_score") {
		// Once for each new height: an answer is not asked for again.
		visit.Set("asked_score", score)
		setState(visit, domain.VisitQuestioned)
		if err := s.record(ctx, txApp, visit, domain.VisitDoubt, domain.VisitReported, nil); err != nil {
			return err
		}
		if err := s.tell(ctx, txApp, ownerOf(visit), "visit.questioned", visit, linkOf(visit)); err != nil {
			return err
		}
	}
	visit.Set("counts", domain.ValidVisit(s.counted(visit, rules), rules))
	return nil
}

// sightings finds where a visit's owner was last before a moment, and first after
// it, across visits whose place nothing tells.
func sightings(app core.App, visit *core.Record, at time.Time, coarseM int) (last, next *domain.Sighting, err error) {
	tells := func(side string) string {
		return side + "_lat <> 0 AND " + side + "_lng <> 0 AND " + side + "_acc_m > 0 AND " + side + "_acc_m <= {:coarse}"
	}
	read := func(which, order string) (*domain.Sighting, error) {
		var rows []struct {
			At  types.DateTime `db:"at"`
			Lat float64        `db:"lat"`
			Lng float64        `db:"lng"`
			Acc float64        `db:"acc"`
		}
		err := app.DB().NewQuery(which + " " + order + " LIMIT 1").
			Bind(dbx.Params{"o": ownerOf(visit), "at": gate.Stamp(at), "id": visit.Id, "coarse": coarseM}).All(&rows)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		r := rows[0]
		return &domain.Sighting{Place: domain.Position{Lat: r.Lat, Lng: r.Lng, AccM: r.Acc}, At: r.At.Time()}, nil
	}
	const others = "FROM visits WHERE owner = {:o} AND id <> {:id} AND in_at <> ''"
	left := "out_at <> '' AND out_at <= {:at} AND " + tells("out")
	last, err = read("SELECT CASE WHEN "+left+" THEN out_at ELSE in_at END AS at, CASE WHEN "+left+" THEN out_lat ELSE in_lat END AS lat, "+
		"CASE WHEN "+left+" THEN out_lng ELSE in_lng END AS lng, CASE WHEN "+left+" THEN out_acc_m ELSE in_acc_m END AS acc "+
		others+" AND in_at <= {:at} AND (("+tells("in")+") OR ("+left+"))", "ORDER BY in_at DESC")
	if err != nil {
		return nil, nil, err
	}
	next, err = read("SELECT in_at AS at, in_lat AS lat, in_lng AS lng, in_acc_m AS acc "+others+" AND in_at > {:at} AND "+tells("in"), "ORDER BY in_at")
	return last, next, err
}

// sameDay bounds the company's day of a moment.
func sameDay(at time.Time) (from, to string) {
	day := domain.BusinessDay(at)
	begin, end := domain.Period{From: day, To: day}.Bounds()
	return gate.Stamp(begin), gate.Stamp(end)
}

// sharers lists the visits of others who checked in with the same phone on the
// same day. A phone is known by its installation: each user has a device of his own on it.
func sharers(app core.App, device, owner string, at time.Time) (ids, owners []string, err error) {
	if device == "" {
		return nil, nil, nil
	}
	var rows []struct {
		ID    string `db:"id"`
		Owner string `db:"owner"`
	}
	from, to := sameDay(at)
	err = app.DB().NewQuery(`SELECT v.id, v.owner FROM sync_devices d CROSS JOIN sync_devices o ON o.install = d.install AND o.id <> d.id
		CROSS JOIN visits v ON v.device = o.id AND v.in_at >= {:from} AND v.in_at < {:to} WHERE d.id = {:d} AND v.owner <> {:o}`).
		Bind(dbx.Params{"d": device, "o": owner, "from": from, "to": to}).All(&rows)
	seen := map[string]bool{}
	for _, r := range rows {
		ids = append(ids, r.ID)
		if !seen[r.Owner] {
			seen[r.Owner] = true
			owners = append(owners, r.Owner)
		}
	}
	return ids, owners, err
}

// tellSharers gives the visits of others on the same phone the reason that this
// one has: each side is as suspicious as the other.
func (s *Service) tellSharers(ctx context.Context, txApp core.App, ids []string, rules domain.RiskRules) error {
	for _, id := range ids {
		visit, err := txApp.FindRecordById(visits, id)
		if err != nil {
			return err
		}
		_, owners, err := sharers(txApp, deviceOf(visit), ownerOf(visit), checkedInAt(visit))
		if err != nil {
			return err
		}
		reason := domain.CheckInRisk(domain.CheckInFacts{Sharers: len(owners)}, rules)
		if err := s.judge(ctx, txApp, visit, []string{"device_shared"}, reason); err != nil {
			return err
		}
		if err := txApp.SaveNoValidateWithContext(gate.AsServer(ctx), visit); err != nil {
			return err
		}
	}
	return nil
}
