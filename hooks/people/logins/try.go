package logins

import (
	"crypto/sha256"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/syncer"
)

// Kinds of tries, counted apart.
const (
	guesses = "guess"
	mails   = "mail"
)

// login is who somebody says he is.
type login struct {
	collection string       // its id
	record     *core.Record // nil if there is no such login
	name       string       // what its tries are counted under
}

// loginOf names a login by its address if it exists, else by what was typed.
func loginOf(collection *core.Collection, record *core.Record, typed string) login {
	l := login{collection: collection.Id, record: record, name: typed}
	if record != nil && record.Email() != "" {
		l.name = record.Email()
	}
	l.name = strings.ToLower(strings.TrimSpace(l.name))
	return l
}

// keyOf names a count. It keeps no names: what strangers type may be a password.
func keyOf(parts ...string) [16]byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return [16]byte(sum[:16])
}

// counts are what a try is counted for: the login at its address, first; and, if
// it never came from there, the login at all such addresses together, and the
// address for all such logins together.
func (s *service) counts(app core.App, kind string, l login, address string) ([]count, error) {
	here, strange, all, back, err := triesOf(gate.SettingsNow(app), kind)
	if err != nil {
		return nil, err
	}
	paced := func(tries int, parts ...string) count {
		return count{keyOf(append([]string{kind}, parts...)...), pace{tries, back / time.Duration(tries)}}
	}
	out := []count{paced(here, "pair", l.collection, l.name, address)}
	known, err := s.known(app, l, address)
	if err != nil || known {
		return out, err
	}
	return append(out, paced(strange, "login", l.collection, l.name), paced(all, "address", address)), nil
}

// triesOf is how many tries of a kind there are of a login at an address, of one at
// all strange addresses and of one such address, and in what time all come back.
func triesOf(set gate.Settings, kind string) (here, strange, all int, back time.Duration, err error) {
	for into, read := range map[*int]func() (int, error){&here: set.LoginTries, &strange: set.LoginTriesStrange, &all: set.LoginTriesAddress} {
		if *into, err = read(); err != nil {
			return 0, 0, 0, 0, err
		}
	}
	if kind == mails {
		if here, err = set.LoginMails(); err != nil {
			return 0, 0, 0, 0, err
		}
		strange = here
	}
	minutes, err := set.LoginMinutes()
	return here, strange, all, time.Duration(minutes) * time.Minute, err
}

// try lets next have a try, or refuses with 429 login_limited. failed tells
// whether an answer of next uses the try up.
func (s *service) try(e *core.RequestEvent, kind string, l login, next func() error, failed func(error) bool) error {
	if s.cfg.Planted == syncer.PlantLoginUnlimited {
		return next()
	}
	address := gate.Network(e.RealIP())
	counts, err := s.counts(e.App, kind, l, address)
	if err != nil {
		return err
	}
	t, wait, first := s.book.take(s.cfg.Now(), counts)
	if wait > 0 {
		if first {
			s.tell(e, kind, l, len(counts) == 1)
		}
		seconds := int(math.Ceil(wait.Seconds()))
		e.Response.Header().Set("Retry-After", strconv.Itoa(seconds))
		return gate.Answer(http.StatusTooManyRequests, domain.Problem{Code: "login_limited", Params: map[string]any{"seconds": seconds}}, nil)
	}
	err = next()
	if !failed(err) {
		t.giveBack()
	}
	if err == nil && kind == guesses {
		s.book.clear(counts[0].key)
	}
	return err
}

// tell logs that a login is held, once until it has a try again. What was typed
// for a login that does not exist may be a secret and is not logged.
func (s *service) tell(e *core.RequestEvent, kind string, l login, known bool) {
	record := ""
	if l.record != nil {
		record = l.record.Id
	}
	e.App.Logger().Warn("Tries of a login are used up", "kind", kind, "collection", l.collection, "record", record, "address", e.RealIP(), "known_address", known)
}

// refused tells that an answer says no to what was tried. That a second factor is
// asked for says yes to the first, and our own faults say nothing.
func refused(err error) bool {
	if err == nil || errors.Is(err, apis.ErrMFA) {
		return false
	}
	api, said := errors.AsType[*router.ApiError](err)
	return !said || (api.Status < http.StatusInternalServerError && api.Status != http.StatusTooManyRequests)
}

// always counts a try whatever came of it.
func always(error) bool { return true }
