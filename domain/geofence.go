package domain

import "math"

// Results of a check-in's place.
const (
	FenceInside  = "inside"
	FenceEdge    = "edge" // outside by less than the accuracy of the fix
	FenceOutside = "outside"
	FenceUnknown = "unknown" // the account or the check-in has no position
)

// DefaultGeofenceM is the radius of an account that names none, in metres.
const DefaultGeofenceM = 300

const (
	earthRadiusM = 6371008.8
	maxAccuracyM = 100
)

// Position is a WGS-84 point with the accuracy of its fix in metres.
type Position struct {
	Lat  float64 `json:"lat"`
	Lng  float64 `json:"lng"`
	AccM float64 `json:"acc_m"`
}

// Known tells a position from the absence of one, which reads 0, 0.
func (p Position) Known() bool { return p.Lat != 0 || p.Lng != 0 }

// Valid tells whether the numbers can be a place on earth.
func (p Position) Valid() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lng) <= 180 && p.AccM >= 0 && !math.IsNaN(p.Lat+p.Lng+p.AccM)
}

// DistanceM is the great-circle distance in metres.
func DistanceM(a, b Position) float64 {
	const rad = math.Pi / 180
	dLat, dLng := (b.Lat-a.Lat)*rad/2, (b.Lng-a.Lng)*rad/2
	h := math.Sin(dLat)*math.Sin(dLat) + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Sin(dLng)*math.Sin(dLng)
	return 2 * earthRadiusM * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Fence judges a check-in against an account's place: the distance in whole
// metres and whether it lies inside the radius, at its edge, or outside.
func Fence(account, at Position, radiusM int) (distanceM int, result string) {
	if !account.Known() || !at.Known() {
		return 0, FenceUnknown
	}
	if radiusM <= 0 {
		radiusM = DefaultGeofenceM
	}
	d := DistanceM(account, at)
	switch {
	case d <= float64(radiusM):
		result = FenceInside
	case d <= float64(radiusM)+math.Min(at.AccM, maxAccuracyM):
		result = FenceEdge
	default:
		result = FenceOutside
	}
	return int(math.Round(d)), result
}
