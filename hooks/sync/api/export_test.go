package api

import (
	"github.com/pocketbase/pocketbase/core"
)

// Judge lets tests put questions as an applier does.
type Judge struct{ judge }

// Could decides a rule; kept is false if PocketBase itself had to be asked.
func (j *Judge) Could(app core.App, user, record *core.Record, rule string) (ok, kept bool, err error) {
	q, err := j.of(app, user, record.Collection(), rule)
	if err != nil || q == nil {
		return false, false, err
	}
	ok, err = q.ask(app.DB(), asked{}, user.Id, record.Id)
	return ok, true, err
}

// StreamPlaces counts the places of streams, and who holds them.
func (s *Service) StreamPlaces() (open, holders int) { return s.streams.places.Count() }
