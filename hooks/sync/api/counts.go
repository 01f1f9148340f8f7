package api

import (
	"errors"
	"net/http"
	"sync/atomic"

	"satchel/hooks/platform/gate"
	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

// Outcomes of a request.
const (
	wasIdle       = "idle"       // a pull with nothing new
	wasAnswered   = "answered"   // a pull with rows, a push with verdicts
	wasLimited    = "limited"    // 429
	wasOverloaded = "overloaded" // 503
	wasRefused    = "refused"    // another fault of the request
	wasFailed     = "failed"     // a fault of the server
	otherLabel    = "other"
)

// tally counts by labels of a fixed list; any other label counts as "other".
type tally map[string]*atomic.Int64

func newTally(labels ...string) tally {
	t := tally{otherLabel: new(atomic.Int64)}
	for _, l := range labels {
		t[l] = new(atomic.Int64)
	}
	return t
}

func (t tally) add(label string) {
	n, ok := t[label]
	if !ok {
		n = t[otherLabel]
	}
	n.Add(1)
}

func (t tally) read() map[string]int64 {
	out := make(map[string]int64, len(t))
	for label, n := range t {
		out[label] = n.Load()
	}
	return out
}

// counts are the area's counters since the process began.
type counts struct {
	pulls, pushes, verdicts, limited, heals tally
	conflicts                               atomic.Int64
}

func newCounts() counts {
	return counts{
		pulls:  newTally(wasIdle, wasAnswered, wasLimited, wasOverloaded, wasRefused, wasFailed),
		pushes: newTally(wasAnswered, wasLimited, wasOverloaded, wasRefused, wasFailed),
		verdicts: newTally(syncer.StatusApplied, syncer.StatusMerged, syncer.StatusDuplicate,
			syncer.StatusRejected, syncer.StatusHeld, syncer.StatusQuarantined),
		limited: newTally(limitPull, limitPush, limitHello, limitToken, limitPoke, limitUpload),
		heals:   newTally(syncer.HealRepair, syncer.HealReset, syncer.HealStopped),
	}
}

// Counts reads the counters, without the database.
func (s *Service) Counts() gate.SyncCounts {
	out := gate.SyncCounts{
		Pulls: s.counts.pulls.read(), Pushes: s.counts.pushes.read(), Verdicts: s.counts.verdicts.read(),
		Limited: s.counts.limited.read(), Heals: s.counts.heals.read(), Conflicts: s.counts.conflicts.Load(),
		PokeClients: s.hub.Listeners(), SpoolBytes: s.spools.size(), Head: s.engine.Head(),
	}
	if since := s.unfolded.Load(); since != 0 {
		out.SecondsUnfolded = max(0, float64(s.cfg.Now().UnixMilli()-since)/1000)
	}
	return out
}

// answered counts the verdicts of a push.
func (c *counts) answered(results []syncer.Result) {
	c.pushes.add(wasAnswered)
	for _, r := range results {
		c.verdicts.add(r.Status)
		c.conflicts.Add(int64(len(r.Conflicts)))
	}
}

// counting counts the requests that a handler does not answer with a success.
func counting(t tally, handle func(e *core.RequestEvent) error) func(e *core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		err := handle(e)
		if err != nil {
			t.add(outcomeOf(err))
		}
		return err
	}
}

func outcomeOf(err error) string {
	api, ok := errors.AsType[*router.ApiError](err)
	switch {
	case ok && api.Status == http.StatusTooManyRequests:
		return wasLimited
	case ok && api.Status == http.StatusServiceUnavailable:
		return wasOverloaded
	case ok && api.Status < http.StatusInternalServerError:
		return wasRefused
	}
	return wasFailed
}
