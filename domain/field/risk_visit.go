package field

import (
	"math"
	"slices"
	"time"

	"satchel/domain"
)

// RiskRules are the numbers by which a visit is judged: settings below "risk."
// by their last word. One that is missing has the value of RiskDefaults.
type RiskRules map[string]int

// RiskDefaults are points, unless the comment says otherwise.
var RiskDefaults = RiskRules{
	"mock": 60, "accuracy": 40, "outside": 40, "edge": 10, "speed": 40, "speed_travel": 10, // by train or air
	"outside_km": 5, "moved_km": 5, // more for each kilometre
	"place_unknown": 30, "place_coarse": 30, "account_unplaced": 15, "moved": 20,
	"clock_unknown": 15, "clock_fresh": 15, "clock_bracket": 10, "clock_shift": 25, "device_shared": 30, "dwell": 20, "root": 25, "submitted_late": 10,

	"speed_kmh": 150, "speed_min_m": 2000, // faster than this over at least so many metres
	"coarse_m":        500,               // a fix of a worse accuracy does not tell where somebody was
	"moved_m":         1000,              // between check-in and check-out
	"far_km":          10,                // what lies as far away is looked at by a person
	"clock_shift_min": 5, "dwell_min": 5, // minutes
	"late_hours": 48,
	"question":   60, "sample": 30, // points from which a visit is questioned, and looked at by sample
}

// Of returns a number of the rules.
func (r RiskRules) Of(key string) int {
	if n, ok := r[key]; ok {
		return n
	}
	return RiskDefaults[key]
}

// Sighting is where somebody was, and when.
type Sighting struct {
	Place domain.Position
	At    time.Time
}

// DeviceSignals are what the phone says of itself: evidence, never proof.
type DeviceSignals struct {
	Mock      bool     `json:"mock,omitzero"`
	Rooted    bool     `json:"rooted,omitzero"`
	Emulator  bool     `json:"emulator,omitzero"`
	Developer bool     `json:"developer,omitzero"`
	Travel    string   `json:"travel,omitzero"` // train or air
	Wifi      []string `json:"wifi,omitzero"`
}

// CheckInFacts are what a check-in is judged by.
type CheckInFacts struct {
	Place     domain.Position
	Fixes     []domain.Position // as they came
	Result    string            // of Fence
	DistanceM int
	RadiusM   int
	At        time.Time // corrected
	Received  time.Time
	Clock     domain.ClockReading
	Signals   DeviceSignals
	Last      *Sighting // his sighting before this one that has a place
	Next      *Sighting // and after it: work may arrive in any order
	Sharers   int       // others who used the same phone that day
}

// AtCheckIn, AtCheckOut and AtReport are the codes of reasons found at each
// step of a visit; all others come from its photos. What the times are worth is
// judged at both ends, by the worse of them.
var (
	AtCheckIn  = []string{"mock", "accuracy", "place_unknown", "place_coarse", "account_unplaced", "outside", "edge", "speed", "clock_unknown", "clock_fresh", "clock_bracket", "clock_shift", "device_shared", "root"}
	AtCheckOut = []string{"dwell", "moved", "clock_unknown", "clock_fresh", "clock_bracket"}
	AtReport   = []string{"submitted_late"}
)

// CheckInRisk lists the reasons to look at a check-in.
func CheckInRisk(f CheckInFacts, r RiskRules) (out []domain.RiskReason) {
	add := func(code string, params map[string]any) {
		if points := r.Of(code); points > 0 {
			out = append(out, domain.RiskReason{Code: code, Points: points, Params: params})
		}
	}
	if f.Signals.Mock {
		add("mock", nil)
	}
	if f.Place.Known() && (f.Place.AccM == 0 || identical(f.Fixes)) {
		add("accuracy", map[string]any{"fixes": len(f.Fixes), "accuracy": int(math.Round(f.Place.AccM))})
	}
	out = append(out, PlaceRisk(f.Place, f.Result, f.DistanceM, f.RadiusM, r)...)
	if reason, ok := f.jump(r); ok {
		out = append(out, reason)
	}
	out = append(out, ClockRisk(f.Clock.Grade, r)...)
	if shift := int(f.Clock.Shift.Abs().Minutes()); shift > r.Of("clock_shift_min") {
		add("clock_shift", map[string]any{"minutes": shift, "limit": r.Of("clock_shift_min")})
	}
	if f.Sharers > 0 {
		add("device_shared", map[string]any{"others": f.Sharers})
	}
	if f.Signals.Rooted || f.Signals.Emulator {
		add("root", nil)
	}
	return out
}

// PlaceAt are the codes of what PlaceRisk finds.
var PlaceAt = []string{"place_unknown", "place_coarse", "account_unplaced", "outside", "edge"}

// PlaceRisk lists what the result of Fence gives. A visit that nobody goes to has none.
func PlaceRisk(at domain.Position, result string, distanceM, radiusM int, r RiskRules) []domain.RiskReason {
	reason := domain.RiskReason{Code: result}
	switch {
	case result == domain.FenceOutside:
		reason.Points = r.farther("outside", max(0, distanceM-radiusM))
		reason.Params = map[string]any{"metres": distanceM, "radius": radiusM}
	case result == domain.FenceEdge:
		reason.Points, reason.Params = r.Of(domain.FenceEdge), map[string]any{"metres": distanceM, "radius": radiusM}
	case result != domain.FenceUnknown:
	case !at.Known():
		reason.Code, reason.Points = "place_unknown", r.Of("place_unknown")
	case at.AccM > float64(r.Of("coarse_m")):
		reason.Code, reason.Points = "place_coarse", r.Of("place_coarse")
		reason.Params = map[string]any{"accuracy": int(math.Round(math.Min(at.AccM, 1e8))), "limit": r.Of("coarse_m")}
	case at.AccM > 0:
		reason.Code, reason.Points = "account_unplaced", r.Of("account_unplaced")
	}
	if reason.Points <= 0 {
		return nil
	}
	return []domain.RiskReason{reason}
}

// mostPoints is what one reason weighs at most, as a setting may.
const mostPoints = 1000

// farther is what a distance weighs: the points of a code and, below code_km,
// what each whole kilometre adds.
func (r RiskRules) farther(code string, metres int) int {
	return min(r.Of(code)+r.Of(code+"_km")*(metres/1000), mostPoints)
}

// Far reports whether a distance is so long that no visit counts unseen.
func (r RiskRules) Far(metres int) bool { return metres >= r.Of("far_km")*1000 }

// travelKmh is how fast what a phone may say it travels by can go.
var travelKmh = map[string]int{"train": 400, "air": 1100}

// jump finds the reason that the way from his last sighting gives, or that to the
// next one, whichever is the faster.
func (f CheckInFacts) jump(r RiskRules) (domain.RiskReason, bool) {
	kmh, metres := f.speed(f.Last)
	if k, m := f.speed(f.Next); k > kmh {
		kmh, metres = k, m
	}
	if kmh <= r.Of("speed_kmh") || metres < r.Of("speed_min_m") {
		return domain.RiskReason{}, false
	}
	reason := domain.RiskReason{Code: "speed", Points: r.Of("speed"), Params: map[string]any{"kmh": kmh, "km": metres / 1000, "limit": r.Of("speed_kmh")}}
	if kmh <= travelKmh[f.Signals.Travel] {
		reason.Points = r.Of("speed_travel")
	}
	return reason, reason.Points > 0
}

// speed is how fast he must have come from another sighting, or gone to it, in
// km/h, and how far it is.
func (f CheckInFacts) speed(other *Sighting) (kmh, metres int) {
	if other == nil || !other.Place.Known() || !f.Place.Known() {
		return 0, 0
	}
	metres = domain.Apart(other.Place, f.Place)
	took := max(f.At.Sub(other.At).Abs(), time.Second)
	return int(math.Min(float64(metres)/took.Seconds()*3.6, 99_999)), metres
}

// identical tells fixes that a satellite receiver never gives: real ones
// differ by some metres.
func identical(fixes []domain.Position) bool {
	if len(fixes) < 3 {
		return false
	}
	for _, p := range fixes[1:] {
		if p.Lat != fixes[0].Lat || p.Lng != fixes[0].Lng {
			return false
		}
	}
	return true
}

// clockReasons are the codes of the grades that are no proof.
var clockReasons = map[string]string{domain.ClockBracketed: "clock_bracket", domain.ClockFresh: "clock_fresh", domain.ClockUnknown: "clock_unknown"}

// ClockRisk lists the reason that the grade of a visit's times gives.
func ClockRisk(grade string, r RiskRules) []domain.RiskReason {
	code := clockReasons[grade]
	if code == "" || r.Of(code) <= 0 {
		return nil
	}
	return []domain.RiskReason{{Code: code, Points: r.Of(code)}}
}

// CheckOutRisk lists the reason that the stay gives.
func CheckOutRisk(dwellS int, r RiskRules) []domain.RiskReason {
	if dwellS >= r.Of("dwell_min")*60 || r.Of("dwell") <= 0 {
		return nil
	}
	return []domain.RiskReason{{Code: "dwell", Points: r.Of("dwell"), Params: map[string]any{"minutes": dwellS / 60, "least": r.Of("dwell_min")}}}
}

// MovedRisk lists the reason that the way between check-in and check-out gives, in
// metres.
func MovedRisk(metres int, r RiskRules) []domain.RiskReason {
	points := r.farther("moved", metres)
	if metres < r.Of("moved_m") || points <= 0 {
		return nil
	}
	return []domain.RiskReason{{Code: "moved", Points: points, Params: map[string]any{"metres": metres, "limit": r.Of("moved_m")}}}
}

// ReportRisk lists the reason that a late hand-in gives: received is when the
// server heard of the visit, out when it ended.
func ReportRisk(out, received time.Time, r RiskRules) []domain.RiskReason {
	late := received.Sub(out)
	if late <= time.Duration(r.Of("late_hours"))*time.Hour || r.Of("submitted_late") <= 0 {
		return nil
	}
	return []domain.RiskReason{{Code: "submitted_late", Points: r.Of("submitted_late"), Params: map[string]any{"hours": int(late.Hours()), "limit": r.Of("late_hours")}}}
}

// Replace puts the reasons found now in the place of those of the same step.
// With no codes, what is replaced are the photos' reasons.
func Replace(reasons []domain.RiskReason, codes []string, now []domain.RiskReason) []domain.RiskReason {
	out := []domain.RiskReason{}
	for _, r := range reasons {
		if codes == nil && !isVisitCode(r.Code) || slices.Contains(codes, r.Code) {
			continue
		}
		out = append(out, r)
	}
	return append(out, now...)
}

func isVisitCode(code string) bool {
	return slices.Contains(AtCheckIn, code) || slices.Contains(AtCheckOut, code) || slices.Contains(AtReport, code)
}
