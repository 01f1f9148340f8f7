package gate

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/domain"
	"satchel/domain/catalog"
	"satchel/records"
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
	if err := LockFields(e, records.SettingColVersion, records.SettingColHistory); err != nil {
		return err
	}
	row := records.Settings.Of(e.Record)
	before, key, known := row.Original(), row.Key(), domain.Settings[row.Key()]
	newValue, newDay := written(e.Record, records.SettingColValue), written(e.Record, records.SettingColEffectiveFrom)
	if !row.IsNew() && key != before.Key() {
		return RefuseField(records.SettingColKey, "field.locked")
	}
	if !catalog.OnPhones(key) {
		row.SetSecret(true)
	}
	if !newValue && !newDay {
		return e.Next()
	}
	row.SetValue(types.JSONRaw(domain.SettingValue(key, row.Value())))
	if err := domain.CheckSetting(key, row.Value()); err != nil {
		return WrapError(err)
	}
	from, today := row.EffectiveFrom(), domain.BusinessDay(cfg.Now())
	if from == "" || newValue && from == before.EffectiveFrom() {
		from = today
	}
	if from > today && known.Clause == "" {
		return Refuse("setting.date", "key", key)
	}
	row.SetEffectiveFrom(from)
	row.SetVersion(before.Version() + 1)
	if row.Clause() == "" {
		row.SetClause(known.Clause)
	}
	if !row.IsNew() {
		row.SetHistory(append(pastOf(before), SettingVersion{
			Version: before.Version(), Value: orNull(before.Value()), From: before.EffectiveFrom(), By: nameOf(From(e)), At: cfg.Now().UTC(),
		}))
	}
	return e.Next()
}

// pastOf is the history of a setting; one that cannot be read begins anew.
func pastOf(row records.Setting) (past []SettingVersion) {
	if json.Unmarshal(row.History(), &past) != nil {
		return nil
	}
	return past
}

func orNull(value jsontext.Value) jsontext.Value {
	if !value.IsValid() {
		return jsontext.Value("null")
	}
	return value
}

// hideSettings takes from phones what is not theirs and was stored otherwise:
// before a key left their list, or past the rules.
func hideSettings(app core.App) error {
	var shown []struct {
		ID  string `db:"id"`
		Key string `db:"key"`
	}
	if err := app.DB().Select("id", "key").From(settingsTable).Where(dbx.HashExp{"secret": false}).All(&shown); err != nil {
		return fmt.Errorf("read what phones get: %w", err)
	}
	for _, s := range shown {
		if catalog.OnPhones(s.Key) {
			continue
		}
		if _, err := app.DB().Update(settingsTable, dbx.Params{"secret": true}, dbx.HashExp{"id": s.ID}).Execute(); err != nil {
			return fmt.Errorf("hide %s from phones: %w", s.Key, err)
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
