package approvals

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
)

// Fields that a migration gives every subject.
const (
	fieldReviewers = "reviewers"
	fieldRound     = "approval_round"
	fieldSubmitted = "submitted_at"
	fieldDecision  = "decision_comment"
)

// filled are the mechanism's fields of a subject.
var filled = []string{fieldReviewers, fieldRound, fieldSubmitted, fieldDecision}

func roundOf(subject *core.Record) int                 { return subject.GetInt(fieldRound) }
func reviewersOf(subject *core.Record) []string        { return subject.GetStringSlice(fieldReviewers) }
func setReviewers(subject *core.Record, ids []string)  { subject.Set(fieldReviewers, ids) }
func setDecision(subject *core.Record, comment string) { subject.Set(fieldDecision, comment) }
func setRound(subject *core.Record, round int, at time.Time) {
	subject.Set(fieldRound, round)
	subject.Set(fieldSubmitted, at)
	subject.Set(fieldDecision, "")
}

func (k *kind) authorOf(subject *core.Record) string        { return subject.GetString(k.Author) }
func (k *kind) stateOf(subject *core.Record) string         { return subject.GetString(k.State) }
func (k *kind) setState(subject *core.Record, state string) { subject.Set(k.State, state) }

// editable reports whether the author may still write the subject.
func (k *kind) editable(state string) bool {
	return state == k.States.Draft || state == k.States.Returned || state == k.States.Rejected
}

// open reports whether a chain is at work on the subject.
func (k *kind) open(state string) bool {
	return state == k.States.Submitted || slices.Contains(k.Open, state)
}

// contentOf is what is signed, as JSON has it.
func (k *kind) contentOf(txApp core.App, subject *core.Record) (map[string]any, error) {
	content := gate.Values(subject, k.Content)
	if k.Snapshot != nil {
		more, err := k.Snapshot(txApp, subject)
		if err != nil {
			return nil, err
		}
		for name, value := range more {
			content[name] = value
		}
	}
	return asJSON(content)
}

// asJSON gives values the form that they have once they were stored and read.
func asJSON(values map[string]any) (map[string]any, error) {
	text, err := json.Marshal(values, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("write what is signed: %w", err)
	}
	var out map[string]any
	err = json.Unmarshal(text, &out)
	return out, err
}
