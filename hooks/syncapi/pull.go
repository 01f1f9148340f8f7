package syncapi

import (
	"fmt"
	"net/http"
	"time"

	"satchel/hooks/gate"
	"satchel/syncer"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// maxRowsKey is the setting of the most rows that one phone may hold.
const (
	maxRowsKey     = "sync.max_scope_rows"
	defaultMaxRows = 20_000
)

// slowAnswer is how long a slow line may take to read an answer.
const slowAnswer = 30 * time.Minute

// pull answers what changed for this user since the device's cursor. The answer
// is complete before its first byte is sent, so that no slow phone holds a
// snapshot of the database.
func (s *Service) pull(e *core.RequestEvent) error {
	var req syncer.PullRequest
	if err := readJSON(e, maxSmallBody, &req); err != nil {
		return err
	}
	device, err := s.Device(e, req.Device)
	if err != nil {
		return err
	}
	if req.Schema < 1 {
		return answer(http.StatusBadRequest, "schema_invalid", nil)
	}
	secret, err := syncer.Secret(e.App.ConcurrentDB())
	if err != nil {
		return err
	}
	body := newBody(e.Request.Header.Get("Accept-Encoding"))
	defer body.release()
	err = snapshot(e.App, func(tx dbx.Builder) error {
		return s.engine.Pull(tx, syncer.Pull{
			User: e.Auth.Id, Device: device.Id, Schema: uint32(req.Schema), Cursor: req.Cursor,
			Secret: []byte(secret), Now: s.cfg.Now(),
			MaxRows: func() (int, error) { return gate.Setting(e.App, maxRowsKey, defaultMaxRows) },
		}, body)
	})
	if err == nil {
		err = body.close()
	}
	if err != nil {
		return answerProblem(err)
	}
	return body.send(e)
}

// snapshot runs fn in a read transaction: all it reads is of one moment.
func snapshot(app core.App, fn func(tx dbx.Builder) error) error {
	db, ok := app.ConcurrentDB().(*dbx.DB)
	if !ok {
		return fmt.Errorf("a snapshot inside a transaction: %T", app.ConcurrentDB())
	}
	return db.Transactional(func(tx *dbx.Tx) error { return fn(tx) })
}
