package api

import (
	"context"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

const (
	// pokeTick coalesces what happens in between into one poke per phone.
	pokeTick = 100 * time.Millisecond
	// logTick finds writes that no hook saw: raw SQL, the dashboard's console.
	logTick = time.Second
	// keepTick stores what phones have shown, and learns what is durable by now.
	keepTick = 5 * time.Minute
)

// bindFold keeps the replica tables behind every writer: record events wake the
// loop, a tick compares log and head for those that fire none.
func bindFold(app core.App, s *Service) {
	wake := func(e *core.ModelEvent) error {
		s.wrote.Add(1)
		s.unfolded.CompareAndSwap(0, s.cfg.Now().UnixMilli())
		select {
		case s.wake <- struct{}{}:
		default:
		}
		return e.Next()
	}
	app.OnModelAfterCreateSuccess().Bind(gate.Named("syncWakeCreate", wake))
	app.OnModelAfterUpdateSuccess().Bind(gate.Named("syncWakeUpdate", wake))
	app.OnModelAfterDeleteSuccess().Bind(gate.Named("syncWakeDelete", wake))

	if s.cfg.Manual {
		return
	}
	app.OnServe().Bind(gate.Named("syncStart", func(e *core.ServeEvent) error {
		s.start(e.App)
		if err := s.cfg.Issues.ReleaseAll(e.App); err != nil {
			e.App.Logger().Error("Failed to carry out held work", "error", err)
		}
		return e.Next()
	}))
	app.OnTerminate().Bind(gate.Named("syncStop", func(e *core.TerminateEvent) error {
		s.halt()
		return e.Next()
	}))
}

// jobs are the work of the clock; none if the caller folds himself.
func (s *Service) jobs() []gate.Job {
	if s.cfg.Manual {
		return nil
	}
	return []gate.Job{
		{Name: "syncCompact", Schedule: "37 3 * * *", Run: func(_ context.Context, app core.App, _ time.Time) error {
			_, err := s.Compact(app)
			return err
		}},
		{Name: "syncAnchorKeys", Schedule: "47 3 * * *", Run: func(_ context.Context, app core.App, now time.Time) error { return s.KeepAnchorKeys(app, now) }},
		{Name: "syncSweep", Schedule: "7 3 * * *", Run: func(_ context.Context, app core.App, _ time.Time) error { return s.Sweep(app) }},
	}
}

// start runs the loop and the writer of pokes until halt; the Service owns their
// goroutines.
func (s *Service) start(app core.App) {
	if s.stop != nil {
		return
	}
	stop := make(chan struct{})
	s.stop = stop
	s.working.Go(func() { s.loop(app) })
	s.working.Go(func() { s.streams.run(stop) })
}

func (s *Service) halt() {
	if s.stop == nil {
		return
	}
	close(s.stop)
	s.working.Wait()
	s.stop = nil
}

func (s *Service) loop(app core.App) {
	pokes, logs, keeps := time.NewTicker(pokeTick), time.NewTicker(logTick), time.NewTicker(keepTick)
	defer pokes.Stop()
	defer logs.Stop()
	defer keeps.Stop()
	for {
		select {
		case <-s.stop:
			if err := s.keep(app); err != nil {
				app.Logger().Warn("Failed to store what phones hold", "error", err)
			}
			return
		case <-keeps.C:
			if err := s.keep(app); err != nil {
				app.Logger().Warn("Failed to store what phones hold", "error", err)
			}
			continue
		case <-s.wake:
		case <-logs.C:
		case <-pokes.C:
			s.hub.Flush()
			continue
		}
		if err := s.Fold(app); err != nil {
			app.Logger().Error("Failed to fold the change log", "error", err)
		}
	}
}

// Fold makes every committed change visible to pulls.
func (s *Service) Fold(app core.App) error {
	since := s.unfolded.Swap(0)
	wrote := s.wrote.Load()
	behind, err := s.engine.Behind(app.ConcurrentDB())
	if err == nil && behind {
		err = s.inSession(app, func(_ core.App, session *syncer.Session) error { return session.Fold("") })
	}
	if err == nil {
		s.folded.Store(max(wrote, s.folded.Load()))
	} else if since != 0 {
		s.unfolded.Store(since)
	}
	return err
}

// keep stores what phones have shown, and learns what copies off the machine
// hold by now.
func (s *Service) keep(app core.App) error {
	err := s.inSession(app, func(_ core.App, session *syncer.Session) error { return session.FlushHeld() })
	if err != nil {
		return err
	}
	return s.engine.LearnDurable(app.ConcurrentDB())
}

// Sweep takes rows off the phones whose time there is over.
func (s *Service) Sweep(app core.App) error {
	return s.inSession(app, func(_ core.App, session *syncer.Session) error {
		if _, err := session.Sweep(); err != nil {
			return err
		}
		return session.Fold("")
	})
}

// Poke wakes the phones that are due, for callers that drive time themselves.
func (s *Service) Poke() {
	s.hub.Flush()
	s.streams.write(nil)
}

// Head returns the last published head.
func (s *Service) Head() int64 { return s.engine.Head() }

// Unseen runs fn in a transaction during which no phone is answered. maySaw tells
// fn which of rows made after the head since a phone may know.
func (s *Service) Unseen(app core.App, fn func(txApp core.App, maySaw gate.MaySaw) error) error {
	s.still.Lock()
	defer s.still.Unlock()
	return s.inSession(app, func(txApp core.App, session *syncer.Session) error { return fn(txApp, session.MaySaw) })
}

// inSession runs fn in a write transaction with a session on it, and tells the
// phones after the commit.
func (s *Service) inSession(app core.App, fn func(txApp core.App, session *syncer.Session) error) error {
	var session *syncer.Session
	err := app.RunInTransaction(func(txApp core.App) (err error) {
		if session, err = s.Begin(txApp); err != nil {
			return err
		}
		return fn(txApp, session)
	})
	if err != nil {
		return err
	}
	return s.Publish(app, session)
}

// Publish makes a committed session known and tells the phones.
func (s *Service) Publish(app core.App, session *syncer.Session) error {
	published := session.Publish()
	if _, shared := published.Keys["all"]; shared { // raw SQL may have changed a setting
		gate.ForgetSettings(app)
	}
	if s.hub.Listeners() == 0 {
		return nil
	}
	users, err := published.Audience(app.ConcurrentDB())
	if err != nil {
		return err
	}
	s.hub.Tell(users)
	return nil
}
