package demo

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/field"
)

// fix is one raw position of a check-in.
type fix struct {
	Lat  float64 `json:"lat"`
	Lng  float64 `json:"lng"`
	AccM float64 `json:"acc_m"`
	At   string  `json:"at"`
}

// checkIn fills what the check-in at the moment at leaves: most within the
// fence, a few at its edge or outside.
func (b *builder) checkIn(r *rand.Rand, row dbx.Params, v visit, at time.Time) {
	metres := float64(5 + r.IntN(v.account.geofenceM/3))
	if r.IntN(40) == 0 {
		metres = float64(v.account.geofenceM + r.IntN(400))
	}
	lat, lng := away(v.account.lat, v.account.lng, metres, r.Float64()*2*math.Pi)
	acc := float64(6 + r.IntN(40))
	var fixes []fix
	for i := range 3 {
		fixes = append(fixes, fix{
			round(lat+spread(r, 0.00004), 6), round(lng+spread(r, 0.00004), 6), acc + float64(r.IntN(8)),
			at.Add(time.Duration(i-3) * 2 * time.Second).UTC().Format(time.RFC3339),
		})
	}
	distance, result := domain.Fence(
		domain.Position{Lat: v.account.lat, Lng: v.account.lng}, domain.Position{Lat: lat, Lng: lng, AccM: acc}, v.account.geofenceM, field.RiskDefaults["coarse_m"])
	row["in_at"], row["in_lat"], row["in_lng"], row["in_acc_m"] = stamp(at), lat, lng, acc
	row["in_fixes"], row["in_distance_m"], row["in_result"] = toJSON(fixes), distance, result
	row["received_at"] = stamp(at.Add(time.Duration(2+r.IntN(90)) * time.Second))
	row["in_src_crs"], row["in_src_lat"], row["in_src_lng"] = field.CRSWGS84, lat, lng
	row["state"], row["updated"] = field.VisitInProgress, row["received_at"]
	reasons := field.CheckInRisk(field.CheckInFacts{
		Place: domain.Position{Lat: lat, Lng: lng, AccM: acc}, Result: result, DistanceM: distance, RadiusM: v.account.geofenceM, At: at,
	}, field.RiskRules{})
	score := domain.RiskScore(reasons)
	row["risk_score"], row["risk_reasons"], row["sampled"] = score, toJSON(append([]domain.RiskReason{}, reasons...)), score >= field.RiskDefaults["sample"]
}

// verdictDays is how long a manager takes to look at a report.
const verdictDays = 4

// verdict is the manager's on reports that have lain for some days: all are in
// order but those far from the account, which the rep is to answer for.
func (b *builder) verdict(row dbx.Params, v visit) {
	row["counts"] = true
	if b.today.Sub(v.day) < verdictDays*24*time.Hour || v.account.owner.managerID == "" {
		return
	}
	at := stamp(v.day.AddDate(0, 0, verdictDays-1).Add(18 * time.Hour))
	row["verdict_by"], row["verdict_at"], row["updated"] = v.account.owner.managerID, at, at
	if row["in_result"] == domain.FenceOutside {
		row["state"], row["verdict"], row["verdict_note"], row["counts"] = field.VisitQuestioned, field.VerdictDoubtful, "签到点离门店较远，请说明", false
		return
	}
	row["state"], row["verdict"] = field.VisitAccepted, field.VerdictOK
}

func (b *builder) checkOut(r *rand.Rand, row dbx.Params, v visit, in time.Time) {
	lat, lng := away(v.account.lat, v.account.lng, float64(5+r.IntN(60)), r.Float64()*2*math.Pi)
	row["out_at"], row["out_lat"], row["out_lng"] = stamp(v.out), lat, lng
	row["out_acc_m"], row["dwell_s"] = float64(6+r.IntN(40)), int(v.out.Sub(in).Seconds())
	row["state"], row["updated"] = field.VisitCheckedOut, stamp(v.out.Add(3*time.Second))
}

// report fills the visit's report: mostly the same day, sometimes after the
// 24 hours that the policy grants.
func (b *builder) report(r *rand.Rand, row dbx.Params, v visit, day time.Time) {
	at := v.out.Add(time.Duration(5+r.IntN(50)) * time.Minute)
	if r.IntN(25) == 0 && b.today.Sub(day) > 72*time.Hour {
		at = v.out.Add(time.Duration(25+r.IntN(20)) * time.Hour)
		row["late_record"] = true
	}
	row["summary"], row["needs"], row["result_code"] = one(r, summaries), one(r, needs), one(r, resultCodes)
	row["next_step"], row["next_date"] = one(r, nextSteps), day.AddDate(0, 0, 3+r.IntN(12)).Format(dayFormat)
	row["report_at"], row["state"], row["updated"] = stamp(at), field.VisitReported, stamp(at.Add(2*time.Second))
}

// visitSteps writes the steps that the template of the history asked for.
func (b *builder) visitSteps(r *rand.Rand, v visit, in time.Time) error {
	for i, s := range []struct {
		key, kind string
		answer    any
	}{
		{"stock", "form", map[string]any{"shelf": one(r, shelfAnswers), "facings": 4 + r.IntN(20), "near_expiry": r.IntN(3)}},
		{"talk", "note", map[string]any{"text": one(r, talkNotes)}},
	} {
		done := stamp(in.Add(time.Duration(5+6*i+r.IntN(5)) * time.Minute))
		err := b.w.insert("visit_steps", dbx.Params{
			"id": b.id("visit_steps_"+s.key, b.company.Visits), "visit": v.id, "account": v.account.id,
			"owner": v.account.owner.id, "dept": v.account.owner.deptID, "key": s.key, "kind": s.kind,
			"answer": toJSON(s.answer), "done_at": done, "created": done, "updated": done,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// away returns the point that lies metres from lat, lng in the direction of angle.
func away(lat, lng, metres, angle float64) (float64, float64) {
	const perDegree = 111_195 // metres of a degree of latitude
	dLat := metres * math.Cos(angle) / perDegree
	dLng := metres * math.Sin(angle) / (perDegree * math.Cos(lat*math.Pi/180))
	return round(lat+dLat, 6), round(lng+dLng, 6)
}
