package visits

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain/field"
	"satchel/records"
)

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
		return fmt.Errorf("read the chain of visits: %w", err)
	}
	events, hashes := make([]field.VisitEvent, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		events[i] = field.VisitEvent{
			N: r.N, Owner: owner, Visit: r.Visit, Action: r.Action, From: r.From, To: r.To, At: r.At.Time(), Actor: r.Actor,
			Device: r.Device, Push: r.Push, Data: r.Data, Content: r.Content, Prev: r.Prev,
		}
		hashes[i] = r.Hash
	}
	if err := field.CheckVisitChain(events, hashes); err != nil {
		return err
	}
	return checkContent(app, events)
}

// checkContent compares what hangs on the visits now with the last events.
func checkContent(app core.App, events []field.VisitEvent) error {
	last := map[string]int{}
	for i, e := range events {
		last[e.Visit] = i
	}
	for i, e := range events {
		if last[e.Visit] != i || e.Content == "" || !field.VisitKept(e.To, e.To) {
			continue // passed by a later one, or its owner writes it still
		}
		content, err := contentOf(app, records.VisitID(e.Visit))
		if err != nil {
			return err
		}
		if content.Hash() != e.Content {
			return fmt.Errorf("what hangs on visit %s was changed after event %d", e.Visit, e.N)
		}
	}
	return nil
}
