package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"satchel/syncer"
)

const (
	pageSize   = 1000
	idlePulls  = 2000
	pushBatch  = 50
	pushRounds = 60
)

// sample is one run of something that handled so many items.
type sample struct {
	items int
	bytes int64
	wall  time.Duration
	cpu   time.Duration
}

func (s sample) perSecond() float64 { return float64(s.items) / s.wall.Seconds() }

// cpuPerItem is server CPU per item in microseconds.
func (s sample) cpuPerItem() float64 { return float64(s.cpu.Microseconds()) / float64(s.items) }

func median(samples []sample, of func(sample) float64) float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func (r *report) run(ctx context.Context, s *server, into *[]sample, fn func(ctx context.Context) (int, int64, error)) error {
	var out sample
	wall, cpu, err := s.measure(ctx, func(ctx context.Context) (err error) {
		out.items, out.bytes, err = fn(ctx)
		return err
	})
	out.wall, out.cpu = wall, cpu
	*into = append(*into, out)
	return err
}

// firstSync pulls all from nothing, in turn with the list API over the visits.
func (r *report) firstSync(ctx context.Context, s *server, c *client) error {
	for range r.rounds {
		err := errors.Join(
			r.run(ctx, s, &r.list, func(ctx context.Context) (int, int64, error) { return c.listAll(ctx, "visits") }),
			r.run(ctx, s, &r.plain, func(ctx context.Context) (int, int64, error) { return c.pull(ctx, "", "") }),
			r.run(ctx, s, &r.zstd, func(ctx context.Context) (int, int64, error) { return c.pull(ctx, "", "zstd") }),
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// listAll reads a whole collection by pages of the list API.
func (c *client) listAll(ctx context.Context, collection string) (rows int, size int64, err error) {
	for page := 1; ; page++ {
		path := fmt.Sprintf("/api/collections/%s/records?perPage=%d&skipTotal=1&page=%d", collection, pageSize, page)
		resp, err := c.open(ctx, http.MethodGet, path, nil, "")
		if err != nil {
			return rows, size, err
		}
		counted := &countingReader{r: resp.Body}
		var answer struct {
			Items []json.RawMessage `json:"items"`
		}
		err = errors.Join(json.NewDecoder(counted).Decode(&answer), resp.Body.Close())
		if err != nil {
			return rows, size, err
		}
		rows, size = rows+len(answer.Items), size+counted.n
		if len(answer.Items) < pageSize {
			return rows, size, nil
		}
	}
}

func (r *report) idlePull(ctx context.Context, s *server, c *client) error {
	for range r.rounds {
		err := r.run(ctx, s, &r.idle, func(ctx context.Context) (int, int64, error) {
			for range idlePulls {
				if _, _, err := c.pull(ctx, c.cursor, ""); err != nil {
					return 0, 0, err
				}
			}
			return idlePulls, 0, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// push sends creates in batches, in turn with single creates
// through PocketBase's own API.
func (r *report) push(ctx context.Context, s *server, c *client) error {
	account, err := c.anyAccount(ctx)
	if err != nil {
		return err
	}
	for range r.rounds {
		err := errors.Join(
			r.run(ctx, s, &r.pushed, func(ctx context.Context) (int, int64, error) { return c.pushMany(ctx, account) }),
			r.run(ctx, s, &r.rest, func(ctx context.Context) (int, int64, error) { return c.createMany(ctx, account) }),
		)
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *client) anyAccount(ctx context.Context) (string, error) {
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := c.call(ctx, http.MethodGet, "/api/collections/accounts/records?perPage=1", nil, &page); err != nil {
		return "", err
	}
	if len(page.Items) == 0 {
		return "", errors.New("the rep has no account")
	}
	return page.Items[0].ID, nil
}

func newVisit(id, account string) map[string]any {
	return map[string]any{
		"id": id, "account": account, "type": "unplanned", "state": "planned",
		"planned_date": "2026-07-01", "objective": "新品陈列与订单 / display and order",
	}
}

// pushMany makes visits, fifty mutations a request.
func (c *client) pushMany(ctx context.Context, account string) (int, int64, error) {
	total := 0
	for range pushRounds {
		var mutations []any
		for len(mutations) < pushBatch {
			visit := newID()
			c.n++
			mutations = append(mutations, map[string]any{
				"n": c.n, "id": newID(), "op": "create", "c": "visits", "r": visit, "set": without(newVisit(visit, account), "id"),
			})
		}
		var out syncer.PushResponse
		err := c.call(ctx, http.MethodPost, "/api/sync/push", map[string]any{"device": c.device, "schema": 1, "mutations": mutations}, &out)
		if err != nil {
			return total, 0, err
		}
		for _, result := range out.Results {
			if result.Status != syncer.StatusApplied {
				return total, 0, fmt.Errorf("mutation %d: %+v", result.N, result)
			}
		}
		total += len(out.Results)
	}
	return total, 0, nil
}

func (c *client) createMany(ctx context.Context, account string) (int, int64, error) {
	const creates = 500
	for range creates {
		if err := c.call(ctx, http.MethodPost, "/api/collections/visits/records", newVisit(newID(), account), nil); err != nil {
			return 0, 0, err
		}
	}
	return creates, 0, nil
}

// pokes opens idle poke streams and sees what memory the server took for them.
func (r *report) pokes(ctx context.Context, s *server, c *client) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	before, err := s.rss()
	if err != nil {
		return err
	}
	transport := &http.Transport{MaxConnsPerHost: 0}
	defer transport.CloseIdleConnections()
	streams := &client{http: &http.Client{Transport: transport}, base: c.base, token: c.token}
	for range r.clients {
		resp, err := streams.open(ctx, http.MethodGet, "/api/sync/poke?device="+c.device, nil, "")
		if err != nil {
			return err
		}
		defer resp.Body.Close() //nolint:errcheck // ended by the context
		if _, err := bufio.NewReader(resp.Body).ReadString('\n'); err != nil {
			return err
		}
	}
	time.Sleep(3 * time.Second) // let the server's collector come to rest
	after, err := s.rss()
	r.perClient = (after - before) / int64(r.clients)
	return err
}

func newID() string { return strings.ToLower(rand.Text())[:15] }

func without(m map[string]any, key string) map[string]any {
	delete(m, key)
	return m
}
