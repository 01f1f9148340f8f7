package syncer_test

import (
	"encoding/json/v2"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/internal/effort"
	_ "satchel/internal/effort"
	"satchel/syncer"
)

var seed = flag.Uint64("delta.seed", 0, "replay one history of the delta test")

// toy is a company of three tables outside PocketBase's collections: the engine
// on the real replica tables, with raw SQL as the only writer.
type toy struct {
	t      *testing.T
	db     *dbx.DB
	engine *syncer.Engine
	now    time.Time
}

func newToy(t *testing.T) *toy {
	t.Helper()
	y := &toy{t: t, db: openMigrated(t), now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	for name, columns := range map[string]string{"usr": "role, active", "acc": "owner, boss", "vis": "account, dept, note"} {
		y.exec("CREATE TABLE " + name + " (id TEXT PRIMARY KEY, " + columns + ")")
		if err := syncer.Capture(y.db, "id_"+name, name); err != nil {
			t.Fatal(err)
		}
	}
	text := func(name string, columns ...string) syncer.Collection {
		c := syncer.Collection{ID: "id_" + name, Name: name, Columns: append(columns, "id")}
		for _, f := range c.Columns {
			c.Fields = append(c.Fields, syncer.Field{Name: f})
		}
		return c
	}
	y.engine = &syncer.Engine{Load: func(dbx.Builder) (*syncer.Catalog, error) {
		on := map[string][]string{"active": {"yes"}}
		return syncer.NewCatalog("none", []syncer.Rule{
			{
				Collection: text("usr", "role", "active"), Direction: syncer.DirectionDown,
				Keys: []syncer.KeyTemplate{{Key: "user:{id}"}},
				Grants: []syncer.GrantTemplate{
					{To: "{id}", Key: "user:{id}", When: on}, {To: "{id}", Key: "role:{role}", When: on},
				},
			},
			{
				Collection: text("acc", "owner", "boss"), Direction: syncer.DirectionBoth,
				Keys:   []syncer.KeyTemplate{{Key: "account:{id}"}, {Key: "role:money"}},
				Grants: []syncer.GrantTemplate{{To: "{owner}", Key: "account:{id}"}, {To: "{boss}", Key: "account:{id}"}},
			},
			{
				Collection: text("vis", "account", "dept", "note"), Direction: syncer.DirectionBoth,
				Keys: []syncer.KeyTemplate{{Key: "account:{account}"}, {Key: "role:{dept}", When: map[string][]string{"dept": {"east", "west"}}}},
			},
		})
	}}
	return y
}

func (y *toy) exec(sql string, args ...any) {
	y.t.Helper()
	bind := dbx.Params{}
	for i, a := range args {
		bind[fmt.Sprintf("p%d", i)] = a
		sql = strings.Replace(sql, "?", fmt.Sprintf("{:p%d}", i), 1)
	}
	if _, err := y.db.NewQuery(sql).Bind(bind).Execute(); err != nil {
		y.t.Fatal(err)
	}
}

func (y *toy) fold() {
	y.t.Helper()
	err := y.db.Transactional(func(tx *dbx.Tx) error {
		s, err := y.engine.Begin(tx, y.now)
		if err != nil {
			return err
		}
		return s.Fold("")
	})
	if err != nil {
		y.t.Fatal(err)
	}
}

// replica is what a phone holds: rows by "table id", and its cursor.
type replica struct {
	user   string
	cursor string
	rows   map[string]string
}

// pull brings a replica up to date and returns how many puts it took.
func (y *toy) pull(r *replica) int {
	y.t.Helper()
	var out plainSink
	_, err := y.engine.Pull(y.db, syncer.Pull{User: r.user, Device: "d" + r.user, Schema: 1, Cursor: r.cursor, Keys: syncer.Keys{Seal: []byte("s")}, Now: y.now}, &out)
	if err != nil {
		y.t.Fatal(err)
	}
	puts := 0
	for line := range strings.Lines(out.String()) {
		var l syncer.Line
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			y.t.Fatalf("%s: %v", line, err)
		}
		switch {
		case l.Begin != nil:
			if l.Begin.Reset {
				r.rows = map[string]string{}
			}
		case l.End != nil:
			r.cursor = l.End.Cursor
		case l.X != "":
			if _, had := r.rows[l.C+" "+l.I]; !had {
				y.t.Fatalf("%s: a leave for a row that was never there", line)
			}
			delete(r.rows, l.C+" "+l.I)
		default:
			var row struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(l.R, &row); err != nil {
				y.t.Fatal(err)
			}
			puts++
			r.rows[l.C+" "+row.ID] = string(l.R)
		}
	}
	return puts
}

// sees asks the tables themselves what a user may see.
func (y *toy) sees(user string) map[string]string {
	y.t.Helper()
	out := map[string]string{}
	add := func(table, sql string) {
		var rows []struct {
			ID   string `db:"id"`
			Body string `db:"body"`
		}
		if err := y.db.NewQuery(sql).Bind(dbx.Params{"u": user}).All(&rows); err != nil {
			y.t.Fatal(err)
		}
		for _, r := range rows {
			out[table+" "+r.ID] = r.Body
		}
	}
	add("usr", `SELECT id, json_object('id', id, 'role', role, 'active', active) AS body FROM usr WHERE id = {:u} AND active = 'yes'`)
	role := `(SELECT role FROM usr WHERE id = {:u} AND active = 'yes')`
	add("acc", `SELECT id, json_object('id', id, 'owner', owner, 'boss', boss) AS body FROM acc WHERE owner = {:u} OR boss = {:u} OR `+role+` = 'money'`)
	add("vis", `SELECT id, json_object('id', id, 'account', account, 'dept', dept, 'note', note) AS body FROM vis
		WHERE account IN (SELECT id FROM acc WHERE owner = {:u} OR boss = {:u}) OR (dept IN ('east', 'west') AND dept = `+role+`)`)
	return out
}

// step makes one random change.
func (y *toy) step(rng *rand.Rand) {
	id := func(prefix string, n int) string { return fmt.Sprintf("%s%d", prefix, rng.IntN(n)) }
	user := func() string { return id("u", 5) }
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	switch rng.IntN(10) {
	case 0:
		y.exec("INSERT INTO usr VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET role = excluded.role, active = excluded.active",
			user(), pick("money", "east", "west", "none"), pick("yes", "yes", "no"))
	case 1, 2:
		y.exec("INSERT INTO acc VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, boss = excluded.boss",
			id("a", 6), pick(user(), ""), pick(user(), ""))
	case 3:
		y.exec("DELETE FROM acc WHERE id = ?", id("a", 6))
	case 4:
		y.exec("DELETE FROM vis WHERE id = ?", id("v", 20))
	case 5:
		y.exec("UPDATE vis SET note = note WHERE account = ?", id("a", 6)) // noise: nothing changes
	default:
		y.exec("INSERT INTO vis VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET account = excluded.account, dept = excluded.dept, note = excluded.note",
			id("v", 20), pick(id("a", 6), ""), pick("east", "west", "none", ""), fmt.Sprint(rng.IntN(3)))
	}
}

// TestDeltaMatchesWhatTheUserSees pulls from random old cursors through random
// histories of raw writes; each replica must equal the naive answer.
func TestDeltaMatchesWhatTheUserSees(t *testing.T) {
	first, last := uint64(1), uint64(effort.Times(1, 12))
	if *seed != 0 {
		first, last = *seed, *seed
	}
	for s := first; s <= last; s++ {
		y := newToy(t)
		rng := rand.New(rand.NewPCG(s, 1))
		var replicas []*replica
		for u := range 5 {
			for range 2 { // a busy phone and a lazy one
				replicas = append(replicas, &replica{user: fmt.Sprintf("u%d", u), rows: map[string]string{}})
			}
		}
		for range 150 {
			for range rng.IntN(4) {
				y.step(rng)
			}
			y.fold()
			for i, r := range replicas {
				if rng.IntN(3+12*(i%2)) > 0 {
					continue
				}
				y.engine.FewRows = 1 + 1000*rng.IntN(2) // both ways to look rows up
				y.pull(r)
				if want := y.sees(r.user); !maps.Equal(r.rows, want) {
					t.Fatalf("seed %d: %s holds\n%v\nand should hold\n%v", s, r.user, r.rows, want)
				}
				if again := y.pull(r); again != 0 {
					t.Fatalf("seed %d: a second pull sent %d rows", s, again)
				}
			}
		}
	}
}

// TestMovingAccountsCostsGrantsOnly gives 50 accounts with 20 visits each to
// another user: no visit gets a new version and no scope interval is written.
func TestMovingAccountsCostsGrantsOnly(t *testing.T) {
	y := newToy(t)
	y.exec("INSERT INTO usr VALUES ('u1', 'none', 'yes'), ('u2', 'none', 'yes')")
	for a := range 50 {
		y.exec("INSERT INTO acc VALUES (?, 'u1', '')", fmt.Sprintf("a%d", a))
		for v := range 20 {
			y.exec("INSERT INTO vis VALUES (?, ?, '', '')", fmt.Sprintf("v%d_%d", a, v), fmt.Sprintf("a%d", a))
		}
	}
	y.fold()
	from, to := &replica{user: "u1", rows: map[string]string{}}, &replica{user: "u2", rows: map[string]string{}}
	y.pull(from)
	y.pull(to)
	count := func(sql string) (n int) {
		if err := y.db.NewQuery(sql).Row(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	scopes := count("SELECT COUNT(*) FROM _sync_scope")
	newest := count("SELECT MAX(ver) FROM _sync_doc WHERE coll = 'id_vis'")
	y.exec("UPDATE acc SET owner = 'u2'")
	y.fold()
	if now := count("SELECT COUNT(*) FROM _sync_scope"); now != scopes {
		t.Errorf("scope intervals grew from %d to %d", scopes, now)
	}
	if now := count("SELECT MAX(ver) FROM _sync_doc WHERE coll = 'id_vis'"); now != newest {
		t.Errorf("visits got version %d after %d", now, newest)
	}
	y.pull(from)
	y.pull(to)
	if len(from.rows) != 1 || len(to.rows) != 1051 { // each his own user row
		t.Errorf("the old owner holds %d rows, the new one %d", len(from.rows), len(to.rows))
	}
}
