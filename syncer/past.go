package syncer

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
)

// Seen reports whether a device's cursor proves that its user saw something that
// he no longer sees, and until when by the server's clock.
type Seen struct {
	OK    bool
	Until time.Time
}

// SawRow looks for a row that the user saw at the device's cursor.
func (s *Session) SawRow(dev Device, rule *Rule, rec string) (Seen, error) {
	return s.seen(dev, `SELECT MAX(MIN(s.to_seq, g.to_seq)) FROM _sync_doc d
		CROSS JOIN _sync_scope s INDEXED BY _sync_scope_doc ON s.doc = d.id AND s.from_seq <= {:at} AND s.to_seq > {:at}
		JOIN _sync_grant g ON g.user = {:u} AND g.key = s.key AND g.from_seq <= {:at} AND g.to_seq > {:at}
		WHERE d.coll = {:c} AND d.rec = {:r}`, dbx.Params{"c": rule.Collection.ID, "r": rec})
}

// HeldKey looks for one of these keys that the user held at the device's cursor.
func (s *Session) HeldKey(dev Device, keys []string) (Seen, error) {
	return s.seen(dev, `SELECT MAX(to_seq) FROM _sync_grant WHERE user = {:u} AND from_seq <= {:at} AND to_seq > {:at}
		AND key IN (SELECT value FROM json_each({:keys}))`, dbx.Params{"keys": jsonText(keys)})
}

// KnewAt is when what the device has pulled was published; zero if its cursor
// proves nothing.
func (s *Session) KnewAt(dev Device) (time.Time, error) {
	if dev.Cursor.Seq == 0 {
		return time.Time{}, nil
	}
	ours, err := onChain(s.tx, point{dev.Cursor.Seq, dev.Cursor.Link})
	if err != nil || !ours {
		return time.Time{}, err
	}
	var at int64
	err = s.tx.NewQuery("SELECT at FROM _sync_chain WHERE seq = {:s}").Bind(dbx.Params{"s": dev.Cursor.Seq}).Row(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return time.Unix(at, 0), wrapped(err, "failed to look back")
}

func (s *Session) seen(dev Device, query string, bind dbx.Params) (Seen, error) {
	if dev.Cursor.Seq == 0 {
		return Seen{}, nil
	}
	ours, err := onChain(s.tx, point{dev.Cursor.Seq, dev.Cursor.Link})
	if err != nil || !ours {
		return Seen{}, err
	}
	bind["u"], bind["at"] = dev.User, dev.Cursor.Seq
	var end sql.NullInt64
	if err := s.tx.NewQuery(query).Bind(bind).Row(&end); err != nil || !end.Valid {
		return Seen{}, wrapped(err, "failed to look back")
	}
	if end.Int64 == open {
		return Seen{OK: true, Until: s.now}, nil
	}
	var at int64
	err = s.tx.NewQuery("SELECT at FROM _sync_chain WHERE seq = {:s}").Bind(dbx.Params{"s": end.Int64}).Row(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return Seen{}, nil
	}
	return Seen{OK: err == nil, Until: time.Unix(at, 0)}, wrapped(err, "failed to look back")
}

func wrapped(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
