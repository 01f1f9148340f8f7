package blobs

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/search"

	"satchel/hooks/gate"
)

const (
	// knownLife bounds how long an admission outlives a change that moved no head.
	knownLife = 10 * time.Second
	knownMost = 50_000
)

// admissions remember who may see what while nothing changes, so that a wall of
// thumbnails asks the database once.
type admissions struct {
	mu    sync.Mutex
	head  int64
	until time.Time
	users map[string]*core.Record
	rows  map[admission]facts
}

type admission struct{ user, blob string }

// fresh forgets what may no longer be true. The caller holds mu.
func (k *admissions) fresh(head int64, now time.Time) {
	if k.users == nil || k.head != head || !now.Before(k.until) || len(k.rows) >= knownMost {
		k.users, k.rows = map[string]*core.Record{}, map[admission]facts{}
		k.head, k.until = head, now.Add(knownLife)
	}
}

// user finds a user by id, active or not; nil if there is none.
func (s *Service) user(app core.App, id string) (*core.Record, error) {
	head := s.cfg.Head()
	s.known.mu.Lock()
	s.known.fresh(head, s.cfg.Now())
	user := s.known.users[id]
	s.known.mu.Unlock()
	if user != nil {
		return user, nil
	}
	user, err := app.FindRecordById(gate.Users, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("failed to find user: %w", err)
	}
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	if s.known.head == head {
		s.known.users[id] = user
	}
	return user, nil
}

// admit returns those of the rows that the user may see, by one question for all
// that are not known.
func (s *Service) admit(app core.App, user *core.Record, ids []string) (map[string]facts, error) {
	head := s.cfg.Head()
	out, unknown := map[string]facts{}, []any(nil)
	s.known.mu.Lock()
	s.known.fresh(head, s.cfg.Now())
	for _, id := range ids {
		if f, ok := s.known.rows[admission{user.Id, id}]; ok {
			out[id] = f
		} else {
			unknown = append(unknown, id)
		}
	}
	s.known.mu.Unlock()
	if len(unknown) == 0 {
		return out, nil
	}
	found, err := visible(app, user, unknown)
	if err != nil {
		return nil, err
	}
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	for _, r := range found {
		f := factsOf(r, auditor(user))
		out[r.Id] = f
		if s.known.head == head {
			s.known.rows[admission{user.Id, r.Id}] = f
		}
	}
	return out, nil
}

// visible reads rows by the collection's own view rule.
func visible(app core.App, user *core.Record, ids []any) ([]*core.Record, error) {
	coll, err := app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	var rows []*core.Record
	query := app.RecordQuery(coll).AndWhere(dbx.In(coll.Name+".id", ids...))
	info := &core.RequestInfo{Auth: user, Method: "GET", Context: core.RequestInfoContextDefault}
	resolver := core.NewRecordFieldResolver(app, coll, info, true)
	if coll.ViewRule == nil {
		return nil, nil
	}
	if *coll.ViewRule != "" {
		rule, err := search.FilterData(*coll.ViewRule).BuildExpr(resolver)
		if err != nil {
			return nil, fmt.Errorf("failed to read the rule of blobs: %w", err)
		}
		if err := resolver.UpdateQuery(query); err != nil {
			return nil, fmt.Errorf("failed to read the rule of blobs: %w", err)
		}
		query.AndWhere(rule)
	}
	if err := query.All(&rows); err != nil {
		return nil, fmt.Errorf("failed to find blobs: %w", err)
	}
	return rows, nil
}
