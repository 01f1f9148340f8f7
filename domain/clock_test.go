package domain

import (
	"math"
	"testing"
	"time"
)

var (
	heardAt    = time.Date(2026, 3, 16, 1, 0, 0, 0, time.UTC)
	clockRules = ClockRules{Bracket: 24 * time.Hour, Fresh: 2 * time.Hour}
	anchorAt   = heardAt.Add(-2 * time.Hour)
)

// evidence is that of a phone that heard the server two hours before the
// check-in, 1,000 s after it was switched on, and was not switched off since.
func evidence(change func(e *ClockEvidence)) ClockEvidence {
	e := ClockEvidence{
		BootID: "b1", ElapsedMs: 1_000_000 + (2 * time.Hour).Milliseconds(),
		Anchor: &ClockAnchor{At: anchorAt, Device: "d", Sig: "s", BootID: "b1", ElapsedMs: 1_000_000, DeviceAt: anchorAt},
	}
	if change != nil {
		change(&e)
	}
	return e
}

// TestReadClock: every grade at its edges, and what somebody who invents the
// phone's part gets for it.
func TestReadClock(t *testing.T) {
	genuine := func(after time.Duration) Arrival { return Arrival{At: heardAt.Add(after), Genuine: true} }
	bare := func(after time.Duration) Arrival { return Arrival{At: heardAt.Add(after)} }
	sent := func(a Arrival, off time.Duration) Arrival { a.Sent = a.At.Add(off); return a }
	rebooted := func(e *ClockEvidence) { e.BootID, e.ElapsedMs = "b2", 5000 }
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		device  time.Time
		e       ClockEvidence
		arrival Arrival
		want    ClockReading
	}{
		// exact
		"right":                      {heardAt, evidence(nil), genuine(time.Hour), ClockReading{At: heardAt, Grade: ClockExact}},
		"told after nine days":       {heardAt, evidence(nil), genuine(9 * day), ClockReading{At: heardAt, Grade: ClockExact}},
		"a year ahead":               {heardAt.Add(365 * day), evidence(nil), genuine(0), ClockReading{At: heardAt, Shift: 365 * day, Grade: ClockExact}},
		"heard as it happened":       {heardAt, evidence(func(e *ClockEvidence) { e.ElapsedMs = e.Anchor.ElapsedMs }), genuine(time.Hour), ClockReading{At: anchorAt, Shift: 2 * time.Hour, Grade: ClockExact}},
		"a minute after its arrival": {heardAt, evidence(nil), genuine(-time.Minute), ClockReading{At: heardAt, Grade: ClockExact}},

		// what is no exact time
		"later than its arrival": {heardAt, evidence(nil), genuine(-61 * time.Second), ClockReading{At: heardAt.Add(-61 * time.Second), Shift: 61 * time.Second, Grade: ClockFresh}},
		"nobody signed it":       {heardAt, evidence(nil), bare(3 * time.Hour), ClockReading{At: heardAt, Grade: ClockUnknown}},
		"nobody signed, at once": {heardAt, evidence(nil), bare(time.Hour), ClockReading{At: heardAt, Grade: ClockFresh}},
		"counter went back":      {heardAt, evidence(func(e *ClockEvidence) { e.ElapsedMs = 10 }), genuine(3 * time.Hour), ClockReading{At: heardAt, Grade: ClockUnknown}},
		"counted below nothing":  {heardAt, evidence(func(e *ClockEvidence) { e.Anchor.ElapsedMs = -9 * day.Milliseconds() }), genuine(3 * time.Hour), ClockReading{At: heardAt, Grade: ClockUnknown}},
		"a counter beyond bounds": {
			heardAt, evidence(func(e *ClockEvidence) { e.ElapsedMs = math.MaxInt64 }), genuine(3 * time.Hour), ClockReading{At: heardAt, Grade: ClockUnknown},
		},
		"a difference beyond bounds": {
			heardAt, evidence(func(e *ClockEvidence) { e.ElapsedMs, e.Anchor.ElapsedMs = math.MaxInt64, 0 }), genuine(3 * time.Hour), ClockReading{At: heardAt, Grade: ClockUnknown},
		},
		"no boot is no same boot": {
			heardAt, evidence(func(e *ClockEvidence) { e.BootID, e.Anchor.BootID = "", "" }), genuine(3 * time.Hour), ClockReading{At: heardAt, Grade: ClockUnknown},
		},
		"nine days ago by an anchor of today": {
			heardAt.Add(-9 * day), evidence(func(e *ClockEvidence) { e.ElapsedMs = e.Anchor.ElapsedMs - 9*day.Milliseconds() }), genuine(0),
			ClockReading{At: heardAt.Add(-9 * day), Grade: ClockUnknown},
		},

		// bracketed
		"restarted": {heardAt, evidence(rebooted), sent(genuine(3*time.Hour), 0), ClockReading{At: heardAt, Grade: ClockBracketed}},
		"restarted, an hour ahead at both ends": {
			heardAt.Add(time.Hour), evidence(func(e *ClockEvidence) { rebooted(e); e.Anchor.DeviceAt = anchorAt.Add(time.Hour) }), sent(genuine(3*time.Hour), time.Hour),
			ClockReading{At: heardAt, Shift: time.Hour, Grade: ClockBracketed},
		},
		"24 hours apart":                 {heardAt, evidence(rebooted), sent(genuine(22*time.Hour), 0), ClockReading{At: heardAt, Grade: ClockBracketed}},
		"and a second":                   {heardAt, evidence(rebooted), sent(genuine(22*time.Hour+time.Second), 0), ClockReading{At: heardAt, Grade: ClockUnknown}},
		"off by a minute at one end":     {heardAt, evidence(rebooted), sent(genuine(3*time.Hour), time.Minute), ClockReading{At: heardAt, Grade: ClockBracketed}},
		"off by more":                    {heardAt, evidence(rebooted), sent(genuine(3*time.Hour), 61*time.Second), ClockReading{At: heardAt.Add(-61 * time.Second), Shift: 61 * time.Second, Grade: ClockUnknown}},
		"off by more at the other end":   {heardAt, evidence(func(e *ClockEvidence) { rebooted(e); e.Anchor.DeviceAt = anchorAt.Add(-2 * time.Minute) }), sent(genuine(3*time.Hour), 0), ClockReading{At: heardAt, Grade: ClockUnknown}},
		"does not say what it is now":    {heardAt, evidence(rebooted), genuine(3 * time.Hour), ClockReading{At: heardAt, Grade: ClockUnknown}},
		"does not say what it was then":  {heardAt, evidence(func(e *ClockEvidence) { rebooted(e); e.Anchor.DeviceAt = time.Time{} }), sent(genuine(3*time.Hour), 0), ClockReading{At: heardAt, Grade: ClockUnknown}},
		"before the server was heard":    {anchorAt.Add(-2 * time.Minute), evidence(rebooted), sent(genuine(3*time.Hour), 0), ClockReading{At: anchorAt.Add(-2 * time.Minute), Grade: ClockUnknown}},
		"restarted, nobody signed":       {heardAt, evidence(rebooted), sent(bare(3*time.Hour), 0), ClockReading{At: heardAt, Grade: ClockUnknown}},
		"restarted, but here at once":    {heardAt, evidence(rebooted), genuine(time.Hour), ClockReading{At: heardAt, Grade: ClockFresh}},
		"an anchor after it was to come": {heardAt, evidence(func(e *ClockEvidence) { rebooted(e); e.Anchor.At = heardAt.Add(9 * day) }), sent(genuine(3*time.Hour), 0), ClockReading{At: heardAt, Grade: ClockUnknown}},

		// none
		"here within two hours":      {heardAt, ClockEvidence{}, bare(2 * time.Hour), ClockReading{At: heardAt, Grade: ClockFresh}},
		"and a second more":          {heardAt, ClockEvidence{}, bare(2*time.Hour + time.Second), ClockReading{At: heardAt, Grade: ClockUnknown}},
		"ahead":                      {heardAt.Add(time.Hour), ClockEvidence{}, bare(0), ClockReading{At: heardAt, Shift: time.Hour, Grade: ClockFresh}},
		"in 2099":                    {heardAt.AddDate(73, 0, 0), ClockEvidence{}, bare(0), ClockReading{At: heardAt, Shift: heardAt.AddDate(73, 0, 0).Sub(heardAt), Grade: ClockUnknown}},
		"in 1970":                    {time.Unix(600, 0), ClockEvidence{}, bare(0), ClockReading{At: heardAt, Shift: time.Unix(600, 0).Sub(heardAt), Grade: ClockUnknown}},
		"in 1970, an hour ago":       {time.Unix(600, 0), ClockEvidence{}, Arrival{At: heardAt.Add(time.Hour), Sent: time.Unix(4200, 0)}, ClockReading{At: heardAt, Shift: time.Unix(600, 0).Sub(heardAt), Grade: ClockFresh}},
		"nine days ago, by its word": {heardAt, ClockEvidence{}, sent(bare(9*day), 0), ClockReading{At: heardAt, Grade: ClockUnknown}},
	} {
		got := ReadClock(c.device, c.e, c.arrival, clockRules)
		if !got.At.Equal(c.want.At) || got.Shift != c.want.Shift || got.Grade != c.want.Grade {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestNothingInventedDatesFarBack: whatever a phone says, without the server's
// signature or with one of today, a time that counts is no older than the rules
// grant.
func TestNothingInventedDatesFarBack(t *testing.T) {
	now := heardAt
	days := []time.Duration{0, time.Hour, 3 * time.Hour, 30 * time.Hour, 9 * 24 * time.Hour, -time.Hour, -9 * 24 * time.Hour}
	boots := []string{"", "b1", "b2"}
	tried := 0
	for _, age := range days {
		for _, anchored := range days {
			for _, sentOff := range days {
				for _, thenOff := range days {
					for _, elapsed := range []int64{math.MinInt64, -9 * 86_400_000, 0, 86_400_000, 9 * 86_400_000, math.MaxInt64} {
						for _, boot := range boots {
							for _, genuine := range []bool{false, true} {
								e := ClockEvidence{BootID: boot, ElapsedMs: elapsed, Anchor: &ClockAnchor{
									At: now.Add(-anchored), BootID: "b1", ElapsedMs: 1000, DeviceAt: now.Add(-anchored - thenOff),
								}}
								got := ReadClock(now.Add(-age), e, Arrival{At: now, Sent: now.Add(-sentOff), Genuine: genuine}, clockRules)
								oldest := clockRules.Fresh
								if genuine {
									oldest = max(oldest, anchored+clockSlack)
								}
								if got.At.After(now.Add(clockSlack)) || !got.Unknown() && now.Sub(got.At) > oldest {
									t.Fatalf("%v old, anchored %v ago, sent off %v, then off %v, elapsed %d, boot %q, genuine %v: %+v", age, anchored, sentOff, thenOff, elapsed, boot, genuine, got)
								}
								tried++
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d inventions", tried)
}

// TestAgainst: a phone that handed in other work after an event, and not the
// event, proves nothing by its own counting.
func TestAgainst(t *testing.T) {
	exact := ClockReading{At: heardAt, Grade: ClockExact}
	for earlier, want := range map[time.Duration]string{-time.Hour: ClockExact, time.Minute: ClockExact, 61 * time.Second: ClockUnknown} {
		if got := exact.Against(heardAt.Add(earlier)); got.Grade != want || !got.At.Equal(heardAt) {
			t.Errorf("other work %s after it: %+v", earlier, got)
		}
	}
	if got := exact.Against(time.Time{}); got != exact {
		t.Errorf("no other work: %+v", got)
	}
	if got := (ClockReading{At: heardAt, Grade: ClockFresh}).Against(heardAt.Add(time.Hour)); got.Grade != ClockFresh {
		t.Errorf("of what the arrival bounds: %+v", got)
	}
}
