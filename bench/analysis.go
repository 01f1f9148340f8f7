package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	factRows      = 1_000_000
	factAccounts  = 400 // of each rep
	analysisAsked = 25  // times each query
)

// seller is who asks, and of which rows plain SQL adds up for him.
type seller struct{ name, where string }

var (
	everything = seller{"finance.zhao", "TRUE"}
	aTeam      = seller{"manager.wu", "(manager = (SELECT id FROM users WHERE email = 'manager.wu@demo.test') OR account IN (SELECT id FROM accounts WHERE manager = (SELECT id FROM users WHERE email = 'manager.wu@demo.test')))"}
	aRep       = seller{"rep.chen", "(owner = (SELECT id FROM users WHERE email = 'rep.chen@demo.test') OR account IN (SELECT id FROM accounts WHERE owner = (SELECT id FROM users WHERE email = 'rep.chen@demo.test')))"}
)

// analysisQueries are what is measured; plain is the same in SQL over the facts, of
// the period's rows that its asker sees, between select and group.
var analysisQueries = []struct {
	name   string
	by     seller
	ask    string // after /api/ka/analysis/
	days   [2]int // from and to, days ago
	plain  string // what is selected
	kinds  string
	groups string
	more   string
}{
	{"amount by person", everything, "amount?by=person", [2]int{729, 0}, "owner, SUM(amount_fen)", "'delivery', 'return'", "owner", ""},
	{"amount by product, tier and month", everything, "amount?by=product,tier,month&limit=1000", [2]int{729, 0}, "product, tier, substr(day, 1, 7), SUM(amount_fen)", "'delivery', 'return'", "1, 2, 3", ""},
	{"volume by person and product", everything, "volume?by=person,product", [2]int{729, 0}, "owner, product, SUM(base_milli)", "'delivery', 'return'", "1, 2", ""},
	{"accounts by product", everything, "accounts?by=product", [2]int{729, 0}, "product, COUNT(DISTINCT account)", "'delivery'", "1", ""},
	{"the 50 largest accounts, against the year before", everything, "amount?by=account&limit=50&compare=year", [2]int{364, 0}, "account, SUM(amount_fen), RANK() OVER (ORDER BY SUM(amount_fen) DESC)", "'delivery', 'return'", "1 ORDER BY 2 DESC LIMIT 50", ""},
	{"profit by category and quarter", everything, "profit?by=category,quarter", [2]int{729, 0}, "category, substr(day, 1, 7), SUM(amount_fen - tax_fen - cost_fen - rebate_fen)", "'delivery', 'return', 'cost', 'rebate'", "1, 2", ""},
	{"margin by region, of two tiers", everything, "margin?by=region&tier=A,B", [2]int{729, 0}, "region, SUM(amount_fen - tax_fen - cost_fen - rebate_fen), SUM(amount_fen - tax_fen)", "'delivery', 'return', 'cost', 'rebate'", "1", " AND tier IN ('A', 'B')"},
	{"retention by tier", everything, "retention?by=tier", [2]int{89, 0}, "tier, COUNT(DISTINCT account)", "'delivery'", "1", ""},
	{"amount by day, of a team", aTeam, "amount?by=day", [2]int{364, 0}, "day, SUM(amount_fen)", "'delivery', 'return'", "1", ""},
	{"accounts by person and month, of a team", aTeam, "accounts?by=person,month", [2]int{729, 0}, "owner, substr(day, 1, 7), COUNT(DISTINCT account)", "'delivery'", "1, 2", ""},
	{"amount by account and category, of a rep", aRep, "amount?by=account,category", [2]int{729, 0}, "account, category, SUM(amount_fen)", "'delivery', 'return'", "1, 2", ""},
	{"returns by product, of a rep, against the period before", aRep, "returned?by=product&compare=prior", [2]int{100, 10}, "product, SUM(-amount_fen)", "'return'", "1", ""},
}

// analysisFigures are what figures of sales cost to ask for.
type analysisFigures struct {
	asked, plain      [][]time.Duration // by query
	rebuilt           time.Duration     // from the server's first answer to the first figure
	memory, delivered int64
}

// soldForYears gives each rep his accounts, and the company two years of facts, a line each.
func soldForYears(app core.App) error {
	for _, rep := range []string{"chen", "he", "zhou", "zheng", "ma", "feng", "deng", "cao", "peng", "zeng", "xiao", "tian"} {
		his := "owner = (SELECT id FROM users WHERE email = 'rep." + rep + "@demo.test')"
		var has int
		if err := app.DB().NewQuery("SELECT COUNT(*) FROM accounts WHERE " + his).Row(&has); err != nil {
			return err
		}
		err := copies(app, "accounts", his, factAccounts-has, map[string]string{
			"name": "'门店 " + rep + " ' || i", "uscc": "''", "tier": "substr('AABBBCCCCC', 1 + i % 10, 1)", "region": "'区' || (i % 7)",
		})
		if err != nil {
			return err
		}
	}
	for _, stmt := range []string{
		"DELETE FROM sales_facts", "DELETE FROM sales_months",
		`INSERT INTO sales_facts (seq, day, happened, corrects, kind, ref, line, ord, owner, manager, dept, account, tier, region, product, category, promotion,
			base_milli, amount_fen, tax_fen, cost_fen, uncosted, rebate_fen, receipt_fen)
		WITH RECURSIVE g (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < {:n}),
			a AS MATERIALIZED (SELECT row_number() OVER (ORDER BY id) - 1 AS n, COUNT(*) OVER () AS many, * FROM accounts WHERE owner IN (SELECT id FROM users WHERE email LIKE 'rep.%@demo.test')),
			p AS MATERIALIZED (SELECT row_number() OVER (ORDER BY id) - 1 AS n, COUNT(*) OVER () AS many, * FROM products),
			d AS MATERIALIZED (SELECT i, date('now', '-' || (729 - i * 729 / {:n}) || ' days') AS day, abs(random()) % (SELECT MAX(many) FROM a) AS a, abs(random()) % (SELECT MAX(many) FROM p) AS p,
				CASE WHEN i % 40 = 0 THEN -1 ELSE 1 END * (1000 + abs(random()) % 90000) AS fen FROM g)
		SELECT d.i, d.day, d.day, '', CASE WHEN fen < 0 THEN 'return' ELSE 'delivery' END, 'd' || (d.i / 8), 'l' || d.i, 'o' || (d.i / 8), a.owner, a.manager, a.dept, a.id, a.tier, a.region,
			p.id, p.category, '', fen / 100 * 100, fen, fen * 13 / 113, fen * 6 / 10, 0, 0, 0
		FROM d JOIN a ON a.n = d.a JOIN p ON p.n = d.p ORDER BY d.i`,
		"ANALYZE",
	} {
		if _, err := app.DB().NewQuery(stmt).Bind(dbx.Params{"n": factRows}).Execute(); err != nil {
			return fmt.Errorf("sell for years: %w", err)
		}
	}
	return nil
}

// playAnalysis asks each query so often, in turn with plain SQL over the same facts.
func playAnalysis(ctx context.Context, r *report, s *server, dir string) error {
	f := &r.analysisRun
	began := time.Now() // the server has begun to build
	before, err := s.resident()
	if err != nil {
		return err
	}
	people := map[string]*client{}
	for _, q := range analysisQueries {
		if people[q.by.name] == nil {
			c, err := register(ctx, s, q.by.name)
			if err != nil {
				return err
			}
			people[q.by.name] = c
		}
	}
	db, err := beside(dir)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is pending
	if err := db.QueryRow("SELECT COUNT(*) FROM sales_facts").Scan(&f.delivered); err != nil {
		return err
	}
	if _, err := ask(ctx, people[everything.name], "amount"); err != nil {
		return err
	}
	f.rebuilt = time.Since(began)
	after, err := s.resident()
	if err != nil {
		return err
	}
	f.memory = after - before
	for _, q := range analysisQueries {
		var asked, plain []time.Duration
		day := func(ago int) string { return time.Now().UTC().AddDate(0, 0, -ago).Format(time.DateOnly) }
		path := q.ask + "&from=" + day(q.days[0]) + "&to=" + day(q.days[1])
		for range analysisAsked {
			took, err := ask(ctx, people[q.by.name], path)
			if err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
			asked = append(asked, took)
		}
		for range 3 {
			took, err := addUp(ctx, db, fmt.Sprintf("SELECT %s FROM sales_facts WHERE day BETWEEN '%s' AND '%s' AND kind IN (%s) AND %s%s GROUP BY %s",
				q.plain, day(q.days[0]), day(q.days[1]), q.kinds, q.by.where, q.more, q.groups))
			if err != nil {
				return fmt.Errorf("%s in SQL: %w", q.name, err)
			}
			plain = append(plain, took)
		}
		f.asked, f.plain = append(f.asked, asked), append(f.plain, plain)
	}
	return nil
}

func ask(ctx context.Context, c *client, path string) (time.Duration, error) {
	var answer struct {
		Key string `json:"key"`
	}
	begin := time.Now()
	err := c.call(ctx, http.MethodGet, "/api/ka/analysis/"+path, nil, &answer)
	if err == nil && answer.Key == "" {
		err = fmt.Errorf("%s is not answered", path)
	}
	return time.Since(begin), err
}

func addUp(ctx context.Context, db *sql.DB, query string) (time.Duration, error) {
	begin := time.Now()
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
	}
	return time.Since(begin), rows.Err()
}

func (f *analysisFigures) write(line func(string, ...any), goal func(string, bool, string, ...any)) {
	line("\n## Figures of %d order lines, 2 years, %d reps of %d accounts\n", f.delivered, 12, factAccounts)
	line("Each asked %d times over HTTP, next to plain SQL over the facts on a connection of its own, which answers neither shares, ranks and", analysisAsked)
	line("names nor what it is compared with.\n")
	line("| | median ms | worst ms | plain SQL ms |\n|---|---|---|---|")
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	var median, worst time.Duration
	for i, q := range analysisQueries {
		slices.Sort(f.asked[i])
		slices.Sort(f.plain[i])
		mid, last := f.asked[i][len(f.asked[i])/2], f.asked[i][len(f.asked[i])-1]
		median, worst = max(median, mid), max(worst, last)
		line("| %s | %.1f | %.1f | %.0f |", q.name, ms(mid), ms(last), ms(f.plain[i][len(f.plain[i])/2]))
	}
	line("")
	goal("each query, median (goal: 100 ms)", median <= 100*time.Millisecond, "%.1f ms", ms(median))
	goal("each query, worst (goal: 300 ms)", worst <= 300*time.Millisecond, "%.1f ms", ms(worst))
	line("- the columns take %.0f MB, %.0f bytes a line, and are there %.1f s after a start, for which who asks before waits", float64(f.memory)/1e6, float64(f.memory)/float64(f.delivered), f.rebuilt.Seconds())
}
