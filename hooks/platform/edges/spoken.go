package edges

import (
	"errors"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/hooks/platform/gate"
)

// unspoken are the refusals that PocketBase makes before a route of ours is
// reached, with the codes that our own would have.
var unspoken = map[int]string{http.StatusUnauthorized: "auth_required", http.StatusForbidden: "record.not_allowed"}

// spoken gives every refusal on a route of ours its code and both texts.
func spoken() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: "spokenRefusals", Priority: apis.DefaultLoadAuthTokenMiddlewarePriority - 1,
		Func: func(e *core.RequestEvent) error {
			err := e.Next()
			refusal, ok := errors.AsType[*router.ApiError](err)
			path := e.Request.URL.Path
			if !ok || refusal.Data["code"] != nil || !strings.HasPrefix(path, "/api/ka/") && !strings.HasPrefix(path, "/api/sync/") {
				return err
			}
			if code := unspoken[refusal.Status]; code != "" {
				return gate.Fail(refusal.Status, code, nil)
			}
			return err
		},
	}
}
