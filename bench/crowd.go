package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"satchel/internal/demo"
	"satchel/syncer"
)

// reps are the people whose phones make the crowd.
var reps = []string{
	"rep.he", "rep.zhou", "rep.zheng", "rep.ma", "rep.feng", "rep.deng", "rep.cao", "rep.peng", "rep.zeng", "rep.xiao", "rep.tian",
}

// crowd registers so many phones, spread over the reps.
func crowd(ctx context.Context, s *server, size int) ([]*client, error) {
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: size, MaxIdleConns: size}
	tokens := map[string]string{}
	var out []*client
	for i := range size {
		name := reps[i%len(reps)]
		c := &client{http: &http.Client{Transport: transport}, base: s.base, token: tokens[name]}
		if c.token == "" {
			if err := c.login(ctx, "users", demo.Email(name), demo.Password); err != nil {
				return nil, err
			}
			tokens[name] = c.token
		}
		if err := c.hello(ctx, fmt.Sprintf("crowd-%06d", i)); err != nil {
			return nil, err
		}
		out = append(out, c)
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
	accounts := map[string]string{}
	for _, c := range phones {
		if accounts[c.token] == "" {
			if accounts[c.token], err = c.anyAccount(ctx); err != nil {
				return err
			}
		}
	}
	for range r.rounds {
		err := r.run(ctx, s, &r.pushed64, func(ctx context.Context) (int, int64, error) {
			var taken atomic.Int64
			err := together(phones, func(c *client) error {
				n, _, err := c.pushVisits(ctx, accounts[c.token], 2, pushBatch)
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
	phones, err := crowd(ctx, s, stormSize)
	if err != nil {
		return err
	}
	accounts := map[string]string{}
	for i, c := range phones {
		if accounts[c.token] == "" {
			if accounts[c.token], err = c.anyAccount(ctx); err != nil {
				return err
			}
		}
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
				body = append(body, c.newContact(accounts[c.token]))
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

// pokes opens idle poke streams, sees what memory the server took for them, how
// long one commit takes to reach the last, and what another writer is left.
func (r *report) pokes(ctx context.Context, s *server, office *client) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	phones, err := crowd(ctx, s, len(reps))
	if err != nil {
		return err
	}
	account, err := phones[0].anyAccount(ctx)
	if err != nil {
		return err
	}
	product, err := office.any(ctx, "products")
	if err != nil {
		return err
	}
	if r.writerAlone, err = writerRate(ctx, phones[0], account); err != nil {
		return err
	}
	before, err := s.rss()
	if err != nil {
		return err
	}
	var heard atomic.Int64
	transport := &http.Transport{}
	for i := range r.clients {
		c := phones[i%len(phones)]
		stream := &client{http: &http.Client{Transport: transport}, base: c.base, token: c.token}
		resp, err := stream.open(ctx, http.MethodGet, "/api/sync/poke?device="+c.device, nil, "") //nolint:bodyclose // by who listens, below
		if err != nil {
			return err
		}
		lines := bufio.NewReader(resp.Body)
		if _, err := lines.ReadString('\n'); err != nil {
			return err
		}
		go func() {
			defer resp.Body.Close() //nolint:errcheck // ended by the context
			for {
				line, err := lines.ReadString('\n')
				if err != nil {
					return
				}
				if strings.HasPrefix(line, "data:") {
					heard.Add(1)
				}
			}
		}()
	}
	time.Sleep(3 * time.Second) // let the server's collector come to rest
	after, err := s.rss()
	if err != nil {
		return err
	}
	r.perClient = (after - before) / int64(r.clients)
	for i := range r.rounds {
		from := heard.Load()
		start := time.Now()
		err := office.call(ctx, http.MethodPatch, "/api/collections/products/records/"+product, map[string]any{"spec": fmt.Sprint("round ", i)}, nil)
		if err != nil {
			return err
		}
		for heard.Load() < from+int64(r.clients) {
			if time.Since(start) > 10*time.Second {
				return fmt.Errorf("%d of %d streams heard of a commit", heard.Load()-from, r.clients)
			}
			time.Sleep(time.Millisecond)
		}
		r.poked = append(r.poked, sample{items: 1, wall: time.Since(start)})
	}
	stop := make(chan struct{})
	var noise sync.WaitGroup
	noise.Go(func() { // a commit that concerns everybody, ten times a second
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
				_ = office.call(ctx, http.MethodPatch, "/api/collections/products/records/"+product, map[string]any{"spec": fmt.Sprint("noise ", i)}, nil)
			}
		}
	})
	r.writerBeside, err = writerRate(ctx, phones[0], account)
	close(stop)
	noise.Wait()
	return err
}

// writerRate is how many mutations one phone gets acknowledged per second.
func writerRate(ctx context.Context, c *client, account string) (float64, error) {
	start, total := time.Now(), 0
	for time.Since(start) < 4*time.Second {
		var body []any
		for range 10 {
			body = append(body, c.newContact(account))
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
