package field

import "slices"

// Verdicts of a superior on a visit.
const (
	VerdictOK       = "ok"
	VerdictDoubtful = "doubtful"
	VerdictFraud    = "fraud"
)

// CountedVisit is what decides whether a visit counts.
type CountedVisit struct {
	Type, State, Verdict string
	Score, DwellS        int
	CheckedOut, Reported bool
	StayUnknown          bool // an end of it was put at its arrival: DwellS says nothing
	ClockUnknown         bool // nothing bounds when it began, or when it ended
	PlaceUnknown         bool // nothing reports whether it was at the account
	Far                  bool // it began or ended far away
}

// ValidVisit is the counting rule: somebody was there for as long as is asked,
// checked out and reported, and either nothing speaks against it or a superior
// said that it is in order. How long a stay of no known length was is his to say. A visit whose times nothing bounds, whose place nothing
// tells, or that was far away is looked at by a person, whatever its points. A call by phone is no visit, and a visit that a
// superior doubts does not count until he says so.
func ValidVisit(v CountedVisit, r RiskRules) bool {
	if v.Type == "phone" || !v.CheckedOut || !v.Reported || !v.StayUnknown && v.DwellS < r.Of("dwell_min")*60 {
		return false
	}
	if !slices.Contains([]string{VisitReported, VisitAccepted, VisitQuestioned}, v.State) {
		return false
	}
	switch v.Verdict {
	case VerdictOK:
		return true
	case VerdictDoubtful, VerdictFraud:
		return false
	}
	return !v.StayUnknown && !v.ClockUnknown && !v.PlaceUnknown && !v.Far && v.Score < r.Of("question")
}
