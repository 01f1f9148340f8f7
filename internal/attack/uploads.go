package attack

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// placesOfAll is how many uploads the server takes at once.
const placesOfAll = 256

// phonesMost is how many phones a user may have, less one.
const phonesMost = 7

// comeAgain is when who gave way tries again.
const comeAgain = 4 * time.Second

// photo is one that a phone announced.
type photo struct {
	*Client
	id string
}

// uploads takes more places than there are by photos whose bytes hardly come, all
// of one rep. Another still brings his, all at once.
func uploads() Load {
	return Load{
		Name: "slow uploads",
		Prepare: func(ctx context.Context, s *Scene) error {
			var slow []*photo
			for range phonesMost { // one alone may not ask so often
				c, err := s.phone(ctx, "rep.he")
				if err != nil {
					return err
				}
				ids, err := c.announce(ctx, placesOfAll/phonesMost+2, 1<<20)
				if err != nil {
					return err
				}
				for _, id := range ids {
					slow = append(slow, &photo{c, id})
				}
			}
			other, err := s.phone(ctx, "rep.chen")
			if err != nil {
				return err
			}
			mine, err := other.announce(ctx, 1, 4096)
			s.held["slow"], s.held["mine"] = slow, mine
			return s.keep("rep.chen", other, err)
		},
		Run: func(ctx context.Context, s *Scene) error {
			other := s.kept("rep.chen")
			var all sync.WaitGroup
			defer all.Wait()
			for _, p := range s.held["slow"].([]*photo) {
				all.Go(func() {
					for ctx.Err() == nil { // who gave way comes again
						a, err := p.trickle(ctx, p.id)
						if err == nil {
							s.note(a)
						}
						if !sleep(ctx, comeAgain) {
							return
						}
					}
				})
			}
			for !s.refusals() { // until somebody finds no place, or loses it
				if !sleep(ctx, pace) {
					return errors.New("the places are never all taken: " + s.Said())
				}
			}
			for id := s.held["mine"].([]string)[0]; ; {
				a, err := other.ask(ctx, http.MethodPatch, "/api/sync/blobs/"+id, make([]byte, 4096), other.tus("Upload-Offset", "0")...)
				if err != nil && end(ctx, err) != nil {
					return fmt.Errorf("another brings no photo: %w", err)
				}
				if s.note(a); a.Status == http.StatusNoContent || a.Code == "blob.hash_mismatch" { // all of it came
					s.shows()
					<-ctx.Done()
					return nil
				}
				if a.faulty() {
					return fmt.Errorf("another brings no photo: %s %.200s", a, a.Body)
				}
				if !sleep(ctx, time.Second) {
					return fmt.Errorf("another finds no place for his photo: %s %.200s", a, a.Body)
				}
			}
		},
	}
}

func (c *Client) tus(more ...string) []string {
	return append([]string{"X-Sync-Device", c.Device, "Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream"}, more...)
}

// announce pushes photos and begins their uploads.
func (c *Client) announce(ctx context.Context, many, size int) (ids []string, err error) {
	for len(ids) < many {
		var all []map[string]any
		for range min(100, many-len(ids)) {
			id := newID()
			ids = append(ids, id)
			all = append(all, map[string]any{"op": "create", "c": "blobs", "r": id, "captured": "2026-03-16T00:00:00Z", "set": map[string]any{
				"sha256": strings.Repeat("ab", 32), "size": size, "mime": "image/jpeg", "purpose": "receipt", "owner": c.user, "source": "gallery", "state": "pending",
			}})
		}
		a, err := c.push(ctx, all...)
		if err != nil || a.Status != http.StatusOK || strings.Contains(a.Body, `"rejected"`) {
			return nil, fmt.Errorf("photos are not announced: %s %.400s %w", a, a.Body, err)
		}
	}
	for _, id := range ids {
		for {
			a, err := c.ask(ctx, http.MethodPost, "/api/sync/blobs", nil, c.tus("Upload-Length", fmt.Sprint(size), "Upload-Metadata", "blob "+base64.StdEncoding.EncodeToString([]byte(id)))...)
			if err != nil {
				return nil, err
			}
			if a.Status == http.StatusCreated {
				break
			}
			if a.Retry == "" || !sleep(ctx, 200*time.Millisecond) {
				return nil, fmt.Errorf("an upload does not begin: %s %.300s", a, a.Body)
			}
		}
	}
	return ids, nil
}

// trickle brings a byte now and then until ctx is over.
func (c *Client) trickle(ctx context.Context, id string) (Answer, error) {
	body, feed := io.Pipe()
	go func() {
		for {
			if _, err := feed.Write([]byte{0}); err != nil {
				return
			}
			if !sleep(ctx, 500*time.Millisecond) {
				_ = feed.CloseWithError(ctx.Err()) // who reads has gone, too
				return
			}
		}
	}()
	defer body.Close() //nolint:errcheck // it ends who feeds it
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch, c.base+"/api/sync/blobs/"+id, body)
	if err != nil {
		return Answer{}, err
	}
	req.ContentLength = 1 << 20
	req.Header.Set("Authorization", c.Token)
	req.Header.Set(addressHeader, c.from)
	headers := c.tus("Upload-Offset", "0")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.http.Transport.RoundTrip(req)
	if err != nil {
		return Answer{}, err
	}
	resp.Body.Close() //nolint:errcheck // the status says it
	return Answer{Status: resp.StatusCode, Retry: resp.Header.Get("Retry-After")}, nil
}
