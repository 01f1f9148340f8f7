package field

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"satchel/domain"
)

var checkInAt = time.Date(2026, 3, 16, 1, 0, 0, 0, time.UTC)

func jitter(p domain.Position) []domain.Position {
	q, r := p, p
	q.Lat += 0.00001
	r.Lng -= 0.00001
	return []domain.Position{p, q, r}
}

// TestCheckInRisk: each reason alone, with its points and its numbers.
func TestCheckInRisk(t *testing.T) {
	shop := domain.Position{Lat: 31.2304, Lng: 121.4737, AccM: 12}
	far := domain.Position{Lat: 31.2304 + 30_000.0/111_195, Lng: 121.4737, AccM: 12}
	fine := func() CheckInFacts {
		return CheckInFacts{Place: shop, Fixes: jitter(shop), Result: domain.FenceInside, RadiusM: 300, At: checkInAt, Received: checkInAt}
	}
	for name, c := range map[string]struct {
		change func(*CheckInFacts)
		want   string // code points params
	}{
		"in order":            {func(*CheckInFacts) {}, ""},
		"mock":                {func(f *CheckInFacts) { f.Signals.Mock = true }, "mock 60"},
		"no accuracy":         {func(f *CheckInFacts) { f.Place.AccM = 0 }, "accuracy 40 accuracy=0 fixes=3"},
		"the same fix thrice": {func(f *CheckInFacts) { f.Fixes = []domain.Position{shop, shop, shop} }, "accuracy 40 accuracy=12 fixes=3"},
		"two equal fixes":     {func(f *CheckInFacts) { f.Fixes = []domain.Position{shop, shop} }, ""},
		"outside":             {func(f *CheckInFacts) { f.Result, f.DistanceM = domain.FenceOutside, 1200 }, "outside 40 metres=1200 radius=300"},
		"4 km outside":        {func(f *CheckInFacts) { f.Result, f.DistanceM = domain.FenceOutside, 4300 }, "outside 60 metres=4300 radius=300"},
		"300 km outside":      {func(f *CheckInFacts) { f.Result, f.DistanceM = domain.FenceOutside, 300_300 }, "outside 1000 metres=300300 radius=300"},
		"a cell tower":        {func(f *CheckInFacts) { f.Result, f.Place.AccM, f.Fixes = domain.FenceUnknown, 5000, nil }, "place_coarse 30 accuracy=5000 limit=500"},
		"an account nowhere":  {func(f *CheckInFacts) { f.Result = domain.FenceUnknown }, "account_unplaced 15"},
		"edge":                {func(f *CheckInFacts) { f.Result, f.DistanceM = domain.FenceEdge, 310 }, "edge 10 metres=310 radius=300"},
		"30 km in 10 minutes": {func(f *CheckInFacts) { f.Last = &Sighting{far, checkInAt.Add(-10 * time.Minute)} }, "speed 40 km=29 kmh=179 limit=150"},
		"by train": {func(f *CheckInFacts) {
			f.Last = &Sighting{far, checkInAt.Add(-10 * time.Minute)}
			f.Signals.Travel = "train"
		}, "speed 10 km=29 kmh=179 limit=150"},
		"faster than a train": {func(f *CheckInFacts) {
			f.Last = &Sighting{far, checkInAt.Add(-4 * time.Minute)}
			f.Signals.Travel = "train"
		}, "speed 40 km=29 kmh=449 limit=150"},
		"by a rocket": {func(f *CheckInFacts) {
			f.Last = &Sighting{far, checkInAt.Add(-10 * time.Minute)}
			f.Signals.Travel = "rocket"
		}, "speed 40 km=29 kmh=179 limit=150"},
		"30 km to where he is next": {func(f *CheckInFacts) { f.Next = &Sighting{far, checkInAt.Add(10 * time.Minute)} }, "speed 40 km=29 kmh=179 limit=150"},
		"30 km in 15 minutes":       {func(f *CheckInFacts) { f.Last = &Sighting{far, checkInAt.Add(-15 * time.Minute)} }, ""},
		"at once, but close by":     {func(f *CheckInFacts) { p := shop; p.Lat += 0.01; f.Last = &Sighting{p, checkInAt} }, ""},
		"clock":                     {func(f *CheckInFacts) { f.Clock.Grade = domain.ClockUnknown }, "clock_unknown 15"},
		"six minutes off":           {func(f *CheckInFacts) { f.Clock.Shift = -6 * time.Minute }, "clock_shift 25 limit=5 minutes=6"},
		"five minutes off":          {func(f *CheckInFacts) { f.Clock.Shift = 5*time.Minute + 59*time.Second }, ""},
		"shared":                    {func(f *CheckInFacts) { f.Sharers = 2 }, "device_shared 30 others=2"},
		"emulator":                  {func(f *CheckInFacts) { f.Signals.Emulator, f.Signals.Rooted = true, true }, "root 25"},
		"nowhere":                   {func(f *CheckInFacts) { f.Place, f.Fixes, f.Result = domain.Position{}, nil, domain.FenceUnknown }, "place_unknown 30"},
	} {
		f := fine()
		c.change(&f)
		if got := told(CheckInRisk(f, RiskRules{})); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	f := fine()
	f.Signals.Mock = true
	if got := CheckInRisk(f, RiskRules{"mock": 0}); len(got) != 0 {
		t.Errorf("a reason without points: %v", got)
	}
	if got := domain.RiskScore(CheckInRisk(f, RiskRules{"mock": 7})); got != 7 {
		t.Errorf("the setting says 7, not %d", got)
	}
}

// told writes reasons in one line, members in order.
func told(reasons []domain.RiskReason) string {
	var out []string
	for _, r := range reasons {
		line := r.Code + " " + text(r.Points)
		for _, k := range slices.Sorted(maps.Keys(r.Params)) {
			line += " " + k + "=" + text(r.Params[k])
		}
		out = append(out, line)
	}
	return strings.Join(out, "; ")
}

func text(v any) string {
	return fmt.Sprint(v)
}

func TestLaterRisk(t *testing.T) {
	if got := told(CheckOutRisk(299, RiskRules{})); got != "dwell 20 least=5 minutes=4" {
		t.Error(got)
	}
	if CheckOutRisk(300, RiskRules{}) != nil {
		t.Error("five minutes are enough")
	}
	for metres, want := range map[int]string{999: "", 1000: "moved 25 limit=1000 metres=1000", 300_000: "moved 1000 limit=1000 metres=300000"} {
		if got := told(MovedRisk(metres, RiskRules{})); got != want {
			t.Errorf("%d m: %s", metres, got)
		}
	}
	if got := told(ReportRisk(checkInAt, checkInAt.Add(49*time.Hour), RiskRules{})); got != "submitted_late 10 hours=49 limit=48" {
		t.Error(got)
	}
	if ReportRisk(checkInAt, checkInAt.Add(48*time.Hour), RiskRules{}) != nil {
		t.Error("48 hours are in time")
	}
}

// TestReplace: a step's reasons follow its newest facts, and leave the others.
func TestReplace(t *testing.T) {
	all := []domain.RiskReason{{Code: "mock", Points: 60}, {Code: "dwell", Points: 20}, {Code: "photo_same", Points: 60}}
	if got := told(Replace(all, AtCheckOut, nil)); got != "mock 60; photo_same 60" {
		t.Error(got)
	}
	if got := told(Replace(all, nil, []domain.RiskReason{{Code: "photo_exif", Points: 20}})); got != "mock 60; dwell 20; photo_exif 20" {
		t.Error(got)
	}
	if got := Replace(nil, AtCheckIn, nil); got == nil || len(got) != 0 {
		t.Error("an empty list is a list")
	}
}

// TestClockRisk: proof costs nothing, less than proof costs points, and the worse
// end of a visit is what counts.
func TestClockRisk(t *testing.T) {
	for grade, want := range map[string]int{"": 0, domain.ClockServer: 0, domain.ClockExact: 0, domain.ClockBracketed: 10, domain.ClockFresh: 15, domain.ClockUnknown: 15} {
		if got := domain.RiskScore(ClockRisk(grade, RiskRules{})); got != want {
			t.Errorf("%q costs %d points", grade, got)
		}
		for _, other := range []string{"", domain.ClockServer, domain.ClockExact, domain.ClockBracketed, domain.ClockFresh, domain.ClockUnknown} {
			worst := domain.WorstClock(grade, other)
			if worst != domain.WorstClock(other, grade) || worst != grade && worst != other || domain.WorstClock(worst, worst) != worst {
				t.Errorf("of %q and %q the worse is %q", grade, other, worst)
			}
		}
	}
	if domain.WorstClock(domain.ClockUnknown, domain.ClockExact) != domain.ClockUnknown || domain.WorstClock("", domain.ClockExact) != domain.ClockExact {
		t.Error("the worse end counts")
	}
}
