package gate

import (
	"context"

	"github.com/pocketbase/pocketbase/core"
)

// Routed is what one area passes to another, which makes a row of it. Whose it
// is, is whose it was where it came from.
type Routed struct {
	Owner, Manager, Dept    string
	Account, Visit, Product string
	Department              string // that it goes to
	Theme, Text             string
	Source                  string // "collection/id" of what it came out of
}

// Route makes a row and returns its collection and id. It runs in the
// caller's transaction and acts as our own code.
type Route func(ctx context.Context, txApp core.App, r Routed) (collection, id string, err error)

// Routes by what they make, such as domain.RouteIntel. Each area offers its own
// and the kit collects them, so that no area knows who takes what it passes on.
type Routes map[string]Route
