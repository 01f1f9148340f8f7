package syncer

import (
	"cmp"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Device is who pushes, and what he has seen: a cursor that this server made,
// or none.
type Device struct {
	ID, User string
	Schema   uint32 // of its app
	Cursor   Cursor
	// Quarantined keeps all that comes aside: the user may no longer write.
	Quarantined bool
	// Full, if set, refuses a push with anything new: there is no room for what
	// might be refused of it.
	Full *Problem
}

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
	// Visible reports whether the user may see the record.
	Visible(rule *Rule, record string) (bool, error)
	// Outcome tells, after a mutation was carried out, that it was so in another
	// way than asked: late, or as a proposal.
	Outcome() Outcome
	// Restore makes a deleted record again as it was last, for an edit that had
	// not seen it go and is carried out next.
	Restore(rule *Rule, record string, body map[string]jsontext.Value) error
	// Keep stores a rejection or a conflict for the user and his manager. into is
	// the open issue of equal work (Issue.Like) that it was counted to instead,
	// empty if it got one of its own.
	Keep(issue Issue) (into string, err error)
	// Again notes on issues why an answer to them, the mutation named, failed.
	Again(mutation string, notes []Note) error
}

// Outcome is how a mutation was carried out.
type Outcome struct {
	Late     bool // by what the user saw when he captured it
	Proposed bool // as a proposal to whom the row belongs now
}

// Issue is what sync_issues keeps of a mutation that did not simply pass.
type Issue struct {
	N          int64
	Mutation   string
	Kind       string
	Collection string
	Record     string
	Code       string
	Params     map[string]any
	Fields     map[string]string
	Payload    jsontext.Value // the whole mutation as sent, or what can be kept of it
	Content    string         // hash of what it says
	Work       string         // hash of what it would do, whenever and under whatever name it is said; empty if each counts
	Conflict   Conflict
}

// Kinds of issues.
const (
	IssueRejected = "rejected"
	IssueConflict = "conflict"
	IssueHeld     = "held" // waits for a parent; Code names why, Params which
	// IssueQuarantined is the work of a user who was disabled.
	IssueQuarantined = "quarantined"
)

// DirtyError says that a mutation, or the group it is of, was refused after it
// had written something: the transaction must be rolled back, and the push
// repeated with the refusals known beforehand.
type DirtyError struct {
	Refused map[int64]*Problem // by number
}

// Error implements error.
func (e *DirtyError) Error() string {
	return fmt.Sprintf("refused after writing: %v", e.Refused)
}

// Push takes mutations in the order of their numbers and returns one verdict
// for each, in order. refused holds verdicts that an earlier, rolled back
// attempt came to. Problems of the whole request come before anything is
// written: mutation_malformed (400, no number can be told), sync_gap (409, with the number expected),
// device_forked (409), and whatever dev.Full is.
func (s *Session) Push(dev Device, mutations []jsontext.Value, ap Applier, refused map[int64]*Problem) ([]Result, DeviceState, error) {
	st, err := ReadDevice(s.tx, dev.ID)
	if err != nil {
		return nil, st, err
	}
	entries, err := s.number(mutations, st.HighWater)
	if err != nil {
		return nil, st, err
	}
	if dev.Full != nil && slices.ContainsFunc(entries, func(e entry) bool { return !e.replayed }) {
		return nil, st, dev.Full
	}
	if err := s.Fold(""); err != nil { // what others wrote is not this device's
		return nil, st, err
	}
	results := make([]Result, len(entries))
	first := len(entries)
	for i, e := range entries {
		if !e.replayed {
			first = i
			break
		}
		if results[i], err = s.replay(dev.ID, e.n, e.hash); err != nil {
			return nil, st, err
		}
	}
	if first == len(entries) {
		return results, st, nil
	}
	fresh := entries[first:]
	w := &work{session: s, dev: dev, ap: ap, refused: refused}
	if w.known, err = s.verdicts(dev.User, fresh); err != nil {
		return nil, st, err
	}
	for len(fresh) > 0 {
		unit := unitOf(fresh)
		if err := w.take(fresh[:unit], results[len(entries)-len(fresh):]); err != nil {
			return nil, st, err
		}
		fresh = fresh[unit:]
	}
	if err := s.Fold(dev.ID); err != nil {
		return nil, st, err
	}
	for i := range results[first:] {
		results[first+i].Seq = s.state.head.seq
	}
	st.HighWater = max(st.HighWater, entries[len(entries)-1].n)
	s.pushed[dev.ID] = st
	err = firstError(s.storeResults(dev, st.HighWater, entries[0].n-1, entries[first:], results[first:]), s.noteArrival(dev.ID))
	return results, st, err
}

// unitOf counts the mutations that stand or fall together with the first.
func unitOf(entries []entry) int {
	n := 1
	for n < len(entries) && entries[0].group != "" && entries[n].group == entries[0].group {
		n++
	}
	return n
}

// Units cuts the mutations of a push where one transaction may end and the
// next begin.
func Units(mutations []jsontext.Value) [][]jsontext.Value {
	entries := identifyAll(mutations)
	var out [][]jsontext.Value
	for at := 0; at < len(entries); {
		n := unitOf(entries[at:])
		out = append(out, mutations[at:at+n])
		at += n
	}
	return out
}

// work is one push on its way through its mutations.
type work struct {
	session *Session
	dev     Device
	ap      Applier
	refused map[int64]*Problem
	known   map[string]taken // by mutation id
}

// take comes to the verdicts of a group, or of a single mutation.
func (w *work) take(unit []entry, results []Result) error {
	hold := w.before(unit)
	for i, e := range unit {
		if r, ok := w.again(e); ok {
			if w.session.engine.Planted == PlantGroupAgain && len(unit) > 1 && r.Status == StatusRejected {
				return &DirtyError{Refused: map[int64]*Problem{e.n: r.problem}}
			}
			results[i] = r
			continue
		}
		r, err := w.one(&unit[i], hold)
		if dirty, ok := errors.AsType[*DirtyError](err); ok {
			return falls(unit, e.n, dirty.Refused[e.n])
		}
		if err != nil {
			return err
		}
		results[i] = r
		w.remember(unit[i].id, taken{r, e.hash})
		if len(unit) > 1 && r.Status == StatusRejected && w.refused[e.n] == nil {
			return falls(unit, e.n, r.problem)
		}
	}
	return nil
}

// falls is what becomes of a group with one of its members: nothing of it may
// stay written.
func falls(unit []entry, n int64, why *Problem) error {
	all := map[int64]*Problem{}
	for _, other := range unit {
		all[other.n] = groupFell(n)
	}
	all[n] = why
	return &DirtyError{Refused: all}
}

func groupFell(n int64) *Problem {
	return &Problem{Code: "sync.group_refused", Params: map[string]any{"n": n}}
}

// before names the parent that a unit waits for. What became of members that
// came before holds for the rest: with one that was refused all fall, and for one
// that waits all wait.
func (w *work) before(unit []entry) (hold string) {
	fell := int64(0)
	for _, e := range unit {
		r, known := w.again(e)
		switch {
		case !known:
			hold = cmp.Or(hold, w.waitsFor(e, unit))
		case r.Status == StatusRejected:
			fell = e.n
		case r.waits():
			hold = cmp.Or(hold, e.id)
		}
	}
	if fell == 0 || w.session.engine.Planted == PlantGroupAgain {
		return hold
	}
	refused := maps.Clone(w.refused)
	if refused == nil {
		refused = map[int64]*Problem{}
	}
	for _, e := range unit {
		if refused[e.n] == nil {
			refused[e.n] = groupFell(fell)
		}
	}
	w.refused = refused
	return hold
}

// again is the verdict of a mutation that was sent under another number before.
func (w *work) again(e entry) (Result, bool) {
	before, ok := w.known[e.id]
	if !ok || e.id == "" || before.hash != e.hash || w.session.engine.Planted == PlantDuplicateApply {
		return Result{}, false
	}
	before.N = e.n
	return before.Result, true
}

func (w *work) remember(id string, t taken) {
	if id == "" {
		return
	}
	if w.known == nil {
		w.known = map[string]taken{}
	}
	w.known[id] = t
}

// waitsFor names the parent that keeps e from being carried out: one that was
// rejected or is held itself, or one that the server has not seen.
func (w *work) waitsFor(e entry, unit []entry) string {
	for _, parent := range e.after {
		inside := false
		for _, other := range unit {
			inside = inside || (other.id == parent && other.n < e.n)
		}
		if r, ok := w.known[parent]; !inside && (!ok || r.waits()) {
			return parent
		}
	}
	return ""
}

// one comes to the verdict of one new mutation. The id of one that misuses it is
// taken away: it stays the name of what it was used for first.
func (w *work) one(e *entry, hold string) (Result, error) {
	if before, ok := w.known[e.id]; ok && e.id != "" && before.hash != e.hash && w.session.engine.Planted != PlantDuplicateApply {
		if w.session.engine.Planted != PlantIDPoisoned {
			e.id = ""
		}
		return w.session.one(w.dev, *e, w.ap, refuse("mutation_id_taken"))
	}
	if w.dev.Quarantined {
		return w.session.quarantine(w.dev, *e, w.ap)
	}
	if hold == "" || w.refused[e.n] != nil {
		return w.session.one(w.dev, *e, w.ap, w.refused[e.n])
	}
	circle, err := w.circle(*e, hold)
	if err != nil {
		return Result{}, err
	}
	if circle {
		return w.session.one(w.dev, *e, w.ap, refuse("sync.after_itself"))
	}
	return w.session.hold(w.dev, *e, hold, w.ap)
}

// longestCircle is how far parents are followed.
const longestCircle = 100

// circle reports whether the parent that e would wait for waits for e.
func (w *work) circle(e entry, parent string) (bool, error) {
	for range longestCircle {
		r, ok := w.known[parent]
		if !ok {
			more, err := w.session.verdicts(w.dev.User, []entry{{after: []string{parent}}})
			if err != nil {
				return false, err
			}
			if r, ok = more[parent]; !ok {
				return false, nil
			}
		}
		if r.Status != StatusHeld {
			return false, nil
		}
		parent, _ = r.Params["parent"].(string)
		if parent == "" || parent == e.id {
			return parent != "", nil
		}
	}
	return false, nil
}
