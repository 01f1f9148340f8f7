package domain

import (
	"strings"
	"time"
)

// States of a visit.
const (
	VisitPlanned    = "planned"
	VisitInProgress = "in_progress"
	VisitCheckedOut = "checked_out"
	VisitReported   = "reported"
	VisitCancelled  = "cancelled"
)

// Actions on a visit, all of its owner.
const (
	VisitCheckIn  = "check_in"
	VisitCheckOut = "check_out"
	VisitReport   = "report"
	VisitCancel   = "cancel"
)

var visitMoves = map[string]struct{ from, to string }{
	VisitCheckIn:  {VisitPlanned, VisitInProgress},
	VisitCheckOut: {VisitInProgress, VisitCheckedOut},
	VisitReport:   {VisitCheckedOut, VisitReported},
	VisitCancel:   {VisitPlanned, VisitCancelled},
}

// VisitMove returns the state that an action leads to, or visit.state.
func VisitMove(state, action string) (string, error) {
	move, ok := visitMoves[action]
	if !ok {
		return "", Problem{Code: "action.unknown", Params: map[string]any{"action": action}}
	}
	if move.from != state {
		return "", Problem{Code: "visit.state", Params: map[string]any{"from": state, "action": action}}
	}
	return move.to, nil
}

// VisitEditable returns visit.locked once nothing of a visit may change any more.
func VisitEditable(state string) error {
	if state == VisitReported || state == VisitCancelled {
		return Problem{Code: "visit.locked", Params: map[string]any{"from": state}}
	}
	return nil
}

// DwellS is the time between check-in and check-out in whole seconds. Device
// clocks may go backwards; the dwell does not.
func DwellS(in, out time.Time) int { return int(max(0, out.Sub(in)) / time.Second) }

// LateRecord tells whether a report came later after the check-out than the
// policy grants, in hours (H-VIS-REC).
func LateRecord(out, reported time.Time, hours int) bool {
	return reported.Sub(out) > time.Duration(hours)*time.Hour
}

// TemplateStep is one step that a visit's template asks for.
type TemplateStep struct {
	Key      string `json:"key"`
	Kind     string `json:"kind"`
	Required bool   `json:"required"`
	Min      int    `json:"min"` // least number of such steps, 0 counts as 1
}

// StepsDone returns visit.step_required with the keys of required steps that
// are missing; done counts the visit's steps by key.
func StepsDone(steps []TemplateStep, done map[string]int) error {
	var missing []string
	for _, s := range steps {
		if s.Required && done[s.Key] < max(1, s.Min) {
			missing = append(missing, s.Key)
		}
	}
	if len(missing) > 0 {
		return Problem{Code: "visit.step_required", Params: map[string]any{"missing": strings.Join(missing, ", ")}}
	}
	return nil
}
