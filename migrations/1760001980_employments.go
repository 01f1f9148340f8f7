package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// paidTogether is who sees what somebody is paid: himself and finance.
const paidTogether = active + ` && (person = @request.auth.id || @request.auth.role = "finance")`

// Employments (policy R6.7): from which day somebody is paid which base, in which job
// grade, and until when he was with the company. No phone keeps them.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "users")
		if err != nil {
			return err
		}
		finance := active + ` && @request.auth.role = "finance" && person != @request.auth.id`
		from := day("from_date")
		from.Required = true
		c := table("employments", rules{see: paidTogether, create: finance, update: finance, remove: finance},
			needs("person", found[0]), from, notBelow("base_fen"), text("job_grade"), day("grade_since"), day("joined"), day("left_on"), text("note"))
		index(c, true, "person, from_date")
		return create(app, c)
	}, func(app core.App) error { return drop(app, "employments") })
}
