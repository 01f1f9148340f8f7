package realtime

import (
	"cmp"
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"satchel/hooks/platform/gate"
)

// lastWord is how long a connection that ends may take for what is under way.
const lastWord = 5 * time.Second

// connection is one of PocketBase's realtime, from its first byte to its last.
type connection struct {
	client  subscriptions.Client
	address string // who is behind it, as gate.Network says
	since   time.Time
	guest   *gate.Place // given back at the login

	hangUp context.CancelFunc
	out    *http.ResponseController

	mu      sync.Mutex
	seat    *gate.Place // from the login on; nil for a superuser
	unwatch func()
	session gate.Ended // whose it is, once somebody subscribed
	why     string     // code of the end, if it is our doing
	gone    bool
}

func newConnection(e *core.RealtimeConnectRequestEvent, now time.Time) *connection {
	ctx, hangUp := context.WithCancel(e.Request.Context())
	e.Request = e.Request.WithContext(ctx) // PocketBase ends with it, also before the client is registered
	return &connection{
		client: e.Client, address: gate.Network(e.RealIP()), since: now,
		hangUp: hangUp, out: http.NewResponseController(e.Response),
	}
}

// user is who logged in; nil for a guest. PocketBase takes a login back when the
// user has another password or is deleted.
func (c *connection) user() *core.Record {
	user, _ := c.client.Get(apis.RealtimeClientAuthKey).(*core.Record)
	return user
}

// signedIn notes whose the connection is: PocketBase forgets it with the password.
func (c *connection) signedIn(user string, session gate.Session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session = gate.Ended{User: user, Device: cmp.Or(session.Device, session.ID)}
}

// is reports whether the connection is of a session that is over.
func (c *connection) is(who gate.Ended) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session.User == who.User && (who.Device == "" || c.session.Device == who.Device)
}

// end lets the connection come to its end, for a reason; the first one counts.
func (c *connection) end(code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone || c.why != "" {
		return
	}
	c.why = code
	c.hangUp()
	//nolint:forbidigo // a socket's deadline is real time; who does not read is not waited for
	_ = c.out.SetWriteDeadline(time.Now().Add(lastWord))
}

// leave says why the connection ended, empty if it was not our doing. Nothing
// touches its answer after that.
func (c *connection) leave() (why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gone = true
	c.hangUp()
	c.unwatch()
	return c.why
}
