package domain

import (
	"math"
	"slices"
)

// Results of a check-in's place.
const (
	FenceInside  = "inside"
	FenceEdge    = "edge" // outside by less than the accuracy of the fix
	FenceOutside = "outside"
	FenceUnknown = "unknown" // the account or the check-in has no position that tells
)

// Radii of accounts in metres: of one that names none, and the least of a first
// visit, where the account's position is rough.
const (
	DefaultGeofenceM = 300
	FirstVisitM      = 500
)

const (
	earthRadiusM = 6371008.8
	maxAccuracyM = 100
	leastFixes   = 3 // of which the median is taken
	nowhereDeg   = 0.01
)

// Position is a point with the accuracy of its fix in metres, WGS-84 unless a
// datum is named beside it.
type Position struct {
	Lat  float64 `json:"lat"`
	Lng  float64 `json:"lng"`
	AccM float64 `json:"acc_m"`
}

// Known tells a position from the absence of one: a number that is missing reads
// 0, and what phones without a fix send lies close by 0, 0.
func (p Position) Known() bool {
	return p.Lat != 0 && p.Lng != 0 && math.Max(math.Abs(p.Lat), math.Abs(p.Lng)) > nowhereDeg
}

// Tells whether the position says where somebody was: it has an accuracy, of at
// most so many metres.
func (p Position) Tells(coarseM int) bool {
	return p.Known() && p.AccM > 0 && p.AccM <= float64(coarseM)
}

// Valid reports whether the numbers can be a place on earth.
func (p Position) Valid() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lng) <= 180 && p.AccM >= 0 && !math.IsNaN(p.Lat+p.Lng+p.AccM) && !math.IsInf(p.AccM, 0)
}

// DistanceM is the great-circle distance in metres.
func DistanceM(a, b Position) float64 {
	const rad = math.Pi / 180
	dLat, dLng := (b.Lat-a.Lat)*rad/2, (b.Lng-a.Lng)*rad/2
	h := math.Sin(dLat)*math.Sin(dLat) + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Sin(dLng)*math.Sin(dLng)
	return 2 * earthRadiusM * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Settle is where somebody was by all his fixes: the median of each number, so
// that one stray fix moves nothing. With less than three the first position
// stands, or the first fix if that says nothing.
func Settle(first Position, fixes []Position) Position {
	var known []Position
	for _, p := range fixes {
		if p.Known() {
			known = append(known, p)
		}
	}
	switch {
	case len(known) >= leastFixes:
	case first.Known() || len(known) == 0:
		return first
	default:
		return known[0]
	}
	middle := func(of func(Position) float64) float64 {
		values := make([]float64, len(known))
		for i, p := range known {
			values[i] = of(p)
		}
		slices.Sort(values)
		half := len(values) / 2
		if len(values)%2 == 1 {
			return values[half]
		}
		return (values[half-1] + values[half]) / 2
	}
	return Position{
		Lat: middle(func(p Position) float64 { return p.Lat }), Lng: middle(func(p Position) float64 { return p.Lng }),
		AccM: middle(func(p Position) float64 { return p.AccM }),
	}
}

// Fence judges a check-in against an account's place: the distance in whole
// metres and whether it lies inside the radius, at its edge, or outside. A fix
// that is coarser than coarseM, or has no accuracy, puts nobody inside.
func Fence(account, at Position, radiusM, coarseM int) (distanceM int, result string) {
	if !account.Known() || !at.Known() {
		return 0, FenceUnknown
	}
	if radiusM <= 0 {
		radiusM = DefaultGeofenceM
	}
	d := DistanceM(account, at)
	switch tells := at.Tells(coarseM); {
	case !tells && d <= float64(radiusM)+math.Max(at.AccM, float64(coarseM)):
		result = FenceUnknown
	case tells && d <= float64(radiusM):
		result = FenceInside
	case tells && d <= float64(radiusM)+math.Min(at.AccM, maxAccuracyM):
		result = FenceEdge
	default:
		result = FenceOutside
	}
	return int(math.Round(d)), result
}

// Apart is how far two positions lie apart at least, in whole metres: what the
// accuracy of both leaves, up to 100 m each.
func Apart(a, b Position) int {
	return int(math.Max(0, DistanceM(a, b)-math.Min(a.AccM, maxAccuracyM)-math.Min(b.AccM, maxAccuracyM)))
}
