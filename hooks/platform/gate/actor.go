// Package gate is what all areas share: who acts, whether the server's own code
// acts, and how a refusal is answered.
package gate

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Users is the collection of the company's people.
const Users = "users"

// Actor is who makes a change: a user, on a device if it came by a push.
// No user: our own code or a superuser.
type Actor struct {
	User   *core.Record
	Device string
	// IP is where a request came from, as far as known; Super is the superuser
	// who acts in place of a user.
	IP, Super string
	// Action is the action that makes the change, such as "visits.check_in".
	Action string
	// For is whose work it is, if somebody else stands in for him: User answers
	// for it, and the rows are For's.
	For *core.Record
	// Held reports whether he served an account when he captured what is arriving
	// now; nil for what is written on the spot.
	Held func(account string) (bool, error)
	// Knew is when what the phone had pulled was published, as its cursor proves;
	// zero if it proves nothing, nil for what is written on the spot.
	Knew func() (time.Time, error)
	// Work is what a phone captured and is carried out now; zero for what is
	// done at a desk.
	Work Work
}

// Work names a captured change.
type Work struct {
	Device string // that captured it
	N      int64  // its number there
	// Kept is when the server first heard of it, and Said when it heard of it as
	// it is carried out now: later, if somebody corrected it. Sent is what the
	// phone's clock said as it sent it, zero if it did not say.
	Kept, Said, Sent time.Time
	// Captured is when the phone says it captured it; zero if it does not.
	Captured time.Time
}

// ServedThen refuses an account that the actor may not serve now, unless he
// served it when he captured the change.
func (a Actor) ServedThen(account string) error {
	if a.Held != nil {
		if then, err := a.Held(account); err != nil || then {
			return err
		}
	}
	return Refuse("record.not_allowed")
}

// Author is whose work a change is.
func (a Actor) Author() *core.Record {
	if a.For != nil {
		return a.For
	}
	return a.User
}

type (
	actorKey    struct{}
	serverKey   struct{}
	overrideKey struct{}
)

// With puts the actor into the context of a save.
func With(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// AsServer marks a save as our own code's, which may write computed fields.
func AsServer(ctx context.Context) context.Context { return context.WithValue(ctx, serverKey{}, true) }

// Overriding marks a save that an administrator makes past the rules that lock
// fields and states, for a reason that the audit log keeps.
func Overriding(ctx context.Context, reason string) context.Context {
	return context.WithValue(AsServer(ctx), overrideKey{}, reason)
}

// OverrideReason is the reason of a save that goes past the rules, empty if it does not.
func OverrideReason(ctx context.Context) string {
	if ctx == nil {
		return ""
	}
	reason, _ := ctx.Value(overrideKey{}).(string)
	return reason
}

// Acting names the action that makes the changes from here on.
func Acting(ctx context.Context, action string) context.Context {
	a := Of(ctx)
	a.Action = action
	return With(ctx, a)
}

// ByServer reports whether our own code makes the change.
func ByServer(e *core.RecordEvent) bool {
	if e.Context == nil {
		return false
	}
	marked, _ := e.Context.Value(serverKey{}).(bool)
	return marked
}

// Of returns the actor that a context carries.
func Of(ctx context.Context) Actor {
	if ctx == nil {
		return Actor{}
	}
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// From returns who makes the change: the context's actor, else the user of the
// REST request that loaded the record.
func From(e *core.RecordEvent) Actor {
	if a := Of(e.Context); a.User != nil || a.Super != "" {
		return a
	}
	return notedOn(e.Record)
}

// Bind lets REST writes name their author, and settings be read.
func Bind(app core.App, cfg Config) {
	bindSettings(app, cfg)
	mark := func(e *core.RecordRequestEvent) error {
		note(e.Record, ActorOf(e.RequestEvent))
		return e.Next()
	}
	app.OnRecordCreateRequest().BindFunc(mark)
	app.OnRecordUpdateRequest().BindFunc(mark)
	app.OnRecordDeleteRequest().BindFunc(mark)
	bindBefore(app)
	bindStored(app)
	bindDays(app, cfg)
	bindDocuments(app)
}

// ActorOf is who makes a request.
func ActorOf(e *core.RequestEvent) Actor {
	a := Actor{IP: e.RealIP()}
	switch {
	case e.Auth == nil:
	case e.Auth.Collection().Name == Users:
		a.User = e.Auth
	case e.Auth.IsSuperuser():
		a.Super = e.Auth.Email()
	}
	return a
}

// BearerToken reads the token of a request, with or without its scheme.
func BearerToken(r *http.Request) string {
	token := r.Header.Get("Authorization")
	if len(token) > 7 && strings.EqualFold(token[:7], "Bearer ") {
		return token[7:]
	}
	return token
}

// Config is what an area takes from outside.
type Config struct {
	Now     func() time.Time
	Witness func() Witness // nil where nobody vouches for a phone's clock
}
