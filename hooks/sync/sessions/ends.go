package sessions

import (
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// What ends sessions: what a token, a credential, an address or a file token is
// checked by changes with the save (revoked, active, generation, token key); what
// is open is closed when the change is committed.

// users are people, as far as it is about their sessions.
func (s *Service) users() kit.Collection {
	return kit.Collection{
		Name: records.UserTable,
		Rules: []kit.Rule{
			kit.On(kit.Update, records.Users, "sessionUserChanges", renewTokenKey),
			kit.On(kit.AfterUpdate, records.Users, "sessionUserChanged", s.userChanged),
			kit.On(kit.AfterDelete, records.Users, "sessionUserDeleted", func(e *kit.Change[records.User]) error {
				s.end(gate.Ended{User: string(e.Row.ID())})
				return e.Next()
			}),
		},
	}
}

// renewTokenKey ends what somebody was given with another role, or before he was
// disabled, also as he comes back: it hands in and no more. With the password and
// the address PocketBase changes the key itself.
func renewTokenKey(e *kit.Change[records.User]) error {
	if before := e.Before(); before.Role() != e.Row.Role() || before.Active() != e.Row.Active() {
		e.Record.RefreshTokenKey()
	}
	return e.Next()
}

func (s *Service) userChanged(e *kit.Change[records.User]) error {
	if e.Before().Raw().TokenKey() != e.Record.TokenKey() || !e.Row.Active() {
		s.end(gate.Ended{User: string(e.Row.ID())})
	}
	return e.Next()
}

func (s *Service) phoneRevoked(e *kit.Change[records.SyncDevice]) error {
	if e.Row.Revoked() {
		s.end(gate.Ended{User: string(e.Row.User()), Device: string(e.Row.ID())})
	}
	return e.Next()
}

func (s *Service) phoneDeleted(e *kit.Change[records.SyncDevice]) error {
	s.end(gate.Ended{User: string(e.Row.User()), Device: string(e.Row.ID())})
	return e.Next()
}

func (s *Service) end(who gate.Ended) {
	for _, way := range s.ways {
		way.End(who)
	}
}
