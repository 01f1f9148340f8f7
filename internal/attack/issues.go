package attack

import (
	"context"
	"fmt"
	"net/http"
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
			for ctx.Err() == nil && !s.saw("issues_full") {
				var all []map[string]any
				for range floodMost / 2 {
					all = append(all, map[string]any{"op": "update", "c": "accounts", "r": newID(), "base": 1, "set": map[string]any{"note": newID()}})
				}
				a, err := rep.push(ctx, all...)
				if err != nil && ctx.Err() == nil {
					return err
				}
				if ctx.Err() != nil {
					break
				}
				if s.note(a); a.faulty() {
					return fmt.Errorf("push: %s %.200s", a, a.Body)
				}
				if a.Status != http.StatusOK && !sleep(ctx, time.Second) {
					break
				}
			}
			if !s.saw("issues_full") {
				return fmt.Errorf("nobody ended the flood: %s", s.Said())
			}
			m := s.kept("manager.wu")
			if err := m.hello(ctx); err != nil {
				return err
			}
			if a, err := m.pull(ctx); err != nil || a.Status != http.StatusOK {
				return fmt.Errorf("his manager is cut off: %s %.200s %w", a, a.Body, err)
			}
			<-ctx.Done()
			return nil
		},
	}
}
