package evidence

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"satchel/domain"
)

// TestPhotoSignals: each fact gives its reason at its threshold and not before.
func TestPhotoSignals(t *testing.T) {
	from := time.Date(2026, 3, 16, 1, 0, 0, 0, time.UTC) // 09:00 in Shanghai
	to := from.Add(time.Hour)
	shop := domain.Position{Lat: 31.23, Lng: 121.47}
	same, near, mirror := PhotoMatch{Kind: MatchBytes}, PhotoMatch{Kind: MatchSimilar, Distance: 9}, PhotoMatch{Kind: MatchSimilar, Distance: 3, Mirrored: true}
	for name, c := range map[string]struct {
		facts PhotoFacts
		want  string
	}{
		"nothing":                 {PhotoFacts{}, ""},
		"same bytes":              {PhotoFacts{Earlier: []PhotoMatch{near, same, mirror}}, "photo_same 60 map[]"},
		"the nearest of several":  {PhotoFacts{Earlier: []PhotoMatch{near, mirror}}, "photo_similar 35 map[distance:3]"},
		"15 minutes early":        {PhotoFacts{TakenAt: "2026-03-16T08:45:00+08:00", VisitFrom: from}, ""},
		"16 minutes early":        {PhotoFacts{TakenAt: "2026-03-16T08:44:00+08:00", VisitFrom: from}, "photo_time 20 map[limit:15 minutes:16]"},
		"the company's own zone":  {PhotoFacts{TakenAt: "2026-03-16T08:44:00", VisitFrom: from}, "photo_time 20 map[limit:15 minutes:16]"},
		"UTC":                     {PhotoFacts{TakenAt: "2026-03-16T01:30:00Z", VisitFrom: from}, ""},
		"during a long visit":     {PhotoFacts{TakenAt: "2026-03-16T09:59:00+08:00", VisitFrom: from, VisitTo: to}, ""},
		"16 minutes late":         {PhotoFacts{TakenAt: "2026-03-16T10:16:00+08:00", VisitFrom: from, VisitTo: to}, "photo_time 20 map[limit:15 minutes:16]"},
		"late in an open visit":   {PhotoFacts{TakenAt: "2026-03-16T20:00:00+08:00", VisitFrom: from}, ""},
		"no check-in":             {PhotoFacts{TakenAt: "2026-03-16T08:00:00+08:00"}, ""},
		"centuries off":           {PhotoFacts{TakenAt: "1900-01-01T00:00:00", VisitFrom: from}, "photo_time 20 map[limit:15 minutes:66377340]"},
		"no time at all":          {PhotoFacts{TakenAt: "yesterday", VisitFrom: from}, ""},
		"at the shop":             {PhotoFacts{Place: domain.Position{Lat: 31.2385, Lng: 121.47}, Account: shop}, ""},
		"a mile off":              {PhotoFacts{Place: domain.Position{Lat: 31.2445, Lng: 121.47}, Account: shop}, "photo_place 30 map[limit:1000 metres:1612]"},
		"a shop without a place":  {PhotoFacts{Place: shop}, ""},
		"a photo without a place": {PhotoFacts{Account: shop}, ""},
		"usually with EXIF":       {PhotoFacts{DeviceOf: 10, DeviceExif: 9}, "photo_no_exif 15 map[percent:90 photos:10]"},
		"with EXIF now too":       {PhotoFacts{HasExif: true, DeviceOf: 10, DeviceExif: 10}, ""},
		"often without":           {PhotoFacts{DeviceOf: 50, DeviceExif: 44}, ""},
		"a new device":            {PhotoFacts{DeviceOf: 9, DeviceExif: 9}, ""},
		"gallery":                 {PhotoFacts{Source: FromGallery}, "photo_gallery 30 map[]"},
		"camera":                  {PhotoFacts{Source: FromCamera}, ""},
		"screenshot":              {PhotoFacts{Screenshot: true}, "photo_screenshot 40 map[]"},
	} {
		var got []string
		for _, r := range PhotoSignals(c.facts, nil) {
			got = append(got, fmt.Sprint(r.Code, " ", r.Points, " ", r.Params))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, "; "), c.want)
		}
	}
}

// TestPhotoRules: a number of the settings counts, and no points mean no reason.
func TestPhotoRules(t *testing.T) {
	facts := PhotoFacts{Earlier: []PhotoMatch{{Kind: MatchBytes}}, Source: FromGallery, Screenshot: true}
	got := PhotoSignals(facts, PhotoRules{"photo_same": 5, "photo_gallery": 0})
	if len(got) != 2 || got[0].Points != 5 || got[1].Code != "photo_screenshot" || domain.RiskScore(got) != 45 {
		t.Errorf("%+v", got)
	}
	if none := PhotoSignals(PhotoFacts{}, PhotoRules{"photo_exif_least": 0}); len(none) != 0 {
		t.Errorf("%+v", none)
	}
}
