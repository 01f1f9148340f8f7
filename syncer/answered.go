package syncer

import (
	"fmt"
	"maps"
	"sync"

	"github.com/pocketbase/dbx"
)

// answeredTo is up to where an answer told a phone, whether or not it arrived.
type answeredTo struct {
	user string
	seq  int64
}

// answereds are the answers of this process, by device. Of those before it
// nothing is known but that they told no more than there was when it began.
type answereds struct {
	mu sync.Mutex
	to map[string]answeredTo
}

func (a *answereds) note(device string, to answeredTo) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.to == nil {
		a.to = map[string]answeredTo{}
	}
	to.seq = max(to.seq, a.to[device].seq)
	a.to[device] = to
}

func (a *answereds) list() map[string]answeredTo {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.to)
}

// MaySaw returns which of the rows, all younger than the fold at since, a phone
// may hold or have held: its user could see the row at a point up to which the
// phone was answered. It errs towards true: an answer that never arrived counts,
// and so does everything that there was when this process began, for each phone
// ever registered. No answer may be written meanwhile.
func (s *Session) MaySaw(records []string, since int64) (map[string]bool, error) {
	phones := []any{}
	for _, to := range s.engine.answereds.list() {
		phones = append(phones, []any{to.user, to.seq})
	}
	var found []string
	err := s.tx.NewQuery(`WITH phone (user, got) AS (SELECT user, {:began} FROM _sync_device UNION ALL SELECT value->>0, value->>1 FROM json_each({:phones}))
		SELECT DISTINCT d.rec FROM _sync_doc d WHERE d.rec IN (SELECT value FROM json_each({:records})) AND EXISTS (
			SELECT 1 FROM phone p WHERE p.got > {:since} AND ({:floor} > {:since} OR EXISTS (
				SELECT 1 FROM _sync_scope s JOIN _sync_grant g ON g.key = s.key AND g.user = p.user WHERE s.doc = d.id
					AND MAX(s.from_seq, g.from_seq) <= p.got AND MAX(s.from_seq, g.from_seq) < MIN(s.to_seq, g.to_seq))))`).
		Bind(dbx.Params{
			"began": s.engine.heads.began(), "phones": jsonText(phones), "records": jsonText(records), "since": since, "floor": s.state.floor,
		}).Column(&found)
	if err != nil {
		return nil, fmt.Errorf("find what phones saw: %w", err)
	}
	out := make(map[string]bool, len(found))
	for _, id := range found {
		out[id] = true
	}
	return out, nil
}
