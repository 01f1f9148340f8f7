package field

import (
	"math"

	"satchel/domain"
)

// Datums in which a position may come. All that is kept and compared is
// WGS-84; what came is kept beside it.
const (
	CRSWGS84 = "wgs84"
	CRSGCJ02 = "gcj02" // Chinese maps
	CRSBD09  = "bd09"  // Baidu's, on top of GCJ-02
)

// The ellipsoid of GCJ-02 (Krasovsky 1940) and the angle of BD-09's ripple.
const (
	gcjAxisM        = 6378245.0
	gcjEccentricity = 0.00669342162296594323
	bdRipple        = math.Pi * 3000 / 180
	inverseRounds   = 3 // leaves less than a centimetre
)

// ToWGS84 returns a position of another datum as WGS-84; no datum is WGS-84.
// The accuracy stays as it is. Problem visit.crs_unknown.
func ToWGS84(crs string, p domain.Position) (domain.Position, error) {
	switch crs {
	case "", CRSWGS84:
		return p, nil
	case CRSGCJ02:
		p.Lat, p.Lng = inverse(gcjOf, p.Lat, p.Lng)
		return p, nil
	case CRSBD09:
		lat, lng := inverse(bdOf, p.Lat, p.Lng)
		p.Lat, p.Lng = inverse(gcjOf, lat, lng)
		return p, nil
	}
	return p, domain.Problem{Code: "visit.crs_unknown", Params: map[string]any{"crs": crs}}
}

// FromWGS84 returns a WGS-84 position in another datum, for maps that want it.
func FromWGS84(crs string, p domain.Position) domain.Position {
	switch crs {
	case CRSGCJ02:
		p.Lat, p.Lng = gcjOf(p.Lat, p.Lng)
	case CRSBD09:
		p.Lat, p.Lng = bdOf(gcjOf(p.Lat, p.Lng))
	}
	return p
}

// inverse finds the point that a distortion takes to lat, lng: the distortion
// changes so slowly that stepping back by it converges at once.
func inverse(distort func(lat, lng float64) (float64, float64), lat, lng float64) (float64, float64) {
	backLat, backLng := lat, lng
	for range inverseRounds {
		atLat, atLng := distort(backLat, backLng)
		backLat, backLng = backLat+lat-atLat, backLng+lng-atLng
	}
	return backLat, backLng
}

// outOfChina reports whether GCJ-02 leaves a place as it is.
func outOfChina(lat, lng float64) bool {
	return lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271
}

// gcjOf is the published approximation of GCJ-02.
func gcjOf(lat, lng float64) (float64, float64) {
	if outOfChina(lat, lng) {
		return lat, lng
	}
	x, y := lng-105, lat-35
	root := math.Sqrt(math.Abs(x))
	wave := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	dLat := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + wave +
		(20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi))*2/3 + (160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
	dLng := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + wave +
		(20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi))*2/3 + (150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	rad := lat * math.Pi / 180
	magic := 1 - gcjEccentricity*math.Sin(rad)*math.Sin(rad)
	dLat = dLat * 180 / (gcjAxisM * (1 - gcjEccentricity) / (magic * math.Sqrt(magic)) * math.Pi)
	dLng = dLng * 180 / (gcjAxisM / math.Sqrt(magic) * math.Cos(rad) * math.Pi)
	return lat + dLat, lng + dLng
}

// bdOf takes GCJ-02 to BD-09.
func bdOf(lat, lng float64) (float64, float64) {
	if outOfChina(lat, lng) {
		return lat, lng
	}
	z := math.Hypot(lng, lat) + 0.00002*math.Sin(lat*bdRipple)
	angle := math.Atan2(lat, lng) + 0.000003*math.Cos(lng*bdRipple)
	return z*math.Sin(angle) + 0.006, z*math.Cos(angle) + 0.0065
}
