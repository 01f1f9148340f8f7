package histories

import (
	"bytes"
	"encoding/json/jsontext"
	"errors"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/syncer"
)

// This file holds every call of the engine.

var errKilled = errors.New("the server was killed")

const secret = "the key of this server"

// PlantHighWaterFirst commits the number of a mutation before its data.
// The caller owns the transaction, so the fault is one of this package.
const PlantHighWaterFirst syncer.Planted = "high-water advanced before data"

// boot makes a server of what the database holds.
func (s *server) boot() {
	s.engine = &syncer.Engine{Load: s.load, Planted: s.planted}
}

func (s *server) load(tx dbx.Builder) (*syncer.Catalog, error) {
	if s.altered {
		return catalog(tx)
	}
	var err error
	if s.catalog == nil {
		s.catalog, err = catalog(tx)
	}
	return s.catalog, err
}

// inSession runs fn in a transaction with a session; killed ends it before the commit.
// It returns who is told of the outcome.
func (s *server) inSession(killed bool, fn func(tx dbx.Builder, session *syncer.Session) error) ([]string, error) {
	var session *syncer.Session
	err := s.db.Transactional(func(tx *dbx.Tx) (err error) {
		if session, err = s.engine.Begin(tx, s.now); err != nil {
			return err
		}
		if err = fn(tx, session); err == nil && killed {
			err = errKilled
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return session.Publish().Audience(s.db)
}

func (s *server) fold(sweep bool) (told []string, err error) {
	return s.inSession(false, func(_ dbx.Builder, session *syncer.Session) error {
		if sweep {
			if _, err := session.Sweep(); err != nil {
				return err
			}
		}
		return session.Fold("")
	})
}

// push takes mutations together or, if one is refused after it wrote, one by one.
func (s *server) push(user, device string, mutations []jsontext.Value, killed bool) (results []syncer.Result, told []string, err error) {
	take := func(list []jsontext.Value, refused map[int64]*syncer.Problem) error {
		var got []syncer.Result
		users, err := s.inSession(killed, func(tx dbx.Builder, session *syncer.Session) (err error) {
			got, _, err = session.Push(syncer.Device{ID: device, User: user}, list, &applier{tx: tx, user: user, device: device}, refused)
			return err
		})
		if err == nil {
			results, told = append(results, got...), append(told, users...)
		}
		return err
	}
	err = take(mutations, nil)
	if _, dirty := errors.AsType[*syncer.DirtyError](err); dirty {
		for _, unit := range syncer.Units(mutations) {
			err = take(unit, nil)
			if d, dirty := errors.AsType[*syncer.DirtyError](err); dirty {
				err = take(unit, d.Refused)
			}
			if err != nil {
				break
			}
		}
	}
	if killed && s.planted == PlantHighWaterFirst {
		_, err := s.db.NewQuery(`INSERT INTO _sync_device (device, high_water) SELECT {:d}, MAX(value->>'n') FROM json_each({:m}) WHERE true
			ON CONFLICT (device) DO UPDATE SET high_water = MAX(high_water, excluded.high_water)`).
			Bind(dbx.Params{"d": device, "m": text(slices.DeleteFunc(slices.Clone(mutations), func(m jsontext.Value) bool { return !m.IsValid() }))}).Execute()
		if err != nil {
			return nil, nil, err
		}
	}
	return results, told, err
}

// pull returns the lines of an answer.
func (s *server) pull(q syncer.Pull) ([]byte, error) {
	var out sink
	if idle, err := s.engine.Idle(q, &out); idle || err != nil {
		return out.Bytes(), err
	}
	pull := func(tx *dbx.Tx) error {
		_, err := s.engine.Pull(tx, q, &out)
		return err
	}
	err := s.db.Transactional(pull)
	if fork, ok := errors.AsType[*syncer.ForkError](err); ok {
		_, err = s.inSession(false, func(_ dbx.Builder, session *syncer.Session) error { return session.NewEpoch(fork) })
		if err == nil {
			err = s.db.Transactional(pull)
		}
	}
	return out.Bytes(), err
}

// goBack takes the database back to its backup, as a restore does.
func (s *server) goBack() error {
	if err := s.restore("saved_"); err != nil {
		return err
	}
	s.boot()
	return syncer.Restored(s.db)
}

func (s *server) join(device, user string) error {
	_, err := s.inSession(false, func(_ dbx.Builder, session *syncer.Session) error { return session.Join(device, user) })
	return err
}

func (s *server) flush() error {
	_, err := s.inSession(false, func(_ dbx.Builder, session *syncer.Session) error { return session.FlushHeld() })
	return err
}

// compact cuts history below what devices heard of within ttl may come with, a
// few rows at a time.
func (s *server) compact(ttl time.Duration) error {
	_, err := s.inSession(false, func(_ dbx.Builder, session *syncer.Session) error {
		_, err := session.RaiseFloor(ttl, nil)
		return err
	})
	for more := true; err == nil && more; {
		_, err = s.inSession(false, func(_ dbx.Builder, session *syncer.Session) (err error) {
			_, more, err = session.Cut(3)
			return err
		})
	}
	return err
}

// question is a pull of a phone as the engine knows it.
func (w *world) question(p *phone) syncer.Pull {
	return syncer.Pull{User: p.user, Device: p.device, Schema: p.schema, Cursor: p.cursor, Keys: syncer.Keys{Seal: []byte(secret), Digest: []byte(secret)}, Now: w.now}
}

func (s *server) digest(q syncer.Pull, req syncer.DigestRequest) (got syncer.DigestResponse, err error) {
	err = s.db.Transactional(func(tx *dbx.Tx) (err error) {
		got, err = s.engine.Digest(tx, q, req)
		return err
	})
	return got, err
}

func (s *server) repair(q syncer.Pull, req syncer.RepairRequest) ([]byte, error) {
	var out sink
	err := s.db.Transactional(func(tx *dbx.Tx) error {
		_, err := s.engine.Repair(tx, q, req, &out)
		return err
	})
	return out.Bytes(), err
}

// sink takes an answer as it is.
type sink struct{ bytes.Buffer }

// Embed implements syncer.Sink.
func (s *sink) Embed(g *syncer.Segment) error {
	_, err := s.Write(g.Lines)
	return err
}

// capture installs the triggers of a collection.
func capture(tx dbx.Builder, name string) error { return syncer.Capture(tx, "id"+name, name) }

// changed and dropped log what happened to a collection.
func changed(tx dbx.Builder, name string) error { return syncer.Changed(tx, "id"+name) }
func dropped(tx dbx.Builder, name string) error { return syncer.Dropped(tx, "id"+name) }

// code returns the stable code and the parameters of a refusal.
func code(err error) (string, map[string]any) {
	if p, ok := errors.AsType[*syncer.Problem](err); ok {
		return p.Code, p.Params
	}
	return "", nil
}

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
