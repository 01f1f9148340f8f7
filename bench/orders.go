package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	orderLines   = 40
	promotions   = 200
	ledgerRows   = 10_000
	ordersPushed = 20 // in a run
)

// orderFigures are what orders and what follows from them cost.
type orderFigures struct {
	basket            float64  // milliseconds to price a basket
	pushed, submitted []sample // an item is an order
	statement         []sample
}

// trade gives the company promotions for all its goods, and an account a long ledger.
func trade(app core.App) error {
	if _, err := app.DB().NewQuery("UPDATE accounts SET credit_limit_fen = 0").Execute(); err != nil {
		return err
	}
	kinds, err := app.FindCollectionByNameOrId("promotions")
	if err != nil {
		return err
	}
	first := core.NewRecord(kinds) // one that is over
	first.Load(map[string]any{"code": "B", "name": "B", "rule": map[string]any{"kind": "percent", "bp": 10}})
	if err := app.Save(first); err != nil {
		return err
	}
	err = copies(app, "promotions", "code = 'B'", promotions, map[string]string{
		"code": "'B' || i", "active": "true", "valid_from": "''", "valid_to": "''", "accounts": "'[]'", "tiers": "'[]'", "stackable": "true",
		"exclusive_group": "''", "cap_fen": "0", "cap_milli": "0", "used_fen": "0", "used_milli": "0", "priority": "i",
		"rule": "json_object('kind', 'percent', 'products', json_array((SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM products) WHERE n = 1 + i % 60)), 'bp', 10)",
	})
	if err != nil {
		return err
	}
	return copies(app, "account_entries", "true", ledgerRows, map[string]string{
		"account": "(SELECT id FROM accounts WHERE owner = (SELECT id FROM users WHERE email = 'rep.chen@demo.test') ORDER BY id LIMIT 1)",
		"ref_id":  "'bench' || i", "amount_fen": "CASE WHEN i % 3 = 0 THEN -2000 ELSE 1000 END",
	})
}

// playOrders pushes whole orders, submits what was priced anew meanwhile, and reads a ledger.
func playOrders(ctx context.Context, r *report, s *server, dir string) error {
	if err := r.orderRun.price(ctx); err != nil {
		return err
	}
	rep, err := register(ctx, s, "rep.chen")
	if err != nil {
		return err
	}
	db, err := beside(dir)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is pending
	var account string
	if err := db.QueryRow("SELECT account FROM account_entries WHERE ref_id = 'bench1'").Scan(&account); err != nil {
		return err
	}
	goods, err := rep.goods(ctx)
	if err != nil {
		return err
	}
	f := &r.orderRun
	for range r.rounds {
		err := r.run(ctx, s, &f.pushed, func(ctx context.Context) (int, int64, error) {
			for range ordersPushed {
				if err := rep.pushOrder(ctx, rep.draft(account, goods, true)); err != nil {
					return 0, 0, err
				}
			}
			return ordersPushed, 0, nil
		})
		if err != nil {
			return err
		}
		var drafts []string
		for range ordersPushed {
			mutations := rep.draft(account, goods, false)
			if err := rep.pushOrder(ctx, mutations); err != nil {
				return err
			}
			drafts = append(drafts, mutations[0]["r"].(string))
		}
		if _, err := db.Exec("UPDATE price_items SET price_fen = price_fen + 1"); err != nil { // each of the lines costs another price now
			return err
		}
		if err := settled(db); err != nil {
			return err
		}
		err = r.run(ctx, s, &f.submitted, func(ctx context.Context) (int, int64, error) {
			for _, draft := range drafts {
				if err := rep.pushOrder(ctx, []map[string]any{rep.submit(draft)}); err != nil {
					return 0, 0, err
				}
			}
			return len(drafts), 0, nil
		})
		if err != nil {
			return err
		}
		err = r.run(ctx, s, &f.statement, func(ctx context.Context) (int, int64, error) {
			return 1, 0, rep.call(ctx, http.MethodGet, "/api/ka/accounts/"+account+"/statement?month="+time.Now().Format("2006-01"), nil, nil)
		})
		if err != nil {
			return err
		}
		time.Sleep(refill)
	}
	return nil
}

// goods are products that have a price.
func (c *client) goods(ctx context.Context) (ids []string, err error) {
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	err = c.call(ctx, http.MethodGet, fmt.Sprintf("/api/collections/products/records?perPage=%d&filter=%s", orderLines, "status='active'"), nil, &page)
	for _, item := range page.Items {
		ids = append(ids, item.ID)
	}
	if err == nil && len(ids) < orderLines {
		err = fmt.Errorf("the company has %d products for %d lines", len(ids), orderLines)
	}
	return ids, err
}

// draft are the mutations of an order with its lines, and of its submit.
func (c *client) draft(account string, goods []string, whole bool) []map[string]any {
	order := newID()
	out := []map[string]any{c.mutation("create", "orders", order, map[string]any{"no": "B" + order, "account": account, "state": "draft"})}
	for _, product := range goods {
		out = append(out, c.mutation("create", "order_lines", newID(), map[string]any{"order": order, "product": product, "qty_milli": 12_000}))
	}
	if whole {
		out = append(out, c.submit(order))
	}
	return out
}

func (c *client) mutation(op, collection, row string, set map[string]any) map[string]any {
	c.n++
	return map[string]any{"n": c.n, "id": newID(), "op": op, "c": collection, "r": row, "set": set, "captured": time.Now().UTC().Format(time.RFC3339Nano)}
}

func (c *client) submit(order string) map[string]any {
	c.n++
	return map[string]any{"n": c.n, "id": newID(), "op": "action", "c": "orders", "r": order, "action": "submit", "args": map[string]any{}}
}

// pushOrder sends mutations that all have to be applied.
func (c *client) pushOrder(ctx context.Context, mutations []map[string]any) error {
	body := make([]any, len(mutations))
	for i, m := range mutations {
		body[i] = m
	}
	n, err := c.send(ctx, body)
	if err == nil && n != len(mutations) {
		err = errors.New("a mutation of an order was not applied")
	}
	return err
}

// price runs the benchmark of a basket.
func (f *orderFigures) price(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, "go", "test", "./domain/pricing", "-run", "^$", "-bench", "^BenchmarkPrice$", "-benchtime", "2s").CombinedOutput()
	if err != nil {
		return fmt.Errorf("failed to run the benchmark of prices: %w\n%s", err, out)
	}
	m := benchLine.FindStringSubmatch(string(out))
	if m == nil {
		return fmt.Errorf("the benchmark of prices said nothing of use:\n%s", out)
	}
	ns, err := strconv.ParseFloat(m[3], 64)
	f.basket = ns / 1e6
	return err
}

func (f *orderFigures) write(line func(string, ...any), goal func(string, bool, string, ...any)) {
	line("\n## Orders\n")
	line("%d lines, %d promotions of which each takes off one line; every order by a push of its own. CPU is the server's, for each order.\n", orderLines, promotions)
	goal("a basket is priced (goal: 2 ms)", f.basket <= 2, "%.2f ms", f.basket)
	goal(fmt.Sprintf("order, lines and submit, %d mutations (goal: 50 ms of CPU)", orderLines+2), cpu(f.pushed) <= 50_000, "%.1f ms", cpu(f.pushed)/1000)
	goal("a submit in which all lines re-price (goal: 25 ms of CPU)", cpu(f.submitted) <= 25_000, "%.1f ms", cpu(f.submitted)/1000)
	goal(fmt.Sprintf("a page of the statement of an account with %d entries (goal: 50 ms)", ledgerRows), millis(f.statement) <= 50, "%.1f ms", millis(f.statement))
}
