package claims_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// years fills the company: so many invoices of others, nodes beside those of the test, and
// entries of a budget.
func (d *desk) years(invoices, nodes, entries int) {
	d.t.Helper()
	of := dbx.Params{"invoices": invoices, "nodes": nodes, "entries": entries, "above": d.nodes["部门"].Id, "like": d.nodes["公共"].Id}
	for _, stmt := range []string{
		`INSERT INTO invoices (id, owner, state, kind, code, number, key, issue_date, total_fen, seller_tax, seller_name, sha256, typed, qr_raw, verify_state, created, updated)
		WITH RECURSIVE g (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i < {:invoices} - 1),
			u AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM users)
		SELECT printf('bench%010d', i), u.id, 'reimbursed', '32', '',
			printf('2531%016d', i), printf('D:2531%016d', i), date('2025-01-01', (i % 365) || ' days'), 100 + i, printf('91310000%010d', i % 5000), '甲' || (i % 5000),
			printf('%064x', i), '{}', '', 'valid', '2026-01-01 00:00:00.000Z', '2026-01-01 00:00:00.000Z'
		FROM g JOIN u ON u.n = i % (SELECT COUNT(*) FROM u)`,
		`INSERT INTO budget_nodes (id, budget, dept, name, position, parent, period, from_date, to_date, amount_fen, months, control, over_bp, "window", alerts,
			allocated_fen, reserved_fen, spent_fen, free_fen, as_of, is_leaf, depth, path, viewers, rep, created, updated)
		WITH RECURSIVE g (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i < {:nodes} - 1),
			u AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM users)
		SELECT printf('bench%010d', i), n.budget, n.dept, '节点 ' || i, i, {:above}, n.period, n.from_date, n.to_date, 0, n.months, n.control, n.over_bp, n."window", n.alerts,
			0, 0, 0, 0, n.as_of, TRUE, 2, json_array(printf('bench%010d', i), {:above}), '[]', u.id, n.updated, n.updated
		FROM g JOIN u ON u.n = i % (SELECT COUNT(*) FROM u), (SELECT * FROM budget_nodes WHERE id = {:like}) n`,
		`INSERT INTO budget_entries (id, budget, node, dept, kind, amount_fen, day, month, ref_collection, ref_id, ref_line, at, created, updated)
		WITH RECURSIVE g (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i < {:entries} - 1)
		SELECT printf('entry%010d', i), n.budget, n.id, n.dept, CASE i % 2 WHEN 0 THEN 'reserve' ELSE 'release' END, 100, '2026-03-15', '2026-03', 'expense_claims', 'c' || (i / 4), i % 4,
			n.updated, n.updated, n.updated
		FROM g JOIN budget_nodes n ON n.id = printf('bench%010d', i % {:nodes})`,
		"UPDATE budget_balances SET allocated_fen = 1000000000000",
		"UPDATE budget_nodes SET allocated_fen = 1000000000000",
		"ANALYZE",
	} {
		d.sql(stmt, of)
	}
}

// drafted is a claim of rep.chen's of so many lines, each with an invoice of its own.
func (d *desk) drafted(round, lines int) *core.Record {
	d.t.Helper()
	c, category := d.claim(rep), d.category().Id
	err := d.RunInTransaction(func(tx core.App) error {
		save := func(collection string, values map[string]any) (*core.Record, error) {
			row := d.Blank(collection, values)
			return row, tx.SaveWithContext(d.By(rep), row)
		}
		for i := range lines {
			line, err := save("expense_lines", map[string]any{"claim": c.Id, "seq": i + 1, "category": category, "day": day, "amount_fen": 100 + i})
			if err != nil {
				return err
			}
			paper, err := save("blobs", map[string]any{
				"owner": d.As(rep).Id, "sha256": fmt.Sprintf("%032d%032d", round, lines*1000+i), "size": 1, "mime": "image/jpeg", "purpose": "invoice", "state": "pending",
			})
			if err != nil {
				return err
			}
			invoice, err := save("invoices", map[string]any{"owner": d.As(rep).Id, "blob": paper.Id, "typed": map[string]any{
				"kind": "32", "number": fmt.Sprintf("26%04d%014d", round, lines*1000+i), "issue_date": day, "total_fen": 100 + i, "seller_tax": fmt.Sprintf("91310000%010d", i), "seller_name": fmt.Sprint("甲", i),
			}})
			if err != nil {
				return err
			}
			if _, err := save("expense_uses", map[string]any{"claim": c.Id, "line": line.Id, "invoice": invoice.Id, "amount_fen": 100 + i}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// BenchmarkSubmit hands claims in, each line with an invoice: median and worst time of the
// writer, and rows that it wrote, with those by which phones learn of it. SATCHEL_INVOICES
// says how many invoices and entries are there, beside 10,000 nodes.
func BenchmarkSubmit(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("SATCHEL_INVOICES"))
	if err != nil {
		n = 10_000
	}
	d := open(b)
	d.years(n, 10_000, n)
	submit := d.Bound.Actions["expense_claims.submit"]
	ctx := gate.With(b.Context(), gate.Actor{User: d.As(rep)})
	round := 0
	for _, lines := range []int{20, 300} {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			var took, used []time.Duration
			rows := 0
			for b.Loop() {
				b.StopTimer()
				round++
				c := d.drafted(round, lines)
				b.StartTimer()
				var began time.Time
				var cpu time.Duration
				err := d.RunInTransaction(func(tx core.App) error {
					began, cpu = time.Now(), processTime() // it is the writer by now: before, the draft was folded
					row, err := tx.FindRecordById("expense_claims", c.Id)
					if err != nil {
						return err
					}
					var before, after int
					if err := tx.DB().NewQuery("SELECT total_changes()").Row(&before); err != nil {
						return err
					}
					if err := submit(ctx, tx, row, []byte(`{}`)); err != nil {
						return err
					}
					err = tx.DB().NewQuery("SELECT total_changes()").Row(&after)
					rows += after - before
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
				took, used = append(took, time.Since(began)), append(used, processTime()-cpu)
			}
			slices.Sort(took)
			slices.Sort(used)
			b.ReportMetric(float64(used[len(used)/2].Microseconds())/1000, "median-cpu-ms")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "worst-ms")
			b.ReportMetric(float64(rows)/float64(len(took)), "rows/op")
		})
	}
}

// processTime is what the process has computed so far.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
