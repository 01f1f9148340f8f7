package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// A line names the care task whose gift it claims, so that one gift counts once.
func init() {
	m.Register(func(app core.App) error {
		found, err := find(app, "expense_lines", "care_tasks")
		if err != nil {
			return err
		}
		found[0].Fields.Add(ref("care_task", found[1]))
		index(found[0], false, "care_task")
		if err := app.Save(found[0]); err != nil {
			return err
		}
		return writtenByPhones(app, "expense_lines", "care_task")
	}, func(app core.App) error {
		return removeFields(app, "expense_lines", []string{"care_task"}, "care_task")
	})
}
