package gate

import (
	"encoding/json/jsontext"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

const settingsTable = "settings"

// bindSettings judges settings when they are saved, keeps what they were, and
// forgets what was read of them.
func bindSettings(app core.App, cfg Config) {
	cache := &settingsCache{now: cfg.Now, writing: map[string]bool{}}
	app.Store().Set(settingsKey, cache)
	app.OnServe().Bind(Named("settingsHidden", func(e *core.ServeEvent) error {
		if err := hideSettings(e.App); err != nil {
			return err
		}
		return e.Next()
	}))
	save := Atomic(func(e *core.RecordEvent) error { return settingSaved(e, cfg) })
	app.OnRecordCreate(settingsTable).Bind(Named("settingCreate", save))
	app.OnRecordUpdate(settingsTable).Bind(Named("settingUpdate", save))

	// From the write to the end of its transaction nobody trusts the memory.
	begin := func(e *core.RecordEvent) error {
		cache.change(e.Record.Id, true)
		return e.Next()
	}
	end := func(e *core.RecordEvent) error {
		cache.change(e.Record.Id, false)
		return e.Next()
	}
	failed := func(e *core.RecordErrorEvent) error {
		cache.change(e.Record.Id, false)
		return e.Next()
	}
	app.OnRecordCreateExecute(settingsTable).Bind(Named("settingCreating", begin))
	app.OnRecordUpdateExecute(settingsTable).Bind(Named("settingUpdating", begin))
	app.OnRecordDeleteExecute(settingsTable).Bind(Named("settingDeleting", begin))
	app.OnRecordAfterCreateSuccess(settingsTable).Bind(Named("settingCreated", end))
	app.OnRecordAfterUpdateSuccess(settingsTable).Bind(Named("settingUpdated", end))
	app.OnRecordAfterDeleteSuccess(settingsTable).Bind(Named("settingDeleted", end))
	app.OnRecordAfterCreateError(settingsTable).Bind(Named("settingNotCreated", failed))
	app.OnRecordAfterUpdateError(settingsTable).Bind(Named("settingNotUpdated", failed))
	app.OnRecordAfterDeleteError(settingsTable).Bind(Named("settingNotDeleted", failed))
}

// settingSaved refuses a value that its reader could not use. A new value is a
// new version in force from its day, today if none is named; the old one joins the history.
func settingSaved(e *core.RecordEvent, cfg Config) error {
	before := e.Record.Original()
	if err := LockFields(e, "version", "history"); err != nil {
		return err
	}
	changed := func(field string) bool { return !same(e.Record.Get(field), before.Get(field)) }
	if !e.Record.IsNew() && changed("key") {
		return RefuseField("key", "field.locked")
	}
	if !domain.OnPhones(e.Record.GetString("key")) {
		e.Record.Set("secret", true)
	}
	if !e.Record.IsNew() && !changed("value") && !changed("effective_from") {
		return e.Next()
	}
	key, today := e.Record.GetString("key"), domain.BusinessDay(cfg.Now())
	if err := domain.CheckSetting(key, []byte(e.Record.GetString("value"))); err != nil {
		return WrapError(err)
	}
	from := e.Record.GetString("effective_from")
	if from == "" || (changed("value") && !changed("effective_from")) {
		from = today
	}
	if known := domain.Settings[key]; from > today && known.Clause == "" {
		return Refuse("setting.date", "key", key)
	}
	e.Record.Set("effective_from", from)
	e.Record.Set("version", before.GetInt("version")+1)
	if known := domain.Settings[key]; e.Record.GetString("clause") == "" {
		e.Record.Set("clause", known.Clause)
	}
	if !e.Record.IsNew() {
		var past []SettingVersion
		if err := before.UnmarshalJSONField("history", &past); err != nil {
			past = nil
		}
		old := jsontext.Value(before.GetString("value"))
		if !old.IsValid() {
			old = jsontext.Value("null")
		}
		past = append(past, SettingVersion{
			Version: before.GetInt("version"), Value: old, From: before.GetString("effective_from"), By: nameOf(From(e)), At: cfg.Now().UTC(),
		})
		e.Record.Set("history", past)
	}
	return e.Next()
}

// hideSettings takes from phones what is not theirs and was stored otherwise:
// before a key left their list, or past the rules.
func hideSettings(app core.App) error {
	var shown []struct {
		ID  string `db:"id"`
		Key string `db:"key"`
	}
	if err := app.DB().Select("id", "key").From(settingsTable).Where(dbx.HashExp{"secret": false}).All(&shown); err != nil {
		return fmt.Errorf("failed to read what phones get: %w", err)
	}
	for _, s := range shown {
		if domain.OnPhones(s.Key) {
			continue
		}
		if _, err := app.DB().Update(settingsTable, dbx.Params{"secret": true}, dbx.HashExp{"id": s.ID}).Execute(); err != nil {
			return fmt.Errorf("failed to hide %s from phones: %w", s.Key, err)
		}
	}
	return nil
}

// nameOf is how a history names who acts: a user's id, or a superuser's address.
func nameOf(a Actor) string {
	if a.User != nil {
		return a.User.Id
	}
	return a.Super
}
