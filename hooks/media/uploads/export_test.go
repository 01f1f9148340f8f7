package uploads

import (
	"context"
	"net/http"
)

// Answer is what tusd writes an answer to, and what ends it.
func Answer(w http.ResponseWriter) (out http.ResponseWriter, end func()) {
	a := &answer{ResponseWriter: w}
	return a, a.end
}

// Places counts the requests that bring bytes, and whose they are.
func (s *Service) Places() (open, users int) { return s.places.Count() }

// Entrance lets as many in as it has room for.
type Entrance = entrance

// Enter waits for room.
func (n entrance) Enter(ctx context.Context) (leave func(), err error) { return n.enter(ctx) }
