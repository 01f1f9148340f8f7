package analysis

import (
	"strings"

	"github.com/pocketbase/dbx"

	"satchel/domain/analysis"
	"satchel/records"
)

// viewer is who asks, and whose rows he may see.
type viewer struct {
	analysis.Rights
	id   records.UserID
	role string
	dept records.DepartmentID
}

func viewerOf(user records.User) viewer {
	role := string(user.Role())
	return viewer{analysis.RightsOf(role), user.ID(), role, user.Department()}
}

// seen is the condition, in SQL of a row t with the columns owner, manager, dept and
// account, under which the viewer sees it: whose it was then, or who has the account now.
func (v viewer) seen(t string) (where string, params dbx.Params) {
	if v.All {
		return "TRUE", nil
	}
	params = dbx.Params{"viewer": v.id, "viewerDept": v.dept}
	const dept = `(t.dept = {:viewerDept} AND t.dept <> '')`
	where = `(t.owner = {:viewer} OR t.manager = {:viewer} OR t.account IN (SELECT id FROM accounts WHERE ` + holds + `))`
	switch {
	case v.Heads:
		where = "(" + where + " OR " + dept + ")"
	case v.Member:
		where = dept
	}
	return strings.ReplaceAll(where, "t.", t+"."), params
}

const holds = `(owner = {:viewer} OR manager = {:viewer} OR next_owner = {:viewer})`

// holds is the condition, in SQL of accounts, under which the viewer has one now, by
// himself or with his department.
func (v viewer) holds() (where string, params dbx.Params) {
	params = dbx.Params{"viewer": v.id, "viewerDept": v.dept}
	if v.Heads && v.dept != "" {
		return "(" + holds + " OR dept = {:viewerDept})", params
	}
	return holds, params
}
