package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"satchel/internal/demo"
)

const (
	wallSize    = 200 // thumbnails on a page
	syncRounds  = 150
	distinct    = 8  // pictures; each photo of them has other bytes
	uploadLines = 4  // phones that send at once
	aStep       = 40 // photos of a step, and of a phone
)

// photoFigures are what the photos came to.
type photoFigures struct {
	n                      int
	bytes                  int64
	sent, developed        time.Duration // from the first byte
	cpu                    time.Duration // of the server and its children
	idlePush, idlePull     []time.Duration
	busyPush, busyPull     []time.Duration
	wall                   sample // thumbnails
	signed, atOnce, inTurn time.Duration
}

// playPhotos measures sync alone, then beside a thousand photos that are
// developed, then a wall of their thumbnails.
func playPhotos(ctx context.Context, r *report, s *server, _ string) error {
	rep, err := register(ctx, s, "rep.chen")
	if err != nil {
		return err
	}
	office, err := superuser(ctx, s)
	if err != nil {
		return err
	}
	account, err := rep.anyAccount(ctx)
	if err != nil {
		return err
	}
	if _, _, err := rep.pull(ctx, "", "zstd"); err != nil {
		return err
	}
	f := &r.photoRun
	if f.idlePush, f.idlePull, err = rep.syncLatency(ctx, account, syncRounds, nil); err != nil {
		return err
	}
	cameras, err := crowd(ctx, s, (r.photos+aStep-1)/aStep)
	if err != nil {
		return err
	}
	var shots []shot
	for i, c := range cameras {
		more, err := c.announce(ctx, i*aStep, min(aStep, r.photos-i*aStep))
		if err != nil {
			return err
		}
		shots = append(shots, more...)
	}
	manager, err := register(ctx, s, "manager.xu") // theirs
	if err != nil {
		return err
	}
	before, err := s.family()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := sendAll(ctx, shots); err != nil {
		return err
	}
	f.n, f.sent = len(shots), time.Since(began)
	var ids []string
	for _, p := range shots {
		f.bytes += int64(len(p.body))
		ids = append(ids, p.id)
	}
	left := func() (bool, error) { n, err := office.waiting(ctx); return n > 0, err }
	if f.busyPush, f.busyPull, err = rep.syncLatency(ctx, account, 1<<20, left); err != nil {
		return err
	}
	f.developed = time.Since(began)
	after, err := s.family()
	if err != nil {
		return err
	}
	f.cpu = after - before
	return r.hang(ctx, s, manager, ids[:min(wallSize, len(ids))])
}

// syncLatency pushes one visit and pulls, again and again, until more says that
// it is over.
func (c *client) syncLatency(ctx context.Context, account string, rounds int, more func() (bool, error)) (pushes, pulls []time.Duration, err error) {
	for i := range rounds {
		if more != nil && i%10 == 0 {
			if on, err := more(); err != nil || !on {
				return pushes, pulls, err
			}
		}
		began := time.Now()
		if _, _, err := c.pushVisits(ctx, account, 1, 1); err != nil {
			return nil, nil, err
		}
		pushed := time.Now()
		if _, _, err := c.pull(ctx, c.cursor, ""); err != nil {
			return nil, nil, err
		}
		pushes, pulls = append(pushes, pushed.Sub(began)), append(pulls, time.Since(pushed))
		time.Sleep(220 * time.Millisecond) // no phone asks more often than five times a second
	}
	return pushes, pulls, nil
}

func percentile(d []time.Duration, p int) time.Duration {
	if len(d) == 0 {
		return 0
	}
	sorted := slices.Clone(d)
	slices.Sort(sorted)
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

// shot is a photo on a phone.
type shot struct {
	c    *client
	id   string
	body []byte
}

// pictures are the distinct ones, made once.
var pictures = sync.OnceValue(func() (out [][]byte) {
	for seed := range uint64(distinct) {
		out = append(out, demo.Photo(seed, time.Now(), 31.2, 121.4))
	}
	return out
})

// announce makes a visit, its step and so many photo rows, and the bytes of each
// photo, the first of which is number from of all.
func (c *client) announce(ctx context.Context, from, n int) (shots []shot, err error) {
	account, err := c.anyAccount(ctx)
	if err != nil {
		return nil, err
	}
	visit, step := newID(), newID()
	create := func(coll, id string, set map[string]any) any {
		c.n++
		return map[string]any{"n": c.n, "id": newID(), "op": "create", "c": coll, "r": id, "set": set}
	}
	batch := []any{
		create("visits", visit, without(newVisit(visit, account), "id")),
		create("visit_steps", step, map[string]any{"visit": visit, "key": "shelf", "kind": "photo"}),
	}
	for i := range n {
		body := another(pictures()[i%distinct], from+i)
		sum := sha256.Sum256(body)
		id := newID()
		batch = append(batch, create("blobs", id, map[string]any{
			"sha256": hex.EncodeToString(sum[:]), "size": len(body), "mime": "image/jpeg", "purpose": "visit_photo",
			"step": step, "visit": visit, "state": "pending", "source": "camera",
		}))
		shots = append(shots, shot{c, id, body})
	}
	_, err = c.send(ctx, batch)
	return shots, err
}

// another is the same picture in other bytes: with a number in a comment.
func another(jpeg []byte, n int) []byte {
	comment := binary.BigEndian.AppendUint64([]byte{0xFF, 0xFE, 0, 10}, uint64(n))
	return slices.Concat(jpeg[:2], comment, jpeg[2:])
}

// sendAll uploads the photos over some lines at once.
func sendAll(ctx context.Context, shots []shot) error {
	var next sync.Mutex
	at := 0
	var wait sync.WaitGroup
	errs := make([]error, uploadLines)
	for line := range uploadLines {
		wait.Go(func() {
			for errs[line] == nil {
				next.Lock()
				i := at
				at++
				next.Unlock()
				if i >= len(shots) {
					return
				}
				errs[line] = shots[i].c.upload(ctx, shots[i].id, shots[i].body)
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

func (c *client) upload(ctx context.Context, id string, body []byte) error {
	for _, part := range []struct {
		method, path string
		body         []byte
		header       map[string]string
	}{
		{http.MethodPost, "", nil, map[string]string{
			"Upload-Length": strconv.Itoa(len(body)), "Upload-Metadata": "blob " + base64.StdEncoding.EncodeToString([]byte(id)),
		}},
		{http.MethodPatch, "/" + id, body, map[string]string{"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}},
	} {
		req, err := http.NewRequestWithContext(ctx, part.method, c.base+"/api/sync/blobs"+part.path, bytes.NewReader(part.body))
		if err != nil {
			return err
		}
		for name, value := range part.header {
			req.Header.Set(name, value)
		}
		req.Header.Set("Authorization", c.token)
		req.Header.Set("X-Sync-Device", c.device)
		req.Header.Set(addressHeader, c.from)
		req.Header.Set("Tus-Resumable", "1.0.0")
		resp, err := c.http.Do(req)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			return err
		}
		if resp.StatusCode >= 300 {
			return fmt.Errorf("upload: %s %s", resp.Status, text)
		}
	}
	return nil
}

// waiting counts the photos that are not developed.
func (c *client) waiting(ctx context.Context) (int, error) {
	var page struct {
		Total int `json:"totalItems"`
	}
	err := c.call(ctx, http.MethodGet, "/api/collections/blobs/records?perPage=1&fields=id&filter=(state='received')", nil, &page)
	return page.Total, err
}

// hang shows a wall of thumbnails: addresses, then each thumbnail, one after the
// other and eight at once.
func (r *report) hang(ctx context.Context, s *server, c *client, ids []string) error {
	f := &r.photoRun
	var signed struct {
		URLs map[string]string `json:"urls"`
	}
	began := time.Now()
	if err := c.call(ctx, http.MethodPost, "/api/ka/blobs/sign", map[string]any{"ids": ids, "variant": "thumb"}, &signed); err != nil {
		return err
	}
	if f.signed = time.Since(began); len(signed.URLs) != len(ids) {
		return fmt.Errorf("%d of %d thumbnails have an address", len(signed.URLs), len(ids))
	}
	addresses := make([]string, 0, len(ids))
	for _, u := range signed.URLs {
		addresses = append(addresses, u)
	}
	get := func(address string) error {
		resp, err := c.open(ctx, http.MethodGet, address, nil, "")
		if err != nil {
			return err
		}
		n, err := io.Copy(io.Discard, resp.Body)
		f.wall.bytes += n
		return errors.Join(err, resp.Body.Close())
	}
	const rounds = 5 // of a wall: CPU is counted in hundredths of a second
	wall, cpu, err := s.measure(ctx, func(context.Context) error {
		for range rounds {
			for _, a := range addresses {
				if err := get(a); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	f.wall.items, f.wall.wall, f.wall.cpu = rounds*len(addresses), wall, cpu
	f.inTurn = wall / rounds
	began = time.Now()
	var all sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		all.Go(func() {
			for j := i; j < len(addresses) && errs[i] == nil; j += len(errs) {
				resp, err := c.open(ctx, http.MethodGet, addresses[j], nil, "")
				if err == nil {
					_, err = io.Copy(io.Discard, resp.Body)
					err = errors.Join(err, resp.Body.Close())
				}
				errs[i] = err
			}
		})
	}
	all.Wait()
	f.atOnce = time.Since(began)
	return errors.Join(errs...)
}

// family is the CPU time of the process and its children so far, of those that
// ended too.
func (s *server) family() (time.Duration, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	pid, ticks := strconv.Itoa(s.cmd.Process.Pid), int64(0)
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		_, rest, ok := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		own := filepath.Base(filepath.Dir(path)) == pid
		if !ok || len(fields) < 15 || !own && fields[1] != pid {
			continue
		}
		last := 13
		if own {
			last = 15
		}
		for _, field := range fields[11:last] {
			n, err := strconv.ParseInt(field, 10, 64)
			if err != nil {
				return 0, err
			}
			ticks += n
		}
	}
	return time.Duration(ticks) * clockTick, nil
}

// write renders the figures.
func (f *photoFigures) write(line func(format string, args ...any), goal func(what string, met bool, format string, args ...any)) {
	line("\n## %d photos of %.1f MP, uploaded and developed\n", f.n, float64(demo.PhotoLong*demo.PhotoLong*3/4)/1e6)
	each := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(f.n) }
	line("%.0f MB sent by %d lines in %.1f s; all developed %.1f s after the first byte: %.1f photos/s, %.0f CPU ms each with the children.",
		float64(f.bytes)/1e6, uploadLines, f.sent.Seconds(), f.developed.Seconds(), float64(f.n)/f.developed.Seconds(), each(f.cpu))
	for _, l := range []struct {
		name       string
		idle, busy []time.Duration
	}{{"push", f.idlePush, f.busyPush}, {"pull", f.idlePull, f.busyPull}} {
		for _, p := range []int{50, 95} {
			idle, busy := percentile(l.idle, p), percentile(l.busy, p)
			goal(fmt.Sprintf("%s of one visit while they are developed, p%d (goal: 1.5 times idle)", l.name, p), busy <= idle*3/2,
				"%.2f ms against %.2f ms, %.2f times", busy.Seconds()*1000, idle.Seconds()*1000, busy.Seconds()/max(idle.Seconds(), 1e-9))
		}
	}
	line("\n## A wall of %d thumbnails\n", wallSize)
	line("All addresses in %.1f ms; the thumbnails in %.0f ms one after the other and %.0f ms eight at once, %.2f ms of server CPU each, %.1f KB each.",
		f.signed.Seconds()*1000, f.inTurn.Seconds()*1000, f.atOnce.Seconds()*1000, f.wall.cpuPerItem()/1000, float64(f.wall.bytes)/1024/float64(f.wall.items))
}
