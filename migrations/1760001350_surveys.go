package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Questions that the office asks in the field, and the answers.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "accounts", "users", "departments", "visits")
		if err != nil {
			return err
		}
		accounts, users, departments, visits := found[0], found[1], found[2], found[3]
		keeper := active + ` && (@request.auth.role = "market" || @request.auth.role = "dept_manager" || @request.auth.role = "admin")`
		surveys := table("surveys", rules{see: active, create: keeper, update: keeper},
			must("title"), data("questions"), day("from"), day("to"), flag("active"),
		)
		if err := create(app, surveys); err != nil {
			return err
		}
		answers := table("survey_answers", rules{
			see:    active + ` && (` + ownLine + ` || @request.auth.role = "market" || ` + auditor + `)`,
			create: active + ` && owner = @request.auth.id`,
		},
			needs("survey", surveys), needs("owner", users), ref("manager", users), ref("dept", departments), ref("account", accounts), ref("visit", visits),
			data("answers"), moment("at"),
		)
		for _, columns := range []string{"survey", "owner", "manager", "dept"} {
			index(answers, false, columns)
		}
		if err := create(app, answers); err != nil {
			return err
		}
		return addSyncRules(app,
			syncRule{name: "surveys", direction: "both", priority: 760, keys: []string{"all"}},
			syncRule{name: "survey_answers", direction: "both", priority: 770, keys: append([]string{"role:market"}, ownKeys...), policy: fieldPolicy("once", "answers", "at")},
		)
	}, func(app core.App) error {
		if err := dropRules(app, "survey_answers", "surveys"); err != nil {
			return err
		}
		return drop(app, "survey_answers", "surveys")
	})
}
