package syncer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
)

// Device is who pushes.
type Device struct{ ID, User string }

// Applier carries out mutations on the caller's transaction. A *Problem as
// error is a refusal of this mutation; any other error ends the push.
type Applier interface {
	// Create makes a record; done is false if exactly this one is there already.
	Create(rule *Rule, m *Mutation) (done bool, err error)
	// Update writes the merged fields and the operations of m.
	Update(rule *Rule, m *Mutation, set map[string]jsontext.Value) error
	// Delete removes a record; done is false if there is none.
	Delete(rule *Rule, m *Mutation) (done bool, err error)
	// Act runs a named action on a record.
	Act(rule *Rule, m *Mutation) error
	// Visible tells whether the user may see the record.
	Visible(rule *Rule, record string) (bool, error)
	// Keep stores a rejection or a conflict for the user and his manager.
	Keep(issue Issue) error
}

// Issue is what sync_issues keeps of a mutation that did not simply pass.
type Issue struct {
	N          int64
	Mutation   string
	Kind       string // rejected or conflict
	Collection string
	Record     string
	Code       string
	Params     map[string]any
	Fields     map[string]string
	Payload    jsontext.Value // the whole mutation as sent
	Conflict   Conflict
}

// Kinds of issues.
const (
	IssueRejected = "rejected"
	IssueConflict = "conflict"
)

// DirtyError says that a mutation was refused after it had written something:
// the transaction must be rolled back, and the push repeated with the refusal
// known beforehand.
type DirtyError struct {
	N       int64
	Problem *Problem
}

// Error implements error.
func (e *DirtyError) Error() string {
	return fmt.Sprintf("mutation %d was refused after it wrote: %v", e.N, e.Problem)
}

// Push takes mutations in the order of their numbers and returns one verdict
// for each, in order. refused holds verdicts that an earlier, rolled back
// attempt came to. Problems of the whole request: mutation_malformed (400),
// sync_gap (409, with the number expected), device_forked (409).
func (s *Session) Push(dev Device, mutations []jsontext.Value, ap Applier, refused map[int64]*Problem) ([]Result, int64, error) {
	high, err := s.highWater(dev.ID)
	if err != nil {
		return nil, 0, err
	}
	if err := s.Fold(""); err != nil { // what others wrote is not this device's
		return nil, 0, err
	}
	results := make([]Result, 0, len(mutations))
	var fresh []any // [n, hash] of what is new, for _sync_push
	first := len(mutations)
	for i, raw := range mutations {
		n, hash, err := identify(raw)
		if err != nil {
			return nil, high, err
		}
		again := s.engine.Planted == PlantDuplicateApply && i == len(mutations)-1
		if n <= high && !again {
			if len(fresh) > 0 {
				return nil, high, gap(high)
			}
			old, err := s.replay(dev.ID, n, hash)
			if err != nil {
				return nil, high, err
			}
			results = append(results, old)
			continue
		}
		if n > high+1 {
			return nil, high, gap(high)
		}
		first = min(first, len(results))
		r, err := s.one(dev, n, raw, ap, refused[n])
		if err != nil {
			return nil, high, err
		}
		results = append(results, r)
		fresh = append(fresh, [2]any{n, hash})
		high = max(high, n)
	}
	if len(fresh) == 0 {
		return results, high, nil
	}
	if err := s.Fold(dev.ID); err != nil {
		return nil, 0, err
	}
	for i := range results[first:] {
		results[first+i].Seq = s.head
	}
	return results, high, s.storeResults(dev.ID, high, fresh, results[first:])
}

// one comes to the verdict of one new mutation.
func (s *Session) one(dev Device, n int64, raw jsontext.Value, ap Applier, known *Problem) (Result, error) {
	before, err := s.writes()
	if err != nil {
		return Result{}, err
	}
	m, rule, problem := s.decode(raw)
	m.N = n
	out := Result{N: n, ID: m.ID, Status: StatusApplied}
	var conflicts []Conflict
	if problem == nil {
		problem = known
	}
	if problem == nil {
		out.Status, conflicts, err = s.apply(dev, rule, m, ap)
		if err != nil && !errors.As(err, &problem) {
			return Result{}, fmt.Errorf("mutation %d: %w", n, err)
		}
	}
	if problem != nil {
		after, err := s.writes()
		if err != nil {
			return Result{}, err
		}
		if after != before {
			return Result{}, &DirtyError{N: n, Problem: problem}
		}
		return s.reject(out, rule, m, raw, ap, problem, dev.ID)
	}
	out.Conflicts = conflicts
	for _, c := range conflicts {
		issue := Issue{N: n, Mutation: m.ID, Kind: IssueConflict, Collection: m.C, Record: m.R, Code: "sync.conflict", Payload: raw, Conflict: c}
		if err := ap.Keep(issue); err != nil {
			return Result{}, err
		}
	}
	return out, nil
}

func (s *Session) apply(dev Device, rule *Rule, m *Mutation, ap Applier) (string, []Conflict, error) {
	status := func(done bool, err error) (string, []Conflict, error) {
		if !done {
			return StatusDuplicate, nil, err
		}
		return StatusApplied, nil, err
	}
	switch m.Op {
	case OpCreate:
		return status(ap.Create(rule, m))
	case OpDelete:
		return s.remove(dev, rule, m, ap)
	case OpAction:
		return StatusApplied, nil, ap.Act(rule, m)
	}
	row, err := s.replica(rule, m.R, dev.ID)
	if err != nil {
		return "", nil, err
	}
	if row == nil && s.engine.Planted == PlantZombie {
		return status(ap.Create(rule, m))
	}
	if row == nil {
		return "", nil, refuse("record.not_found")
	}
	by := dev.ID
	if s.engine.Planted == PlantOwnConflict {
		by = ""
	}
	merged := merge(rule, row, m, by)
	if s.engine.Planted == PlantHiddenField {
		if err := s.showHidden(rule, m.R, merged.Conflicts); err != nil {
			return "", nil, err
		}
	}
	if len(merged.Conflicts) > 0 {
		// A conflict shows the other's values: only to those who may see the row.
		if ok, err := ap.Visible(rule, m.R); err != nil || !ok {
			return "", nil, firstError(err, refuse("record.not_found"))
		}
	}
	if err := ap.Update(rule, m, merged.Set); err != nil {
		return "", nil, err
	}
	if merged.Beside {
		return StatusMerged, merged.Conflicts, nil
	}
	return StatusApplied, merged.Conflicts, nil
}

// remove deletes a record. An edit that the device had not seen loses to the
// delete and stays readable in the issue.
func (s *Session) remove(dev Device, rule *Rule, m *Mutation, ap Applier) (string, []Conflict, error) {
	row, err := s.replica(rule, m.R, dev.ID)
	if err != nil {
		return "", nil, err
	}
	done, err := ap.Delete(rule, m)
	if err != nil || !done || row == nil {
		return StatusDuplicate, nil, err
	}
	var conflicts []Conflict
	for _, f := range sortedKeys(row.Body) {
		if last := row.changedBy(f); m.Base > 0 && last.Ver > m.Base && last.By != dev.ID {
			conflicts = append(conflicts, Conflict{Field: f, Policy: "delete", Resolution: resolvedMine, Ancestor: m.Was[f], Theirs: row.Body[f]})
		}
	}
	return StatusApplied, conflicts, nil
}

// reject keeps the refused mutation and shows the row as it is, if it may be seen.
func (s *Session) reject(out Result, rule *Rule, m *Mutation, raw jsontext.Value, ap Applier, p *Problem, by string) (Result, error) {
	out.Status, out.Code, out.Params, out.Fields, out.Retry = StatusRejected, p.Code, p.Params, p.Fields, p.Retry
	if len(raw) > MaxMutationBytes {
		raw = jsontext.Value(fmt.Sprintf(`{"bytes":%d}`, len(raw))) // the phone still holds it
	}
	issue := Issue{
		N: out.N, Mutation: m.ID, Kind: IssueRejected, Collection: m.C, Record: m.R,
		Code: p.Code, Params: p.Params, Fields: p.Fields, Payload: raw,
	}
	if err := ap.Keep(issue); err != nil {
		return Result{}, err
	}
	if rule == nil || m.R == "" {
		return out, nil
	}
	ok, err := ap.Visible(rule, m.R)
	if err != nil || !ok {
		return out, err
	}
	row, err := s.replica(rule, m.R, by)
	if err != nil || row == nil {
		return out, err
	}
	out.Current, err = json.Marshal(row.Body, json.Deterministic(true))
	return out, err
}

// identify reads a mutation's number and the hash of its content.
func identify(raw jsontext.Value) (int64, string, error) {
	var head struct {
		N int64 `json:"n"`
	}
	if err := json.Unmarshal(raw, &head); err != nil || head.N < 1 {
		return 0, "", refuseRequest(400, "mutation_malformed")
	}
	sum := sha256.Sum256([]byte(canonical(raw)))
	return head.N, hex.EncodeToString(sum[:]), nil
}

func gap(high int64) *Problem {
	return &Problem{Status: 409, Code: "sync_gap", Params: map[string]any{"expected": high + 1}}
}

func (s *Session) highWater(device string) (int64, error) {
	var high int64
	err := s.tx.NewQuery("SELECT COALESCE((SELECT high_water FROM _sync_device WHERE device = {:d}), 0)").
		Bind(dbx.Params{"d": device}).Row(&high)
	if err != nil {
		return 0, fmt.Errorf("failed to read high-water mark: %w", err)
	}
	return high, nil
}

// HighWater returns the last number taken from a device.
func HighWater(tx dbx.Builder, device string) (int64, error) {
	return (&Session{tx: tx}).highWater(device)
}

// replay answers a number that was taken before.
func (s *Session) replay(device string, n int64, hash string) (Result, error) {
	var row struct {
		Hash   string `db:"hash"`
		Result string `db:"result"`
	}
	err := s.tx.NewQuery("SELECT hash, result FROM _sync_push WHERE device = {:d} AND n = {:n}").
		Bind(dbx.Params{"d": device, "n": n}).One(&row)
	if err != nil {
		return Result{}, fmt.Errorf("failed to read the verdict of mutation %d: %w", n, err)
	}
	if row.Hash != hash {
		return Result{}, &Problem{Status: 409, Code: "device_forked", Params: map[string]any{"n": n}}
	}
	var r Result
	if err := json.Unmarshal([]byte(row.Result), &r); err != nil {
		return Result{}, fmt.Errorf("failed to read the verdict of mutation %d: %w", n, err)
	}
	return r, nil
}

func (s *Session) storeResults(device string, high int64, fresh []any, results []Result) error {
	rows := make([]any, len(fresh))
	for i, f := range fresh {
		id := f.([2]any)
		rows[i] = []any{device, id[0], id[1], jsonText(results[i])}
	}
	_, err := s.tx.NewQuery(`INSERT OR REPLACE INTO _sync_push (device, n, hash, result)
		SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each({:rows})`).Bind(dbx.Params{"rows": jsonText(rows)}).Execute()
	if err == nil {
		_, err = s.tx.NewQuery(`INSERT INTO _sync_device (device, high_water) VALUES ({:d}, {:h})
			ON CONFLICT (device) DO UPDATE SET high_water = excluded.high_water`).Bind(dbx.Params{"d": device, "h": high}).Execute()
	}
	if err != nil {
		return fmt.Errorf("failed to store verdicts: %w", err)
	}
	return nil
}

// writes counts the rows that this connection has written so far.
func (s *Session) writes() (int64, error) {
	var n int64
	err := s.tx.NewQuery("SELECT total_changes()").Row(&n)
	return n, err
}

// replica reads a row as it is now; nil if there is none. What this push has
// already written of it is folded first, as by's.
func (s *Session) replica(rule *Rule, rec, by string) (*Replica, error) {
	var stale bool
	err := s.tx.NewQuery("SELECT EXISTS (SELECT 1 FROM _sync_log WHERE seq > {:head} AND coll = {:c} AND rec = {:r})").
		Bind(dbx.Params{"head": s.head, "c": rule.Collection.ID, "r": rec}).Row(&stale)
	if err != nil {
		return nil, fmt.Errorf("failed to look for the row in the log: %w", err)
	}
	if stale {
		if err := s.Fold(by); err != nil {
			return nil, err
		}
	}
	docs, err := s.storedDocs(rule.Collection.ID, []string{rec})
	if err != nil {
		return nil, err
	}
	d, ok := docs[rec]
	if !ok || d.Body == nil {
		return nil, nil
	}
	row := &Replica{Ver: d.Ver}
	err = firstError(json.Unmarshal([]byte(*d.Body), &row.Body), json.Unmarshal([]byte(d.Fields), &row.stamps))
	if err != nil {
		return nil, fmt.Errorf("failed to read replica %s: %w", rec, err)
	}
	return row, nil
}
