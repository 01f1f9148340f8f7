package api

import (
	"context"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/hooks/sync/issues"
	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

// Commit implements syncissues.Engine.
func (s *Service) Commit(app core.App, job func(txApp core.App, session *syncer.Session) error) error {
	return s.commits.commit(app, job)
}

// Begin implements syncissues.Engine.
func (s *Service) Begin(txApp core.App) (*syncer.Session, error) {
	return s.engine.Begin(txApp.NonconcurrentDB(), s.cfg.Now())
}

// Applier implements syncissues.Engine.
func (s *Service) Applier(ctx context.Context, txApp core.App, w issues.Work) syncer.Applier {
	p := &past{session: w.Run.Session, device: w.Device, arrived: w.Kept, sent: w.Sent, release: w.Run.Release}
	a := newApplier(s, ctx, txApp, w.User, p)
	if w.Corrected { // what was corrected is said only now
		a.said, a.sent = s.cfg.Now(), time.Time{}
	}
	if w.By != nil {
		a.by = w.By
		a.ctx = gate.With(ctx, gate.Actor{User: w.By, For: w.User, Device: w.Run.Device, Held: a.held})
	}
	return a
}
