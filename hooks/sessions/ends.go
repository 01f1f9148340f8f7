package sessions

import (
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
)

// heldKey carries on a record the token key that its user had before the save.
// It is no column and never leaves the process.
const heldKey = "@tokenKey"

// bindEnds is the one place where sessions end. What a token, a credential, an
// address or a file token is checked by changes with the save (revoked, active,
// generation, token key); what is open is closed when the change is committed.
func (s *Service) bindEnds(app core.App) {
	app.OnRecordAfterUpdateSuccess(devices).Bind(gate.Named("sessionPhoneRevoked", func(e *core.RecordEvent) error {
		if e.Record.GetBool(fieldRevoked) {
			s.end(gate.Ended{User: e.Record.GetString(fieldUser), Device: e.Record.Id})
		}
		return e.Next()
	}))
	app.OnRecordAfterDeleteSuccess(devices).Bind(gate.Named("sessionPhoneDeleted", func(e *core.RecordEvent) error {
		s.end(gate.Ended{User: e.Record.GetString(fieldUser), Device: e.Record.Id})
		return e.Next()
	}))
	app.OnRecordUpdate(gate.Users).Bind(gate.Named("sessionUserChanges", func(e *core.RecordEvent) error {
		before := e.Record.Original()
		e.Record.SetRaw(heldKey, before.TokenKey())
		// Also as he comes back: what he was given while he was disabled hands in and no more.
		if before.GetString("role") != e.Record.GetString("role") || before.GetBool("active") != e.Record.GetBool("active") {
			e.Record.RefreshTokenKey()
		}
		return e.Next()
	}))
	app.OnRecordAfterUpdateSuccess(gate.Users).Bind(gate.Named("sessionUserChanged", func(e *core.RecordEvent) error {
		// PocketBase changes the key itself with the password and the address.
		if held, _ := e.Record.GetRaw(heldKey).(string); held != e.Record.TokenKey() || !e.Record.GetBool("active") {
			s.end(gate.Ended{User: e.Record.Id})
		}
		return e.Next()
	}))
	app.OnRecordAfterDeleteSuccess(gate.Users).Bind(gate.Named("sessionUserDeleted", func(e *core.RecordEvent) error {
		s.end(gate.Ended{User: e.Record.Id})
		return e.Next()
	}))
}

func (s *Service) end(who gate.Ended) {
	for _, way := range s.ways {
		way.End(who)
	}
}
