package phone_test

import (
	"database/sql"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/phone"
	"satchel/internal/testapp"
)

// rotten is a phone whose storage a test can damage behind its back.
type rotten struct {
	*phone.Phone
	t     *testing.T
	app   *testapp.App
	under *sql.DB
}

func rot(t *testing.T) *rotten {
	t.Helper()
	app := testapp.New(t, testapp.Company(demo.Options{Seed: 5, Today: testapp.Start, Accounts: 120, Products: 6, CheapLogin: true}))
	file := filepath.Join(t.TempDir(), "phone.db")
	store, err := phone.OpenStore(file)
	do(t, err)
	t.Cleanup(func() { do(t, store.Close()) })
	p := phone.New(phone.Config{
		Server: app.Server(t).URL, Transport: http.DefaultTransport, Now: app.Clock.Now, Rand: rand.New(rand.NewPCG(3, 7)), Platform: "test", App: "test",
	}, store)
	do(t, p.Login(t.Context(), demo.Email("manager.wu"), demo.Password))
	under, err := sql.Open("sqlite", file+"?_pragma=busy_timeout(10000)")
	do(t, err)
	t.Cleanup(func() { do(t, under.Close()) })
	r := &rotten{p, t, app, under}
	_, err = p.Sync(t.Context())
	do(t, err)
	return r
}

func (r *rotten) exec(stmt string) {
	r.t.Helper()
	_, err := r.under.Exec(stmt)
	do(r.t, err)
}

// content is all rows that the phone holds, as it shows them.
func (r *rotten) content() (rows []string) {
	r.t.Helper()
	got, err := r.under.Query("SELECT c || ' ' || id || ' ' || v || ' ' || body FROM base ORDER BY c, id")
	do(r.t, err)
	defer got.Close()
	for got.Next() {
		var row string
		do(r.t, got.Scan(&row))
		rows = append(rows, row)
	}
	do(r.t, got.Err())
	return rows
}

func (r *rotten) verify() phone.Verified {
	r.t.Helper()
	out, err := r.Verify(r.t.Context())
	do(r.t, err)
	return out
}

func (r *rotten) heals() (kinds []string) {
	r.t.Helper()
	do(r.t, r.app.DB().NewQuery("SELECT kind || ' ' || rows FROM _sync_heal ORDER BY id").Column(&kinds))
	return kinds
}

func TestS11APhoneMendsWhateverItsStorageLost(t *testing.T) {
	effort.Late(t)
	for _, c := range []struct {
		name, damage string
		rows         int
	}{
		{"nothing", "SELECT 1", 0},
		{"a row lost", "DELETE FROM base WHERE (c, id) IN (SELECT c, id FROM base WHERE c = 'accounts' LIMIT 1)", 1},
		{"a row that came from nowhere", "INSERT INTO base SELECT c, 'zzzzzzzzzzzzzzz', v, body, sum FROM base WHERE c = 'contacts' LIMIT 1", 1},
		{"a collection that came from nowhere", "INSERT INTO base SELECT 'ghosts', id, v, body, sum FROM base WHERE c = 'contacts' LIMIT 3", 3},
		{"an older version", "UPDATE base SET v = v - 1 WHERE (c, id) IN (SELECT c, id FROM base WHERE c = 'accounts' LIMIT 2)", 2},
		{"flipped bits", "UPDATE base SET body = replace(body, 'a', 'b') WHERE (c, id) IN (SELECT c, id FROM base WHERE c = 'accounts' LIMIT 3)", 3},
		{"half a collection", "DELETE FROM base WHERE c = 'accounts' AND id > 'i'", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rot(t)
			whole := r.content()
			r.exec(c.damage)
			lost := len(whole) - len(r.content())
			got := r.verify()
			if c.rows < 0 {
				c.rows = lost
			}
			if got.Mended != c.rows || got.Reset || got.Stopped {
				t.Errorf("%+v, want %d rows mended", got, c.rows)
			}
			if after := r.content(); !reflect.DeepEqual(after, whole) {
				t.Errorf("it holds %d rows, %d before the damage, or others", len(after), len(whole))
			}
			if again := r.verify(); again.Mended != 0 {
				t.Errorf("the second comparison mended %d", again.Mended)
			}
		})
	}
}

func TestS11AComparisonKeepsWhatIsNotYetSent(t *testing.T) {
	r := rot(t)
	account, err := r.Find("accounts", phone.Row{})
	do(t, err)
	do(t, r.Update("accounts", account.Text("id"), phone.Row{"note": "未提交"}))
	r.exec("DELETE FROM base WHERE c = 'contacts'")
	if got := r.verify(); got.Mended == 0 {
		t.Fatalf("%+v", got)
	}
	row, err := r.Get("accounts", account.Text("id"))
	do(t, err)
	if pending, err := r.Pending(); err != nil || pending != 1 || row.Text("note") != "未提交" {
		t.Errorf("%d pending, note %q, %v", pending, row.Text("note"), err)
	}
}

func TestS11RepairHasADailyBudgetThenOneResetThenStops(t *testing.T) {
	r := rot(t)
	settings, err := r.app.FindCollectionByNameOrId("settings")
	do(t, err)
	budget := core.NewRecord(settings)
	budget.Load(map[string]any{"key": "sync.repair_rows_per_day", "value": 3})
	do(t, r.app.Save(budget), r.app.Bound.Sync.Fold(r.app))
	_, err = r.Pull(t.Context())
	do(t, err)
	whole := r.content()
	damage := "UPDATE base SET v = v - 1 WHERE (c, id) IN (SELECT c, id FROM base WHERE c = 'accounts' LIMIT 2)"
	for i, want := range []phone.Verified{{Mended: 2}, {Reset: true}, {Stopped: true}} {
		r.exec(damage)
		if got := r.verify(); got != want {
			t.Errorf("comparison %d: %+v, want %+v", i, got, want)
		}
	}
	r.app.Clock.Advance(24 * time.Hour)
	if got := r.verify(); got != (phone.Verified{Mended: 2}) {
		t.Errorf("on the next day: %+v", got)
	}
	if after := r.content(); !reflect.DeepEqual(after, whole) {
		t.Errorf("it holds %d rows, at first %d, or others", len(after), len(whole))
	}
	want := []string{"repair 2", "reset 2", "stopped 2", "repair 2"}
	if got := r.heals(); !reflect.DeepEqual(got, want) {
		t.Errorf("logged %v, want %v", got, want)
	}
}

func TestS11APhoneComparesByItselfOnceInAWhile(t *testing.T) {
	r := rot(t)
	whole := r.content()
	r.exec("DELETE FROM base WHERE c = 'contacts'")
	for range 100 {
		_, err := r.Sync(t.Context())
		do(t, err)
	}
	if after := r.content(); !reflect.DeepEqual(after, whole) {
		t.Errorf("it holds %d rows, %d before the damage", len(after), len(whole))
	}
}
