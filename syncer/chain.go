package syncer

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
)

// Link is one fold's entry in the hash chain over all folds. It depends on a
// random nonce: two servers that go on from one backup never agree again, even
// if they fold the same rows under the same seqs.
type Link [8]byte

// point is a folded head with its link.
type point struct {
	seq  int64
	link Link
}

// next extends the chain by a fold up to seq.
func (l Link) next(seq int64) Link {
	var b [8 + 8 + 16]byte
	copy(b[:], l[:])
	binary.BigEndian.PutUint64(b[8:], uint64(seq))
	rand.Read(b[16:])
	sum := sha256.Sum256(b[:])
	return Link(sum[:8])
}

// extend stores the link of a fold that ends at seq.
func (s *Session) extend(seq int64) error {
	s.state.head = point{seq, s.state.head.link.next(seq)}
	_, err := s.tx.NewQuery("INSERT OR REPLACE INTO _sync_chain (seq, link, at) VALUES ({:s}, {:l}, {:at})").
		Bind(dbx.Params{"s": seq, "l": s.state.head.link[:], "at": s.now.Unix()}).Execute()
	if err != nil {
		return fmt.Errorf("extend the chain: %w", err)
	}
	return nil
}

// onChain reports whether this server's history passes through p.
func onChain(tx dbx.Builder, p point) (bool, error) {
	if p.seq == 0 {
		return true, nil
	}
	var link []byte
	err := tx.NewQuery("SELECT link FROM _sync_chain WHERE seq = {:s}").Bind(dbx.Params{"s": p.seq}).Row(&link)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the chain: %w", err)
	}
	return string(link) == string(p.link[:]), nil
}

// ForkError says that a device has seen a history which this server does not
// have: the server was restored from a backup, or lost its last writes. A new
// epoch must begin (Session.NewEpoch) before the device is answered.
type ForkError struct {
	Epoch int64
	Seq   int64 // that the device has seen
}

// Error implements error.
func (e *ForkError) Error() string {
	return fmt.Sprintf("history forked: a device has seen epoch %d beyond this server's history", e.Epoch)
}

// NewEpoch begins the epoch that follows the one the fork was noticed in,
// unless another device has caused that already. What is written from now on is
// newer than what the device has seen: its edits are not taken for later ones.
func (s *Session) NewEpoch(fork *ForkError) error {
	lost, err := ofThisLife(s.tx, fork.Seq)
	if err != nil {
		return err
	}
	if err := reserve(s.tx, "MAX(seq, {:n})", fork.Seq); err != nil {
		return err
	}
	if s.state.epoch > fork.Epoch {
		return nil
	}
	s.state.epoch = fork.Epoch + 1
	if err := s.setState("epoch", s.state.epoch); err != nil || !lost {
		return err
	}
	s.reborn = true
	return beginLife(s.tx)
}

// lostMost is how many changes a restored server may have lost and still give
// out no seq that the lost history had.
const lostMost = 10_000_000

// Restored is told of a database that is an older copy of itself, before it is
// written to. Versions that phones have seen of the lost history stay older than
// all that comes, so that edits on top of them meet no later edit unnoticed; and
// what was given out to phones that were revoked meanwhile opens nothing.
func Restored(tx dbx.Builder) error {
	return firstError(reserve(tx, "seq + {:n}", lostMost), beginLife(tx))
}

func reserve(tx dbx.Builder, seq string, n int64) error {
	_, err := tx.NewQuery("UPDATE sqlite_sequence SET seq = " + seq + " WHERE name = '_sync_log'").Bind(dbx.Params{"n": n}).Execute()
	return wrapped(err, "failed to reserve numbers")
}

// state is the engine's row of counters as a transaction sees them.
type state struct {
	rules, reset, epoch int64
	floor               int64 // cursors below it start over
	head                point
}

func readState(tx dbx.Builder) (state, error) {
	var st state
	var link []byte
	err := tx.NewQuery(`SELECT MAX(CASE key WHEN 'rules' THEN value END), MAX(CASE key WHEN 'reset' THEN value END),
		MAX(CASE key WHEN 'epoch' THEN value END), MAX(CASE key WHEN 'floor' THEN value ELSE 0 END), MAX(CASE key WHEN 'head' THEN value END),
		(SELECT link FROM _sync_chain WHERE seq = (SELECT value FROM _sync_state WHERE key = 'head'))
		FROM _sync_state WHERE key <> 'secret'`).Row(&st.rules, &st.reset, &st.epoch, &st.floor, &st.head.seq, &link)
	if err != nil {
		return st, fmt.Errorf("read the state of sync: %w", err)
	}
	copy(st.head.link[:], link)
	return st, nil
}
