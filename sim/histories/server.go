package histories

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"satchel/syncer"
)

// server is an engine on a database in memory that many histories use in turn.
type server struct {
	db      *dbx.DB
	engine  *syncer.Engine
	planted syncer.Planted
	now     time.Time
	altered bool // the tables are no longer those of a new server
}

// replica are the engine's tables, as the migrations make them.
var replica = []string{
	`CREATE TABLE _sync_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, coll TEXT NOT NULL, rec TEXT NOT NULL, op TEXT NOT NULL)`,
	`CREATE TABLE _sync_state (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE _sync_doc (id INTEGER PRIMARY KEY, coll TEXT NOT NULL, rec TEXT NOT NULL, ver INTEGER NOT NULL,
		fields TEXT NOT NULL, body TEXT, expires INTEGER NOT NULL DEFAULT 0)`,
	`CREATE UNIQUE INDEX _sync_doc_rec ON _sync_doc (coll, rec)`,
	`CREATE INDEX _sync_doc_expires ON _sync_doc (expires) WHERE expires > 0`,
	`CREATE TABLE _sync_scope (doc INTEGER NOT NULL, key TEXT NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
		ver INTEGER NOT NULL, PRIMARY KEY (key, to_seq, ver, doc, from_seq)) WITHOUT ROWID`,
	`CREATE INDEX _sync_scope_doc ON _sync_scope (doc, to_seq)`,
	`CREATE TABLE _sync_grant (user TEXT NOT NULL, key TEXT NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
		doc INTEGER NOT NULL, PRIMARY KEY (user, to_seq, key, from_seq, doc)) WITHOUT ROWID`,
	`CREATE INDEX _sync_grant_doc ON _sync_grant (doc, to_seq)`,
	`CREATE INDEX _sync_grant_key ON _sync_grant (key, to_seq)`,
	`CREATE TABLE _sync_push (device TEXT NOT NULL, n INTEGER NOT NULL, hash TEXT NOT NULL, result TEXT NOT NULL,
		PRIMARY KEY (device, n)) WITHOUT ROWID`,
	`CREATE TABLE _sync_device (device TEXT PRIMARY KEY, high_water INTEGER NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE issues (device TEXT NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL)`,
}

// open builds the database.
func (s *server) open() error {
	if s.db != nil {
		if err := s.db.Close(); err != nil {
			return err
		}
	}
	var err error
	if s.db, err = dbx.Open("sqlite", ":memory:?_pragma=journal_mode(OFF)"); err != nil {
		return err
	}
	s.db.DB().SetMaxOpenConns(1)
	s.altered = false
	for _, stmt := range []string{"PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF"} {
		if err := s.exec(stmt, nil); err != nil {
			return err
		}
	}
	for _, stmt := range replica {
		if err := s.exec(stmt, nil); err != nil {
			return err
		}
	}
	for _, sh := range shapes {
		if err := s.exec(sh.create(), nil); err != nil {
			return err
		}
		if err := capture(s.db, sh.name); err != nil {
			return err
		}
	}
	return nil
}

// reset makes the server as new, with numbers that start over.
func (s *server) reset(planted syncer.Planted) error {
	if s.db == nil || s.altered {
		if err := s.open(); err != nil {
			return err
		}
	}
	s.planted, s.now = planted, start
	s.boot()
	return s.db.Transactional(func(tx *dbx.Tx) error {
		tables := []string{}
		for _, sh := range shapes {
			tables = append(tables, sh.name)
		}
		for _, t := range append(tables, "_sync_log", "_sync_state", "_sync_doc", "_sync_scope", "_sync_grant", "_sync_push", "_sync_device", "issues", "sqlite_sequence") {
			if _, err := tx.NewQuery("DELETE FROM " + t).Execute(); err != nil {
				return err
			}
		}
		_, err := tx.NewQuery("INSERT INTO _sync_state (key, value) VALUES ('head', 0), ('rules', 0), ('reset', 0), ('secret', 'none')").Execute()
		return err
	})
}

func (s *server) exec(sql string, params dbx.Params) error {
	_, err := s.db.NewQuery(sql).Bind(params).Execute()
	return err
}

// insert writes a row that lacks fields with their defaults.
func insert(tx dbx.Builder, coll, id string, set row) error {
	columns, values, params := []string{"id"}, []string{"{:id}"}, dbx.Params{"id": id}
	for f, v := range set {
		columns, values = append(columns, f), append(values, "{:"+f+"}")
		params[f] = column(v)
	}
	_, err := tx.NewQuery("INSERT INTO " + coll + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(values, ", ") + ")").
		Bind(params).Execute()
	return err
}

// update writes fields of a row.
func update(tx dbx.Builder, coll, id string, set row) error {
	var sets []string
	params := dbx.Params{"id": id}
	for f, v := range set {
		sets = append(sets, f+" = {:"+f+"}")
		params[f] = column(v)
	}
	_, err := tx.NewQuery("UPDATE " + coll + " SET " + strings.Join(sets, ", ") + " WHERE id = {:id}").Bind(params).Execute()
	return err
}

func column(v any) any {
	if list, ok := v.([]string); ok {
		return text(list)
	}
	return v
}

// read returns a row of the tables; nil if there is none.
func read(tx dbx.Builder, coll, id string) (row, error) {
	raw := dbx.NullStringMap{}
	var rows []dbx.NullStringMap
	if err := tx.NewQuery("SELECT * FROM " + coll + " WHERE id = {:id}").Bind(dbx.Params{"id": id}).All(&rows); err != nil || len(rows) == 0 {
		return nil, err
	}
	raw = rows[0]
	sh, out := shapeOf(coll), row{}
	for f, v := range raw {
		switch {
		case slices.Contains(sh.number, f):
			var n float64
			if _, err := fmt.Sscan(v.String, &n); err != nil {
				return nil, err
			}
			out[f] = n
		case slices.Contains(sh.list, f):
			list := []string{}
			if err := json.Unmarshal([]byte(v.String), &list); err != nil {
				return nil, err
			}
			out[f] = list
		default:
			out[f] = v.String
		}
	}
	return out, nil
}

// text renders a value as JSON.
func text(v any) string {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(err)
	}
	return string(b)
}
