package uploads

import (
	"context"
	"sync"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// entrance lets as many requests as it has room for look up whose they are at the
// same time: phones send all their photos at once, and whoever pulls or pushes then
// waits for the same cores and connections of the database. Nobody is inside who
// waits for a client, a lock or the disk.
type entrance chan struct{}

func (n entrance) enter(ctx context.Context) (leave func(), err error) {
	select {
	case n <- struct{}{}:
		return sync.OnceFunc(func() { <-n }), nil
	case <-ctx.Done():
		return nil, ctx.Err() // nobody hears it
	}
}

const insideKey = "uploadInside"

// before stands before the user and his session are looked up.
func (n entrance) before() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: "uploadEnters", Priority: apis.DefaultLoadAuthTokenMiddlewarePriority - 1,
		Func: func(e *core.RequestEvent) error {
			leave, err := n.enter(e.Request.Context())
			if err != nil {
				return err
			}
			defer leave()
			e.Set(insideKey, leave)
			return e.Next()
		},
	}
}

// after stands before a byte of the body is read.
func (n entrance) after() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: "uploadEntered", Priority: apis.DefaultSecurityHeadersMiddlewarePriority,
		Func: func(e *core.RequestEvent) error {
			if leave, ok := e.Get(insideKey).(func()); ok {
				leave()
			}
			return e.Next()
		},
	}
}
