package syncer

import (
	"encoding/json/v2"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
)

// one comes to the verdict of one new mutation.
func (s *Session) one(dev Device, e entry, ap Applier, known *Problem) (Result, error) {
	before, err := s.writes()
	if err != nil {
		return Result{}, err
	}
	m, rule, problem := s.decode(e, dev)
	out := Result{N: e.n, ID: clip(m.ID), Status: StatusApplied}
	var conflicts []Conflict
	if problem == nil {
		problem = known
	}
	if problem == nil {
		out.Status, conflicts, err = s.apply(dev, rule, m, ap)
		if err != nil && !errors.As(err, &problem) {
			return Result{}, fmt.Errorf("mutation %d: %w", e.n, err)
		}
	}
	if problem != nil {
		after, err := s.writes()
		if err != nil {
			return Result{}, err
		}
		if after != before {
			return Result{}, &DirtyError{Refused: map[int64]*Problem{e.n: problem}}
		}
		return s.reject(out, rule, m, e, ap, problem, dev.ID)
	}
	return carriedOut(out, m, e, conflicts, ap)
}

// issueOf is what is kept of a mutation.
func issueOf(kind string, m *Mutation, e entry) Issue {
	return Issue{
		N: e.n, Mutation: e.id, Kind: kind, Collection: clip(m.C), Record: clip(m.R), Payload: e.payload(), Content: e.hash, Work: e.work(),
	}
}

// carriedOut is the verdict of a mutation that passed, with its conflicts kept.
func carriedOut(out Result, m *Mutation, e entry, conflicts []Conflict, ap Applier) (Result, error) {
	if len(m.retired) > 0 && out.Status == StatusApplied {
		out.Status = StatusMerged
	}
	out.Conflicts = append(conflicts, m.retired...)
	switch how := ap.Outcome(); {
	case how.Proposed:
		out.Status, out.Code = StatusHeld, "sync.proposed"
	case how.Late:
		out.Late = true
	}
	for _, c := range out.Conflicts {
		issue := issueOf(IssueConflict, m, e)
		issue.Code, issue.Conflict = "sync.conflict", c
		if c.Policy == PolicyRetired {
			issue.Code = "field.retired"
		}
		if _, err := ap.Keep(issue); err != nil {
			return Result{}, err
		}
	}
	return m.as.answer(out)
}

// unchanged is the row as if nobody else had touched it: what a proposal says.
func (r *Replica) unchanged() *Replica { return &Replica{Ver: 0, Body: r.Body} }

func (s *Session) apply(dev Device, rule *Rule, m *Mutation, ap Applier) (string, []Conflict, error) {
	status := func(done bool, err error) (string, []Conflict, error) {
		if !done {
			return StatusDuplicate, nil, err
		}
		return StatusApplied, nil, err
	}
	if m.Op == OpUpdate || m.Op == OpDelete {
		if given, err := s.wasGiven(m.Base, dev); err != nil || !given {
			return "", nil, firstError(err, &Problem{Code: "base_unknown", Params: map[string]any{"base": m.Base}})
		}
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
		return s.restore(dev, rule, m, ap)
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
		ok, err := ap.Visible(rule, m.R)
		if err != nil {
			return "", nil, err
		}
		if !ok {
			merged = merge(rule, row.unchanged(), m, dev.ID)
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

// wasGiven reports whether a version may be one that a phone was given: at most the
// head, or of a history that was lost. A restored server keeps its numbers free,
// and who pulled from it before holds a cursor that says so.
func (s *Session) wasGiven(base int64, dev Device) (bool, error) {
	if base <= max(s.state.head.seq, dev.Cursor.Seq) || s.engine.Planted == PlantTimestampCursor {
		return true, nil
	}
	var last int64
	err := s.query("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = '_sync_log'", nil).Row(&last)
	return base <= last, wrapped(err, "failed to read the newest version")
}

// remove deletes a record. An edit that the device had not seen loses to the
// delete and stays readable in the issue.
func (s *Session) remove(dev Device, rule *Rule, m *Mutation, ap Applier) (string, []Conflict, error) {
	row, err := s.replica(rule, m.R, dev.ID)
	if err != nil {
		return "", nil, err
	}
	unseen := row.unseenBy(dev, m)
	if rule.EditRestores && len(unseen) > 0 {
		ok, err := ap.Visible(rule, m.R)
		if err != nil {
			return "", nil, err
		}
		if ok {
			return StatusMerged, deleteConflicts(row, m, unseen, PolicyRestore, resolvedTheirs), nil
		}
	}
	done, err := ap.Delete(rule, m)
	if err != nil || !done || row == nil {
		return StatusDuplicate, nil, err
	}
	return StatusApplied, deleteConflicts(row, m, unseen, PolicyDelete, resolvedMine), nil
}

// quarantine keeps a mutation aside without looking at what it does.
func (s *Session) quarantine(dev Device, e entry, ap Applier) (Result, error) {
	m, problem := e.read()
	out := Result{N: e.n, ID: e.id, Status: StatusQuarantined, Code: "sync.quarantined"}
	if problem != nil { // nobody could ever release it
		return s.reject(out, nil, m, e, ap, problem, "")
	}
	issue := issueOf(IssueQuarantined, m, e)
	issue.Code = out.Code
	_, err := ap.Keep(issue)
	return out, err
}

// hold keeps a mutation whose parent has not passed.
func (s *Session) hold(dev Device, e entry, parent string, ap Applier) (Result, error) {
	m, _, problem := s.decode(e, dev)
	out := Result{N: e.n, ID: clip(m.ID), Status: StatusHeld, Code: "sync.held", Params: map[string]any{"parent": clip(parent)}}
	if problem != nil { // it could not pass whatever becomes of its parent
		return s.reject(out, nil, m, e, ap, problem, "")
	}
	issue := issueOf(IssueHeld, m, e)
	issue.Code, issue.Params = out.Code, out.Params
	_, err := ap.Keep(issue)
	return out, err
}

// reject keeps the refused mutation and shows the row as it is, if it may be seen.
func (s *Session) reject(out Result, rule *Rule, m *Mutation, e entry, ap Applier, p *Problem, by string) (Result, error) {
	out.Status, out.Code, out.Params, out.Fields, out.Retry, out.problem = StatusRejected, p.Code, p.Params, p.Fields, p.Retry, p
	if len(p.Notes) > 0 {
		return out, ap.Again(m.ID, p.Notes)
	}
	issue := issueOf(IssueRejected, m, e)
	issue.Code, issue.Params, issue.Fields = p.Code, p.Params, p.Fields
	var err error
	if out.Issue, err = ap.Keep(issue); err != nil {
		return Result{}, err
	}
	if rule == nil || m.R == "" {
		return m.as.answer(out)
	}
	ok, err := ap.Visible(rule, m.R)
	if err != nil {
		return out, err
	}
	if ok {
		row, err := s.replica(rule, m.R, by)
		if err != nil {
			return out, err
		}
		if row != nil {
			if out.Current, err = json.Marshal(row.Body, json.Deterministic(true)); err != nil {
				return out, err
			}
		}
	}
	return m.as.answer(out)
}

// writes counts the rows that this connection has written so far.
func (s *Session) writes() (int64, error) {
	var n int64
	err := s.query("SELECT total_changes()", nil).Row(&n)
	return n, err
}

// replica reads a row as it is now; nil if there is none. What this push has
// already written of it is folded first, as by's.
func (s *Session) replica(rule *Rule, rec, by string) (*Replica, error) {
	var stale bool
	err := s.query("SELECT EXISTS (SELECT 1 FROM _sync_log WHERE seq > {:head} AND coll = {:c} AND rec = {:r})",
		dbx.Params{"head": s.state.head.seq, "c": rule.Collection.ID, "r": rec}).Row(&stale)
	if err != nil {
		return nil, fmt.Errorf("look for the row in the log: %w", err)
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
		return nil, fmt.Errorf("read replica %s: %w", rec, err)
	}
	return row, nil
}
