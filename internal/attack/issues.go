package attack

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// floodMost is how many open issues a user may have here: reached within seconds.
const floodMost = 200

// issueFlood pushes changes of rows that there are not, each of another content,
// as fast as a rep may. The flood is to end at a bound, and his manager still to
// get a phone of his own filled.
func issueFlood() Load {
	return Load{
		Name: "issue flood",
		Prepare: func(ctx context.Context, s *Scene) error {
			c, err := s.phone(ctx, "rep.he")
			if err != nil {
				return err
			}
			admin, err := s.desk(ctx, "admin.fang")
			if err != nil {
				return err
			}
			if err := admin.setting(ctx, "issues.open_max", floodMost); err != nil {
				return err
			}
			m, err := s.desk(ctx, "manager.wu")
			return s.keep("manager.wu", m, s.keep("rep.he", c, err))
		},
		Run: func(ctx context.Context, s *Scene) error {
			rep := s.kept("rep.he")
			if err := rep.fold(ctx); err != nil {
				return end(ctx, err)
			}
			for taken := 0; !s.saw("issues_full"); {
				if taken > 3*floodMost {
					return fmt.Errorf("nobody ended the flood at %d: %s", floodMost, s.Said())
				}
				var all []map[string]any
				for range floodMost / 2 {
					all = append(all, missing(newID(), newID()))
				}
				a, err := rep.push(ctx, all...)
				if err != nil {
					return end(ctx, err)
				}
				if s.note(a); a.faulty() {
					return fmt.Errorf("push: %s %.200s", a, a.Body)
				}
				if a.Status == http.StatusOK {
					taken += len(all)
				} else if !sleep(ctx, time.Second) {
					return nil
				}
			}
			m := s.kept("manager.wu")
			if err := m.hello(ctx); err != nil {
				return end(ctx, err)
			}
			if a, err := m.pull(ctx); err != nil || a.Status != http.StatusOK {
				return end(ctx, fmt.Errorf("his manager is cut off: %s %.200s %w", a, a.Body, err))
			}
			s.shows()
			<-ctx.Done()
			return nil
		},
	}
}

// missing is a change of a row that there is not.
func missing(row, note string) map[string]any {
	return map[string]any{"op": "update", "c": "accounts", "r": row, "base": 1, "set": map[string]any{"note": note}}
}

// fold pushes the same again and again: it is to be one issue.
func (c *Client) fold(ctx context.Context) error {
	const again = 20
	row, note := newID(), newID()
	var all []map[string]any
	for range again {
		all = append(all, missing(row, note))
	}
	if a, err := c.push(ctx, all...); err != nil || a.Status != http.StatusOK {
		return fmt.Errorf("push: %s %.200s %w", a, a.Body, err)
	}
	var page struct {
		TotalItems int `json:"totalItems"`
	}
	path := "/api/collections/sync_issues/records?filter=" + url.QueryEscape("record='"+row+"'")
	if err := c.want(ctx, http.MethodGet, path, nil, &page); err != nil {
		return err
	}
	if page.TotalItems != 1 {
		return fmt.Errorf("the same is refused %d times: %d issues", again, page.TotalItems)
	}
	return nil
}
