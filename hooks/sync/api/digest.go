package api

import (
	"errors"
	"net/http"

	"satchel/hooks/platform/gate"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const maxDigestBody = 512 << 10

// digest tells a phone whether it holds what it should, and where it does not.
func (s *Service) digest(e *core.RequestEvent) error {
	var req syncer.DigestRequest
	if err := gate.ReadJSON(e, maxDigestBody, &req); err != nil {
		return err
	}
	q, free, err := s.comparing(e, req.Device, req.Schema, req.Cursor)
	if err != nil {
		return err
	}
	defer free()
	var out syncer.DigestResponse
	err = snapshot(e.App, func(tx dbx.Builder) (err error) {
		out, err = s.engine.Digest(tx, q, req)
		return err
	})
	if err != nil {
		return answerProblem(err)
	}
	return e.JSON(http.StatusOK, out)
}

// repair sends a phone the rows in which it differs, within a daily budget.
// Each is logged before it is sent.
func (s *Service) repair(e *core.RequestEvent) error {
	var req syncer.RepairRequest
	if err := gate.ReadJSON(e, maxDigestBody, &req); err != nil {
		return err
	}
	q, free, err := s.comparing(e, req.Device, req.Schema, req.Cursor)
	if err != nil {
		return err
	}
	defer free()
	body := newBody(e.Request.Header.Get("Accept-Encoding"), nil)
	defer body.release()
	heal := syncer.Heal{Device: req.Device, User: e.Auth.Id, At: s.cfg.Now()}
	err = snapshot(e.App, func(tx dbx.Builder) (err error) {
		heal.Mended, err = s.engine.Repair(tx, q, req, body)
		return err
	})
	if err == nil {
		err = body.close()
	}
	if err == nil && heal.Mended.Rows > 0 {
		err = s.record(e.App, heal)
	}
	if err != nil {
		return answerProblem(err)
	}
	defer s.sending.begin(e, req.Device)()
	return body.send(e)
}

// record logs a heal; the error is what the phone is told instead of the rows.
func (s *Service) record(app core.App, heal syncer.Heal) error {
	budget, err := gate.SettingsNow(app).SyncRepairRowsPerDay()
	if err != nil {
		return err
	}
	var refusal *syncer.Problem
	var kind string
	err = app.RunInTransaction(func(tx core.App) (err error) {
		kind, refusal, err = heal.Record(tx.DB(), budget)
		app.Logger().Warn("A phone differed from what it should hold", "device", heal.Device, "rows", heal.Mended.Rows, "heal", kind)
		return err
	})
	if err != nil {
		return errors.Join(errors.New("failed to log a heal"), err)
	}
	s.counts.heals.add(kind)
	if refusal != nil {
		return refusal
	}
	return nil
}

// comparing admits a phone that compares, once all that hooks saw is folded.
// free gives its place at work back.
func (s *Service) comparing(e *core.RequestEvent, device string, schema int, cursor string) (q syncer.Pull, free func(), err error) {
	if _, err := s.knownDevice(e, device); err != nil {
		return q, nil, err
	}
	if err := s.spend(e, limitPull, device); err != nil {
		return q, nil, err
	}
	if schema < 1 {
		return q, nil, answer(http.StatusBadRequest, "schema_invalid", nil)
	}
	if err := s.tooOld(e.App, schema); err != nil {
		return q, nil, err
	}
	keys, err := s.Keys(e.App)
	if err != nil {
		return q, nil, err
	}
	if err := s.reach(e.App, 0); err != nil {
		return q, nil, answerProblem(err)
	}
	if free, err = s.pulls.enter(e.Request.Context()); err != nil {
		return q, nil, overloaded(e)
	}
	return syncer.Pull{
		User: e.Auth.Id, Device: device, Schema: uint32(schema), Cursor: cursor, //nolint:gosec // checked above
		Keys: keys, Now: s.cfg.Now(),
	}, free, nil
}
