package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"satchel/domain"
)

const (
	pageSize   = 1000
	idlePhones = 6  // of one person
	idlePulls  = 50 // of each, in a row
	pushBatch  = 50
	pushRounds = 50
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

// firstSync pulls all from nothing, in turn with the list API over the visits,
// as the rep and as the superuser, and with the floor.
func (r *report) firstSync(ctx context.Context, s, lowest *server, c, office *client) error {
	below := &client{http: c.http, base: lowest.base}
	for range r.rounds {
		err := errors.Join(
			r.run(ctx, s, &r.list, func(ctx context.Context) (int, int64, error) { return c.listAll(ctx, "visits") }),
			r.run(ctx, s, &r.listSuper, func(ctx context.Context) (int, int64, error) { return office.listAll(ctx, "visits") }),
			r.run(ctx, s, &r.plain, func(ctx context.Context) (int, int64, error) { return c.pull(ctx, "", "") }),
			r.run(ctx, lowest, &r.floor, func(ctx context.Context) (int, int64, error) { return below.rows(ctx, "") }),
			r.run(ctx, s, &r.zstd, func(ctx context.Context) (int, int64, error) { return c.pull(ctx, "", "zstd") }),
			r.run(ctx, lowest, &r.floorZstd, func(ctx context.Context) (int, int64, error) { return below.rows(ctx, "zstd") }),
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

// idlePull lets some phones of one person ask in turn, as often as they may.
func (r *report) idlePull(ctx context.Context, s *server, name string, into *[]sample) error {
	var phones []*client
	for range idlePhones {
		c, err := register(ctx, s, name)
		if err != nil {
			return err
		}
		if _, _, err := c.pull(ctx, "", "zstd"); err != nil {
			return err
		}
		phones = append(phones, c)
	}
	for range r.rounds {
		err := r.run(ctx, s, into, func(ctx context.Context) (int, int64, error) {
			for i := range idlePhones * idlePulls {
				c := phones[i%idlePhones]
				if _, _, err := c.pull(ctx, c.cursor, ""); err != nil {
					return 0, 0, err
				}
			}
			return idlePhones * idlePulls, 0, nil
		})
		if err != nil {
			return err
		}
		time.Sleep(refill)
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
			r.run(ctx, s, &r.pushed, func(ctx context.Context) (int, int64, error) {
				return c.pushVisits(ctx, account, pushRounds, pushBatch)
			}),
			r.run(ctx, s, &r.rest, func(ctx context.Context) (int, int64, error) { return c.createMany(ctx, account) }),
		)
		if err != nil {
			return err
		}
		time.Sleep(refill)
	}
	return nil
}

func (c *client) anyAccount(ctx context.Context) (string, error) { return c.any(ctx, "accounts") }

func (c *client) any(ctx context.Context, collection string) (string, error) {
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := c.call(ctx, http.MethodGet, "/api/collections/"+collection+"/records?perPage=1", nil, &page); err != nil {
		return "", err
	}
	if len(page.Items) == 0 {
		return "", errors.New("there is no row of " + collection)
	}
	return page.Items[0].ID, nil
}

func newVisit(id, account string) map[string]any {
	return map[string]any{
		"id": id, "account": account, "type": "unplanned", "state": "planned",
		"planned_date": domain.BusinessDay(time.Now()), "objective": "新品陈列与订单 / display and order",
	}
}

// pushVisits makes visits by so many requests of so many mutations.
func (c *client) pushVisits(ctx context.Context, account string, requests, each int) (int, int64, error) {
	total := 0
	for range requests {
		var mutations []any
		for len(mutations) < each {
			visit := newID()
			c.n++
			mutations = append(mutations, map[string]any{
				"n": c.n, "id": newID(), "op": "create", "c": "visits", "r": visit, "set": without(newVisit(visit, account), "id"),
			})
		}
		n, err := c.send(ctx, mutations)
		if total += n; err != nil {
			return total, 0, err
		}
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

func newID() string { return strings.ToLower(rand.Text())[:15] }

func without(m map[string]any, key string) map[string]any {
	delete(m, key)
	return m
}
