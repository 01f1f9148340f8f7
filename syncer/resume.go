package syncer

import (
	"crypto/sha256"
	"encoding/json/jsontext"
	"errors"

	"github.com/pocketbase/dbx"
)

// Carry carries out a mutation that an issue kept, as what its author's device
// sent: edits of that device are no conflict with it. What was written before
// counts as the change of the device before, what it writes as that of by; empty
// is a desk. A refusal is a *Problem; the caller's transaction is then to be
// rolled back.
func (s *Session) Carry(before, by string, author Device, raw jsontext.Value, ap Applier) (Result, error) {
	if err := s.Fold(before); err != nil {
		return Result{}, err
	}
	e := identify(raw)
	m, rule, problem := s.decode(e, author)
	out := Result{N: m.N, ID: clip(m.ID)}
	if problem != nil {
		return out, problem
	}
	var conflicts []Conflict
	var err error
	if out.Status, conflicts, err = s.apply(author, rule, m, ap); err != nil {
		return out, err
	}
	if out, err = carriedOut(out, m, e, conflicts, ap); err != nil {
		return out, err
	}
	err = s.Fold(by)
	out.Seq = s.state.head.seq
	return out, err
}

// Settle replaces the verdict that a user's mutation was waiting with, and those
// of all that were counted to its issue. What passed stays as it is, and what was
// rejected is not rejected anew. Without an id the mutation is the device's n-th.
func (s *Session) Settle(user, device string, n int64, mutation, issue string, r Result) error {
	where := "p.mutation = {:m} AND p.mutation <> ''"
	if mutation == "" {
		where = "p.device = {:d} AND p.n = {:n}"
	}
	waiting := []string{StatusHeld, StatusQuarantined}
	if r.Status != StatusRejected {
		waiting = append(waiting, StatusRejected)
	}
	const of = "SELECT p.device, p.n FROM _sync_push p JOIN _sync_device d ON d.device = p.device WHERE d.user = {:u} AND "
	_, err := s.tx.NewQuery(`UPDATE _sync_push SET result = json_set({:r}, '$.n', n, '$.id', COALESCE(result->>'id', ''), '$.issue', COALESCE(result->>'issue', ''))
		WHERE (device, n) IN (` + of + where + ` UNION ` + of + `p.result->>'issue' = {:i})
		AND result->>'status' IN (SELECT value FROM json_each({:waiting}))`).
		Bind(dbx.Params{"u": user, "m": mutation, "d": device, "n": n, "i": issue, "r": jsonText(r), "waiting": jsonText(waiting)}).Execute()
	return wrapped(err, "failed to settle a verdict")
}

// Waiting names the first of a user's mutations that has not passed, or that
// the server does not know; empty if all have.
func (s *Session) Waiting(user string, mutations []string) (string, error) {
	known, err := s.verdicts(user, []entry{{after: mutations}})
	if err != nil {
		return "", err
	}
	for _, id := range mutations {
		if r, ok := known[id]; !ok || r.waits() {
			return id, nil
		}
	}
	return "", nil
}

// Row reads a row as it is now with its rule; nil if there is none.
func (s *Session) Row(collection, rec, by string) (*Rule, *Replica, error) {
	rule, ok := s.catalog.Rule(collection)
	if !ok {
		return nil, nil, nil
	}
	row, err := s.replica(rule, rec, by)
	return rule, row, err
}

// Same compares two JSON values whatever their spelling.
func Same(a, b jsontext.Value) bool { return same(a, b) }

// IsProblem returns the refusal in an error.
func IsProblem(err error) (*Problem, bool) { return errors.AsType[*Problem](err) }

// ID is the same for the same mutation of a user whenever it is kept: a phone
// that hands its work to a restored server finds its issues again.
func (i Issue) ID(user string) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz012345"
	sum := sha256.Sum256([]byte(user + "\n" + i.Kind + "\n" + i.Conflict.Field + "\n" + i.Content))
	id := make([]byte, 15)
	for at := range id {
		id[at] = alphabet[sum[at]&31]
	}
	return string(id)
}
