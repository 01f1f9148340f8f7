package accounts

import (
	"slices"
	"sync"

	"satchel/domain"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// forAllPerDay is how many rows that go to every phone of the company one person in
// the field makes in a day: without a bound he could make everybody's scope too large.
const forAllPerDay = 50

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

// shared are rows that go to every phone. What one person in the field makes beyond
// the day's number is refused: shared.too_many. Roles of the office, who keep such
// lists, are not counted.
func (d desk) shared() kit.Collection {
	counted := &made{}
	return kit.Collection{
		Name: records.CompetitorTable,
		Rules: []kit.Rule{kit.On(kit.Create, records.Competitors, "competitorsForAll", func(e *kit.Change[records.Competitor]) error {
			actor := gate.From(e.RecordEvent)
			if gate.ByServer(e.RecordEvent) || !slices.Contains([]records.UserRole{people.RoleRep, people.RoleKAManager}, roleOf(actor.User)) {
				return e.Next()
			}
			if !counted.one(actor.User.Id, domain.BusinessDay(d.now())) {
				return gate.Refuse("shared.too_many", "limit", forAllPerDay)
			}
			return e.Next()
		})},
	}
}
