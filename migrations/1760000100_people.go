package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Departments, users and settings.
func init() {
	m.Register(func(app core.App) error {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		config := rules{see: active, create: admin, update: admin, remove: admin}
		departments := table("departments", config,
			must("name"),
			oneOf("kind", "ka", "market", "finance", "product", "service", "legal", "mgmt"),
			ref("head", users),
		)
		if err := create(app, departments); err != nil {
			return err
		}
		departments.Fields.Add(ref("parent", departments))

		users.Fields.RemoveByName("avatar")
		users.Fields.Add(
			must("name"),
			text("emp_no"),
			oneOf("role", "rep", "ka_manager", "dept_manager", "market", "product", "service", "finance", "executive", "reviewer", "admin", "auditor"),
			ref("department", departments),
			ref("manager", users),
			flag("active"),
			text("phone"),
			one("locale", "zh", "en"),
		)
		apply(users, rules{
			see: active + ` && (id = @request.auth.id || manager = @request.auth.id || ` +
				`(@request.auth.role = "dept_manager" && @request.auth.department != "" && department = @request.auth.department) || ` + auditor + `)`,
			create: admin, update: admin,
		})
		users.AuthRule = rule("active = true")
		users.AuthAlert.Enabled = false
		users.OAuth2.Enabled = false
		index(users, false, "manager")
		index(users, false, "department")

		settings := table("settings", rules{
			see: active + ` && (secret = false || ` + auditor + `)`, create: admin, update: admin, remove: admin,
		},
			must("key"), data("value"), text("clause"), text("note"), flag("secret"),
		)
		index(settings, true, "key")

		app.Settings().Meta.AppName = "Satchel 行囊"
		if err := app.Save(app.Settings()); err != nil {
			return err
		}
		return create(app, departments, users, settings)
	}, func(app core.App) error {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		for _, field := range []string{"emp_no", "role", "department", "manager", "active", "phone", "locale"} {
			users.Fields.RemoveByName(field)
		}
		name := users.Fields.GetByName("name").(*core.TextField)
		name.Required, name.Max = false, 255
		users.Fields.AddAt(len(users.Fields)-2, &core.FileField{ // before created and updated
			Name: "avatar", MaxSelect: 1,
			MimeTypes: []string{"image/jpeg", "image/png", "image/svg+xml", "image/gif", "image/webp"},
		})
		self := "id = @request.auth.id"
		apply(users, rules{see: self, update: self, remove: self})
		users.CreateRule = new(string)
		users.AuthRule = new(string)
		users.AuthAlert.Enabled = true
		users.RemoveIndex(indexName(users, "manager"))
		users.RemoveIndex(indexName(users, "department"))
		if err := app.Save(users); err != nil {
			return err
		}
		app.Settings().Meta.AppName = "Acme" // as PocketBase names it first
		if err := app.Save(app.Settings()); err != nil {
			return err
		}
		return drop(app, "settings", "departments")
	})
}
