// Package audit keeps who changed what: a row for each change of state and each
// override, with before and after, in the transaction of the change. The log
// grows only.
package audit

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
	"satchel/syncer"
)

// Area is the two logs, and the way past the rules.
func Area() kit.Area {
	return kit.Area{
		Name:        "audit",
		Collections: []kit.Collection{grows(records.AuditEntryTable), grows(records.AccessEntryTable)},
		Routes:      []kit.Route{{Method: http.MethodPost, Path: "/api/ka/{collection}/{id}/override", Who: kit.AnyReader(), Run: override}},
	}
}

// grows keeps what the server writes of a log: nobody changes or deletes it.
func grows(log string) kit.Collection {
	kept := func(*core.RecordEvent) error { return gate.Refuse("audit.kept") }
	return kit.Collection{
		Name: log,
		Keep: &gate.Keep{Log: true},
		Rules: []kit.Rule{
			{On: kit.Create, Collection: log, Name: "logCreate", Run: func(e *core.RecordEvent) error {
				if !gate.ByServer(e) {
					return gate.Refuse("audit.kept")
				}
				return e.Next()
			}},
			{On: kit.Update, Collection: log, Name: "logUpdate", Run: kept},
			{On: kit.Delete, Collection: log, Name: "logDelete", Run: kept},
		},
	}
}

// Config is what the area takes from outside.
type Config struct {
	Now     func() time.Time
	Audited gate.Audited // what every area declares
	// Emit tells others of entries, in their transaction; nil tells nobody.
	Emit func(txApp core.App, events ...gate.Event) error
}

// Bind registers what notes the writes of all collections, around their rules. It
// returns who is told of rows that went as change capture sees it.
func Bind(app core.App, cfg Config) func(tx dbx.Builder, gone []syncer.Gone) error {
	w := &writer{cfg}
	app.OnRecordCreateExecute().Bind(gate.Named("auditCreate", w.onlyAudited(w.created)))
	app.OnRecordUpdateExecute().Bind(gate.Named("auditUpdate", w.onlyAudited(w.updated)))
	app.OnRecordDeleteExecute().Bind(gate.Named("auditDelete", func(e *core.RecordEvent) error {
		if e.Record.Collection().System {
			return e.Next()
		}
		return gate.Atomic(w.deleted)(e)
	}))
	app.OnCollectionDeleteExecute().Bind(gate.Named("auditDropped", w.dropped))
	w.bindConsole(app)
	gate.OnSaveMany(app, w.updatedMany)
	return func(tx dbx.Builder, gone []syncer.Gone) error { return w.raw(app, tx, gone) }
}

type writer struct{ cfg Config }

// onlyAudited lets all other collections pass, but for overrides.
func (w *writer) onlyAudited(fn func(e *core.RecordEvent, what gate.Audit) error) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		what, ok := w.cfg.Audited[e.Record.Collection().Name]
		if !ok && gate.OverrideReason(e.Context) == "" {
			return e.Next()
		}
		if actor := gate.From(e); what.People && actor.User == nil && actor.Super == "" {
			return e.Next()
		}
		return gate.Atomic(func(e *core.RecordEvent) error { return fn(e, what) })(e)
	}
}

// updated notes which of the audited fields changed. An override is noted with
// all that it changed.
func (w *writer) updated(e *core.RecordEvent, what gate.Audit) error {
	fields := what.Fields
	if gate.OverrideReason(e.Context) != "" {
		fields = gate.Changed(e.Record)
	}
	before, after := gate.Difference(e.Record, fields)
	if err := e.Next(); err != nil || len(after) == 0 {
		return err
	}
	return w.write(e, "update", before, after)
}

func (w *writer) created(e *core.RecordEvent, what gate.Audit) error {
	if err := e.Next(); err != nil || !what.Create {
		return err
	}
	return w.write(e, "create", nil, gate.Values(e.Record, what.Fields))
}

// deleted notes that a row of whatever collection goes.
func (w *writer) deleted(e *core.RecordEvent) error {
	c := e.Record.Collection()
	before := gate.Values(e.Record, w.shown(c))
	if err := gate.Gone(e.App, c.Name, "SELECT {:id} AS id", dbx.Params{"id": e.Record.Id}); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	return w.write(e, "delete", before, nil)
}

// write adds the row past the record layer: nothing of it is to be judged, and
// a push writes many.
func (w *writer) write(e *core.RecordEvent, action string, before, after map[string]any) error {
	actor := gate.From(e)
	if actor.Action != "" {
		action = actor.Action
	}
	event := gate.Event{Action: action, Collection: e.Record.Collection().Name, Record: e.Record.Id, Before: before, After: after}
	if err := w.insert(e.App.DB(), &event, actor, gate.OverrideReason(e.Context)); err != nil {
		return err
	}
	if w.cfg.Emit == nil {
		return nil
	}
	return w.cfg.Emit(e.App, event)
}

// insert gives an entry its id and time, and writes it.
func (w *writer) insert(tx dbx.Builder, event *gate.Event, actor gate.Actor, override string) error {
	row, err := w.entry(event, actor, override)
	if err != nil {
		return err
	}
	if _, err := tx.Insert(records.AuditEntryTable, row).Execute(); err != nil {
		var there int
		find := tx.NewQuery("SELECT COUNT(*) FROM sqlite_master WHERE name = {:log}").Bind(dbx.Params{"log": records.AuditEntryTable})
		if find.Row(&there) == nil && there == 0 { // a migration runs in which there is no log
			return nil
		}
		return fmt.Errorf("write the audit log: %w", err)
	}
	return nil
}

// entry gives an event its id and time, and is it as a row.
func (w *writer) entry(event *gate.Event, actor gate.Actor, override string) (dbx.Params, error) {
	event.ID, event.At = core.GenerateDefaultRandomId(), w.cfg.Now().UTC()
	row := dbx.Params{
		"id": event.ID, "collection": event.Collection, "record": event.Record, "action": event.Action,
		"device": actor.Device, "ip": actor.IP, "override_reason": override, "actor": "", "actor_name": actor.Super,
	}
	if actor.User != nil {
		event.Actor = actor.User.Id
		row["actor"], row["actor_name"] = actor.User.Id, records.Users.Of(actor.User).Name()
	}
	for name, values := range map[string]map[string]any{"before": event.Before, "after": event.After} {
		text, err := json.Marshal(values, json.Deterministic(true))
		if err != nil {
			return nil, fmt.Errorf("write the audit log: %w", err)
		}
		row[name] = string(text)
	}
	stamp := event.At.Format(types.DefaultDateLayout)
	row["at"], row["created"], row["updated"] = stamp, stamp, stamp
	return row, nil
}
