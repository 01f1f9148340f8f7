package approvals

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

const (
	approvals = "approvals"

	fieldState     = "state"
	fieldApprover  = "approver"
	fieldDelegated = "delegated_from"
	fieldComment   = "comment"
	fieldSignature = "signature_hash"

	// Fields of subjects.
	fieldReviewers = "reviewers"
	fieldRound     = "approval_round"
	fieldSubmitted = "submitted_at"
	fieldDecision  = "decision_comment"
)

// filled are the mechanism's fields of a subject.
var filled = []string{fieldReviewers, fieldRound, fieldSubmitted, fieldDecision}

func stateOf(r *core.Record) string     { return r.GetString(fieldState) }
func approverOf(r *core.Record) string  { return r.GetString(fieldApprover) }
func delegatedOf(r *core.Record) string { return r.GetString(fieldDelegated) }
func authorOf(r *core.Record) string    { return r.GetString("author") }
func subjectOf(r *core.Record) (collection, id string) {
	return r.GetString("ref_collection"), r.GetString("ref_id")
}
func titleOf(r *core.Record) string    { return r.GetString("title") }
func stepOf(r *core.Record) int        { return r.GetInt("step") }
func keyOf(r *core.Record) string      { return r.GetString("key") }
func dueOf(r *core.Record) time.Time   { return r.GetDateTime("due_at").Time() }
func linkOf(r *core.Record) string     { return approvals + "/" + r.Id }
func roundOf(subject *core.Record) int { return subject.GetInt(fieldRound) }

func (k *kind) authorOf(subject *core.Record) string        { return subject.GetString(k.Author) }
func (k *kind) stateOf(subject *core.Record) string         { return subject.GetString(k.State) }
func (k *kind) setState(subject *core.Record, state string) { subject.Set(k.State, state) }
func setReviewers(subject *core.Record, ids []string)       { subject.Set(fieldReviewers, ids) }
func setDecision(subject *core.Record, comment string)      { subject.Set(fieldDecision, comment) }
func setRound(subject *core.Record, round int, at time.Time) {
	subject.Set(fieldRound, round)
	subject.Set(fieldSubmitted, at)
	subject.Set(fieldDecision, "")
}

// editable tells whether the author may still write the subject.
func (k *kind) editable(state string) bool {
	return state == k.States.Draft || state == k.States.Returned || state == k.States.Rejected
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

// person is what a route knows of the author beside the chart.
func lineOf(chart domain.Chart, author string) (manager, dept string) {
	p := chart.People[author]
	return p.Manager, p.Dept
}

func rowOf(r *core.Record) domain.ApprovalRow {
	return domain.ApprovalRow{ID: r.Id, Step: stepOf(r), Any: r.GetBool("any"), State: stateOf(r)}
}

func rowsOf(records []*core.Record) (out []domain.ApprovalRow) {
	for _, r := range records {
		out = append(out, rowOf(r))
	}
	return out
}

// open starts a row's time.
func open(r *core.Record, at, due time.Time) {
	r.Set(fieldState, domain.ApprovalPending)
	r.Set("opened_at", at)
	r.Set("due_at", due)
}

// sign writes a decision.
func sign(r *core.Record, round int, content map[string]any, decision, comment, by string, at time.Time) {
	collection, id := subjectOf(r)
	r.Set(fieldComment, comment)
	r.Set("at", at)
	r.Set(fieldSignature, domain.Signature{
		Subject: collection + "/" + id, Round: round, Content: content, Decision: decision, Comment: comment,
		Approver: by, Delegated: delegatedOf(r), At: at,
	}.Hash())
}

// union adds ids to a list that has some.
func union(list []string, more ...string) []string {
	for _, id := range more {
		if id != "" && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// OpenWork is what waits for a person's decision, and what he submitted.
func OpenWork() []gate.OpenWork {
	return []gate.OpenWork{{Collection: approvals, Count: func(app core.App, user string) (int64, error) {
		return app.CountRecords(approvals, dbx.In(fieldState, domain.ApprovalPending, domain.ApprovalWaiting),
			dbx.Or(dbx.HashExp{fieldApprover: user}, dbx.HashExp{fieldDelegated: user}, dbx.HashExp{"author": user}))
	}}}
}
