package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	cascadeManagers = 20
	cascadeReps     = 480
)

var cascadeMetrics = []string{"amount", "volume", "profit", "new_ka"}

// targetFigures are what the break-down of a year's targets costs.
type targetFigures struct{ cascaded []sample } // an item is a person's year by a metric

// manyPeople gives a department its managers and reps.
func manyPeople(app core.App) error {
	err := copies(app, "users", "email = 'manager.wu@demo.test'", cascadeManagers-3, map[string]string{
		"email": "'bench.manager.' || i || '@demo.test'", "tokenKey": "lower(hex(randomblob(25)))", "name": "'经理 ' || i", "emp_no": "'M' || i",
	})
	if err != nil {
		return err
	}
	for _, stmt := range []string{
		fmt.Sprintf("UPDATE users SET active = FALSE WHERE role = 'rep' AND id NOT IN (SELECT id FROM users WHERE role = 'rep' ORDER BY id LIMIT %d)", cascadeReps),
		fmt.Sprintf(`WITH m AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM users WHERE role = 'ka_manager'),
			r AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM users WHERE role = 'rep' AND active)
			UPDATE users SET manager = (SELECT m.id FROM r JOIN m ON m.n = r.n %% %d WHERE r.id = users.id) WHERE role = 'rep' AND active`, cascadeManagers),
	} {
		if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
			return err
		}
	}
	return nil
}

// playTargets lets the head break a year down to everybody, a year after the other.
func playTargets(ctx context.Context, r *report, s *server, dir string) error {
	head, err := register(ctx, s, "director.lin")
	if err != nil {
		return err
	}
	db, err := beside(dir)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is pending
	var id string
	if err := db.QueryRow("SELECT id FROM users WHERE email = 'director.lin@demo.test'").Scan(&id); err != nil {
		return err
	}
	for round := range r.rounds {
		year := fmt.Sprint(time.Now().Year() + 1 + round)
		err := r.run(ctx, s, &r.targetRun.cascaded, func(ctx context.Context) (int, int64, error) {
			return cascadeManagers + cascadeReps, 0, head.cascade(ctx, id, year)
		})
		if err != nil {
			return err
		}
		var saved int
		if err := db.QueryRow("SELECT COUNT(*) FROM targets WHERE year = ? AND json_array_length(months) = 12", year).Scan(&saved); err != nil {
			return err
		}
		if want := len(cascadeMetrics) * (1 + cascadeManagers + cascadeReps); saved != want {
			return fmt.Errorf("%d targets of %d are there", saved, want)
		}
		time.Sleep(refill)
	}
	return nil
}

// cascade writes the department's targets and divides them down to the last rep.
func (c *client) cascade(ctx context.Context, head, year string) error {
	var top []map[string]any
	for _, metric := range cascadeMetrics {
		id := newID()
		top = append(top, c.mutation("create", "targets", id, map[string]any{"level": "dept", "owner": head, "metric": metric, "year": year, "value": 1_234_567_891}),
			c.act(id, "spread", map[string]any{"by": "even"}), c.act(id, "split", map[string]any{"by": "even"}))
	}
	if err := c.pushOrder(ctx, top); err != nil {
		return err
	}
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	filter := url.QueryEscape(fmt.Sprintf("year='%s' && level='manager'", year))
	if err := c.call(ctx, http.MethodGet, "/api/collections/targets/records?perPage=200&fields=id&filter="+filter, nil, &page); err != nil {
		return err
	}
	if len(page.Items) != cascadeManagers*len(cascadeMetrics) {
		return errors.New("not every manager has his drafts")
	}
	var below []map[string]any
	for _, draft := range page.Items {
		below = append(below, c.act(draft.ID, "split", map[string]any{"by": "even"}))
	}
	return c.pushOrder(ctx, below)
}

func (c *client) act(target, action string, args map[string]any) map[string]any {
	c.n++
	return map[string]any{"n": c.n, "id": newID(), "op": "action", "c": "targets", "r": target, "action": action, "args": args}
}

func (f *targetFigures) write(line func(string, ...any), goal func(string, bool, string, ...any)) {
	line("\n## Targets of %d people, 12 months, %d metrics\n", cascadeManagers+cascadeReps, len(cascadeMetrics))
	line("The head's phone pushes the department's and divides them over his managers, and each manager's over his reps; all drafts are saved and folded.\n")
	goal("the cascade saved (goal: 3 s)", millis(f.cascaded) <= 3000, "%.0f ms", millis(f.cascaded))
}
