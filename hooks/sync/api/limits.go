package api

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/time/rate"
)

// uploadFactor is how many parts of a photo go for one other request.
const uploadFactor = 4

// Kinds of requests, each with a bucket of its own.
const (
	limitPull   = "pull"
	limitPush   = "push"
	limitHello  = "hello" // by user, who has no device yet
	limitToken  = "token"
	limitPoke   = "poke"
	limitUpload = "upload"
	limitNumber = "number"
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

// follow are the rules that make a change of the settings count at once.
func (l *limits) follow() (rules []kit.Rule) {
	for _, when := range []kit.Moment{kit.AfterCreate, kit.AfterUpdate, kit.AfterDelete} {
		rules = append(rules, kit.Rule{On: when, Collection: records.SettingTable, Name: "syncPace", Run: func(e *core.RecordEvent) error {
			l.forget()
			return e.Next()
		}})
	}
	return rules
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
	settings := gate.SettingsNow(app)
	perSecond, err := settings.SyncRatePerSecond()
	if err != nil {
		return pace{}, err
	}
	burst, err := settings.SyncRateBurst()
	if err != nil {
		return pace{}, err
	}
	p := pace{rate: float64(perSecond), burst: max(1, burst)} // no rate: no limit
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
		err = s.spend(e, limitUpload, id)
	}
	return device.Raw(), err
}

// Numbering is Device for a request for numbers.
func (s *Service) Numbering(e *core.RequestEvent, id string) (records.SyncDevice, error) {
	device, err := s.cfg.Sessions.Device(e, id)
	if err == nil {
		err = s.spend(e, limitNumber, id)
	}
	return device, err
}
