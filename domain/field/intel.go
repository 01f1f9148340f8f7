package field

// Directions of intelligence.
const (
	IntelUp   = "up"   // from the field to the offices
	IntelDown = "down" // from an office to the field
)

// intelWriters are the roles that write down; product and service do only that.
var intelWriters = map[string]struct{ alsoUp bool }{"market": {alsoUp: true}, "product": {}, "service": {}}

// IntelDirection is the direction of a report that names none, by its author's role.
func IntelDirection(role string) string {
	if w, office := intelWriters[role]; office && !w.alsoUp {
		return IntelDown
	}
	return IntelUp
}

// MayWriteIntel reports whether somebody of a role writes in a direction.
func MayWriteIntel(role, direction string) bool {
	w, office := intelWriters[role]
	if direction == IntelDown {
		return office
	}
	return !office || w.alsoUp
}

// Scores of a report: what it was worth to those who read it.
const (
	intelLeast    = 1
	intelMost     = 5
	intelAccepted = 3 // from here on it was taken up
)

// IsIntelScore reports whether a score is one.
func IsIntelScore(score int) bool { return score >= intelLeast && score <= intelMost }

// IntelAccepted reports whether a report of a score was taken up.
func IntelAccepted(score int) bool { return score >= intelAccepted }
