// Package realtime bounds the connections of PocketBase's own realtime, which
// dashboards and SDKs open before they say who they are: one without a login ends
// after a few seconds, and an address has only so many of them. A bound over all
// addresses would let one stranger shut everybody out.
package realtime

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
)

// Config holds what the area takes from outside.
type Config struct {
	Now func() time.Time

	// After calls fn once, in a goroutine of its own, when d is over, unless it is
	// stopped; by default by the system's clock.
	After func(d time.Duration, fn func()) (stop func())

	// Still refuses a request whose session has ended meanwhile.
	Still func(e *core.RequestEvent) error
}

// Codes with which a connection ends.
const (
	codeGuest   = "realtime.guest"
	codeGaveWay = "realtime.gave_way"
	codeOver    = "login_required"
)

// Service is the area's state.
type Service struct {
	cfg    Config
	guests gate.Places // connections without a login, by address
	seats  gate.Places // connections with one, by user

	mu   sync.Mutex
	open map[string]*connection // by the id of PocketBase's client
}

// New makes the service, which watches once its area is bound.
func New(cfg Config) *Service {
	if cfg.After == nil {
		cfg.After = func(d time.Duration, fn func()) func() {
			timer := time.AfterFunc(d, fn)
			return func() { timer.Stop() }
		}
	}
	return &Service{cfg: cfg, open: map[string]*connection{}}
}

// Area bounds what subscribes.
func (s *Service) Area() kit.Area {
	return kit.Area{Name: "realtime", Bind: func(app core.App) {
		app.OnRealtimeConnectRequest().Bind(gate.Named("realtimeConnect", s.connect))
		app.OnRealtimeSubscribeRequest().Bind(gate.Named("realtimeSubscribe", s.subscribe))
	}}
}

// connect holds a connection until it ends, and tells it why if that was our doing.
func (s *Service) connect(e *core.RealtimeConnectRequestEvent) (err error) {
	settings := gate.SettingsNow(e.App)
	seconds, err := settings.RealtimeGuestSeconds()
	if err != nil {
		return err
	}
	most, err := settings.RealtimeGuestsPerAddress()
	if err != nil {
		return err
	}
	c := newConnection(e, s.cfg.Now())
	c.guest, _ = s.guests.Open(func() { c.end(codeGaveWay) }, gate.Share{Of: c.address, Most: most}) // all give way
	s.add(c)
	s.watch(c, time.Duration(seconds)*time.Second)
	defer func() {
		s.remove(c)
		if why := c.leave(); why != "" && err == nil {
			bye(e.Response, why)
		}
	}()
	return e.Next()
}

// Ways are what stays open after it was asked who comes: PocketBase checks a
// token when a client subscribes, and not again.
func (s *Service) Ways() []gate.Way { return []gate.Way{{Name: "realtime", End: s.end}} }

func (s *Service) end(who gate.Ended) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.open {
		if c.is(who) {
			c.end(codeOver)
		}
	}
}

// subscribe notes a login. Until then a client is a guest, whatever it subscribes to.
func (s *Service) subscribe(e *core.RealtimeSubscribeRequestEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	s.mu.Lock()
	c := s.open[e.Client.Id()]
	s.mu.Unlock()
	if c != nil && c.user() != nil {
		c.signedIn(c.user().Id, gate.SessionOf(e.RequestEvent))
		c.guest.Close()
		if err := s.seat(e.App, c); err != nil {
			return err
		}
		if s.cfg.Still(e.RequestEvent) != nil {
			c.end(codeOver)
		}
	}
	return nil
}

// seat counts a connection to its user: each subscription is tried at every write,
// in the time of whoever writes. Superusers are not held to it.
func (s *Service) seat(app core.App, c *connection) error {
	if c.user().IsSuperuser() {
		return nil
	}
	most, err := gate.SettingsNow(app).RealtimePerUser()
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seat == nil && !c.gone {
		c.seat, _ = s.seats.Open(func() { go c.end(codeGaveWay) }, gate.Share{Of: c.session.User, Most: most}) // all give way
	}
	return nil
}

// watch ends a connection that is found without a login each time that wait is
// over: also one that lost it, since its user has another password.
func (s *Service) watch(c *connection, wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return
	}
	c.unwatch = s.cfg.After(wait, func() {
		if c.user() == nil {
			c.end(codeGuest)
			return
		}
		s.watch(c, wait)
	})
}

func (s *Service) add(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[c.client.Id()] = c
}

func (s *Service) remove(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c.client.Id())
	c.guest.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gone = true // nobody seats it any more
	if c.seat != nil {
		c.seat.Close()
	}
}

// bye is the last event of a connection.
func bye(w http.ResponseWriter, code string) {
	out, said := http.NewResponseController(w), domain.Problem{Code: code}
	text, err := json.Marshal(map[string]string{"code": code, "zh": said.Text("zh"), "en": said.Text("en")})
	if err == nil {
		_, err = fmt.Fprintf(w, "event: bye\ndata: %s\n\n", text)
	}
	if err != nil || out.Flush() != nil {
		return // nobody reads
	}
	_ = out.SetWriteDeadline(time.Time{}) // another request may come on this line
}
