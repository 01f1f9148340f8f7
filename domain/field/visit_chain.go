package field

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/v2"
	"fmt"
	"time"
)

// VisitEvent is a step of a visit in the chain of all steps of its owner's
// visits. N counts from 1 without gaps.
type VisitEvent struct {
	N      int       `json:"n"`
	Owner  string    `json:"owner"`
	Visit  string    `json:"visit"`
	Action string    `json:"action"`
	From   string    `json:"from"`
	To     string    `json:"to"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Device string    `json:"device"`
	Push   int64     `json:"push"` // number on Device of what was captured; 0 at a desk
	Data   string    `json:"data"` // evidence, as it came: JSON or empty
	// Content is the VisitContent hash from the report on, empty before.
	Content string `json:"content"`
	Prev    string `json:"prev"` // hash of event N-1 of the owner
}

// Hash is the SHA-256 of the event in hexadecimal digits, over a JSON form whose
// members have a fixed order and whose time is UTC in whole milliseconds.
func (e VisitEvent) Hash() string {
	e.At = e.At.UTC().Truncate(time.Millisecond)
	text, err := json.Marshal(e)
	if err != nil {
		panic(err) // texts, numbers and a time of a calendar year
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// CheckVisitChain compares an owner's events, from the first, with their hashes.
// The error names the first event that does not fit what stands before it.
func CheckVisitChain(events []VisitEvent, hashes []string) error {
	prev := ""
	for i, e := range events {
		switch {
		case e.N != i+1:
			return fmt.Errorf("event %d of visit %s stands where event %d should", e.N, e.Visit, i+1)
		case e.Prev != prev:
			return fmt.Errorf("event %d of visit %s does not follow the one before it", e.N, e.Visit)
		case e.Hash() != hashes[i]:
			return fmt.Errorf("event %d of visit %s was changed after it was written", e.N, e.Visit)
		}
		prev = hashes[i]
	}
	return nil
}
