package field

import (
	"slices"
	"strings"
	"time"

	"satchel/domain"
)

// States of a visit.
const (
	VisitDraft      = "draft"
	VisitPlanned    = "planned"
	VisitApproved   = "approved" // with its plan
	VisitInProgress = "in_progress"
	VisitCheckedOut = "checked_out"
	VisitReported   = "reported"
	VisitAccepted   = "accepted"
	VisitQuestioned = "questioned"
	VisitCancelled  = "cancelled"
	VisitMissed     = "missed"      // its day went by without a check-in
	VisitAutoClosed = "auto_closed" // nobody checked out for hours
	VisitVoidFraud  = "void_fraud"
)

// Actions on a visit: of its owner, of his superior, and of the head of the department.
const (
	VisitPlan        = "plan"
	VisitCheckIn     = "check_in"
	VisitCheckOut    = "check_out"
	VisitReport      = "report"
	VisitCancel      = "cancel"
	VisitAnswer      = "answer"
	VisitReopen      = "reopen" // to correct what was reported
	VisitAccept      = "accept"
	VisitQuestion    = "question"
	VisitVoid        = "void"         // claims a fraud; the state stays until it is confirmed
	VisitConfirmVoid = "confirm_void" // by the head, who is not who claimed it
	VisitRefuseVoid  = "refuse_void"
)

// Steps that no person takes.
const (
	VisitApprove      = "approve" // its plan was approved
	VisitMiss         = "miss"
	VisitCloseAlone   = "auto_close"
	VisitDoubt        = "auto_question"  // by its risk
	VisitCheckInAgain = "check_in_again" // by the owner's second phone, kept beside the first one's
	VisitPlace        = "place"          // its account got a place, by which it is judged anew
	VisitLatePart     = "late_part"      // what was captured before the report came after it
	VisitOverride     = "override"       // an administrator changed what was reported
)

// VisitEditable returns visit.locked once nothing of a visit may change any more.
func VisitEditable(state string) error {
	if !slices.Contains(VisitMachine.Editable(), state) {
		return domain.Problem{Code: "visit.locked", Params: map[string]any{"from": state}}
	}
	return nil
}

// VisitTold reports whether a visit is reported and nobody has taken that back or
// held it for a fraud.
func VisitTold(state string) bool {
	return slices.Contains([]string{VisitReported, VisitAccepted, VisitQuestioned}, state)
}

// VisitReopened is the state of a visit whose report was taken back: as it was
// before, whether or not its owner had checked out.
func VisitReopened(checkedOut bool) string {
	if checkedOut {
		return VisitCheckedOut
	}
	return VisitAutoClosed
}

// VisitBegun reports whether somebody was there.
func VisitBegun(state string) bool {
	return !slices.Contains([]string{VisitDraft, VisitPlanned, VisitApproved, VisitMissed, VisitCancelled}, state)
}

// DwellS is the time between check-in and check-out in whole seconds, at most a
// day. Device clocks may go backwards; the dwell does not.
func DwellS(in, out time.Time) int { return int(min(max(0, out.Sub(in)), 24*time.Hour) / time.Second) }

// LateRecord reports whether a report came later after the check-out than the
// policy grants, in hours (H-VIS-REC).
func LateRecord(out, reported time.Time, hours int) bool {
	return reported.Sub(out) > time.Duration(hours)*time.Hour
}

// PrepMissing lists what a planned visit lacks of its preparation (H-VIS-PREP):
// objective and prep_note, of accounts whose tier asks for them.
func PrepMissing(visitType, tier string, tiers []string, objective, note string) (missing []string) {
	if visitType != "planned" || !slices.Contains(tiers, tier) {
		return nil
	}
	if strings.TrimSpace(objective) == "" {
		missing = append(missing, "objective")
	}
	if strings.TrimSpace(note) == "" {
		missing = append(missing, "prep_note")
	}
	return missing
}
