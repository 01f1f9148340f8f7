package api

import (
	"sync"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

const (
	// knownLife bounds how long an admission outlives a change that no hook saw.
	knownLife = 10 * time.Second
	knownMost = 20_000
)

// known remembers who was admitted by which token, so that a pull with nothing
// new asks the database nothing. Any change of a user or a device forgets all.
type known struct {
	mu      sync.Mutex
	byToken map[string]admission
	changes int // times that all was forgotten
}

type admission struct {
	changes int // as of before it was read
	life    string
	user    *core.Record
	until   time.Time
	phones  map[string]records.SyncDevice
}

// forgets are the rules that forget what a write of a collection may have changed.
func (k *known) forgets(collection string) (rules []kit.Rule) {
	for _, when := range []kit.Moment{kit.AfterCreate, kit.AfterUpdate, kit.AfterDelete} {
		rules = append(rules, kit.Rule{On: when, Collection: collection, Name: "syncForgetAdmissions", Run: func(e *core.RecordEvent) error {
			k.forget()
			return e.Next()
		}})
	}
	return rules
}

func (k *known) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byToken = nil
	k.changes++
}

func (k *known) find(token, life string, now time.Time) (admission, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	a, ok := k.byToken[token]
	if !ok {
		a.changes = k.changes
	}
	return a, ok && a.life == life && now.Before(a.until)
}

func (k *known) admit(token string, a admission) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a.changes != k.changes { // a user or a device changed while this was read
		return
	}
	if k.byToken == nil || len(k.byToken) >= knownMost {
		k.byToken = map[string]admission{}
	}
	k.byToken[token] = a
}

// loadKnown stands in for PocketBase's own loading of the token and for the
// look at the token's device, on a route that is asked often.
func (s *Service) loadKnown(route *router.Route[*core.RequestEvent]) {
	route.Unbind(apis.DefaultLoadAuthTokenMiddlewareId, gate.SessionMiddleware)
	route.Bind(&hook.Handler[*core.RequestEvent]{
		Id: "syncLoadKnown", Priority: apis.DefaultLoadAuthTokenMiddlewarePriority,
		Func: func(e *core.RequestEvent) error {
			token := gate.BearerToken(e.Request)
			if token == "" {
				return e.Next()
			}
			now := s.cfg.Now()
			keys, err := s.Keys(e.App)
			if err != nil {
				return err
			}
			a, ok := s.known.find(token, keys.Life, now)
			if ok {
				e.Auth = a.user
				e.Set(admittedKey, a)
				return e.Next()
			}
			user, err := e.App.FindAuthRecordByToken(token, core.TokenTypeAuth)
			if err != nil {
				return e.Next() // as PocketBase does: nobody is signed in
			}
			e.Auth = user
			if err := s.cfg.Sessions.Open(e); err != nil {
				return err
			}
			a = admission{changes: a.changes, life: keys.Life, user: user, until: now.Add(knownLife)}
			e.Set(admittedKey, a)
			return e.Next()
		},
	})
}

const admittedKey = "syncAdmission"

// knownDevice is Device, from memory for whoever was admitted a moment ago.
func (s *Service) knownDevice(e *core.RequestEvent, id string) (records.SyncDevice, error) {
	a, _ := e.Get(admittedKey).(admission)
	if phone, ok := a.phones[id]; ok {
		return phone, nil
	}
	phone, err := s.cfg.Sessions.Device(e, id)
	if err != nil || a.user == nil {
		return phone, err
	}
	a.phones = map[string]records.SyncDevice{id: phone}
	s.known.admit(gate.BearerToken(e.Request), a)
	return phone, nil
}
