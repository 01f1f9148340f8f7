package saves_test

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/saves"
	"satchel/internal/effort"
	"satchel/internal/store"
	"satchel/internal/testapp"
)

// TestVersion fails when PocketBase is another one than that whose save was put in
// other words: its create, update, validation and the fields' interceptors are looked
// through before saves.Version is changed.
func TestVersion(t *testing.T) {
	mod, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "github.com/pocketbase/pocketbase "+saves.Version+"\n") {
		t.Errorf("PocketBase is no longer %s: look whether its save still is what saves does", saves.Version)
	}
}

// TestAnEqualSave saves random records of every collection, right and wrong ones, by
// PocketBase as it is and by ours: the same errors, events and stored rows.
func TestAnEqualSave(t *testing.T) {
	plain, ours := open(t, false), open(t, true)
	collections, err := plain.app.FindAllCollections(core.CollectionTypeBase, core.CollectionTypeAuth)
	if err != nil {
		t.Fatal(err)
	}
	odd := slices.DeleteFunc(slices.Clone(collections), func(c *core.Collection) bool { return c.Name != "odd" })
	dice := rand.New(rand.NewPCG(1, 2))
	ids, stored := map[string][]string{}, 0
	for range effort.Times(2, 12) {
		for _, c := range append(slices.Clip(collections), slices.Repeat(odd, 20)...) {
			if c.System {
				continue
			}
			id := fmt.Sprintf("%015d", stored)
			values := map[string]any{}
			for _, f := range c.Fields {
				values[f.GetName()] = throw(dice, f, ids)
			}
			values["id"] = id
			for range 40 {
				wrong := both(t, plain, ours, c.Name, id, dice.Uint64(), values)
				if len(wrong) == 0 {
					break
				}
				for _, name := range wrong {
					values[name] = throw(dice, c.Fields.GetByName(name), ids)
				}
				values["id"] = id
			}
			if plain.row(t, c.Name, id) == "" {
				continue
			}
			stored++
			ids[c.Id] = append(ids[c.Id], id)
			for range 3 {
				f := c.Fields[dice.IntN(len(c.Fields))]
				both(t, plain, ours, c.Name, id, dice.Uint64(), map[string]any{f.GetName(): throw(dice, f, ids)})
			}
			if t.Failed() {
				t.Fatal(c.Name)
			}
		}
	}
	for _, c := range collections {
		if len(ids[c.Id]) == 0 && !c.System {
			t.Errorf("no record of %s was ever right", c.Name)
		}
	}
}

// bare is a database with PocketBase's hooks and at most ours of this package.
type bare struct {
	app    core.App
	events []string
}

func open(t *testing.T, ours bool) *bare {
	dir := t.TempDir()
	if err := testapp.Migrated(dir); err != nil {
		t.Fatal(err)
	}
	b := &bare{app: core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.ConnectWith(store.Off)})}
	if err := b.app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.app.ClearBootstrap(); err != nil {
			t.Error(err)
		}
	})
	odd := core.NewBaseCollection("odd", "odd000000000000") // what no table of ours has together
	odd.Fields.Add(
		&core.TextField{Name: "short", Pattern: `^[^\n]+$`, Min: 5, Max: 40, Required: true},
		&core.TextField{Name: "made", AutogeneratePattern: `[a-z]{9}`, Pattern: `^[a-z]*$`, Hidden: true},
	)
	if err := b.app.Save(odd); err != nil {
		t.Fatal(err)
	}
	odd.Fields.Add(&core.RelationField{Name: "some", CollectionId: odd.Id, MinSelect: 2, MaxSelect: 3}, &core.RelationField{Name: "lost", CollectionId: odd.Id, MaxSelect: 1})
	if err := b.app.Save(odd); err != nil {
		t.Fatal(err)
	}
	if ours {
		saves.Bind(b.app)
	}
	note := func(what string) func(e *core.RecordEvent) error {
		return func(e *core.RecordEvent) error {
			b.events = append(b.events, what+" "+e.Record.Collection().Name)
			err := e.Next()
			b.events = append(b.events, fmt.Sprint(what, " new ", e.Record.IsNew(), " ", err != nil))
			return err
		}
	}
	b.app.OnRecordValidate().BindFunc(note("validate"))
	b.app.OnRecordCreate().BindFunc(note("create"))
	b.app.OnRecordCreateExecute().BindFunc(note("create execute"))
	b.app.OnRecordUpdate().BindFunc(note("update"))
	b.app.OnRecordUpdateExecute().BindFunc(note("update execute"))
	b.app.OnRecordAfterCreateSuccess().BindFunc(note("created"))
	b.app.OnRecordAfterUpdateSuccess().BindFunc(note("updated"))
	return b
}

// both writes the same to both and compares; it names the fields that are wrong.
func both(t *testing.T, plain, ours *bare, collection, id string, mode uint64, values map[string]any) []string {
	t.Helper()
	a, b := plain.save(t, collection, id, mode, values), ours.save(t, collection, id, mode, values)
	if said(t, a) != said(t, b) {
		t.Errorf("%s %v:\nPocketBase %s\nours       %s", collection, values, said(t, a), said(t, b))
	}
	if x, y := plain.row(t, collection, id), ours.row(t, collection, id); x != y {
		t.Errorf("%s %v:\nPocketBase %s\nours       %s", collection, values, x, y)
	}
	if !slices.Equal(plain.events, ours.events) {
		t.Errorf("%s:\nPocketBase %v\nours       %v", collection, plain.events, ours.events)
	}
	invalid, _ := errors.AsType[validation.Errors](a)
	return slices.Sorted(maps.Keys(invalid))
}

// save makes a record or changes one, in a transaction or not, validated or not, and
// with all of its columns or those that changed.
func (b *bare) save(t *testing.T, collection, id string, mode uint64, values map[string]any) (failed error) {
	b.events = nil
	do := func(app core.App) error {
		record, err := app.FindRecordById(collection, id)
		if err != nil {
			c, err := app.FindCollectionByNameOrId(collection)
			if err != nil {
				t.Fatal(err)
			}
			record = core.NewRecord(c)
		}
		record.IgnoreUnchangedFields(mode%2 == 0)
		for _, name := range slices.Sorted(maps.Keys(values)) {
			record.Set(name, values[name])
		}
		if mode%7 == 0 {
			return app.SaveNoValidate(record)
		}
		return app.Save(record)
	}
	if mode%5 == 0 {
		return do(b.app)
	}
	return b.app.RunInTransaction(do)
}

// row is what is stored, but for the moments of saving.
func (b *bare) row(t *testing.T, collection, id string) string {
	t.Helper()
	var rows []dbx.NullStringMap
	if err := b.app.DB().Select("*").From(collection).Where(dbx.HashExp{"id": id}).All(&rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		return ""
	}
	for _, f := range b.collection(t, collection).Fields {
		switch f.(type) {
		case *core.AutodateField, *core.PasswordField, *core.TextField:
			if text, ok := f.(*core.TextField); ok && text.AutogeneratePattern == "" {
				continue
			}
			set := rows[0][f.GetName()]
			set.String = fmt.Sprint(set.String != "")
			rows[0][f.GetName()] = set
		}
	}
	return fmt.Sprint(rows[0])
}

func (b *bare) collection(t *testing.T, name string) *core.Collection {
	c, err := b.app.FindCachedCollectionByNameOrId(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func said(t *testing.T, err error) string {
	if invalid, ok := errors.AsType[validation.Errors](err); ok {
		out := map[string]string{}
		for name, why := range invalid {
			out[name] = why.Error()
		}
		text, err := json.Marshal(out, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return fmt.Sprint(err)
}

var words = []string{
	"", "", "a", "Chen", "陈", "2026-03-16", "2026-03", "2026", "2026Q1", "08:30", "abcdefghij12345", "v1", "0,0", "13800138000", "a.b@example.com", "https://example.com/a",
	"ABC-1", "#ff0000", "+8613800138000", strings.Repeat("长", 30), strings.Repeat("x", 200), strings.Repeat("y", 5_001), strings.Repeat("0123456789abcdef", 4), "\n", "en", "zh",
}

// throw gives a value for a field, right about as often as wrong.
func throw(dice *rand.Rand, f core.Field, ids map[string][]string) any {
	word := words[dice.IntN(len(words))]
	switch f := f.(type) {
	case *core.NumberField:
		return []any{0, 1, 7, 42, 100, 2026, -3, 1.5, 10_000, 1e12, "12", "x"}[dice.IntN(12)]
	case *core.BoolField:
		return []any{true, false, "true", 1}[dice.IntN(4)]
	case *core.SelectField:
		if dice.IntN(5) == 0 {
			return word
		}
		return pick(dice, f.Values, f.MaxSelect)
	case *core.RelationField:
		if dice.IntN(6) == 0 {
			return word
		}
		return pick(dice, ids[f.CollectionId], f.MaxSelect)
	case *core.JSONField:
		return []any{nil, map[string]any{"b": 1, "a": []int{1, 2}}, "text", []string{}, 12, `{"x":`}[dice.IntN(6)]
	case *core.DateField:
		return []any{"", "2026-03-16 08:00:00.000Z", time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC), "soon", "1999-01-01 00:00:00.000Z"}[dice.IntN(5)]
	case *core.PasswordField:
		return []any{"12345678", "short", "a longer one"}[dice.IntN(3)]
	case *core.FileField, *core.AutodateField:
		return nil
	}
	return word
}

// pick takes one of several, or some if a field holds several.
func pick(dice *rand.Rand, of []string, most int) any {
	if len(of) == 0 || dice.IntN(8) == 0 {
		return ""
	}
	if most <= 1 {
		return of[dice.IntN(len(of))]
	}
	var out []string
	for range dice.IntN(min(most, 4) + 2) {
		out = append(out, of[dice.IntN(len(of))])
	}
	return out
}
