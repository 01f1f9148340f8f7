package histories

import (
	"database/sql"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/syncer"
)

// server is an engine on a database in memory that many histories use in turn.
type server struct {
	db      *dbx.DB
	engine  *syncer.Engine
	planted syncer.Planted
	now     time.Time
	altered bool // the tables are no longer those of a new server
	image   *world
	catalog *syncer.Catalog // of tables that were not altered
}

// replica are the engine's tables, as the migrations make them.
var replica = []string{
	`CREATE TABLE _sync_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, coll TEXT NOT NULL, rec TEXT NOT NULL, op TEXT NOT NULL)`,
	`CREATE TABLE _sync_state (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE _sync_doc (id INTEGER PRIMARY KEY, coll TEXT NOT NULL, rec TEXT NOT NULL, ver INTEGER NOT NULL,
		fields TEXT NOT NULL, body TEXT, expires INTEGER NOT NULL DEFAULT 0, last TEXT)`,
	`CREATE UNIQUE INDEX _sync_doc_rec ON _sync_doc (coll, rec)`,
	`CREATE INDEX _sync_doc_expires ON _sync_doc (expires) WHERE expires > 0`,
	`CREATE TABLE _sync_scope (doc INTEGER NOT NULL, key TEXT NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
		ver INTEGER NOT NULL, PRIMARY KEY (key, to_seq, ver, doc, from_seq)) WITHOUT ROWID`,
	`CREATE INDEX _sync_scope_doc ON _sync_scope (doc, to_seq)`,
	`CREATE TABLE _sync_grant (user TEXT NOT NULL, key TEXT NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
		doc INTEGER NOT NULL, PRIMARY KEY (user, to_seq, key, from_seq, doc)) WITHOUT ROWID`,
	`CREATE INDEX _sync_grant_doc ON _sync_grant (doc, to_seq)`,
	`CREATE INDEX _sync_grant_key ON _sync_grant (key, to_seq)`,
	`CREATE TABLE _sync_push (device TEXT NOT NULL, n INTEGER NOT NULL, hash TEXT NOT NULL, result TEXT NOT NULL, mutation TEXT NOT NULL DEFAULT '',
		PRIMARY KEY (device, n)) WITHOUT ROWID`,
	`CREATE TABLE _sync_arrival (device TEXT NOT NULL, hour INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (device, hour)) WITHOUT ROWID`,
	`CREATE INDEX _sync_push_mutation ON _sync_push (mutation) WHERE mutation <> ''`,
	`CREATE TABLE _sync_device (device TEXT PRIMARY KEY, high_water INTEGER NOT NULL, durable_n INTEGER NOT NULL DEFAULT 0, user TEXT NOT NULL DEFAULT '',
		held_seq INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL DEFAULT 0, acked_n INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
	`CREATE TABLE _sync_chain (seq INTEGER PRIMARY KEY, link BLOB NOT NULL, at INTEGER NOT NULL)`,
	`CREATE TABLE _sync_heal (id INTEGER PRIMARY KEY, device TEXT NOT NULL, user TEXT NOT NULL, day INTEGER NOT NULL,
		at INTEGER NOT NULL, kind TEXT NOT NULL, rows INTEGER NOT NULL, leaves TEXT NOT NULL)`,
	`CREATE TABLE _sync_name (coll TEXT PRIMARY KEY, name TEXT NOT NULL, step INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
	`CREATE TABLE issues (device TEXT NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL)`,
}

// open builds the database.
func (s *server) open() error {
	if s.db != nil {
		if err := s.db.Close(); err != nil {
			return err
		}
	}
	raw, err := sql.Open("sqlite-keeping", ":memory:")
	if err != nil {
		return err
	}
	raw.SetMaxOpenConns(1)
	s.db = dbx.NewFromDB(raw, "sqlite")
	s.altered, s.image = false, nil
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

// tables lists those that histories write, the log last: filling the others
// writes to it.
func tables() []string {
	var out []string
	for _, sh := range shapes {
		out = append(out, sh.name)
	}
	return append(out, "_sync_state", "_sync_doc", "_sync_scope", "_sync_grant", "_sync_push", "_sync_arrival", "_sync_device", "_sync_chain", "_sync_heal", "_sync_name", "issues", "_sync_log", "sqlite_sequence")
}

// reset makes the server as new, with numbers that start over, and reports
// whether it could go back to the image of a world that remember took.
func (s *server) reset(planted syncer.Planted) (known bool, err error) {
	known = s.image != nil && s.planted == planted && !s.altered
	if !known {
		if err := s.open(); err != nil {
			return false, err
		}
	}
	s.planted, s.now = planted, start
	s.boot()
	if !known {
		return false, s.exec("INSERT INTO _sync_state (key, value) VALUES ('head', 0), ('rules', 0), ('reset', 0), ('epoch', 1), ('floor', 0), ('secret', 'none')", nil)
	}
	return true, s.restore("of_")
}

// backup copies all tables beside them, under names with this prefix.
func (s *server) backup(prefix string) error {
	for _, t := range tables() {
		for _, stmt := range []string{"DROP TABLE IF EXISTS image." + prefix + t, "CREATE TABLE image." + prefix + t + " AS SELECT * FROM " + t} {
			if err := s.exec(stmt, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// restore fills the tables from a backup.
func (s *server) restore(prefix string) error {
	return s.db.Transactional(func(tx *dbx.Tx) error {
		for _, t := range tables() {
			for _, stmt := range []string{"DELETE FROM " + t, "INSERT INTO " + t + " SELECT * FROM image." + prefix + t} {
				if _, err := tx.NewQuery(stmt).Execute(); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// remember takes an image of the world as it is, for the next reset.
func (s *server) remember(w *world) error {
	if err := s.exec("ATTACH ':memory:' AS image", nil); err != nil {
		return err
	}
	if err := s.backup("of_"); err != nil {
		return err
	}
	s.image = w.copy()
	return nil
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
	var rows []dbx.NullStringMap
	if err := tx.NewQuery("SELECT * FROM " + coll + " WHERE id = {:id}").Bind(dbx.Params{"id": id}).All(&rows); err != nil || len(rows) == 0 {
		return nil, err
	}
	sh, out := shapeOf(coll), row{}
	for f, v := range rows[0] {
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
