package syncer

import (
	"encoding/json/jsontext"
	"fmt"
)

// Problem is a refusal with a stable code. A request-wide one carries the HTTP
// status; one of a single mutation becomes that mutation's verdict.
type Problem struct {
	Status int               // HTTP status when the whole request is refused
	Code   string            // stable, never re-used
	Params map[string]any    // for the text
	Fields map[string]string // field → code
	Retry  bool              // the same again may succeed later
	// Notes are what issues that are there already learn of this refusal; with
	// them, it makes no issue of its own.
	Notes []Note
}

// Note is what an open issue learns: why it was refused anew, the mutation as
// corrected, the value that a choice did not know of.
type Note struct {
	Issue           string
	Problem         *Problem
	Payload, Theirs jsontext.Value
}

// Error implements error.
func (p *Problem) Error() string {
	if len(p.Params) == 0 && len(p.Fields) == 0 {
		return p.Code
	}
	return fmt.Sprintf("%s %v %v", p.Code, p.Params, p.Fields)
}

func refuse(code string) *Problem { return &Problem{Code: code} }

func refuseField(field, code string) *Problem {
	return &Problem{Code: code, Params: map[string]any{"field": field}, Fields: map[string]string{field: code}}
}

func refuseRequest(status int, code string) *Problem { return &Problem{Status: status, Code: code} }
