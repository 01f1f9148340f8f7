package attack

import (
	"context"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// nested is JSON as deep as a parser just takes.
func nested() jsontext.Value {
	const deep = 9_990
	return jsontext.Value(strings.Repeat("[", deep) + strings.Repeat("]", deep))
}

// deepJSON brings it in by every entrance: over REST, by a push, as a setting and as
// arguments of an action. None is to be kept.
func deepJSON() Load {
	return Load{
		Name: "deep JSON",
		Prepare: func(ctx context.Context, s *Scene) error {
			admin, err := s.desk(ctx, "admin.fang")
			if err != nil {
				return err
			}
			c, err := s.phone(ctx, "rep.he")
			if err != nil {
				return err
			}
			account, err := c.any(ctx, "accounts")
			s.held["account"] = account
			return s.keep("admin.fang", admin, s.keep("rep.he", c, err))
		},
		Run: func(ctx context.Context, s *Scene) error {
			rep, admin, account := s.kept("rep.he"), s.kept("admin.fang"), s.held["account"].(string)
			goals := map[string]any{"account": account, "year": "2031", "state": "draft", "goals": nested()}
			for ctx.Err() == nil {
				for _, try := range []struct {
					c            *Client
					method, path string
					body         any
				}{
					{rep, http.MethodPost, "/api/collections/account_plans/records", goals},
					{rep, http.MethodPost, "/api/ka/visits/nothing00000000/report", nested()},
					{admin, http.MethodPost, "/api/collections/settings/records", map[string]any{"key": "x." + newID(), "value": nested()}},
				} {
					a, err := try.c.ask(ctx, try.method, try.path, try.body)
					if err != nil {
						return end(ctx, err)
					}
					if s.note(a); a.Status < 400 || a.faulty() || a.Code == "" && a.Retry == "" {
						return fmt.Errorf("%s: %s %.200s", try.path, a, a.Body)
					}
				}
				a, err := rep.push(ctx, map[string]any{"op": "create", "c": "account_plans", "r": newID(), "set": goals})
				if err != nil {
					return end(ctx, err)
				}
				if s.note(a); a.faulty() || strings.Contains(a.Body, `"applied"`) {
					return fmt.Errorf("push: %s %.200s", a, a.Body)
				}
				s.shows()
				if !sleep(ctx, pace) {
					return nil
				}
			}
			return nil
		},
	}
}

// end is no fault of what the end cut off.
func end(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		err = nil
	}
	return err
}
