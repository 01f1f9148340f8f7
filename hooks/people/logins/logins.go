// Package logins holds guesses at passwords and codes to a number, and the mails
// that a stranger may have sent to somebody.
//
// Every way to guess counts for the same login: the password, a one-time code,
// the old password beside a new one, and the password that confirms a new
// address. What counts is the try that failed; one that passed clears the count
// of its address. Nobody waits inside a request: who has no try left is told
// when to come again (429 login_limited, Retry-After).
//
// Three counts hold a try, see service.counts. Those of the login alone and of
// the address alone are only for addresses from which the login never came
// before, so that a stranger locks nobody out of where he works. Logins that do
// not exist are counted in the same way: the answers tell nobody who exists.
package logins

import (
	"io"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/syncer"
)

// Config is what the area takes from outside.
type Config struct {
	Now     func() time.Time
	Planted syncer.Planted // a fault, for tests of the tests
	Console io.Writer      // where an operator reads a warning; nil for the log alone
	Most    int            // counts in memory; 0 for the usual number
}

// service is the area's state. Safe for concurrent use.
type service struct {
	cfg    Config
	book   *book
	warned atomic.Bool // of a proxy that nobody trusts
}

// early puts our handlers before those of other areas: who may not try is not looked at.
const early = -100

// Area is how often a login may be tried.
func Area(cfg Config) kit.Area {
	s := &service{cfg: cfg, book: newBook(cfg.Most)}
	return kit.Area{
		Name: "logins",
		Jobs: []gate.Job{{Name: "loginPlaces", Schedule: "47 3 * * *", Run: forgetPlaces}},
		Bind: s.bind,
	}
}

// bind registers the ways to try.
func (s *service) bind(app core.App) {
	app.OnRecordAuthWithPasswordRequest().Bind(&hook.Handler[*core.RecordAuthWithPasswordRequestEvent]{
		Id: "loginPassword", Priority: early, Func: s.password,
	})
	app.OnRecordUpdateRequest().Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "loginOldPassword", Priority: early, Func: s.oldPassword,
	})
	app.OnRecordAuthRequest().Bind(gate.Named("loginPlace", s.passed))
	app.OnServe().Bind(gate.Named("loginRoutes", func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			// after PocketBase's own limits, and after the bound on the body that is read here
			Id: "loginRoutes", Priority: apis.DefaultBodyLimitMiddlewarePriority + 10, Func: s.routed,
		})
		return e.Next()
	}))
}
