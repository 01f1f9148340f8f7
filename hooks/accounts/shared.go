package accounts

import (
	"slices"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// forAllPerDay is how many rows that go to every phone of the company one person in
// the field makes in a day: without a bound he could make everybody's scope too large.
const forAllPerDay = 50

// forAll are the collections whose rows go to every phone and that people in the
// field make.
var forAll = []string{"competitors"}

// made counts what each person made today. It begins anew with the server.
type made struct {
	mu  sync.Mutex
	day string
	by  map[string]int
}

// one counts one more; not ok if it is too many.
func (m *made) one(user, day string) (ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.day != day {
		m.day, m.by = day, map[string]int{}
	}
	m.by[user]++
	return m.by[user] <= forAllPerDay
}

// bindForAll refuses what goes beyond: shared.too_many. Roles of the office, who
// keep such lists, are not counted.
func bindForAll(app core.App, cfg gate.Config) {
	counted := &made{}
	for _, name := range forAll {
		app.OnRecordCreate(name).Bind(gate.Named(name+"ForAll", func(e *core.RecordEvent) error {
			actor := gate.From(e)
			if gate.ByServer(e) || actor.User == nil || !slices.Contains([]string{domain.RoleRep, domain.RoleKAManager}, actor.User.GetString("role")) {
				return e.Next()
			}
			if !counted.one(actor.User.Id, domain.BusinessDay(cfg.Now())) {
				return gate.Refuse("shared.too_many", "limit", forAllPerDay)
			}
			return e.Next()
		}))
	}
}
