package people

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/v2"
	"fmt"
	"time"

	"satchel/domain"
)

// States of one approver's row.
const (
	ApprovalWaiting   = "waiting" // an earlier step is open
	ApprovalPending   = "pending" // his to decide
	ApprovalApproved  = "approved"
	ApprovalRejected  = "rejected"
	ApprovalReturned  = "returned"
	ApprovalPassed    = "passed"    // a colleague decided, or the chain ended before
	ApprovalStale     = "stale"     // the subject was changed since
	ApprovalWithdrawn = "withdrawn" // by the author
)

// Decisions of an approver.
const (
	ApprovalApprove = "approve"
	ApprovalReject  = "reject"
	ApprovalReturn  = "return"
)

// Steps of an author.
const (
	ApprovalSubmit   = "submit"
	ApprovalWithdraw = "withdraw"
)

// ApprovalRow is one approver's part of a chain.
type ApprovalRow struct {
	ID    string
	Step  int
	Any   bool // one of the step's approvers decides for all
	State string
}

// Verdict is what a decision makes of a chain.
type Verdict struct {
	States  map[string]string // row → its new state; others stay
	Outcome string            // ApprovalApproved, ApprovalRejected, ApprovalReturned; empty while the chain goes on
	Next    int               // the step that is open now, 0 if none is
}

var decided = map[string]string{ApprovalApprove: ApprovalApproved, ApprovalReject: ApprovalRejected, ApprovalReturn: ApprovalReturned}

// Decide carries out a decision on one row of a chain. One refusal ends the
// chain, also in a step in which several decide; to approve, all of them must.
// Problems approval.stale and approval.decided.
func Decide(rows []ApprovalRow, id, decision string) (Verdict, error) {
	v := Verdict{States: map[string]string{}}
	var mine ApprovalRow
	for _, r := range rows {
		if r.ID == id {
			mine = r
		}
	}
	switch mine.State {
	case ApprovalPending:
	case ApprovalWaiting:
		return v, domain.Problem{Code: "approval.waiting"}
	case ApprovalStale, ApprovalWithdrawn, "":
		return v, domain.Problem{Code: "approval.stale"}
	default:
		return v, domain.Problem{Code: "approval.decided", Params: map[string]any{"state": mine.State}}
	}
	v.States[id] = decided[decision]
	if v.States[id] == "" {
		return v, domain.Problem{Code: "action.unknown", Params: map[string]any{"action": decision}}
	}
	if decision != ApprovalApprove {
		v.Outcome = v.States[id]
		v.close(rows, ApprovalPassed)
		return v, nil
	}
	next := 0
	for _, r := range rows {
		switch {
		case r.ID == id:
		case r.Step == mine.Step && r.State == ApprovalPending:
			if !r.Any {
				v.Next = mine.Step
				return v, nil
			}
			v.States[r.ID] = ApprovalPassed
		case r.State == ApprovalWaiting && (next == 0 || r.Step < next):
			next = r.Step
		}
	}
	if v.Next = next; next == 0 {
		v.Outcome = ApprovalApproved
		return v, nil
	}
	for _, r := range rows {
		if r.Step == next && r.State == ApprovalWaiting {
			v.States[r.ID] = ApprovalPending
		}
	}
	return v, nil
}

// Withdraw takes a chain back: problem approval.too_late once somebody decided.
func Withdraw(rows []ApprovalRow) (Verdict, error) {
	v := Verdict{States: map[string]string{}}
	for _, r := range rows {
		switch r.State {
		case ApprovalApproved, ApprovalRejected, ApprovalReturned:
			return v, domain.Problem{Code: "approval.too_late"}
		}
	}
	v.close(rows, ApprovalWithdrawn)
	return v, nil
}

// Supersede ends a chain whose subject was changed: what was approved is no
// longer, and what is open is of the past.
func Supersede(rows []ApprovalRow) Verdict {
	v := Verdict{States: map[string]string{}}
	for _, r := range rows {
		switch r.State {
		case ApprovalWaiting, ApprovalPending, ApprovalApproved:
			v.States[r.ID] = ApprovalStale
		}
	}
	return v
}

// close gives the rows that are open, and were not decided now, a last state.
func (v Verdict) close(rows []ApprovalRow, state string) {
	for _, r := range rows {
		if _, now := v.States[r.ID]; !now && (r.State == ApprovalWaiting || r.State == ApprovalPending) {
			v.States[r.ID] = state
		}
	}
}

// Signature is what an approver puts his name to.
type Signature struct {
	Subject   string         `json:"subject"` // collection/id
	Round     int            `json:"round"`
	Content   map[string]any `json:"content"`
	Decision  string         `json:"decision"`
	Comment   string         `json:"comment"`
	Approver  string         `json:"approver"`
	Delegated string         `json:"delegated_from"`
	At        time.Time      `json:"at"`            // to the millisecond, UTC
	Data      map[string]any `json:"data,omitzero"` // what the decision changes
}

// Hash is the SHA-256 of the signature in one canonical form, in hex: JSON with
// its members in order.
func (s Signature) Hash() string {
	s.At = s.At.UTC().Truncate(time.Millisecond)
	return hashOf(s)
}

// ContentHash is the SHA-256 of a subject's content, likewise.
func ContentHash(content map[string]any) string { return hashOf(content) }

func hashOf(v any) string {
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(fmt.Sprintf("content that is no JSON: %v", err)) // it came out of a record
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
