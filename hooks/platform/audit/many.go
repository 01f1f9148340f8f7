package audit

import (
	"cmp"
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/records"
)

// updatedMany notes rows of a collection that were saved at once: an entry for each, as of
// saves one after the other, by one statement.
func (w *writer) updatedMany(ctx context.Context, tx core.App, rows []*core.Record) error {
	collection := rows[0].Collection().Name
	what, audited := w.cfg.Audited[collection]
	actor := gate.Of(ctx)
	if !audited || what.People && actor.User == nil && actor.Super == "" {
		return nil
	}
	action := cmp.Or(actor.Action, "update")
	var entries []dbx.Params
	var events []gate.Event
	for _, r := range rows {
		before, after := gate.Difference(r, what.Fields)
		if len(after) == 0 {
			continue
		}
		event := gate.Event{Action: action, Collection: collection, Record: r.Id, Before: before, After: after}
		entry, err := w.entry(&event, actor, "")
		if err != nil {
			return err
		}
		entries, events = append(entries, entry), append(events, event)
	}
	if err := insertMany(tx, entries); err != nil || w.cfg.Emit == nil {
		return err
	}
	return w.cfg.Emit(tx, events...)
}

// entriesMost is how many entries a statement writes.
const entriesMost = 500

func insertMany(tx core.App, entries []dbx.Params) error {
	for part := range slices.Chunk(entries, entriesMost) {
		columns := slices.Sorted(maps.Keys(part[0]))
		text, err := json.Marshal(part, jsontext.AllowInvalidUTF8(true))
		if err != nil {
			return fmt.Errorf("write the audit log: %w", err)
		}
		_, err = tx.DB().NewQuery("INSERT INTO {{" + records.AuditEntryTable + "}} ([[" + strings.Join(columns, "]], [[") + "]]) SELECT value ->> '" +
			strings.Join(columns, "', value ->> '") + "' FROM json_each({:rows})").Bind(dbx.Params{"rows": string(text)}).Execute()
		if err != nil {
			return fmt.Errorf("write the audit log: %w", err)
		}
	}
	return nil
}
