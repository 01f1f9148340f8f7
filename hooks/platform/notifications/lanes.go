package notifications

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"
)

const (
	// turn is the most messages of a lane in one run, and turnTime how long it
	// goes on; the next run goes on from there.
	turn     = 100
	turnTime = 45 * time.Second
	// Webhooks that fault have places of their own, so that they take none of
	// the others'. Mail needs no place.
	soundAtOnce  = 32
	faultyAtOnce = 16
	// longest is how long a lane waits at most until its target is tried again.
	longest = time.Hour
	// ownMost is after how many mails in a row that the server refused each for
	// itself the server is held to be at fault.
	ownMost = 5
)

// Run sends what is due, each lane in its order and none waiting for another.
// It returns when the lanes that it began are through; those that an earlier
// run began and that are still at it are left alone, so runs may overlap.
func (s *Service) Run(_ context.Context, app core.App, now time.Time) error {
	due, err := dueLanes(app, now)
	if err != nil {
		return err
	}
	if s.cfg.Planted == syncer.PlantOneLane {
		return s.oneByOne(app, due, now)
	}
	var wg sync.WaitGroup
	faults := make([]error, len(due))
	for i, l := range due {
		if !s.enter(l.Lane) {
			continue
		}
		wg.Go(func() {
			defer s.leave(l.Lane)
			if places := s.places(l); places != nil {
				select {
				case places <- struct{}{}:
					defer func() { <-places }()
				case <-s.ctx.Done():
					return
				}
			}
			faults[i] = s.drive(app, l.Lane, now)
		})
	}
	wg.Wait()
	return errors.Join(faults...)
}

// oneByOne sends lane after lane, as it must not be: a fault that tests switch on.
func (s *Service) oneByOne(app core.App, due []dueLane, now time.Time) (err error) {
	if !s.enter("") {
		return nil
	}
	defer s.leave("")
	for _, l := range due {
		err = errors.Join(err, s.drive(app, l.Lane, now))
	}
	return err
}

func (s *Service) places(l dueLane) chan struct{} {
	switch {
	case l.Lane == byMail:
		return nil
	case l.Faults > 0:
		return s.faulty
	}
	return s.sound
}

func (s *Service) enter(lane string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[lane] {
		return false
	}
	s.busy[lane] = true
	return true
}

func (s *Service) leave(lane string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, lane)
}

type dueLane struct {
	Lane   string `db:"lane"`
	Faults int    `db:"faults"`
}

// dueLanes lists the lanes in which something waits and whose target is to be
// tried, mail first and then those with the fewest faults.
func dueLanes(app core.App, now time.Time) (due []dueLane, err error) {
	err = app.DB().NewQuery(`SELECT q.lane, COALESCE(l.faults, 0) AS faults
		FROM (SELECT DISTINCT lane FROM dispatches WHERE state = {:queued}) q LEFT JOIN message_lanes l ON l.lane = q.lane
		WHERE COALESCE(l.next_at, '') <= {:now}`).
		Bind(dbx.Params{"queued": domain.DispatchQueued, "now": gate.Stamp(now)}).All(&due)
	if err != nil {
		return nil, fmt.Errorf("read the lanes: %w", err)
	}
	slices.SortStableFunc(due, func(a, b dueLane) int {
		if (a.Lane == byMail) != (b.Lane == byMail) {
			if a.Lane == byMail {
				return -1
			}
			return 1
		}
		return a.Faults - b.Faults
	})
	return due, nil
}

// next is the message of a lane whose turn it is, if one is due. Rows are
// numbered as they were committed.
func next(app core.App, lane string, now time.Time) (row records.Dispatch, due bool, err error) {
	return records.Dispatches.First(app, "state = {:queued} AND lane = {:lane} AND next_at <= {:now}",
		dbx.Params{"queued": domain.DispatchQueued, "lane": lane, "now": gate.Stamp(now)}, "rowid")
}

// drive sends what is due in a lane, one after the other and never in a
// transaction, until its target faults.
func (s *Service) drive(app core.App, lane string, now time.Time) error {
	if lane != byMail {
		if goes, err := s.ready(app, lane, now); err != nil || !goes {
			return err
		}
	}
	begun, own := s.now(), 0
	for n := 0; n < turn && s.now().Sub(begun) < turnTime; n++ {
		row, due, err := next(app, lane, now)
		if err != nil || !due {
			return err
		}
		if row, err = shut(app, row); err != nil {
			return err
		}
		fault := s.send(app, row, now)
		if s.ctx.Err() != nil {
			return nil //nolint:nilerr // the server ends: nothing is said of the target
		}
		if own = fault.count(own); own >= ownMost {
			fault.kind = ofTarget
		}
		goesOn, err := s.note(app, lane, row, now, fault)
		if err != nil || !goesOn {
			return err
		}
	}
	return nil
}

// ready reports whether a webhook is on. While it is off its messages wait; when
// it is gone they are given up.
func (s *Service) ready(app core.App, lane string, now time.Time) (bool, error) {
	hook, found, err := records.Webhooks.Find(app, records.WebhookID(lane))
	if err != nil || found {
		return found && hook.Active(), err
	}
	return false, giveUp(app, lane, now, "the webhook is gone")
}

// giveUp ends what waits in a lane since before a time.
func giveUp(app core.App, lane string, before time.Time, why string) error {
	_, err := app.DB().NewQuery(`UPDATE dispatches SET state = {:dead}, last_error = {:why}, open = FALSE
		WHERE state = {:queued} AND lane = {:lane} AND next_at <= {:before}`).
		Bind(dbx.Params{"dead": domain.DispatchDead, "why": why, "queued": domain.DispatchQueued, "lane": lane, "before": gate.Stamp(before)}).Execute()
	if err != nil {
		return fmt.Errorf("give messages up: %w", err)
	}
	return nil
}

// note writes what became of a message, and how its target does. It tells
// whether the lane goes on.
func (s *Service) note(app core.App, lane string, row records.Dispatch, now time.Time, f fault) (goesOn bool, err error) {
	most, err := gate.SettingsNow(app).MessageMaxTries()
	if err != nil {
		return false, err
	}
	last := row.Tries()+1 >= most
	err = app.RunInTransaction(func(txApp core.App) error {
		switch {
		case f.kind == none:
			goesOn = true
			row.SetState(domain.DispatchSent)
			row.SetSentAt(now)
			row.SetLastError("")
			if err := clearLane(txApp, lane); err != nil {
				return err
			}
		case f.kind == forEver || f.kind == ofMessage && last:
			goesOn = true
			failed(row, domain.DispatchDead, now, f)
		case f.kind == ofMessage:
			goesOn = true
			failed(row, domain.DispatchQueued, now.Add(s.wait(row.Tries()+1)), f)
		case f.kind == answered && last:
			goesOn = true // perhaps it was this one alone
			failed(row, domain.DispatchDead, now, f)
		default:
			goesOn = false
			failed(row, domain.DispatchQueued, row.NextAt(), f)
		}
		if err := txApp.SaveWithContext(gate.AsServer(context.Background()), row.Raw()); err != nil {
			return fmt.Errorf("note a message: %w", err)
		}
		if f.kind == answered || f.kind == ofTarget {
			return s.fault(txApp, lane, now, most, f)
		}
		return nil
	})
	return goesOn, err
}

// failed notes an attempt that did not succeed.
func failed(row records.Dispatch, state records.DispatchState, next time.Time, f fault) {
	row.SetState(state)
	row.SetTries(row.Tries() + 1)
	row.SetNextAt(next)
	row.SetLastError(f.text())
}

// wait is how long until the next attempt after so many that failed, with a
// random part, so that lanes do not come all at once.
func (s *Service) wait(tries int) time.Duration {
	least := min(domain.Backoff(tries), longest)
	return least + s.cfg.Spread(least/4)
}
