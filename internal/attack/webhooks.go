package attack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// hooksDead is how many webhooks never answer: one after the other they hold up a
// minute of messages for longer than the load takes.
const hooksDead = 12

// webhooks lets an administrator's webhooks lead to a receiver that takes the line
// and says nothing, while a rep causes an event with each request. Another webhook,
// whose receiver answers, is told all the same.
func webhooks() Load {
	return Load{
		Name: "dead webhooks",
		Prepare: func(ctx context.Context, s *Scene) error {
			dead, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			context.AfterFunc(ctx, func() { _ = dead.Close() }) // its lines end with it
			go func() {
				for {
					if _, err := dead.Accept(); err != nil {
						return
					}
				}
			}()
			alive, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			context.AfterFunc(ctx, func() { _ = alive.Close() })
			var told atomic.Int64
			go http.Serve(alive, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { told.Add(1) })) //nolint:errcheck,gosec // it ends with its listener
			s.held["told"] = &told
			admin, err := s.desk(ctx, "admin.fang")
			if err != nil {
				return err
			}
			if err := admin.setting(ctx, "webhook.allow_private", true); err != nil {
				return err
			}
			for i := range hooksDead + 1 {
				url := fmt.Sprintf("http://%s/%d", dead.Addr(), i)
				if i == hooksDead {
					url = fmt.Sprintf("http://%s/", alive.Addr())
				}
				made := map[string]any{"name": fmt.Sprint("attack ", i), "url": url, "events": []string{"*"}, "secret": strings.Repeat("s", 32), "active": true}
				if err := admin.want(ctx, http.MethodPost, "/api/collections/webhooks/records", made, nil); err != nil {
					return err
				}
			}
			office, err := s.super(ctx)
			if err != nil {
				return err
			}
			s.held["office"] = office
			c, err := s.desk(ctx, "manager.wu")
			if err != nil {
				return err
			}
			account, err := c.any(ctx, "accounts")
			s.held["account"] = account
			return s.keep("manager.wu", c, err)
		},
		Run: func(ctx context.Context, s *Scene) error {
			c, told := s.kept("manager.wu"), s.held["told"].(*atomic.Int64)
			for i := 0; ctx.Err() == nil; i++ {
				a, err := c.ask(ctx, http.MethodPatch, "/api/collections/accounts/records/"+s.held["account"].(string), map[string]any{"credit_limit_fen": 1000 + i})
				if err != nil {
					return end(ctx, err)
				}
				if s.note(a); a.faulty() {
					return fmt.Errorf("a change: %s %.200s", a, a.Body)
				}
				// what the clock does each minute
				if a, err := s.kept("office").ask(ctx, http.MethodPost, "/api/crons/dispatches", nil); err != nil || a.faulty() {
					return end(ctx, fmt.Errorf("messages: %s %w", a, err))
				}
				if !sleep(ctx, 500*time.Millisecond) {
					break
				}
			}
			if told.Load() == 0 {
				return fmt.Errorf("who answers was told nothing behind %d who do not", hooksDead)
			}
			return nil
		},
	}
}

// setting sets a parameter as an administrator does.
func (c *Client) setting(ctx context.Context, key string, value any) error {
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := c.want(ctx, http.MethodGet, "/api/collections/settings/records?filter=key%3D'"+key+"'", nil, &page); err != nil {
		return err
	}
	body := map[string]any{"key": key, "value": value}
	if len(page.Items) == 0 {
		return c.want(ctx, http.MethodPost, "/api/collections/settings/records", body, nil)
	}
	return c.want(ctx, http.MethodPatch, "/api/collections/settings/records/"+page.Items[0].ID, body, nil)
}
