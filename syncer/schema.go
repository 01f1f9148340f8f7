package syncer

import (
	"cmp"
	"slices"
)

// Kinds of steps.
const (
	StepRename = "rename"
	StepRemove = "remove"
)

// Step is a change of a collection's fields which older apps know nothing of.
type Step struct {
	Schema uint32 // apps of this schema or a later one know it
	Seq    int64  // counts the changes; steps of one change share it and happen at once
	Op     string
	From   string
	To     string // of a rename
	Kind   Kind   // of the field
}

// prepareSteps orders the steps. Who knows one knows those before it.
func (r *Rule) prepareSteps() {
	slices.SortStableFunc(r.Steps, func(a, b Step) int { return cmp.Compare(a.Seq, b.Seq) })
	for i := range r.Steps[min(1, len(r.Steps)):] {
		r.Steps[i+1].Schema = max(r.Steps[i+1].Schema, r.Steps[i].Schema)
	}
}

// undo returns the name that a field had before the changes in steps; false for
// a field that is younger than one of them.
func undo(steps []Step, name string) (string, bool) {
	for len(steps) > 0 {
		at := len(steps) - 1
		for at > 0 && steps[at-1].Seq == steps[at].Seq {
			at--
		}
		before, known := name, true
		for _, s := range steps[at:] {
			if s.Op == StepRename && s.To == name {
				before, known = s.From, true
				break
			}
			known = known && s.From != name
		}
		if !known {
			return "", false
		}
		name, steps = before, steps[:at]
	}
	return name, true
}

// since are the steps that came after the one that seq names.
func (r *Rule) since(seq int64) []Step {
	at, _ := slices.BinarySearchFunc(r.Steps, seq+1, func(s Step, seq int64) int { return cmp.Compare(s.Seq, seq) })
	return r.Steps[at:]
}

// lastStep is the newest change of the collection's fields; 0 if there was none.
func (r *Rule) lastStep() int64 {
	if len(r.Steps) == 0 {
		return 0
	}
	return r.Steps[len(r.Steps)-1].Seq
}
