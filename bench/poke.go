package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// pokes opens idle poke streams, sees what memory the server took for them, how
// long one commit takes to reach the last, and what another writer is left. It
// comes first in its scene: memory that was taken before would hide the streams'.
func (r *report) pokes(ctx context.Context, s *server, office *client) error {
	phones, err := crowd(ctx, s, max(1, r.clients/streamsEach))
	if err != nil {
		return err
	}
	accounts, err := accountsOf(ctx, phones)
	if err != nil {
		return err
	}
	product, err := office.any(ctx, "products")
	if err != nil {
		return err
	}
	time.Sleep(restTime)
	before, err := s.rss()
	if err != nil {
		return err
	}
	var heard atomic.Int64
	var open sync.WaitGroup
	streams := make([]net.Conn, r.clients)
	hangUp := func() {
		for _, c := range streams {
			if c != nil {
				c.Close() //nolint:errcheck // only read
			}
		}
		open.Wait()
	}
	defer hangUp()
	for i := range streams {
		if streams[i], err = phones[i%len(phones)].listen(ctx); err != nil {
			return err
		}
		open.Go(func() { count(streams[i], &heard) })
	}
	time.Sleep(restTime)
	after, err := s.rss()
	if err != nil {
		return err
	}
	r.perClient = (after - before) / int64(r.clients)
	change := func(text string) error {
		return office.call(ctx, http.MethodPatch, "/api/collections/products/records/"+product, map[string]any{"spec": text}, nil)
	}
	for i := range r.rounds {
		err := r.run(ctx, s, &r.poked, func(context.Context) (int, int64, error) {
			from, start := heard.Load(), time.Now()
			if err := change(fmt.Sprint("round ", i)); err != nil {
				return 0, 0, err
			}
			for heard.Load() < from+int64(r.clients) {
				if time.Since(start) > 10*time.Second {
					return 0, 0, fmt.Errorf("%d of %d streams heard of a commit", heard.Load()-from, r.clients)
				}
				time.Sleep(time.Millisecond)
			}
			return r.clients, 0, nil
		})
		if err != nil {
			return err
		}
	}
	stop := make(chan struct{})
	var noise sync.WaitGroup
	noise.Go(func() { // a commit that concerns everybody, ten times a second
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
				_ = change(fmt.Sprint("noise ", i))
			}
		}
	})
	r.writerBeside, err = writerRate(ctx, phones, accounts)
	close(stop)
	noise.Wait()
	if err != nil {
		return err
	}
	hangUp()
	time.Sleep(restTime)
	r.writerAlone, err = writerRate(ctx, phones, accounts)
	return err
}

// streamsEach is how many of the idle streams one phone holds.
const streamsEach = 8

// restTime lets the server's collector come to rest.
const restTime = 3 * time.Second

// listen opens a poke stream and reads its beginning. It does without an HTTP
// client, whose goroutines would take the server's processors.
func (c *client) listen(ctx context.Context) (net.Conn, error) {
	host := strings.TrimPrefix(c.base, "http://")
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(conn, "GET /api/sync/poke?device=%s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\n%s: %s\r\n\r\n", c.device, host, c.token, addressHeader, c.from) //nolint:errcheck // the read tells
	buf, n := make([]byte, 4<<10), 0
	for !bytes.Contains(buf[:n], []byte("listening")) {
		more, err := conn.Read(buf[n:])
		if err != nil {
			return nil, errors.Join(fmt.Errorf("no stream: %q", buf[:n]), err, conn.Close())
		}
		n += more
	}
	return conn, nil
}

// count adds up the pokes on a stream until it ends.
func count(conn net.Conn, heard *atomic.Int64) {
	buf := make([]byte, 512)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		heard.Add(int64(bytes.Count(buf[:n], []byte("data:")))) // a poke goes in one piece
	}
}
