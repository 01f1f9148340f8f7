package gate

import (
	"io"

	"github.com/pocketbase/pocketbase/tools/router"
)

// Streamed is the body of a request whose handler keeps nothing of it in memory:
// without PocketBase's copy of all that is read, and outside the budget of bodies.
// Who takes it holds the line to deadlines of his own.
func Streamed(body io.ReadCloser) io.ReadCloser {
	for {
		switch b := body.(type) {
		case *router.RereadableReadCloser:
			body = b.ReadCloser
		case interface{ Stream() io.ReadCloser }:
			body = b.Stream()
		default:
			return body
		}
	}
}
