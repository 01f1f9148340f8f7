package accounts_test

import (
	"testing"

	"satchel/domain"
	"satchel/domain/field"
	"satchel/internal/testapp"
)

// TestPlacesOfAccountsAreInOneDatum, whatever map they were read from.
func TestPlacesOfAccountsAreInOneDatum(t *testing.T) {
	d := testapp.Open(t)
	account := d.AccountOf("rep.chen")
	at := domain.Position{Lat: 31.2304, Lng: 121.4737}
	raw := field.FromWGS84(field.CRSGCJ02, at)
	account.Set("src_crs", field.CRSGCJ02)
	account.Set("src_lat", raw.Lat)
	account.Set("src_lng", raw.Lng)
	if err := d.Save(account); err != nil {
		t.Fatal(err)
	}
	got := d.AccountOf("rep.chen")
	if d := domain.DistanceM(at, domain.Position{Lat: got.GetFloat("lat"), Lng: got.GetFloat("lng")}); d > 0.1 || got.GetFloat("src_lat") != raw.Lat {
		t.Errorf("%.2f m off, kept %v", d, got.GetFloat("src_lat"))
	}
	got.Set("lat", 31.25)
	if err := d.Save(got); err != nil {
		t.Fatal(err)
	}
	if got := d.AccountOf("rep.chen"); got.GetString("src_crs") != field.CRSWGS84 || got.GetFloat("src_lat") != 31.25 || got.GetFloat("lat") != 31.25 {
		t.Errorf("%v", got.PublicExport())
	}
}

// TestHalfAPlaceIsNone: an account has a place on earth, or none.
func TestHalfAPlaceIsNone(t *testing.T) {
	d := testapp.Open(t)
	for _, c := range []struct {
		lat, lng float64
		ok       bool
	}{{31.2, 0, false}, {0, 121.4, false}, {900, 121.4, false}, {0.00001, 0.00001, false}, {0, 0, true}, {31.2, 121.4, true}} {
		for _, names := range [][2]string{{"lat", "lng"}, {"src_lat", "src_lng"}} {
			account := d.AccountOf("rep.chen")
			account.Set(names[0], c.lat)
			account.Set(names[1], c.lng)
			if err := d.Save(account); (err == nil) != c.ok {
				t.Errorf("%s %v, %v: %v", names[0], c.lat, c.lng, err)
			}
		}
	}
}
