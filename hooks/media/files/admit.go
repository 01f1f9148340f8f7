package files

import (
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/search"

	"satchel/records"
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
	users map[records.UserID]records.User
	rows  map[admission]facts
}

type admission struct {
	user records.UserID
	blob records.BlobID
}

// fresh forgets what may no longer be true. The caller holds mu.
func (k *admissions) fresh(head int64, now time.Time) {
	if k.users == nil || k.head != head || !now.Before(k.until) || len(k.rows) >= knownMost {
		k.users, k.rows = map[records.UserID]records.User{}, map[admission]facts{}
		k.head, k.until = head, now.Add(knownLife)
	}
}

// user finds a user by id, active or not.
func (s *Service) user(app core.App, id records.UserID) (user records.User, found bool, err error) {
	head := s.cfg.Head()
	s.known.mu.Lock()
	s.known.fresh(head, s.cfg.Now())
	user, found = s.known.users[id]
	s.known.mu.Unlock()
	if found {
		return user, true, nil
	}
	user, found, err = records.Users.Find(app, id)
	if err != nil || !found {
		return user, false, err
	}
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	if s.known.head == head {
		s.known.users[id] = user
	}
	return user, true, nil
}

// admit returns those of the rows that the user may see, by one question for all
// that are not known.
func (s *Service) admit(app core.App, user records.User, ids []records.BlobID) (map[records.BlobID]facts, error) {
	head := s.cfg.Head()
	out, unknown := map[records.BlobID]facts{}, []any(nil)
	s.known.mu.Lock()
	s.known.fresh(head, s.cfg.Now())
	for _, id := range ids {
		if f, ok := s.known.rows[admission{user.ID(), id}]; ok {
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
		row := records.Blobs.Of(r)
		f := factsOf(row, auditor(user))
		out[row.ID()] = f
		if s.known.head == head {
			s.known.rows[admission{user.ID(), row.ID()}] = f
		}
	}
	return out, nil
}

// visible reads rows by the collection's own view rule.
func visible(app core.App, user records.User, ids []any) ([]*core.Record, error) {
	coll, err := app.FindCachedCollectionByNameOrId(records.BlobTable)
	if err != nil {
		return nil, err
	}
	var rows []*core.Record
	query := app.RecordQuery(coll).AndWhere(dbx.In(coll.Name+".id", ids...))
	info := &core.RequestInfo{Auth: user.Raw(), Method: "GET", Context: core.RequestInfoContextDefault}
	resolver := core.NewRecordFieldResolver(app, coll, info, true)
	if coll.ViewRule == nil {
		return nil, nil
	}
	if *coll.ViewRule != "" {
		rule, err := search.FilterData(*coll.ViewRule).BuildExpr(resolver)
		if err != nil {
			return nil, fmt.Errorf("read the rule of blobs: %w", err)
		}
		if err := resolver.UpdateQuery(query); err != nil {
			return nil, fmt.Errorf("read the rule of blobs: %w", err)
		}
		query.AndWhere(rule)
	}
	if err := query.All(&rows); err != nil {
		return nil, fmt.Errorf("find blobs: %w", err)
	}
	return rows, nil
}
