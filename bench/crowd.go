package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"satchel/internal/demo"
	"satchel/syncer"
)

// crowd makes so many phones, each of a rep of the fleet who gave his password.
func crowd(ctx context.Context, s *server, size int) ([]*client, error) {
	phones := strangers(s, size)
	for i, c := range phones {
		if err := errors.Join(c.signIn(ctx, i), c.hello(ctx, fmt.Sprintf("crowd-%06d", i))); err != nil {
			return nil, err
		}
	}
	return phones, nil
}

// strangers are phones on which nobody has logged in.
func strangers(s *server, size int) []*client {
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: size, MaxIdleConns: size}
	out := make([]*client, size)
	for i := range out {
		out[i] = newClient(s, 0)
		out[i].http = &http.Client{Transport: transport}
	}
	return out
}

// signIn logs the rep of the fleet in whose phone is the i-th.
func (c *client) signIn(ctx context.Context, i int) error {
	return c.login(ctx, "users", demo.Email(fleetName(strconv.Itoa(i+1))), demo.Password)
}

// accountsOf finds an account of each phone's rep.
func accountsOf(ctx context.Context, phones []*client) (map[*client]string, error) {
	out := map[*client]string{}
	for _, c := range phones {
		var err error
		if out[c], err = c.anyAccount(ctx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// together runs fn for all phones at once.
func together(phones []*client, fn func(c *client) error) error {
	var all sync.WaitGroup
	errs := make([]error, len(phones))
	for i, c := range phones {
		all.Go(func() { errs[i] = fn(c) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// firstSyncs lets a hundred new phones load everything at once.
func (r *report) firstSyncs(ctx context.Context, s *server) error {
	phones, err := crowd(ctx, s, crowdSize)
	if err != nil {
		return err
	}
	for range r.rounds {
		err := r.run(ctx, s, &r.crowd, func(ctx context.Context) (int, int64, error) {
			var rows, size atomic.Int64
			err := together(phones, func(c *client) error {
				n, b, err := c.pull(ctx, "", "zstd")
				rows.Add(int64(n))
				size.Add(b)
				return err
			})
			return int(rows.Load()), size.Load(), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pushes lets 64 phones push at once.
func (r *report) pushes(ctx context.Context, s *server) error {
	phones, err := crowd(ctx, s, 64)
	if err != nil {
		return err
	}
	accounts, err := accountsOf(ctx, phones)
	if err != nil {
		return err
	}
	for range r.rounds {
		err := r.run(ctx, s, &r.pushed64, func(ctx context.Context) (int, int64, error) {
			var taken atomic.Int64
			err := together(phones, func(c *client) error {
				n, _, err := c.pushVisits(ctx, accounts[c], 2, pushBatch)
				taken.Add(int64(n))
				return err
			})
			return int(taken.Load()), 0, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// storm lets a thousand phones come back at once, each with 30 mutations and a
// pull. Whoever is told to come again does.
func (r *report) storm(ctx context.Context, s *server) error {
	phones := strangers(s, stormSize)
	err := r.run(ctx, s, &r.loggedIn, func(ctx context.Context) (int, int64, error) {
		for i, c := range phones {
			if err := c.signIn(ctx, i); err != nil {
				return i, 0, err
			}
		}
		return len(phones), 0, nil
	})
	if err != nil {
		return err
	}
	for i, c := range phones {
		if err := c.hello(ctx, fmt.Sprintf("crowd-%06d", i)); err != nil {
			return err
		}
	}
	accounts, err := accountsOf(ctx, phones)
	if err != nil {
		return err
	}
	for i := range phones {
		if i%8 == 7 || i == len(phones)-1 {
			if err := together(phones[i-i%8:i+1], func(c *client) error { _, _, err := c.pull(ctx, "", "zstd"); return err }); err != nil {
				return err
			}
		}
	}
	return r.run(ctx, s, &r.stormed, func(ctx context.Context) (int, int64, error) {
		var taken, told atomic.Int64
		err := together(phones, func(c *client) error {
			var body []any
			for range 30 {
				body = append(body, c.newContact(accounts[c]))
			}
			n, err := patiently(ctx, &told, func() (int, error) { return c.send(ctx, body) })
			taken.Add(int64(n))
			if err != nil {
				return err
			}
			_, err = patiently(ctx, &told, func() (int, error) { n, _, err := c.pull(ctx, c.cursor, "zstd"); return n, err })
			return err
		})
		r.toldToWait = told.Load()
		if err == nil {
			r.peak, err = s.peak()
		}
		return int(taken.Load()), 0, err
	})
}

// patiently asks again as long as the server says that it has no room.
func patiently(ctx context.Context, told *atomic.Int64, ask func() (int, error)) (int, error) {
	for {
		n, err := ask()
		if err == nil || !strings.Contains(err.Error(), ": 503 ") {
			return n, err
		}
		told.Add(1)
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(2 * time.Second):
		}
	}
}

// writerRate is how many mutations of phones that push in turn are acknowledged
// per second. One alone would ask more often than it may.
func writerRate(ctx context.Context, phones []*client, accounts map[*client]string) (float64, error) {
	start, total := time.Now(), 0
	for i := 0; time.Since(start) < 4*time.Second; i++ {
		c := phones[i%len(phones)]
		var body []any
		for range 10 {
			body = append(body, c.newContact(accounts[c]))
		}
		n, err := c.send(ctx, body)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return float64(total) / time.Since(start).Seconds(), nil
}

func (c *client) newContact(account string) any {
	c.n++
	return map[string]any{
		"n": c.n, "id": newID(), "op": "create", "c": "contacts", "r": newID(),
		"set": map[string]any{"account": account, "name": "王芳", "phone": "13900000000"},
	}
}

// send pushes and wants every mutation to pass.
func (c *client) send(ctx context.Context, mutations []any) (int, error) {
	var out syncer.PushResponse
	err := c.call(ctx, http.MethodPost, "/api/sync/push", map[string]any{"device": c.device, "schema": 1, "mutations": mutations}, &out)
	if err != nil {
		return 0, err
	}
	for _, result := range out.Results {
		if result.Status != syncer.StatusApplied {
			return 0, fmt.Errorf("mutation %d: %+v", result.N, result)
		}
	}
	return len(out.Results), nil
}
