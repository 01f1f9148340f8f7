package field

import (
	"math"
	"testing"

	"satchel/domain"
)

// TestKnownPoints: the same places as maps of each datum show them.
func TestKnownPoints(t *testing.T) {
	for _, c := range []struct {
		name, crs string
		raw, want domain.Position
		metres    float64
	}{
		{"no datum is WGS-84", "", domain.Position{Lat: 39.90733, Lng: 116.39145}, domain.Position{Lat: 39.90733, Lng: 116.39145}, 0},
		{"Tiananmen in GCJ-02", CRSGCJ02, domain.Position{Lat: 39.908734, Lng: 116.397687}, domain.Position{Lat: 39.907332, Lng: 116.391444}, 2},
		{"Tiananmen in BD-09", CRSBD09, domain.Position{Lat: 39.915069, Lng: 116.404040}, domain.Position{Lat: 39.907332, Lng: 116.391444}, 3},
		{"Tokyo is left alone", CRSGCJ02, domain.Position{Lat: 35.681236, Lng: 139.767125}, domain.Position{Lat: 35.681236, Lng: 139.767125}, 0},
		{"the southern half is left alone", CRSBD09, domain.Position{Lat: -33.8688, Lng: 151.2093}, domain.Position{Lat: -33.8688, Lng: 151.2093}, 0},
	} {
		got, err := ToWGS84(c.crs, c.raw)
		if err != nil || domain.DistanceM(got, c.want) > c.metres {
			t.Errorf("%s: %.6f, %.6f is %.2f m off, %v", c.name, got.Lat, got.Lng, domain.DistanceM(got, c.want), err)
		}
	}
	if _, err := ToWGS84("cgcs", domain.Position{}); domain.CodeOf(err) != "visit.crs_unknown" {
		t.Error(err)
	}
	if p, _ := ToWGS84(CRSBD09, domain.Position{Lat: 31, Lng: 121, AccM: 17}); p.AccM != 17 {
		t.Errorf("the accuracy became %v", p.AccM)
	}
}

// TestDatumsReturn: there and back over all of China is off by less than a
// centimetre, and the way there is as long as it should be.
func TestDatumsReturn(t *testing.T) {
	for _, c := range []struct {
		crs            string
		nearest, worst float64 // metres that the datum moves a place
	}{{CRSGCJ02, 15, 750}, {CRSBD09, 600, 1600}} {
		var off, least, most float64 = 0, math.Inf(1), 0
		for lat := 18.0; lat <= 53; lat += 0.37 {
			for lng := 74.0; lng <= 134; lng += 0.61 {
				at := domain.Position{Lat: lat, Lng: lng}
				there := FromWGS84(c.crs, at)
				back, err := ToWGS84(c.crs, there)
				if err != nil {
					t.Fatal(err)
				}
				off = math.Max(off, domain.DistanceM(at, back))
				moved := domain.DistanceM(at, there)
				least, most = math.Min(least, moved), math.Max(most, moved)
			}
		}
		if off > 0.01 {
			t.Errorf("%s: %.4f m off after the return", c.crs, off)
		}
		if least < c.nearest || most > c.worst {
			t.Errorf("%s moves places by %.0f to %.0f m", c.crs, least, most)
		}
		t.Logf("%s: %.6f m off at most, moved by %.0f to %.0f m", c.crs, off, least, most)
	}
}

func TestMedianOfFixes(t *testing.T) {
	first := domain.Position{Lat: 31, Lng: 121, AccM: 9}
	fix := func(lat, acc float64) domain.Position { return domain.Position{Lat: lat, Lng: 121, AccM: acc} }
	for name, c := range map[string]struct {
		fixes []domain.Position
		want  domain.Position
	}{
		"none":                     {nil, first},
		"two are no three":         {[]domain.Position{fix(32, 1), fix(33, 1)}, first},
		"one that is none":         {[]domain.Position{fix(32, 1), fix(33, 1), {}}, first},
		"a stray one moves little": {[]domain.Position{fix(31.1, 20), fix(40, 5), fix(31.2, 30)}, fix(31.2, 20)},
		"four":                     {[]domain.Position{fix(1, 1), fix(2, 2), fix(4, 4), fix(90, 9)}, fix(3, 3)},
	} {
		if got := domain.Settle(first, c.fixes); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
