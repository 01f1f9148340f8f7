package attack

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// six comes back to an account by six relations: as many joins, multiplied.
const six = `contacts_via_account.id != "x" && visits_via_account.id != "x" && orders_via_account.id != "x" && visit_steps_via_account.id != "x" && ` +
	`communications_via_account.id != "x" && opportunities_via_account.id != "x"`

// late is a view whose first row comes at once and whose second takes for ever.
const (
	late      = "attack_late"
	lateQuery = `SELECT v.value AS id, CAST(CASE v.value WHEN 'a' THEN 1 ELSE ` +
		`(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < (SELECT MAX(n) FROM attack_costs)) SELECT count(*) FROM c) ` +
		`END AS INTEGER) AS n FROM json_each('["a","b"]') v`
)

// slowest is when an answer is given up: many times what a filter may take of the
// database, or a busy machine would be at fault.
const slowest = 8 * time.Second

// filters sends many requests at once whose filters are dear: by their shape, which
// is to be refused before the database is asked, and by a row that comes after the
// first one, which is to end at the deadline.
func filters() Load {
	return Load{
		Name: "dear filters",
		Prepare: func(ctx context.Context, s *Scene) error {
			c, err := s.phone(ctx, "rep.he")
			if err != nil {
				return err
			}
			office, err := s.super(ctx)
			if err != nil {
				return err
			}
			for _, made := range []struct {
				path string
				body map[string]any
			}{
				{"/api/collections", map[string]any{"name": "attack_costs", "type": "base", "fields": []any{map[string]any{"name": "n", "type": "number"}}}},
				{"/api/collections", map[string]any{"name": late, "type": "view", "viewQuery": lateQuery, "listRule": "", "viewRule": ""}}, // read once as it is made
				{"/api/collections/attack_costs/records", map[string]any{"n": 1_000_000_000_000}},
			} {
				if err := office.want(ctx, http.MethodPost, made.path, made.body, nil); err != nil {
					return err
				}
			}
			return s.keep("rep.he", c, nil)
		},
		Run: func(ctx context.Context, s *Scene) error {
			c := s.kept("rep.he")
			return s.crowd(ctx, 16, func(i int) error {
				path, refused := "/api/collections/accounts/records?skipTotal=1&filter="+url.QueryEscape(six), true
				switch i % 4 {
				case 2:
					path = "/api/ka/export/accounts?format=csv&filter=" + url.QueryEscape(six)
				case 3:
					path = "/api/collections/" + late + "/records?skipTotal=1&filter=" + url.QueryEscape(`n > 0`)
					refused = false
				}
				return s.filter(ctx, c, path, refused)
			})
		},
	}
}

func (s *Scene) filter(ctx context.Context, c *Client, path string, refused bool) error {
	// the end of the load does not cut it off: a filter ends by itself
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), slowest)
	defer cancel()
	a, err := c.ask(own, http.MethodGet, path, nil)
	if own.Err() != nil {
		return fmt.Errorf("%.80s does not end within %s", path, slowest)
	}
	if err != nil {
		return err
	}
	busy := a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable
	if s.note(a); a.faulty() || refused && a.Code != "filter.too_complex" && !busy {
		return fmt.Errorf("%.80s: %s %.200s", path, a, a.Body)
	}
	return nil
}
