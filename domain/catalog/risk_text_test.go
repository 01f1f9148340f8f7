package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/domain/field"
)

// TestEveryPhotoReasonHasTexts: both, with the params that the reason has.
func TestEveryPhotoReasonHasTexts(t *testing.T) {
	all := evidence.PhotoFacts{
		Earlier: []evidence.PhotoMatch{{Kind: evidence.MatchSimilar, Distance: 4}}, TakenAt: "2026-03-16T00:00:00Z", VisitFrom: time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC),
		Place: domain.Position{Lat: 30, Lng: 120}, Account: domain.Position{Lat: 31, Lng: 121}, DeviceOf: 20, DeviceExif: 20, Source: evidence.FromGallery, Screenshot: true,
	}
	reasons := append(evidence.PhotoSignals(all, nil), domain.RiskReason{Code: "photo_same"})
	if len(reasons) != len(photoRiskTexts) {
		t.Errorf("%d reasons, %d texts", len(reasons), len(photoRiskTexts))
	}
	for _, r := range reasons {
		for _, locale := range []string{"zh", "en"} {
			if text := r.Text(locale); text == r.Code || strings.Contains(text, "{") {
				t.Errorf("%s in %s: %s", r.Code, locale, text)
			}
		}
	}
}

// TestRiskSpeaksBothLanguages: every code of a visit, with every number it carries.
func TestRiskSpeaksBothLanguages(t *testing.T) {
	param, chinese := regexp.MustCompile(`\{[a-z]+\}`), regexp.MustCompile(`\p{Han}`)
	for code, texts := range domain.RiskTexts {
		zh, en := param.FindAllString(texts.ZH, -1), param.FindAllString(texts.EN, -1)
		slices.Sort(zh)
		slices.Sort(en)
		if texts.EN == "" || !chinese.MatchString(texts.ZH) || !slices.Equal(zh, en) {
			t.Errorf("%s: %+v", code, texts)
		}
	}
	for _, code := range slices.Concat(field.AtCheckIn, field.AtCheckOut, field.AtReport) {
		if _, ok := domain.RiskTexts[code]; !ok {
			t.Errorf("%s has no text", code)
		}
		if field.RiskDefaults[code] == 0 {
			t.Errorf("%s has no points", code)
		}
	}
	checkInAt := time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)
	shop := domain.Position{Lat: 31, Lng: 121}
	all := field.CheckInRisk(field.CheckInFacts{
		Place: shop, Result: domain.FenceOutside, DistanceM: 9, RadiusM: 3, At: checkInAt, Last: &field.Sighting{domain.Position{Lat: 40, Lng: 100, AccM: 1}, checkInAt},
		Clock: domain.ClockReading{Grade: domain.ClockUnknown, Shift: time.Hour}, Signals: field.DeviceSignals{Mock: true, Rooted: true}, Sharers: 1,
	}, field.RiskRules{})
	all = append(append(all, field.CheckOutRisk(0, field.RiskRules{})...), field.ReportRisk(time.Time{}, checkInAt, field.RiskRules{})...)
	for _, r := range all {
		for _, locale := range []string{"zh", "en"} {
			if text := r.Text(locale); strings.ContainsAny(text, "{}") || text == r.Code {
				t.Errorf("%s: %s", r.Code, text)
			}
		}
	}
	if len(all) != 10 {
		t.Errorf("%d reasons, %s", len(all), fmt.Sprint(all))
	}
}
