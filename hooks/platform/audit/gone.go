package audit

import (
	"encoding/json/v2"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/syncer"
)

// Actions of entries about rows that no hook saw going.
const (
	rawDelete = "raw.delete" // by SQL; the entry says what phones had of the row
	dropped   = "collection.drop"
)

// shown are the fields that an entry about a row that goes may say: those that
// the area declares, else all, if whoever reads the log reads such rows too.
func (w *writer) shown(c *core.Collection) (fields []string) {
	if what, ok := w.cfg.Audited[c.Name]; ok {
		return what.Fields
	}
	if c.IsAuth() || c.ViewRule == nil || !strings.Contains(*c.ViewRule, `"auditor"`) {
		return nil
	}
	for _, f := range c.Fields {
		if !f.GetHidden() && f.Type() != core.FieldTypeAutodate {
			fields = append(fields, f.GetName())
		}
	}
	return fields
}

// raw notes the rows that went past the hooks.
func (w *writer) raw(app core.App, tx dbx.Builder, gone []syncer.Gone) error {
	for _, g := range gone {
		result, err := tx.NewQuery("DELETE FROM _gone WHERE coll = {:c} AND rec = {:r}").
			Bind(dbx.Params{"c": g.Collection.ID, "r": g.Record}).Execute()
		if err != nil {
			return fmt.Errorf("read what went: %w", err)
		}
		if known, err := result.RowsAffected(); err != nil || known > 0 {
			if err != nil {
				return err
			}
			continue
		}
		c, err := app.FindCachedCollectionByNameOrId(g.Collection.ID)
		if err != nil {
			return fmt.Errorf("find what went: %w", err)
		}
		body, before := map[string]any{}, map[string]any{}
		if g.Body != "" {
			if err := json.Unmarshal([]byte(g.Body), &body); err != nil {
				return fmt.Errorf("read what went: %w", err)
			}
		}
		for _, name := range w.shown(c) {
			if value, ok := body[name]; ok {
				before[name] = value
			}
		}
		event := gate.Event{Action: rawDelete, Collection: c.Name, Record: g.Record, Before: before}
		if err := w.insert(tx, &event, gate.Actor{}, ""); err != nil {
			return err
		}
	}
	return nil
}

// dropped notes that a collection goes with all its rows.
func (w *writer) dropped(e *core.CollectionEvent) error {
	if e.Collection.System || e.Collection.IsView() {
		return e.Next()
	}
	original := e.App
	defer func() { e.App = original }()
	return original.RunInTransaction(func(txApp core.App) error {
		e.App = txApp
		rows, err := txApp.CountRecords(e.Collection)
		if err != nil {
			return fmt.Errorf("count what goes: %w", err)
		}
		if err := e.Next(); err != nil || rows == 0 {
			return err
		}
		event := gate.Event{Action: dropped, Collection: e.Collection.Name, Before: map[string]any{"rows": rows}}
		return w.insert(txApp.DB(), &event, gate.Of(e.Context), "")
	})
}
