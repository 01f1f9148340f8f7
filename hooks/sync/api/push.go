package api

import (
	"encoding/json/jsontext"
	"errors"
	"net/http"
	"time"

	"satchel/hooks/platform/gate"
	"satchel/records"
	"satchel/syncer"

	"github.com/pocketbase/pocketbase/core"
)

// fullWait is after how many seconds a phone whose user has too many open issues
// comes again.
const fullWait = "300"

// push takes numbered mutations and answers one verdict for each. All of a
// request share one transaction, with the pushes of other phones that came
// meanwhile, and so one fsync, unless one is refused after it has written
// something: then each gets a transaction of its own.
func (s *Service) push(e *core.RequestEvent) error {
	arrived := s.cfg.Now() // before a slow line has brought the rest
	req, err := readPush(e)
	if err != nil {
		return err
	}
	device, err := s.cfg.Sessions.HandingIn(e, req.Device)
	if err != nil {
		return err
	}
	if err := s.spend(e, limitPush, string(device.ID())); err != nil {
		return err
	}
	if len(req.Mutations) > syncer.MaxPushMutations {
		return answer(http.StatusRequestEntityTooLarge, "too_many_mutations", map[string]any{"limit": syncer.MaxPushMutations})
	}
	who := syncer.Device{ID: string(device.ID()), User: e.Auth.Id, Schema: uint32(max(req.Schema, 0)), Quarantined: !records.Users.Of(e.Auth).Active()}
	if who.Cursor, err = s.SeenBy(e.App, who.ID, req.Cursor); err != nil {
		return err
	}
	free, err := s.pushes.enter(e.Request.Context())
	if err != nil {
		return overloaded(e)
	}
	defer free()
	release := map[string]bool{who.User: true}
	out, err := s.take(e, &past{device: who, sent: sentAt(req.Sent), arrived: arrived, release: release}, req.Mutations)
	if err != nil {
		return s.pushFailed(e, device, err)
	}
	out.Anchor = s.Anchor(e.App, e.Auth.Id, device.ID())
	for user := range release {
		if err := s.cfg.Issues.Release(e.Request.Context(), e.App, user); err != nil {
			e.App.Logger().Error("Failed to carry out held work", "user", user, "error", err)
		}
	}
	s.counts.answered(out.Results)
	s.saw(gate.Sighting{Device: who.ID, Did: gate.SawPush, Oldest: req.OldestCaptured})
	return e.JSON(http.StatusOK, out)
}

// readPush reads a bounded push.
func readPush(e *core.RequestEvent) (syncer.PushRequest, error) {
	body, err := readBody(e, syncer.MaxPushBytes)
	if err != nil {
		return syncer.PushRequest{}, err
	}
	req, err := syncer.ReadPush(body)
	return req, answerProblem(err)
}

// SeenBy reads the cursor that a phone holds. It proves what the phone has seen
// and decides nothing else: one that cannot be read proves nothing.
func (s *Service) SeenBy(app core.App, device, text string) (syncer.Cursor, error) {
	if text == "" {
		return syncer.Cursor{}, nil
	}
	keys, err := s.Keys(app)
	if err != nil {
		return syncer.Cursor{}, err
	}
	c, err := keys.Cursor(text, device)
	if _, bad := errors.AsType[*syncer.Problem](err); bad {
		return syncer.Cursor{}, nil
	}
	return c, err
}

// take pushes the mutations together, or unit by unit if that cannot be.
func (s *Service) take(e *core.RequestEvent, p *past, mutations []jsontext.Value) (syncer.PushResponse, error) {
	out, err := s.takeTogether(e, p, mutations, nil, true)
	fell, dirty := errors.AsType[*syncer.DirtyError](err)
	if !dirty {
		return out, err
	}
	// What fell after all that stands before it was judged as it is to be judged now:
	// its rules do not run again.
	var all syncer.PushResponse
	for _, unit := range syncer.Units(mutations) {
		out, err := s.takeTogether(e, p, unit, fell.Refused, false)
		if d, dirty := errors.AsType[*syncer.DirtyError](err); dirty {
			out, err = s.takeTogether(e, p, unit, d.Refused, false)
		}
		if err != nil {
			return all, err
		}
		out.Results = append(all.Results, out.Results...)
		all = out
	}
	return all, nil
}

// takeTogether pushes mutations in one transaction; asked is whether there must
// be room for them, which is judged once for a request.
func (s *Service) takeTogether(
	e *core.RequestEvent, of *past, mutations []jsontext.Value, refused map[int64]*syncer.Problem, asked bool,
) (syncer.PushResponse, error) {
	var out syncer.PushResponse
	err := s.commits.commit(e.App, func(txApp core.App, session *syncer.Session) error {
		p := *of // another try begins anew
		p.session = session
		if asked {
			var err error
			if p.device.Full, err = s.cfg.Issues.Full(txApp, p.device.User); err != nil {
				return err
			}
		}
		ap := newApplier(s, e.Request.Context(), txApp, e.Auth, &p)
		results, st, err := session.Push(p.device, mutations, ap, refused)
		out = syncer.PushResponse{Results: results, HighWater: st.HighWater, DurableN: st.DurableN, Head: session.Head()}
		return err
	})
	return out, err
}

// sentAt reads what a phone says of its clock; zero if it cannot be read.
func sentAt(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// pushFailed answers a push of which nothing was taken.
func (s *Service) pushFailed(e *core.RequestEvent, device records.SyncDevice, err error) error {
	if p, ok := errors.AsType[*syncer.Problem](err); ok {
		switch p.Code {
		case "device_forked", "sync_gap": // it may have to register anew
			if err := s.sentAway(e.App, device.ID()); err != nil {
				return err
			}
		case "issues_full":
			e.Response.Header().Set("Retry-After", fullWait)
			if s.cfg.Full != nil {
				if err := s.cfg.Full(e.App, device.Raw()); err != nil {
					e.App.Logger().Error("Failed to tell of a user with too many issues", "user", e.Auth.Id, "error", err)
				}
			}
		}
		return answerProblem(err)
	}
	if endsPush(err) {
		e.Response.Header().Set("Retry-After", "30")
		e.App.Logger().Error("Failed to write a push", "error", err)
		return answer(http.StatusServiceUnavailable, "storage_unavailable", nil)
	}
	return err
}
