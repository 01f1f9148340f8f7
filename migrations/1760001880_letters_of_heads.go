package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Who heads a department and has nobody over him has his letter from the management.
func init() {
	const leads = active + ` && subject != @request.auth.id && `
	const who = `subject.manager = @request.auth.id || (@request.auth.role = "dept_manager" && @request.auth.department != "" && ` +
		`subject.department = @request.auth.department)`
	creates := func(rule string) func(app core.App) error {
		return func(app core.App) error {
			letters, err := app.FindCollectionByNameOrId("target_letters")
			if err != nil {
				return err
			}
			letters.CreateRule = types.Pointer(leads + `(` + rule + `)`)
			return app.Save(letters)
		}
	}
	m.Register(creates(who+` || (@request.auth.role = "executive" && subject.manager = "")`), creates(who))
}
