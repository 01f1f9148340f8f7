package store_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/internal/store"
)

func open(t *testing.T) *dbx.DB {
	t.Helper()
	db, err := store.ConnectWith(store.Off)(filepath.Join(t.TempDir(), "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.DB().SetMaxOpenConns(1) // all on one connection, and so on its statements
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	run(t, db, "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')")
	return db
}

func run(t *testing.T, tx dbx.Builder, query string) {
	t.Helper()
	if _, err := tx.NewQuery(query).Execute(); err != nil {
		t.Fatal(err)
	}
}

// TestTheSameTextInsideItsOwnRows: a statement whose rows are being read is not
// lent again.
func TestTheSameTextInsideItsOwnRows(t *testing.T) {
	db := open(t)
	const query = "SELECT id FROM t WHERE id > {:from} ORDER BY id"
	err := db.Transactional(func(tx *dbx.Tx) error {
		var pairs int
		for range 3 {
			outer, err := tx.NewQuery(query).Bind(dbx.Params{"from": 0}).Rows()
			if err != nil {
				return err
			}
			for outer.Next() && pairs <= 3*3 {
				var from int
				if err := outer.Scan(&from); err != nil {
					return err
				}
				var after []int
				if err := tx.NewQuery(query).Bind(dbx.Params{"from": from}).Column(&after); err != nil {
					return err
				}
				pairs += len(after)
			}
			if err := outer.Close(); err != nil {
				return err
			}
		}
		if pairs != 3*3 {
			t.Errorf("%d pairs", pairs)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAKeptStatementSeesTheSchemaOfNow: columns that came, went and came to mean
// something else, also by another connection.
func TestAKeptStatementSeesTheSchemaOfNow(t *testing.T) {
	db := open(t)
	columns := func() string {
		t.Helper()
		rows, err := db.NewQuery("SELECT * FROM t WHERE id = {:id}").Bind(dbx.Params{"id": 2}).Rows()
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		row := dbx.NullStringMap{}
		if !rows.Next() {
			t.Fatal("no row")
		}
		if err := rows.ScanMap(row); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%d %s %s %s", len(row), row["id"].String, row["name"].String, row["more"].String)
	}
	for _, step := range []struct{ change, want string }{
		{"", "2 2 b "},
		{"ALTER TABLE t ADD COLUMN more TEXT DEFAULT 'm'", "3 2 b m"},
		{"ALTER TABLE t RENAME COLUMN name TO title", "3 2  m"},
		{"DROP TABLE t; CREATE TABLE t (name TEXT, id INTEGER); INSERT INTO t VALUES ('again', 2)", "2 2 again "},
	} {
		if step.change != "" {
			run(t, db, step.change)
		}
		for range 2 {
			if got := columns(); got != step.want {
				t.Errorf("after %q: %s, want %s", step.change, got, step.want)
			}
		}
	}
}

// TestAFailedStatementHarmsNoneAfterIt: neither the same text again nor the
// rollback.
func TestAFailedStatementHarmsNoneAfterIt(t *testing.T) {
	db := open(t)
	insert := func(tx dbx.Builder, name string) error {
		_, err := tx.NewQuery("INSERT INTO t (name) VALUES ({:name})").Bind(dbx.Params{"name": name}).Execute()
		return err
	}
	for i := range 3 {
		if err := insert(db, "a"); err == nil {
			t.Fatal("a second a")
		}
		err := db.Transactional(func(tx *dbx.Tx) error {
			if err := insert(tx, fmt.Sprint("n", i)); err != nil {
				t.Fatal(err)
			}
			return insert(tx, "b")
		})
		if err == nil {
			t.Fatal("a second b")
		}
	}
	if err := insert(db, "n1"); err != nil {
		t.Errorf("what was rolled back: %v", err)
	}
}

// TestKeptStatementsAreBounded asks more texts than are kept, twice over.
func TestKeptStatementsAreBounded(t *testing.T) {
	db := open(t)
	for range 2 {
		for i := range 3 * store.KeptMost {
			var n int
			if err := db.NewQuery(fmt.Sprintf("SELECT %d + COUNT(*) FROM t WHERE id < {:id}", i)).Bind(dbx.Params{"id": 3}).Row(&n); err != nil || n != i+2 {
				t.Fatalf("%d, %v", n, err)
			}
		}
	}
	conn, err := db.DB().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Raw(func(c any) error {
		if n := store.Kept(c); n != store.KeptMost {
			t.Errorf("%d statements are kept, want %d", n, store.KeptMost)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
