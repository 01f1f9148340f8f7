package evidence

import (
	"math"
	"time"

	"satchel/domain"
)

// PhotoRules are the numbers by which a photo is judged: settings below "risk."
// by their last word. One that is missing has the value of PhotoDefaults.
type PhotoRules map[string]int

// PhotoDefaults are points, unless the comment says otherwise.
var PhotoDefaults = PhotoRules{
	"photo_same": 60, "photo_similar": 35, "photo_time": 20, "photo_place": 30, "photo_no_exif": 15,
	"photo_gallery": 30, "photo_screenshot": 40,

	"photo_time_min": 15, // minutes by which a photo may lie outside of its visit
	"photo_place_m":  1000,
	// A device usually writes EXIF if of at least so many photos so many per cent had it.
	"photo_exif_least": 10, "photo_exif_percent": 90,
}

// Of returns a number of the rules.
func (r PhotoRules) Of(key string) int {
	if n, ok := r[key]; ok {
		return n
	}
	return PhotoDefaults[key]
}

// Kinds of matches between two photos.
const (
	MatchBytes   = "bytes"   // the same file
	MatchSimilar = "similar" // another file of what looks like the same picture
)

// Sources of a photo, as the phone says.
const (
	FromCamera  = "camera"
	FromGallery = "gallery"
)

// PhotoMatch is an earlier use of a photo, at another visit or for another paper.
type PhotoMatch struct {
	Kind     string
	Distance int // bits of 64 in which the looks differ
	Mirrored bool
}

// PhotoFacts are what a photo is judged by. Zero values are unknown and give
// no reason.
type PhotoFacts struct {
	Earlier []PhotoMatch

	TakenAt   string // local time of the camera, with its offset if it noted one
	VisitFrom time.Time
	VisitTo   time.Time // zero while it lasts

	Place, Account domain.Position // WGS-84

	HasExif    bool
	DeviceOf   int // photos of the same device and source that came before
	DeviceExif int // those of them with EXIF

	Source     string
	Screenshot bool
}

// PhotoSignals lists the reasons to look at a photo. Params hold numbers only:
// whoever may see the photo reads them, and they must tell nothing of rows
// beside it.
func PhotoSignals(f PhotoFacts, r PhotoRules) []domain.RiskReason {
	out := []domain.RiskReason{}
	add := func(code string, params map[string]any) {
		if points := r.Of(code); points > 0 {
			out = append(out, domain.RiskReason{Code: code, Points: points, Params: params})
		}
	}
	if m, used := closest(f.Earlier); used {
		if m.Kind == MatchBytes {
			add("photo_same", nil)
		} else {
			add("photo_similar", map[string]any{"distance": m.Distance})
		}
	}
	if minutes := f.minutesOff(); minutes > r.Of("photo_time_min") {
		add("photo_time", map[string]any{"minutes": minutes, "limit": r.Of("photo_time_min")})
	}
	if f.Place.Known() && f.Account.Known() {
		if metres := int(math.Round(domain.DistanceM(f.Place, f.Account))); metres > r.Of("photo_place_m") {
			add("photo_place", map[string]any{"metres": metres, "limit": r.Of("photo_place_m")})
		}
	}
	if f.lacksExif(r) {
		add("photo_no_exif", map[string]any{"percent": f.DeviceExif * 100 / f.DeviceOf, "photos": f.DeviceOf})
	}
	if f.Source == FromGallery {
		add("photo_gallery", nil)
	}
	if f.Screenshot {
		add("photo_screenshot", nil)
	}
	return out
}

// closest takes the same bytes before any look.
func closest(matches []PhotoMatch) (best PhotoMatch, found bool) {
	for _, m := range matches {
		better := m.Kind == MatchBytes && best.Kind != MatchBytes || m.Kind == best.Kind && m.Distance < best.Distance
		if !found || better {
			best, found = m, true
		}
	}
	return best, found
}

// minutesOff is how long before the visit or after it the camera took the photo.
func (f PhotoFacts) minutesOff() int {
	at, ok := TakenTime(f.TakenAt)
	if !ok || f.VisitFrom.IsZero() {
		return 0
	}
	switch {
	case at.Before(f.VisitFrom):
		return minutes(f.VisitFrom.Sub(at))
	case !f.VisitTo.IsZero() && at.After(f.VisitTo):
		return minutes(at.Sub(f.VisitTo))
	}
	return 0
}

// minutes of a duration that may be centuries.
func minutes(d time.Duration) int { return int(d / time.Minute) }

// TakenTime reads what a camera noted. Without an offset it is the company's
// own time.
func TakenTime(text string) (time.Time, bool) {
	if at, err := time.Parse("2006-01-02T15:04:05Z07:00", text); err == nil {
		return at, true
	}
	at, err := time.ParseInLocation("2006-01-02T15:04:05", text, domain.BusinessZone)
	return at, err == nil
}

// lacksExif tells a photo without EXIF of a device that usually writes it.
func (f PhotoFacts) lacksExif(r PhotoRules) bool {
	return !f.HasExif && f.DeviceOf > 0 && f.DeviceOf >= r.Of("photo_exif_least") &&
		f.DeviceExif*100 >= f.DeviceOf*r.Of("photo_exif_percent")
}
