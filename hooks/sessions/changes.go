package sessions

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/gate"
	"satchel/syncer"
)

// changes are an administrator's words on the server's keys, each a row that is
// never changed: its creation is what carries it out.
const changes = "security_changes"

// Kinds of them.
const (
	rotate     = "rotate_keys"      // a new key; what the last one sealed is still read
	rotateNow  = "replace_keys"     // as if the last one had been stolen
	trustPhone = "trust_old_phones" // what was given out before a restore goes on
)

func (s *Service) bindChanges(app core.App) {
	app.OnRecordCreate(changes).Bind(gate.Named("securityChange", gate.Atomic(func(e *core.RecordEvent) error {
		actor := gate.From(e)
		e.Record.Set("at", s.cfg.Now())
		e.Record.Set("by", "")
		if actor.User != nil {
			e.Record.Set("by", actor.User.Id)
		}
		if err := e.Next(); err != nil {
			return err
		}
		tx := e.App.NonconcurrentDB()
		switch e.Record.GetString("kind") {
		case rotate:
			return syncer.RotateKeys(tx, false)
		case rotateNow:
			return syncer.RotateKeys(tx, true)
		case trustPhone:
			return syncer.TrustBefore(tx)
		}
		return errors.New("unknown kind of change")
	})))
	app.OnRecordAfterCreateSuccess(changes).Bind(gate.Named("securityChanged", func(e *core.RecordEvent) error {
		s.engine.ForgetKeys()
		return e.Next()
	}))
	kept := func(*core.RecordEvent) error { return gate.Refuse("audit.kept") }
	app.OnRecordUpdate(changes).Bind(gate.Named("securityChangeStays", kept))
	app.OnRecordDelete(changes).Bind(gate.Named("securityChangeKept", kept))
}

// Keeps declares that a change of security is never taken back, but by another.
func Keeps() gate.Keeps { return gate.Keeps{changes: {Log: true}} }
