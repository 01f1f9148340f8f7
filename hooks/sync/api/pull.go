package api

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// slowAnswer is how long a slow line may take to read an answer.
const slowAnswer = 30 * time.Minute

// pull answers what changed for this user since the device's cursor. The answer
// is complete before its first byte is sent, so that no slow phone holds a
// snapshot of the database; a large one can be resumed at a byte.
func (s *Service) pull(e *core.RequestEvent) error {
	var req syncer.PullRequest
	if err := gate.ReadJSON(e, gate.SmallBody, &req); err != nil {
		return err
	}
	device, err := s.knownDevice(e, req.Device)
	if err != nil {
		return err
	}
	id := string(device.ID())
	if err := s.spend(e, limitPull, id); err != nil {
		return err
	}
	switch {
	case req.Schema < 1:
		return answer(http.StatusBadRequest, "schema_invalid", nil)
	case req.MaxBytes < 0:
		return answer(http.StatusBadRequest, "body_malformed", nil)
	}
	if err := s.tooOld(e.App, req.Schema); err != nil {
		return err
	}
	keys, err := s.Keys(e.App)
	if err != nil {
		return err
	}
	q := syncer.Pull{
		User: e.Auth.Id, Device: id, Schema: uint32(req.Schema), Cursor: req.Cursor,
		Keys: keys, Now: s.cfg.Now(), MaxBytes: req.MaxBytes,
		Anchor:  s.Anchor(e.App, e.Auth.Id, device.ID()),
		MaxRows: gate.SettingsNow(e.App).SyncMaxScopeRows,
		Word:    word,
	}
	if err := s.reach(e.App, req.MinSeq); err != nil {
		return answerProblem(err)
	}
	body := newBody(e.Request.Header.Get("Accept-Encoding"), s.spools)
	defer body.release()
	if idle, err := s.engine.Idle(q, body); err != nil || idle {
		if err != nil {
			return answerProblem(err)
		}
		s.counts.pulls.add(wasIdle)
		s.saw(gate.Sighting{Device: id, Did: gate.SawPull, Seq: s.engine.Head(), Oldest: req.OldestCaptured})
		return s.sendIdle(e, id, body)
	}
	free, err := s.pulls.enter(e.Request.Context())
	if err != nil {
		return overloaded(e)
	}
	done, err := s.fill(e.App, q, body)
	if body.out.light() { // a slow line then holds up nobody
		free()
	} else {
		defer free()
	}
	if err != nil {
		if p, ok := errors.AsType[*syncer.Problem](err); ok && p.Code == "scope_too_large" {
			s.saw(gate.Sighting{Device: id, Oldest: req.OldestCaptured, OverLimit: true})
		}
		return answerProblem(err)
	}
	if err := s.spools.send(e, body, spool{user: e.Auth.Id, device: id, to: done.To}); err != nil {
		return err
	}
	s.counts.pulls.add(wasAnswered)
	s.firstOfDay(id)
	s.saw(pulled(id, req, done))
	return nil
}

// pulled is what an answer makes of the device that takes it whole.
func pulled(device string, req syncer.PullRequest, done syncer.Pulled) gate.Sighting {
	seen := gate.Sighting{Device: device, Did: gate.SawPull, Oldest: req.OldestCaptured}
	if done.More {
		return seen
	}
	if seen.Seq = done.To; done.Rows > 0 {
		seen.Rows = &done.Rows
	}
	return seen
}

// word gives a warning the texts of its code.
func word(w *syncer.Warning) {
	p := domain.Problem{Code: w.Code, Params: w.Params}
	w.Zh, w.En = p.Text("zh"), p.Text("en")
}

// reach folds what a hook has seen written, or if the phone knows of a head that
// is not published yet. A head that this server never had is a matter of the
// cursor, not of waiting.
func (s *Service) reach(app core.App, seq int64) error {
	wrote := s.wrote.Load()
	if seq <= s.engine.Head() && (s.cfg.Manual || s.folded.Load() >= wrote) {
		return nil
	}
	return s.Fold(app)
}

// fill writes the answer. A cursor off this server's chain begins a new epoch.
func (s *Service) fill(app core.App, q syncer.Pull, into *body) (syncer.Pulled, error) {
	var done syncer.Pulled
	pull := func(tx dbx.Builder) (err error) {
		done, err = s.engine.Pull(tx, q, into)
		return err
	}
	s.still.RLock()
	defer s.still.RUnlock()
	err := snapshot(app, pull)
	if fork, ok := errors.AsType[*syncer.ForkError](err); ok {
		app.Logger().Warn("History forked: a phone has seen what this server lost", "device", q.Device, "epoch", fork.Epoch)
		err = s.inSession(app, func(_ core.App, session *syncer.Session) error { return session.NewEpoch(fork) })
		if err == nil {
			err = snapshot(app, pull)
		}
	}
	if err == nil {
		err = into.close()
	}
	return done, err
}

// snapshot runs fn in a read transaction: all it reads is of one moment.
func snapshot(app core.App, fn func(tx dbx.Builder) error) error {
	db, ok := app.ConcurrentDB().(*dbx.DB)
	if !ok {
		return fmt.Errorf("a snapshot inside a transaction: %T", app.ConcurrentDB())
	}
	return db.Transactional(func(tx *dbx.Tx) error { return fn(tx) })
}
