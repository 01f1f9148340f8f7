package gate

import (
	"time"
)

// Audit says which changes of a collection the log keeps.
type Audit struct {
	Fields []string // those that count as state
	Create bool     // whether the birth of a row is worth an entry; its deletion always is
	People bool     // what nobody did, such as a migration, is no entry
}

// Audited by collection, as areas declare it.
type Audited map[string]Audit

// Event is an entry of the audit log, as webhooks are told of it.
type Event struct {
	ID         string         `json:"id"`
	At         time.Time      `json:"at"`
	Action     string         `json:"action"` // "visits.check_in", or create, update, delete
	Collection string         `json:"collection"`
	Record     string         `json:"record"`
	Actor      string         `json:"actor"` // a user's id; empty for the server and superusers
	Before     map[string]any `json:"before,omitempty"`
	After      map[string]any `json:"after,omitempty"`
	Cut        bool           `json:"cut,omitzero"` // the values were too long to be told
}
