package sessions

import (
	"errors"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Kinds of changes of security.
const (
	rotate     records.SecurityChangeKind = "rotate_keys"      // a new key; what the last one sealed is still read
	rotateNow  records.SecurityChangeKind = "replace_keys"     // as if the last one had been stolen
	trustPhone records.SecurityChangeKind = "trust_old_phones" // what was given out before a restore goes on
)

// changes are an administrator's words on the server's keys, each a row that is
// never changed nor taken back: its creation is what carries it out.
func (s *Service) changes() kit.Collection {
	return kit.Collection{
		Name:  records.SecurityChangeTable,
		Audit: gate.Audit{Fields: []string{records.SecurityChangeColKind, records.SecurityChangeColReason}, Create: true},
		Keep:  &gate.Keep{Log: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.SecurityChanges, "securityChange", s.change),
			kit.On(kit.AfterCreate, records.SecurityChanges, "securityChanged", func(e *kit.Change[records.SecurityChange]) error {
				s.engine.ForgetKeys()
				return e.Next()
			}),
			kit.On(kit.Update, records.SecurityChanges, "securityChangeStays", kept),
			kit.On(kit.Delete, records.SecurityChanges, "securityChangeKept", kept),
		},
	}
}

func kept(*kit.Change[records.SecurityChange]) error { return gate.Refuse("audit.kept") }

// change carries out a row in the transaction of its creation.
func (s *Service) change(e *kit.Change[records.SecurityChange]) error {
	e.Row.SetAt(s.cfg.Now())
	e.Row.SetBy("")
	if user := gate.From(e.RecordEvent).User; user != nil {
		e.Row.SetBy(records.UserID(user.Id))
	}
	if err := e.Next(); err != nil {
		return err
	}
	tx := e.App.NonconcurrentDB()
	switch e.Row.Kind() {
	case rotate:
		return syncer.RotateKeys(tx, false)
	case rotateNow:
		return syncer.RotateKeys(tx, true)
	case trustPhone:
		return syncer.TrustBefore(tx)
	}
	return errors.New("unknown kind of change")
}
