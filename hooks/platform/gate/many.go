package gate

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"maps"
	"slices"
	"strings"

	"satchel/records"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// SaveMany saves what has changed of rows of one collection, as SaveChanged does one after
// the other: the log has an entry of each, and who listens to saves hears of each after the
// commit. It writes rows of which the same columns changed by one statement and runs no
// rule: only for columns of which the collection's rules say nothing where the server
// itself writes them.
func SaveMany(ctx context.Context, app core.App, rows []*core.Record) error {
	ctx = AsServer(ctx)
	return app.RunInTransaction(func(tx core.App) error {
		for _, r := range rows {
			defer records.KeepBefore(r)()
		}
		changed, err := writeMany(tx, rows)
		if err != nil || len(changed) == 0 {
			return err
		}
		told, _ := tx.Store().Get(savedKey).(saved)
		if told.note != nil {
			if err := told.note(ctx, tx, changed); err != nil {
				return err
			}
		}
		for _, r := range changed {
			told.after(ctx, tx, r)
			if err := r.PostScan(); err != nil {
				return err
			}
			records.Reloaded(r)
		}
		return nil
	})
}

// writeMany writes rows, and returns those that changed.
func writeMany(tx core.App, rows []*core.Record) (changed []*core.Record, err error) {
	now := types.NowDateTime()
	same := map[string]*many{} // by the columns that changed
	for _, r := range rows {
		columns := Changed(r)
		if len(columns) == 0 {
			continue
		}
		for _, f := range r.Collection().Fields {
			if stamp, is := f.(*core.AutodateField); is && stamp.OnUpdate {
				put(r, stamp.Name, now)
				columns = append(columns, stamp.Name)
			}
		}
		key := strings.Join(columns, " ")
		if same[key] == nil {
			same[key] = &many{columns: columns}
		}
		if err := same[key].add(r); err != nil {
			return nil, err
		}
		changed = append(changed, r)
	}
	for _, key := range slices.Sorted(maps.Keys(same)) {
		if err := same[key].write(tx, changed[0].TableName()); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// saved is who hears of rows that are saved at once.
type saved struct {
	app  core.App // outside of transactions
	note func(ctx context.Context, tx core.App, rows []*core.Record) error
}

const savedKey = "satchel.saved"

// OnSaveMany says who keeps the log of rows that are saved at once.
func OnSaveMany(app core.App, note func(ctx context.Context, tx core.App, rows []*core.Record) error) {
	app.Store().Set(savedKey, saved{app, note})
}

// after lets those hear of a row after the commit who listen to saves.
func (s saved) after(ctx context.Context, tx core.App, r *core.Record) {
	e := &core.ModelEvent{App: s.app, Context: ctx, Type: core.ModelEventTypeUpdate}
	e.Model = r
	tx.TxInfo().OnComplete(func(err error) error {
		switch {
		case s.app == nil:
			return nil
		case err != nil:
			return s.app.OnModelAfterUpdateError().Trigger(&core.ModelErrorEvent{ModelEvent: *e, Error: err})
		}
		return s.app.OnModelAfterUpdateSuccess().Trigger(e)
	})
}

// many are rows of which the same columns changed.
type many struct {
	columns []string
	rows    []map[string]any
}

// add takes a row's values as its columns keep them.
func (m *many) add(r *core.Record) error {
	row := map[string]any{core.FieldNameId: r.Id}
	for _, name := range m.columns {
		value, err := kept(r, name)
		if err != nil {
			return fmt.Errorf("export %s of %s: %w", name, r.Collection().Name, err)
		}
		row[name] = value
	}
	m.rows = append(m.rows, row)
	return nil
}

// rowsMost is how many rows a statement writes.
const rowsMost = 500

// write has the ids taken out of the text once: where SQLite looks for each row of a small
// table among those that are written, it would read the whole text again for each.
func (m *many) write(tx core.App, table string) error {
	set := make([]string, len(m.columns))
	for i, name := range m.columns {
		set[i] = "[[" + name + "]] = p.value ->> '" + name + "'"
	}
	for part := range slices.Chunk(m.rows, rowsMost) {
		text, err := json.Marshal(part, jsontext.AllowInvalidUTF8(true))
		if err != nil {
			return fmt.Errorf("write rows of %s: %w", table, err)
		}
		_, err = tx.DB().NewQuery("WITH p AS MATERIALIZED (SELECT value ->> 'id' AS id, value FROM json_each({:rows})) UPDATE {{" + table + "}} SET " +
			strings.Join(set, ", ") + " FROM p WHERE {{" + table + "}}.[[id]] = p.id").
			Bind(dbx.Params{"rows": string(text)}).Execute()
		if err != nil {
			return fmt.Errorf("save rows of %s: %w", table, err)
		}
	}
	return nil
}
