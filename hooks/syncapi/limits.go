package syncapi

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"satchel/hooks/gate"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/time/rate"
)

// Settings of how often one device may ask, for each kind of request; 0 a
// second for no limit.
const (
	rateKey      = "sync.rate_per_second"
	burstKey     = "sync.rate_burst"
	defaultRate  = 5
	defaultBurst = 60
	// uploadFactor is how many parts of a photo go for one other request.
	uploadFactor = 4
)

// Kinds of requests, each with a bucket of its own.
const (
	limitPull   = "pull"
	limitPush   = "push"
	limitHello  = "hello" // by user, who has no device yet
	limitToken  = "token"
	limitPoke   = "poke"
	limitUpload = "upload"
)

// bucketsMost bounds the memory: of more, those that are full again are forgotten.
const bucketsMost = 20_000

// limits keeps a token bucket for each device and kind of request. Devices
// behind one address do not disturb each other.
type limits struct {
	mu      sync.Mutex
	buckets map[string]*rate.Limiter // by kind and device
	pace    *pace                    // nil until it is read
	changes int                      // times that the settings were forgotten
	most    int
}

type pace struct {
	rate  float64
	burst int
}

func bindLimits(app core.App, l *limits) {
	changed := func(e *core.RecordEvent) error {
		l.forget()
		return e.Next()
	}
	app.OnRecordAfterCreateSuccess("settings").Bind(gate.Named("syncPaceCreate", changed))
	app.OnRecordAfterUpdateSuccess("settings").Bind(gate.Named("syncPaceUpdate", changed))
	app.OnRecordAfterDeleteSuccess("settings").Bind(gate.Named("syncPaceDelete", changed))
}

// forget makes the next request read the settings and begin with full buckets.
func (l *limits) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buckets, l.pace = nil, nil
	l.changes++
}

// read returns the settings, from memory after the first time.
func (l *limits) read(app core.App) (pace, error) {
	l.mu.Lock()
	known, changes := l.pace, l.changes
	l.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	perSecond, err := gate.Setting(app, rateKey, defaultRate)
	if err != nil {
		return pace{}, fmt.Errorf("failed to read %s: %w", rateKey, err)
	}
	burst, err := gate.Setting(app, burstKey, defaultBurst)
	if err != nil {
		return pace{}, fmt.Errorf("failed to read %s: %w", burstKey, err)
	}
	p := pace{rate: float64(max(0, perSecond)), burst: max(1, burst)}
	l.mu.Lock()
	defer l.mu.Unlock()
	if changes == l.changes {
		l.pace = &p
	}
	return p, nil
}

// take spends one request; how long to wait if there is none to spend.
func (l *limits) take(kind, device string, p pace, now time.Time) time.Duration {
	if p.rate == 0 {
		return 0
	}
	if kind == limitUpload {
		p.rate, p.burst = p.rate*uploadFactor, p.burst*uploadFactor
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	key := kind + " " + device
	bucket := l.buckets[key]
	if bucket == nil {
		l.makeRoom(now)
		bucket = rate.NewLimiter(rate.Limit(p.rate), p.burst)
		l.buckets[key] = bucket
	}
	r := bucket.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// makeRoom forgets full buckets, which are as good as new ones, and if all are
// in use any one. The caller holds mu.
func (l *limits) makeRoom(now time.Time) {
	if l.buckets == nil {
		l.buckets = map[string]*rate.Limiter{}
	}
	if len(l.buckets) < l.most {
		return
	}
	for key, b := range l.buckets {
		if b.TokensAt(now) >= float64(b.Burst()) {
			delete(l.buckets, key)
		}
	}
	for key := range l.buckets {
		if len(l.buckets) < l.most {
			return
		}
		delete(l.buckets, key)
	}
}

// spend refuses the request with 429 rate_limited if its device asks too often.
// It comes after the check of who asks: nobody spends what is another's.
func (s *Service) spend(e *core.RequestEvent, kind, device string) error {
	if !s.cfg.Limited {
		return nil
	}
	p, err := s.limits.read(e.App)
	if err != nil {
		return err
	}
	wait := s.limits.take(kind, device, p, s.cfg.Now())
	if wait == 0 {
		return nil
	}
	s.counts.limited.add(kind)
	e.Response.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	return answer(http.StatusTooManyRequests, "rate_limited", nil)
}

// Uploading is Device for a part of a photo.
func (s *Service) Uploading(e *core.RequestEvent, id string) (*core.Record, error) {
	device, err := s.cfg.Sessions.Device(e, id)
	if err == nil {
		err = s.spend(e, limitUpload, device.Id)
	}
	return device, err
}
