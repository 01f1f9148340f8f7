package gate

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

// Settings reads parameters as they are in force on a day. Those that nobody
// set have the catalogue's default.
type Settings struct {
	app core.App
	day string
}

// SettingsOn reads what is in force on a day (YYYY-MM-DD).
func SettingsOn(app core.App, day string) Settings { return Settings{app, day} }

// SettingsNow reads what is in force today.
func SettingsNow(app core.App) Settings {
	return Settings{app, domain.BusinessDay(settingsOf(app).now())}
}

// Whole reads a whole number.
func (s Settings) Whole(key string) (n int, err error) { return n, s.Decode(key, &n) }

// Text reads a text.
func (s Settings) Text(key string) (text string, err error) { return text, s.Decode(key, &text) }

// Flag reads a yes or no.
func (s Settings) Flag(key string) (yes bool, err error) { return yes, s.Decode(key, &yes) }

// List reads a list of texts.
func (s Settings) List(key string) (list []string, err error) { return list, s.Decode(key, &list) }

// Decode reads a value of any form by a key that is put together, such as one of
// a family; every other has a reader of its own.
func (s Settings) Decode(key string, into any) error { return s.decode(key, into) }

// decode reads a value. What does not fit, since it was written
// past the rules, counts as not set.
func (s Settings) decode(key string, into any) error {
	known, ok := domain.Settings[key]
	if !ok {
		return fmt.Errorf("the catalogue has no setting %s", key)
	}
	raw, err := s.raw(key)
	if err != nil {
		return err
	}
	if raw != nil && domain.CheckSetting(key, raw) == nil && json.Unmarshal(raw, into) == nil {
		return nil
	}
	if n, whole := into.(*int); whole { // what rules read most
		if *n, whole = known.Default.(int); whole {
			return nil
		}
	}
	standard, err := json.Marshal(known.Default)
	if err != nil {
		return fmt.Errorf("read the default of %s: %w", key, err)
	}
	return json.Unmarshal(standard, into)
}

// raw finds the JSON of a value that is in force, nil if there is none.
func (s Settings) raw(key string) (jsontext.Value, error) {
	all, err := settingsOf(s.app).read(s.app)
	if err != nil {
		return nil, err
	}
	row, ok := all[key]
	if !ok {
		return nil, nil
	}
	if row.From <= s.day {
		return row.Value, nil
	}
	for i := len(row.History) - 1; i >= 0; i-- {
		if v := row.History[i]; v.From <= s.day {
			return v.Value, nil
		}
	}
	return nil, nil
}

// SettingVersion is a value that a setting had before.
type SettingVersion struct {
	Version int            `json:"version"`
	Value   jsontext.Value `json:"value"`
	From    string         `json:"effective_from"`
	By      string         `json:"by"` // id of the user, or the superuser's address
	At      time.Time      `json:"at"`
}

type settingRow struct {
	Value   jsontext.Value
	From    string
	History []SettingVersion
}

// settingsCache holds what the settings say until one is written. While a
// transaction writes one, everybody reads the table.
type settingsCache struct {
	now     func() time.Time
	mu      sync.Mutex
	rows    map[string]settingRow
	version int
	writing map[string]bool // ids of settings whose transaction is open
}

const settingsKey = "satchel.settings"

func settingsOf(app core.App) *settingsCache {
	cache, ok := app.Store().Get(settingsKey).(*settingsCache)
	if !ok {
		panic("gate.Bind was not called")
	}
	return cache
}

// ForgetSettings makes the next reader ask the table.
func ForgetSettings(app core.App) { settingsOf(app).change("", false) }

func (c *settingsCache) change(id string, writing bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows = nil
	c.version++
	if writing {
		c.writing[id] = true
	} else {
		delete(c.writing, id)
	}
}

func (c *settingsCache) read(app core.App) (map[string]settingRow, error) {
	c.mu.Lock()
	rows, version, writing := c.rows, c.version, len(c.writing) > 0
	c.mu.Unlock()
	if rows != nil {
		return rows, nil
	}
	rows, err := readSettings(app)
	if err != nil {
		return nil, err
	}
	if writing || app.IsTransactional() {
		return rows, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version == version {
		c.rows = rows
	}
	return rows, nil
}

func readSettings(app core.App) (map[string]settingRow, error) {
	var found []struct {
		Key     string `db:"key"`
		Value   string `db:"value"`
		From    string `db:"effective_from"`
		History string `db:"history"`
	}
	err := app.DB().NewQuery("SELECT key, COALESCE(value, '') AS value, effective_from, COALESCE(history, '') AS history FROM settings").All(&found)
	if err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	rows := make(map[string]settingRow, len(found))
	for _, f := range found {
		row := settingRow{From: f.From}
		if value := jsontext.Value(f.Value); value.IsValid() && !bytes.Equal(value, []byte("null")) {
			row.Value = value
		}
		if jsontext.Value(f.History).IsValid() {
			if err := json.Unmarshal([]byte(f.History), &row.History); err != nil {
				return nil, fmt.Errorf("read the history of %s: %w", f.Key, err)
			}
		}
		rows[f.Key] = row
	}
	return rows, nil
}
