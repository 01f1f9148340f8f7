package attack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
)

const (
	hooksDead      = 12 // webhooks that never answer
	headOfProducts = "product.guo"
)

// receiver is who is to be told while others do not answer.
type receiver struct {
	want  func(ctx context.Context) error           // lets messages go to him from now on
	cause func(ctx context.Context) (Answer, error) // does what he is told of
	told  *atomic.Int64                             // what reached him
}

// webhooks lets one more webhook, whose receiver answers, be told beside the dead ones.
func webhooks() Load { return behindDead("dead webhooks", wellWebhook) }

// mails lets mail go out beside them.
func mails() Load { return behindDead("mail behind dead webhooks", mailOfAHead) }

// behindDead lets an administrator's webhooks lead to a receiver that takes the line
// and says nothing. Once one of them holds a line, somebody else is to be told all
// the same, before it is given up.
func behindDead(name string, of func(ctx context.Context, s *Scene) (*receiver, error)) Load {
	return Load{
		Name: name,
		Prepare: func(ctx context.Context, s *Scene) error {
			dead, err := newSilent(ctx)
			if err != nil {
				return err
			}
			admin, err := s.desk(ctx, "admin.fang")
			if err != nil {
				return err
			}
			if err := admin.setting(ctx, "webhook.allow_private", true); err != nil {
				return err
			}
			if s.held["well"], err = of(ctx, s); err != nil {
				return err
			}
			office, err := s.super(ctx)
			s.held["dead"] = dead
			return s.keep("office", office, s.keep("admin.fang", admin, err))
		},
		Run: func(ctx context.Context, s *Scene) error {
			well, dead := s.held["well"].(*receiver), s.held["dead"].(*silent)
			if err := end(ctx, tell(ctx, s, well, dead)); err != nil {
				return err
			}
			switch {
			case dead.taken.Load() == 0:
				return errors.New("nobody even dialled the dead")
			case well.told.Load() == 0:
				return fmt.Errorf("who answers was told nothing behind %d who do not", hooksDead)
			}
			return nil
		},
	}
}

// tell makes the dead webhooks and then, until the load ends, what they and the
// other are to be told of.
func tell(ctx context.Context, s *Scene, well *receiver, dead *silent) error {
	for i := range hooksDead {
		if err := s.kept("admin.fang").webhook(ctx, fmt.Sprint("dead ", i), fmt.Sprintf("http://%s/%d", dead.Addr(), i)); err != nil {
			return err
		}
	}
	for wanted := false; ; {
		if a, err := well.cause(ctx); err != nil || s.note(a).faulty() {
			return fmt.Errorf("what is to be told of: %s %.200s %w", a, a.Body, err)
		}
		// what the clock does each minute
		if a, err := s.kept("office").ask(ctx, http.MethodPost, "/api/crons/dispatches", nil); err != nil || a.faulty() {
			return fmt.Errorf("messages: %s %w", a, err)
		}
		if !sleep(ctx, 3*pace) {
			return nil
		}
		if dead.taken.Load() > 0 && !wanted {
			if err := well.want(ctx); err != nil {
				return err
			}
			wanted = true
		}
		if well.told.Load() > 0 {
			s.shows()
		}
	}
}

// wellWebhook is a webhook whose receiver answers; it is made once it is wanted.
func wellWebhook(ctx context.Context, s *Scene) (*receiver, error) {
	listener, err := listen(ctx)
	if err != nil {
		return nil, err
	}
	told := &atomic.Int64{}
	go http.Serve(listener, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { told.Add(1) })) //nolint:errcheck,gosec // it ends with its listener
	change, err := s.changes(ctx)
	return &receiver{
		want: func(ctx context.Context) error {
			return s.kept("admin.fang").webhook(ctx, "well", "http://"+listener.Addr().String()+"/")
		},
		cause: change, told: told,
	}, err
}

// changes changes an account each time, an event of which webhooks are told.
func (s *Scene) changes(ctx context.Context) (func(ctx context.Context) (Answer, error), error) {
	c, err := s.desk(ctx, "manager.wu")
	if err != nil {
		return nil, err
	}
	account, err := c.any(ctx, "accounts")
	n := 0
	return func(ctx context.Context) (Answer, error) {
		n++
		return c.ask(ctx, http.MethodPatch, "/api/collections/accounts/records/"+account, map[string]any{"credit_limit_fen": 1000 + n})
	}, err
}

// mailOfAHead is the mail of the head of products, who is told of what products need.
func mailOfAHead(ctx context.Context, s *Scene) (*receiver, error) {
	box, err := newMailbox(ctx)
	if err != nil {
		return nil, err
	}
	office, err := s.super(ctx)
	if err != nil {
		return nil, err
	}
	quiet := map[string]any{"authAlert": map[string]any{"enabled": false}} // mail of a login is in no lane
	if err := office.want(ctx, http.MethodPatch, "/api/collections/users", quiet, nil); err != nil {
		return nil, err
	}
	head, err := s.desk(ctx, headOfProducts)
	if err != nil {
		return nil, err
	}
	change, err := s.changes(ctx)
	if err != nil {
		return nil, err
	}
	rep, err := s.desk(ctx, "rep.chen")
	if err != nil {
		return nil, err
	}
	account, err := rep.any(ctx, "accounts")
	return &receiver{
		want: func(ctx context.Context) error { // not before: a login may send mail by itself
			smtp := map[string]any{"smtp": map[string]any{"enabled": true, "host": "127.0.0.1", "port": box.Addr().(*net.TCPAddr).Port}}
			if err := s.kept("office").want(ctx, http.MethodPatch, "/api/settings", smtp, nil); err != nil {
				return err
			}
			wish := map[string]any{"user": head.user, "kind": "*", "mail": true}
			return head.want(ctx, http.MethodPost, "/api/collections/notification_prefs/records", wish, nil)
		},
		cause: func(ctx context.Context) (Answer, error) {
			if a, err := change(ctx); err != nil || a.faulty() {
				return a, err
			}
			need := map[string]any{"owner": rep.user, "account": account, "need": "希望包装更小 " + newID(), "priority": "normal", "state": "new"}
			return rep.ask(ctx, http.MethodPost, "/api/collections/product_requests/records", need)
		},
		told: &box.told,
	}, err
}

func (c *Client) webhook(ctx context.Context, name, url string) error {
	made := map[string]any{"name": name, "url": url, "events": []string{"*"}, "secret": strings.Repeat("s", 32), "active": true}
	return c.want(ctx, http.MethodPost, "/api/collections/webhooks/records", made, nil)
}
