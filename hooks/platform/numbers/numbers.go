// Package numbers gives documents their numbers, also where there is no network:
// each phone leases blocks by a route, and whatever has no number of a lease of
// its author's gets one of the server's own block, in the transaction of its
// creation. What was printed on it stays findable as its former number.
package numbers

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain/numbers"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// Config holds what the area takes from outside.
type Config struct {
	Now func() time.Time
	// Device lets a request pass that comes by the phone with that id.
	Device func(e *core.RequestEvent, id string) (records.SyncDevice, error)
}

// Service gives numbers.
type Service struct{ cfg Config }

// New makes the service.
func New(cfg Config) *Service { return &Service{cfg} }

// Area is how documents are numbered.
func (s *Service) Area() kit.Area {
	return kit.Area{
		Name: "numbers",
		Collections: []kit.Collection{
			{Name: records.NumberLeaseTable},
			documents[records.Order, records.OrderID]{s, records.Orders, numbers.Order, servedStill}.rules(),
			documents[records.ExpenseClaim, records.ExpenseClaimID]{s, records.ExpenseClaims, numbers.Claim, nil}.rules(),
			s.devices(),
		},
		Jobs: []gate.Job{{Name: "numberExpiry", Schedule: "17 3 * * *", Run: expire}},
		Routes: []kit.Route{
			{Method: http.MethodPost, Path: "/api/sync/numbers", Who: kit.Anyone(), Run: s.lease, Bind: func(r *router.Route[*core.RequestEvent]) {
				r.Unbind(apis.DefaultRateLimitMiddlewareId).BindFunc(gate.OwnFaults)
			}},
			{Method: http.MethodGet, Path: "/api/ka/number_gaps", Who: kit.AnyReader(), Run: gaps},
		},
	}
}
