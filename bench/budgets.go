package main

import (
	"context"
	"database/sql"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	budgetNodes   = 10_000
	budgetEntries = 1_000_000
	treesRead     = 25
)

// budgetFigures are what a department's budget costs.
type budgetFigures struct {
	reserve float64 // milliseconds of a reservation, with its transaction
	trees   []time.Duration
}

// spendForYears gives the department a budget of a hundred teams with a hundred leaves
// each, and a million entries.
func spendForYears(app core.App) error {
	for _, stmt := range []string{
		"DELETE FROM budget_balances", "DELETE FROM expense_reviews", "DELETE FROM budget_adjustments", "DELETE FROM budget_entries", "DELETE FROM budget_nodes",
		`INSERT INTO budget_nodes (id, budget, dept, name, position, parent, period, from_date, to_date, amount_fen, months, control, over_bp, "window", alerts,
			allocated_fen, reserved_fen, spent_fen, free_fen, as_of, is_leaf, depth, path, viewers, created, updated)
		WITH RECURSIVE g (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i < {:nodes} - 1),
			t AS (SELECT i, CASE WHEN i = 0 THEN '' WHEN i <= 99 THEN 'node00000000000' ELSE printf('node%011d', 1 + i % 99) END AS up FROM g)
		SELECT printf('node%011d', i), b.id, b.dept, '节点 ' || i, i, up, 'year', b.year || '-01-01', b.year || '-12-31', 100000, 'null', 'forbid', 10000, 'year', '[8000,9500]',
			100000, 100, 200, 99700, b.updated, i > 99, CASE WHEN i = 0 THEN 1 WHEN i <= 99 THEN 2 ELSE 3 END,
			CASE WHEN i = 0 THEN '["node00000000000"]' WHEN i <= 99 THEN json_array(printf('node%011d', i), 'node00000000000')
				ELSE json_array(printf('node%011d', i), up, 'node00000000000') END, '[]', b.updated, b.updated
		FROM t, (SELECT * FROM budgets WHERE state = 'active' ORDER BY id LIMIT 1) b`,
		`INSERT INTO budget_entries (id, budget, node, dept, kind, amount_fen, day, month, ref_collection, ref_id, ref_line, at, created, updated)
		WITH RECURSIVE g (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i < {:entries} - 1)
		SELECT printf('entry%010d', i), n.budget, n.id, n.dept, CASE i % 2 WHEN 0 THEN 'reserve' ELSE 'release' END, 100, substr(n.from_date, 1, 4) || '-03-15',
			substr(n.from_date, 1, 4) || '-03', 'claims', 'c' || (i / 4), i % 4, n.updated, n.updated, n.updated
		FROM g JOIN budget_nodes n ON n.id = printf('node%011d', 100 + i % ({:nodes} - 100))`,
		"ANALYZE",
	} {
		if _, err := app.DB().NewQuery(stmt).Bind(dbx.Params{"nodes": budgetNodes, "entries": budgetEntries}).Execute(); err != nil {
			return fmt.Errorf("spend for years: %w", err)
		}
	}
	return nil
}

// playBudgets reads the tree of the department's budget, and reserves in a process of its own.
func playBudgets(ctx context.Context, r *report, s *server, dir string) error {
	f := &r.budgetRun
	if err := f.reservations(ctx); err != nil {
		return err
	}
	finance, err := register(ctx, s, "finance.zhao")
	if err != nil {
		return err
	}
	db, err := beside(dir)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is pending
	id, err := budgetOf(db)
	if err != nil {
		return err
	}
	for range treesRead {
		began := time.Now()
		if err := finance.call(ctx, "GET", "/api/ka/budgets/"+id+"/tree", nil, nil); err != nil {
			return err
		}
		f.trees = append(f.trees, time.Since(began))
	}
	return nil
}

func budgetOf(db *sql.DB) (id string, err error) {
	return id, db.QueryRow("SELECT budget FROM budget_nodes LIMIT 1").Scan(&id)
}

// reservations runs the benchmark of one.
func (f *budgetFigures) reservations(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, "go", "test", "./hooks/expense/budgets", "-run", "^$", "-bench", "^BenchmarkReserve$", "-benchtime", "1000x").CombinedOutput()
	if err != nil {
		return fmt.Errorf("failed to run the benchmark of reservations: %w\n%s", err, out)
	}
	m := benchLine.FindStringSubmatch(string(out))
	if m == nil {
		return fmt.Errorf("the benchmark of reservations said nothing of use:\n%s", out)
	}
	ns, err := strconv.ParseFloat(m[3], 64)
	f.reserve = ns / 1e6
	return err
}

func (f *budgetFigures) write(line func(string, ...any), goal func(string, bool, string, ...any)) {
	line("\n## Budgets\n")
	slices.Sort(f.trees)
	tree := float64(f.trees[len(f.trees)/2].Microseconds()) / 1000
	goal(fmt.Sprintf("the tree of a department, %d nodes over %d entries (goal: 50 ms)", budgetNodes, budgetEntries), tree <= 50, "%.1f ms", tree)
	goal("a reservation of two lines, four levels down, with its transaction (goal: 2 ms of the writer)", f.reserve <= 2, "%.2f ms", f.reserve)
}
