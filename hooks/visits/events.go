package visits

import (
	"context"
	"database/sql"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/hooks/gate"
)

// record appends a step of a visit to the chain of its owner. from is the state
// before; data is the evidence as it came, or nothing. Rows of visit_events are
// written once, below the hooks, and by nobody else.
func (s *Service) record(ctx context.Context, txApp core.App, visit *core.Record, action, from string, data jsontext.Value) error {
	prev := struct {
		N    int    `db:"n"`
		Hash string `db:"hash"`
	}{}
	err := txApp.DB().NewQuery("SELECT n, hash FROM visit_events WHERE owner = {:o} ORDER BY n DESC LIMIT 1").
		Bind(dbx.Params{"o": ownerOf(visit)}).One(&prev)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("failed to read the chain of visits: %w", err)
	}
	actor := gate.Of(ctx)
	device := actor.Device
	if actor.Work.N > 0 { // the phone that captured it, whoever answers for it
		device = actor.Work.Device
	}
	e := domain.VisitEvent{
		N: prev.N + 1, Owner: ownerOf(visit), Visit: visit.Id, Action: action, From: from, To: stateOf(visit),
		At: s.now().UTC().Truncate(time.Millisecond), Device: device, Push: actor.Work.N, Data: string(data), Prev: prev.Hash,
	}
	if actor.User != nil {
		e.Actor = actor.User.Id
	}
	if domain.VisitKept(e.From, e.To) {
		content, err := contentOf(txApp, visit.Id)
		if err != nil {
			return err
		}
		e.Content = content.Hash()
	}
	hash := e.Hash()
	at := gate.Stamp(e.At)
	_, err = txApp.DB().Insert("visit_events", dbx.Params{
		"id": hash[:15], "visit": e.Visit, "account": accountOf(visit), "owner": e.Owner, "dept": deptOf(visit), "n": e.N,
		"action": e.Action, "from_state": e.From, "to_state": e.To, "at": at, "actor": e.Actor, "device": e.Device, "push": e.Push, "data": e.Data,
		"content": e.Content, "prev_hash": e.Prev, "hash": hash, "created": at, "updated": at,
	}).Execute()
	if err != nil {
		return fmt.Errorf("failed to append to the chain of visits: %w", err)
	}
	visit.Set("prev_hash", e.Prev)
	visit.Set("event_hash", hash)
	return nil
}

// CheckChain compares the whole chain of an owner's visits with its hashes, and
// what hangs on each reported visit with what its last event says of it; the
// error names the first event that does not fit.
func CheckChain(app core.App, owner string) error {
	var rows []struct {
		N       int            `db:"n"`
		Visit   string         `db:"visit"`
		Action  string         `db:"action"`
		From    string         `db:"from_state"`
		To      string         `db:"to_state"`
		At      types.DateTime `db:"at"`
		Actor   string         `db:"actor"`
		Device  string         `db:"device"`
		Push    int64          `db:"push"`
		Data    string         `db:"data"`
		Content string         `db:"content"`
		Prev    string         `db:"prev_hash"`
		Hash    string         `db:"hash"`
	}
	err := app.DB().NewQuery("SELECT n, visit, action, from_state, to_state, at, actor, device, push, data, content, prev_hash, hash FROM visit_events WHERE owner = {:o} ORDER BY n").
		Bind(dbx.Params{"o": owner}).All(&rows)
	if err != nil {
		return fmt.Errorf("failed to read the chain of visits: %w", err)
	}
	events, hashes := make([]domain.VisitEvent, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		events[i] = domain.VisitEvent{
			N: r.N, Owner: owner, Visit: r.Visit, Action: r.Action, From: r.From, To: r.To, At: r.At.Time(), Actor: r.Actor,
			Device: r.Device, Push: r.Push, Data: r.Data, Content: r.Content, Prev: r.Prev,
		}
		hashes[i] = r.Hash
	}
	if err := domain.CheckVisitChain(events, hashes); err != nil {
		return err
	}
	return checkContent(app, events)
}

// checkContent compares what hangs on the visits now with the last events.
func checkContent(app core.App, events []domain.VisitEvent) error {
	last := map[string]int{}
	for i, e := range events {
		last[e.Visit] = i
	}
	for i, e := range events {
		if last[e.Visit] != i || e.Content == "" || !domain.VisitKept(e.To, e.To) {
			continue // passed by a later one, or its owner writes it still
		}
		content, err := contentOf(app, e.Visit)
		if err != nil {
			return err
		}
		if content.Hash() != e.Content {
			return fmt.Errorf("what hangs on visit %s was changed after event %d", e.Visit, e.N)
		}
	}
	return nil
}
