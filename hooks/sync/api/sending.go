package api

import (
	"net/http"
	"sync"
	"time"

	"satchel/hooks/platform/gate"

	"github.com/pocketbase/pocketbase/core"
)

// sending are the answers that slow lines are still reading, with whose they are.
type sending struct {
	mu  sync.Mutex
	all map[*http.ResponseController]gate.Ended
}

// begin lets a slow line read the answer, until its session ends. over is called
// when it was read.
func (k *sending) begin(e *core.RequestEvent, device string) (over func()) {
	out := http.NewResponseController(e.Response)
	//nolint:forbidigo // a socket's deadline is real time; a recorder in a test has none
	_ = out.SetWriteDeadline(time.Now().Add(slowAnswer))
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil {
		k.all = map[*http.ResponseController]gate.Ended{}
	}
	k.all[out] = gate.Ended{User: e.Auth.Id, Device: device}
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.all, out)
	}
}

// end cuts the answers of a session that is over.
func (k *sending) end(who gate.Ended) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for out, whose := range k.all {
		if whose.User == who.User && (who.Device == "" || whose.Device == who.Device) {
			_ = out.SetWriteDeadline(time.Now()) //nolint:forbidigo // likewise; what is cut already needs no end
		}
	}
}
