package customers

import "satchel/domain"

// FollowUpBy is the last day on which an opportunity of a grade is followed up
// again, counted from a day (H-OPP-GRADE); none without a grade.
func FollowUpBy(grade, day string, days map[string]int) string {
	n, ok := days[grade]
	if !ok {
		return ""
	}
	return domain.AddDays(day, n)
}

// FollowUpOverdue reports whether the next action of an opportunity is more than
// some days late.
func FollowUpOverdue(nextAt, today string, after int) bool {
	return nextAt != "" && today > domain.AddDays(nextAt, after)
}
