package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	claimLines  = 20
	claimPhones = 64
	claimReads  = 10 // of each phone that pulls
)

// claimFigures are what it costs to hand claims in.
type claimFigures struct {
	submits    map[string]map[string]float64 // by lines: milliseconds of the writer, rows
	together   []sample                      // an item is a claim
	idle, busy []time.Duration               // of a pull
}

// claimsForYears gives the company a budget of ten thousand nodes with a million entries,
// and a million invoices; what rules find, finance looks at.
func claimsForYears(app core.App) error {
	if err := spendForYears(app); err != nil {
		return err
	}
	for _, stmt := range []string{
		fmt.Sprintf(`INSERT INTO invoices (id, owner, state, kind, code, number, key, issue_date, total_fen, seller_tax, seller_name, sha256, typed, qr_raw, verify_state, created, updated)
		WITH RECURSIVE g (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i < %d),
			u AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM users)
		SELECT printf('bench%%010d', i), u.id, 'reimbursed', '32', '', printf('2531%%016d', i), printf('D:2531%%016d', i), date('2025-01-01', (i %% 365) || ' days'), 100 + i,
			printf('91310000%%010d', i %% 5000), '甲' || (i %% 5000), printf('%%064x', i), '{}', '', 'valid', '2026-01-01 00:00:00.000Z', '2026-01-01 00:00:00.000Z'
		FROM g JOIN u ON u.n = i %% (SELECT COUNT(*) FROM u)`, invoicesStored-1),
		`INSERT INTO budget_balances (node, month, allocated_fen, reserved_fen, spent_fen)
		SELECT n.id, substr(n.from_date, 1, 4) || '-01', 1000000000, 0, 0 FROM budget_nodes n`,
		"UPDATE users SET department = (SELECT dept FROM budget_nodes LIMIT 1) WHERE email LIKE 'fleet.%'",
		"UPDATE expense_rules SET severity = 'review'",
		"ANALYZE",
	} {
		if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
			return fmt.Errorf("claim for years: %w", err)
		}
	}
	return nil
}

// playClaims lets phones hand claims in at once while others pull, and measures one beside.
func playClaims(ctx context.Context, r *report, s *server, dir string) error {
	f := &r.claimRun
	db, err := beside(dir)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is pending
	var category string
	if err := db.QueryRow("SELECT id FROM expense_categories WHERE active ORDER BY parent = '', id LIMIT 1").Scan(&category); err != nil {
		return err
	}
	phones, err := crowd(ctx, s, claimPhones)
	if err != nil {
		return err
	}
	var readers []*client
	for range idlePhones {
		c, err := register(ctx, s, "rep.ma")
		if err != nil {
			return err
		}
		if _, _, err := c.pull(ctx, "", "zstd"); err != nil {
			return err
		}
		readers = append(readers, c)
	}
	for range r.rounds {
		drafts := map[*client]string{}
		for _, c := range phones {
			id, mutations := c.claim(category)
			drafts[c] = id
			if err := c.pushOrder(ctx, mutations); err != nil {
				return err
			}
		}
		if err := settled(db); err != nil {
			return err
		}
		for i := range len(readers) * claimReads {
			if err := readers[i%len(readers)].timed(ctx, &f.idle); err != nil {
				return err
			}
		}
		time.Sleep(refill)
		if err := f.handIn(ctx, r, s, phones, readers, drafts); err != nil {
			return err
		}
		time.Sleep(refill)
	}
	return f.benchmarks(ctx)
}

// handIn submits all drafts at once; readers pull as long as that takes.
func (f *claimFigures) handIn(ctx context.Context, r *report, s *server, phones, readers []*client, drafts map[*client]string) error {
	var done atomic.Bool
	pulled := make(chan error)
	go func() {
		for i := 0; !done.Load() && i < len(readers)*claimReads; i++ {
			if err := readers[i%len(readers)].timed(ctx, &f.busy); err != nil {
				pulled <- err
				return
			}
		}
		pulled <- nil
	}()
	err := r.run(ctx, s, &f.together, func(ctx context.Context) (int, int64, error) {
		return len(phones), 0, together(phones, func(c *client) error {
			c.n++
			submit := map[string]any{"n": c.n, "id": newID(), "op": "action", "c": "expense_claims", "r": drafts[c], "action": "submit", "args": map[string]any{}}
			return c.pushOrder(ctx, []map[string]any{submit})
		})
	})
	done.Store(true)
	if failed := <-pulled; err == nil {
		err = failed
	}
	return err
}

// timed pulls once.
func (c *client) timed(ctx context.Context, into *[]time.Duration) error {
	began := time.Now()
	_, _, err := c.pull(ctx, c.cursor, "")
	*into = append(*into, time.Since(began))
	return err
}

// claim are the mutations of a claim with an invoice for each line.
func (c *client) claim(category string) (id string, out []map[string]any) {
	id = newID()
	day := time.Now().Format(time.DateOnly)
	out = append(out, c.mutation("create", "expense_claims", id, map[string]any{"owner": c.user, "title": "三月", "period": day[:7], "payee_kind": "employee"}))
	for i := range claimLines {
		line, invoice, paper := newID(), newID(), newID()
		out = append(out,
			c.mutation("create", "expense_lines", line, map[string]any{"claim": id, "seq": i + 1, "category": category, "day": day, "amount_fen": 10, "reason": "展会"}),
			c.mutation("create", "blobs", paper, map[string]any{
				"owner": c.user, "sha256": fmt.Sprintf("%064d", serial.Add(1)), "size": 1, "mime": "image/jpeg", "purpose": "invoice", "state": "pending",
			}),
			c.mutation("create", "invoices", invoice, map[string]any{"owner": c.user, "blob": paper, "typed": map[string]any{
				"kind": "32", "number": fmt.Sprintf("26%018d", serial.Add(1)), "issue_date": day, "total_fen": 10, "seller_tax": fmt.Sprintf("91310000%010d", i), "seller_name": fmt.Sprint("甲", i),
			}}),
			c.mutation("create", "expense_uses", newID(), map[string]any{"claim": id, "line": line, "invoice": invoice, "amount_fen": 10}))
	}
	return id, out
}

var serial atomic.Int64

var benchMetric = regexp.MustCompile(`([\d.]+) ([a-z-]+(?:/op)?)`)

// benchmarks runs those of a submit, in a process of their own.
func (f *claimFigures) benchmarks(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "go", "test", "./hooks/expense/claims", "-run", "^$", "-bench", "^BenchmarkSubmit$", "-benchtime", "20x", "-timeout", "30m")
	cmd.Env = append(os.Environ(), fmt.Sprint("SATCHEL_INVOICES=", invoicesStored))
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("failed to run the benchmark of claims: %w\n%s", err, out)
	}
	f.submits = map[string]map[string]float64{}
	for _, m := range benchLine.FindAllStringSubmatch(string(out), -1) {
		f.submits[m[2]] = map[string]float64{}
		for _, metric := range benchMetric.FindAllStringSubmatch(m[4], -1) {
			if f.submits[m[2]][metric[2]], err = strconv.ParseFloat(metric[1], 64); err != nil {
				return err
			}
		}
	}
	if len(f.submits["20"]) == 0 || len(f.submits["300"]) == 0 {
		return fmt.Errorf("the benchmark of claims said nothing of use:\n%s", out)
	}
	return nil
}

func (f *claimFigures) write(line func(string, ...any), goal func(string, bool, string, ...any)) {
	line("\n## Claims beside %d invoices, %d nodes and %d entries\n", invoicesStored, budgetNodes, budgetEntries)
	few, many := f.submits["20"], f.submits["300"]
	goal("a submit of 20 lines with 20 invoices, median of the writer's time (goal: 30 ms)", few["median-ms"] <= 30, "%.1f ms, %.0f rows written", few["median-ms"], few["rows/op"])
	goal("of 300 lines (goal: 300 ms)", many["median-ms"] <= 300, "%.0f ms, %.0f rows written", many["median-ms"], many["rows/op"])
	all := millis(f.together)
	goal(fmt.Sprintf("%d at once, all of them ended (goal: 3 s)", claimPhones), all <= 3000, "%.0f ms, %.1f ms of CPU each", all, cpu(f.together)/1000)
	slices.Sort(f.idle)
	slices.Sort(f.busy)
	idle, busy := f.idle[len(f.idle)/2], f.busy[len(f.busy)/2]
	goal("a pull meanwhile (goal: 1.5 times an idle one)", float64(busy) <= 1.5*float64(idle), "%.1f ms, idle %.1f ms", float64(busy.Microseconds())/1000, float64(idle.Microseconds())/1000)
}
