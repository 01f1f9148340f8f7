package analysis

import "slices"

// Levels of targets, as sales.TargetLevels has them.
const (
	levelDept    = "dept"
	levelManager = "manager"
	levelRep     = "rep"
)

// TargetLevel is the level of the targets that answer a question, for they contain
// each other: of the people named their own, whichever it is (""); by people the
// reps'; by teams the managers'; else the departments', or the highest that who asks
// stands for.
func (q Query) TargetLevel(r Rights) string {
	switch {
	case len(q.Filters[Person]) > 0:
		return ""
	case q.has(Person):
		return levelRep
	case q.has(Team) || len(q.Filters[Team]) > 0:
		return levelManager
	case r.All || r.Heads:
		return levelDept
	case r.Profit:
		return levelManager
	}
	return levelRep
}

func (q Query) has(d Dimension) bool { return slices.Contains(q.By, d) }
