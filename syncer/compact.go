package syncer

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
)

// keptResult is the size in bytes up to which a verdict stays as it is.
const keptResult = 160

// RaiseFloor moves the floor up to the oldest point that a device may still come
// with: one that was heard of within ttl and is not among gone. It never goes
// back. Without such a device it is the head. Cursors below it start over.
func (s *Session) RaiseFloor(ttl time.Duration, gone []string) (int64, error) {
	if err := s.FlushHeld(); err != nil {
		return 0, err
	}
	var floor int64
	err := s.tx.NewQuery(`SELECT COALESCE(MIN(held_seq), {:head}) FROM _sync_device
		WHERE seen > {:since} AND device NOT IN (SELECT value FROM json_each({:gone}))`).
		Bind(dbx.Params{"head": s.state.head.seq, "since": s.now.Add(-ttl).Unix(), "gone": jsonText(gone)}).Row(&floor)
	if err != nil {
		return 0, fmt.Errorf("find the oldest device: %w", err)
	}
	if floor = min(floor, s.state.head.seq); floor <= s.state.floor {
		return s.state.floor, nil
	}
	s.state.floor = floor
	return floor, s.setState("floor", floor)
}

// Cut removes what no cursor at or above the floor can ask for, at most limit
// rows of each table; more says that some are left. For every such cursor a pull
// before and after is the same.
func (s *Session) Cut(limit int) (cut int64, more bool, err error) {
	floor := s.state.floor
	if s.engine.Planted == PlantFloorTooHigh {
		floor += 2
	}
	bind := dbx.Params{"floor": floor, "head": s.state.head.seq, "limit": limit, "kept": keptResult}
	for _, stmt := range []string{
		`DELETE FROM _sync_log WHERE seq IN (SELECT seq FROM _sync_log WHERE seq <= {:floor} AND seq < {:head} LIMIT {:limit})`,
		`DELETE FROM _sync_scope WHERE (key, to_seq, ver, doc, from_seq) IN
			(SELECT key, to_seq, ver, doc, from_seq FROM _sync_scope WHERE to_seq <= {:floor} LIMIT {:limit})`,
		`DELETE FROM _sync_grant WHERE (user, to_seq, key, from_seq, doc) IN
			(SELECT user, to_seq, key, from_seq, doc FROM _sync_grant WHERE to_seq <= {:floor} LIMIT {:limit})`,
		// A deleted row is remembered as long as somebody may have to be told.
		`DELETE FROM _sync_doc WHERE id IN (SELECT id FROM _sync_doc d WHERE body IS NULL AND ver <= {:floor}
			AND NOT EXISTS (SELECT 1 FROM _sync_scope WHERE doc = d.id) AND NOT EXISTS (SELECT 1 FROM _sync_grant WHERE doc = d.id) LIMIT {:limit})`,
		`DELETE FROM _sync_chain WHERE seq IN (SELECT seq FROM _sync_chain WHERE seq < {:floor} AND seq < {:head} LIMIT {:limit})`,
		// Which numbers and ids were taken, and how they ended, stays for ever: it is
		// what keeps a mutation from being carried out twice. Details go, once the
		// phone has them.
		`UPDATE _sync_push SET result = json_remove(result, '$.current', '$.conflicts', '$.fields', '$.params') WHERE (device, n) IN
			(SELECT p.device, p.n FROM _sync_push p JOIN _sync_device d ON d.device = p.device
			WHERE p.n <= d.acked_n AND length(result) > {:kept} AND result->>'seq' <= {:floor}
			AND (result->>'current' IS NOT NULL OR result->>'conflicts' IS NOT NULL OR result->>'fields' IS NOT NULL OR result->>'params' IS NOT NULL)
			LIMIT {:limit})`,
	} {
		res, err := s.tx.NewQuery(stmt).Bind(bind).Execute()
		if err != nil {
			return cut, false, fmt.Errorf("compact: %w", err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return cut, false, err
		}
		cut, more = cut+n, more || n >= int64(limit)
	}
	return cut, more, nil
}
