package syncer_test

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/syncer"
)

// bench is a migrated database with one table of every kind of field. What a
// fuzz target does in it is rolled back.
type bench struct {
	db *dbx.DB
}

// kinds are the fields of the table, beside id.
var kinds = []syncer.Field{
	{Name: "id"},
	{Name: "owner"},
	{Name: "note"},
	{Name: "day"},
	{Name: "amount", Kind: syncer.KindNumber},
	{Name: "flag", Kind: syncer.KindBool},
	{Name: "tags", Kind: syncer.KindList},
	{Name: "doc", Kind: syncer.KindJSON},
	{Name: "photo", Kind: syncer.KindFile},
}

var fuzzNow = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func newBench(f *testing.F) *bench {
	f.Helper()
	b := &bench{db: openMigrated(f)}
	_, err := b.db.NewQuery(`CREATE TABLE kit (id TEXT PRIMARY KEY, owner TEXT, note TEXT, day TEXT, amount NUMERIC DEFAULT 0,
		flag BOOLEAN DEFAULT FALSE, tags JSON DEFAULT '[]', doc JSON DEFAULT NULL, photo TEXT)`).Execute()
	if err == nil {
		err = syncer.Capture(b.db, "id_kit", "kit")
	}
	if err != nil {
		f.Fatal(err)
	}
	return b
}

// rule is the rule under test; change it before use.
func (b *bench) rule() syncer.Rule {
	c := syncer.Collection{ID: "id_kit", Name: "kit", Fields: kinds}
	for _, f := range kinds {
		c.Columns = append(c.Columns, f.Name)
	}
	return syncer.Rule{
		Collection: c, Direction: syncer.DirectionBoth,
		Keys:   []syncer.KeyTemplate{{Key: "user:{owner}"}},
		Grants: []syncer.GrantTemplate{{To: "{owner}", Key: "user:{owner}"}},
		Policy: map[string]string{"note": syncer.PolicyAppend, "tags": syncer.PolicyAppend, "amount": syncer.PolicyMax, "flag": syncer.PolicyOnce, "doc": syncer.PolicyClient},
	}
}

// try runs fn on an engine with one rule, in a transaction that is rolled back.
func (b *bench) try(t *testing.T, rule syncer.Rule, fn func(e *syncer.Engine, tx dbx.Builder)) {
	t.Helper()
	e := &syncer.Engine{Load: func(dbx.Builder) (*syncer.Catalog, error) {
		return syncer.NewCatalog("none", []syncer.Rule{rule})
	}}
	tx, err := b.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() // also after a Fatal, at which dbx's own Transactional commits
	fn(e, tx)
}

func exec(t *testing.T, tx dbx.Builder, sql string, bind dbx.Params) {
	t.Helper()
	if _, err := tx.NewQuery(sql).Bind(bind).Execute(); err != nil {
		t.Fatal(err)
	}
}

// fold folds, sweeps and folds again.
func fold(t *testing.T, e *syncer.Engine, tx dbx.Builder, now time.Time) {
	t.Helper()
	s, err := e.Begin(tx, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Fold(""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sweep(); err != nil {
		t.Fatal(err)
	}
	if err := s.Fold(""); err != nil {
		t.Fatal(err)
	}
}

// pulled lists the bodies that a user's pull puts. Every line must be what a
// strict reader takes.
func pulled(t *testing.T, e *syncer.Engine, tx dbx.Builder, user string) (bodies []map[string]jsontext.Value) {
	t.Helper()
	var out plainSink
	_, err := e.Pull(tx, syncer.Pull{User: user, Device: "d", Schema: 1, Keys: syncer.Keys{Seal: []byte("s")}, Now: fuzzNow}, &out)
	if err != nil {
		t.Fatal(err)
	}
	for text := range strings.Lines(out.String()) {
		var l syncer.Line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("a phone cannot read %q: %v", text, err)
		}
		if l.R == nil {
			continue
		}
		var body map[string]jsontext.Value
		if err := json.Unmarshal(l.R, &body); err != nil {
			t.Fatalf("a phone cannot read the row %q: %v", l.R, err)
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// FuzzRow writes a row with arbitrary values past every hook, as raw SQL may.
// Whatever it holds, folds go on and phones can read what they pull.
func FuzzRow(f *testing.F) {
	b := newBench(f)
	f.Add("rep", "a note", "2026-02-28 10:00:00.000Z", "12.5", `["a","b"]`, `{"a":[1,2]}`)
	f.Add("[\"x\",\"y\"]", "line\nfeed \x00 \u2028", "2026", "many", `{}`, `not json`)
	f.Add("rep", "", "", "9e999", `["a","a"]`, `{"a":1,"a":{"b":1,"b":2}}`)
	f.Add("rep", "", "", "", "[]", `{"a":"\ud800","b":1e999,"b":1e999}`)
	f.Add("\xff", "\xc3(", "", "0x10", "[\"\xff\"]", "\"\xff\"")
	f.Fuzz(func(t *testing.T, owner, note, day, amount, tags, doc string) {
		b.try(t, b.rule(), func(e *syncer.Engine, tx dbx.Builder) {
			row := dbx.Params{"o": owner, "n": note, "y": day, "a": amount, "t": tags, "d": doc}
			exec(t, tx, `INSERT INTO kit (id, owner, note) VALUES ('one', 'rep', 'before'), ('two', 'rep', 'beside')`, nil)
			fold(t, e, tx, fuzzNow)
			exec(t, tx, `UPDATE kit SET owner = 'rep', note = {:n}, day = {:y}, amount = {:a}, tags = {:t}, doc = {:d} WHERE id = 'one'`, row)
			fold(t, e, tx, fuzzNow)
			if bodies := pulled(t, e, tx, "rep"); len(bodies) != 2 {
				t.Fatalf("the owner pulls %d rows of 2", len(bodies))
			}
			exec(t, tx, `UPDATE kit SET owner = {:o} WHERE id = 'one'`, row)
			fold(t, e, tx, fuzzNow)
			pulled(t, e, tx, owner)
		})
	})
}

// FuzzRule gives the engine arbitrary templates. What it accepts it can follow:
// no fold, sweep or pull fails.
func FuzzRule(f *testing.F) {
	b := newBench(f)
	f.Add("user:{owner}", "note", "yes", "{owner}", "user:{owner}", "amount", "max", "day", 90, "rep", `["a"]`)
	f.Add("all", "flag", "true", "{tags}", "dept:{note}", "tags", "append", "", 0, "a", `["a","b"]`)
	f.Add("x:{tags}{tags}{tags}", "doc", "", "{id}{owner}", "x:1", "doc", "ask", "amount", 1, "", `[]`)
	f.Fuzz(func(t *testing.T, key, on, value, to, grant, field, policy, retention string, days int, owner, tags string) {
		rule := b.rule()
		rule.Keys = []syncer.KeyTemplate{{Key: key, When: map[string][]string{on: {value, "on"}}}, {Key: grant}}
		rule.Grants = []syncer.GrantTemplate{{To: to, Key: grant, When: map[string][]string{on: {value}}}, {To: to, Key: key}}
		rule.Policy = map[string]string{field: policy}
		rule.RetentionDays, rule.RetentionField = days, retention
		_, err := syncer.NewCatalog("none", []syncer.Rule{rule})
		if err != nil {
			if p, ok := errors.AsType[*syncer.Problem](err); !ok || p.Code != "rule.invalid" {
				t.Fatalf("a rule is refused with %v", err)
			}
			return
		}
		b.try(t, rule, func(e *syncer.Engine, tx dbx.Builder) {
			row := dbx.Params{"o": owner, "v": value, "t": tags}
			exec(t, tx, `INSERT INTO kit (id, owner, note, day, tags) VALUES ('one', {:o}, {:v}, '2025-01-01', {:t}), ('two', 'x', 'on', '2026-03-01', '["x"]')`, row)
			fold(t, e, tx, fuzzNow)
			fold(t, e, tx, fuzzNow.AddDate(1, 0, 0))
			exec(t, tx, `UPDATE kit SET owner = 'rep', flag = NOT flag WHERE id = 'one'`, nil)
			fold(t, e, tx, fuzzNow)
			for _, user := range []string{"rep", "x", owner} {
				pulled(t, e, tx, user)
			}
		})
	})
}
