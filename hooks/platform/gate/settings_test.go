package gate_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/internal/testapp"
)

// save writes a setting and returns the code of its refusal.
func save(t *testing.T, app core.App, key string, fields map[string]any) string {
	t.Helper()
	r, err := app.FindFirstRecordByData("settings", "key", key)
	if err != nil {
		coll, err := app.FindCollectionByNameOrId("settings")
		if err != nil {
			t.Fatal(err)
		}
		r = core.NewRecord(coll)
		r.Set("key", key)
	}
	r.Load(fields)
	err = app.Save(r)
	if p, _, ok := gate.ProblemOf(err); ok {
		return p.Code
	}
	if err != nil {
		t.Fatal(err)
	}
	return ""
}

func hours(t *testing.T, app core.App, day string) int {
	t.Helper()
	n, err := gate.SettingsOn(app, day).Whole("visit.record_hours")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSettingIsInForceFromItsDay, and what it was before is kept and read.
func TestSettingIsInForceFromItsDay(t *testing.T) {
	app := testapp.New(t, testapp.Empty()) // on 2026-03-16
	if n := hours(t, app, "2026-03-16"); n != 24 {
		t.Errorf("by default %d", n)
	}
	for _, x := range []struct {
		fields map[string]any
		code   string
	}{
		{map[string]any{"value": 12}, ""},
		{map[string]any{"value": 48, "effective_from": "2026-04-01"}, ""},
		{map[string]any{"value": "soon"}, "setting.invalid"},
		{map[string]any{"version": 9}, "field.locked"},
		{map[string]any{"key": "visit.record_minutes"}, "field.locked"},
		{map[string]any{"note": "改一处说明"}, ""},
	} {
		if code := save(t, app, "visit.record_hours", x.fields); code != x.code {
			t.Errorf("%v: %q, want %q", x.fields, code, x.code)
		}
	}
	for day, want := range map[string]int{"2026-03-15": 24, "2026-03-16": 12, "2026-03-31": 12, "2026-04-01": 48} {
		if n := hours(t, app, day); n != want {
			t.Errorf("%s: %d, want %d", day, n, want)
		}
	}
	if n, err := gate.SettingsNow(app).Whole("visit.record_hours"); err != nil || n != 12 {
		t.Errorf("today %d, %v", n, err)
	}
	app.Clock.Advance(20 * 24 * time.Hour)
	if n, err := gate.SettingsNow(app).Whole("visit.record_hours"); err != nil || n != 48 {
		t.Errorf("in April %d, %v", n, err)
	}
	r, err := app.FindFirstRecordByData("settings", "key", "visit.record_hours")
	if err != nil || r.GetInt("version") != 2 || r.GetString("clause") != "R4.8" {
		t.Errorf("%v %v", r, err)
	}
	if code := save(t, app, "sync.late_days", map[string]any{"value": 3, "effective_from": "2026-05-01"}); code != "setting.date" {
		t.Errorf("a setting of the system waits for a day: %q", code)
	}
	if code := save(t, app, "no.such", map[string]any{"value": 3}); code != "setting.unknown" {
		t.Errorf("an unknown key: %q", code)
	}
}

// TestSettingsAreForgottenWhenWritten: by a save, inside its transaction, after
// one that was rolled back, and by a raw statement once it is folded.
func TestSettingsAreForgottenWhenWritten(t *testing.T) {
	app := testapp.New(t, testapp.Empty())
	save(t, app, "visit.record_hours", map[string]any{"value": 10})
	if n := hours(t, app, "2026-03-16"); n != 10 {
		t.Errorf("after a save %d", n)
	}
	rollback := errors.New("rolled back")
	err := app.RunInTransaction(func(txApp core.App) error {
		save(t, txApp, "visit.record_hours", map[string]any{"value": 11})
		if n := hours(t, txApp, "2026-03-16"); n != 11 {
			t.Errorf("inside %d", n)
		}
		if n := hours(t, app, "2026-03-16"); n != 10 {
			t.Errorf("outside %d", n)
		}
		return rollback
	})
	if !errors.Is(err, rollback) {
		t.Fatal(err)
	}
	if n := hours(t, app, "2026-03-16"); n != 10 {
		t.Errorf("after the rollback %d", n)
	}
	if _, err := app.DB().Update("settings", dbx.Params{"value": "13"}, dbx.HashExp{"key": "visit.record_hours"}).Execute(); err != nil {
		t.Fatal(err)
	}
	if err := app.Bound.Sync.Fold(app); err != nil {
		t.Fatal(err)
	}
	if n := hours(t, app, "2026-03-16"); n != 13 {
		t.Errorf("after a raw statement %d", n)
	}
	r, err := app.FindFirstRecordByData("settings", "key", "visit.record_hours")
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Delete(r); err != nil {
		t.Fatal(err)
	}
	if n := hours(t, app, "2026-03-16"); n != 24 {
		t.Errorf("after the delete %d", n)
	}
}

func BenchmarkSetting(b *testing.B) {
	app := testapp.New(b)
	for b.Loop() {
		if _, err := gate.SettingsNow(app).Whole("visit.record_hours"); err != nil {
			b.Fatal(err)
		}
	}
}

// TestATextOfDigitsIsAText: a field of JSON takes an account of the ledger for a number.
func TestATextOfDigitsIsAText(t *testing.T) {
	app := testapp.New(t, testapp.Empty())
	for _, value := range []any{"22210101", `"22210101"`, 22210101} {
		if code := save(t, app, "voucher.bank_account", map[string]any{"value": value}); code != "" {
			t.Fatalf("%v: %s", value, code)
		}
		if got, err := gate.SettingsNow(app).Text("voucher.bank_account"); err != nil || got != "22210101" {
			t.Errorf("%v: %q, %v", value, got, err)
		}
	}
	if code := save(t, app, "voucher.bank_account", map[string]any{"value": -1}); code != "setting.invalid" {
		t.Errorf("a number: %q", code)
	}
}
