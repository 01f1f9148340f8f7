package edges

import (
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// storageWait is when who met a disk that cannot be written comes again, in seconds.
const storageWait = 30

// stored answers what met a full disk with 503, whatever the route made of it:
// PocketBase would call it the caller's mistake, who would not try again.
func stored(e *core.RequestEvent) error {
	err := e.Next()
	if !gate.CannotWrite(err) || e.Written() {
		return err
	}
	e.App.Logger().Error("Failed to write", "path", e.Request.URL.Path, "error", err)
	h := e.Response.Header()
	for _, of := range []string{"Content-Type", "Content-Disposition", "Content-Length", "Content-Encoding", "ETag"} { // of the answer that there was to be
		h.Del(of)
	}
	h.Set("Retry-After", strconv.Itoa(storageWait))
	return gate.Fail(http.StatusServiceUnavailable, "storage_unavailable", nil)
}
